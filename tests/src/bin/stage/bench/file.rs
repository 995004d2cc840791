//! B4: one large file between two processes, beside bare TCP and other messengers.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually, meet, process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use super::figure::Figures;
use super::messenger::Messenger;

/// Bytes of the file, unless `STREEMBIT_BENCH_FILE` says otherwise.
const SIZE: u64 = 1 << 30;
/// Bytes that bare TCP carries, and how many at once.
const CARRIED: u64 = 1 << 30;
const CHUNK: usize = 64 * 1024;
/// How long the file may take.
const LIMIT: Duration = Duration::from_mins(20);

pub(super) async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let size = std::env::var("STREEMBIT_BENCH_FILE").ok();
    let size = size.map_or(Ok(SIZE), |size| size.parse())?;
    let place = Place::new()?;
    let (alice, bob) = tokio::try_join!(place.node("Alice").start(), place.node("Bob").start())?;
    meet::meet(&alice, &bob).await?;
    let folder = bob.folder().join("downloads");
    bob.call(
        "settings_set",
        json!({ "downloads": folder, "files_auto_accept": size }),
    )
    .await?;
    let path = make(place.path(), size)?;
    let sides = [("sender", &alice), ("recipient", &bob)];
    let ids = sides.map(|(name, node)| (name, node.process()));
    for id in ids.iter().filter_map(|(_, id)| *id) {
        process::forget_most_resident(id)?;
    }
    let resting = ids.map(|(_, id)| id.map_or(f64::NAN, process::resident));

    let begun = Instant::now();
    let sent = alice
        .call("file_send", json!({ "peer": bob.peer(), "path": path }))
        .await?;
    let id = sent.get("id").and_then(Value::as_str).context("no id")?;
    arrive(&bob, id).await?;
    let rate = size as f64 / 1e6 / begun.elapsed().as_secs_f64();

    let what = format!(
        "a file of {} MiB, from its choice to whole and verified on the other disk, MB/s",
        size >> 20
    );
    figures.add("B4", &what, rate, "400, or 0.15 of TCP");
    for ((name, id), resting) in ids.into_iter().zip(resting) {
        let peak = id.map_or(f64::NAN, process::most_resident);
        let what = format!("memory that the {name} took for it at most, MiB");
        figures.add("B4", &what, peak - resting, "16");
    }
    let raw = bare(figures).await?;
    figures.add("B4", "of bare TCP", rate / raw, "0.15");
    for (name, theirs, goal) in [
        ("HyperDHT", Messenger::hyperdht().await, "4"),
        ("Tox", Messenger::tox().await, "100"),
    ] {
        beside(figures, name, theirs, rate, goal);
    }
    alice.stop().await?;
    bob.stop().await.map(drop)
}

fn beside(
    figures: &mut Figures,
    name: &str,
    theirs: anyhow::Result<&'static Messenger>,
    rate: f64,
    goal: &str,
) {
    let theirs = theirs.and_then(|it| it.figure("file_megabytes_per_second").context("no figure"));
    match theirs {
        Ok(theirs) => {
            let what = format!("{name}: bytes that are stored nowhere, MB/s");
            figures.add("B4", &what, theirs, "the peer");
            figures.add("B4", &format!("ours over {name}'s"), rate / theirs, goal);
        }
        Err(error) => println!("    {name} left out: {error:#}"),
    }
}

/// Makes a file of `size` bytes that nothing can compress.
fn make(folder: &Path, size: u64) -> anyhow::Result<PathBuf> {
    let path = folder.join("film.mkv");
    let mut file = File::create(&path)?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut left = size;
    while left > 0 {
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            chunk.extend_from_slice(&state.to_le_bytes());
        }
        chunk.truncate(usize::try_from(left)?.min(CHUNK));
        file.write_all(&chunk)?;
        left -= chunk.len() as u64;
    }
    file.sync_all()?;
    Ok(path)
}

/// Waits until the file is whole.
async fn arrive(bob: &NodeProcess, id: &str) -> anyhow::Result<()> {
    let mut events = bob.events().await?;
    let state = |file: &Value| file.get("state").and_then(Value::as_str).map(str::to_owned);
    let files = bob.call("files_list", json!({})).await?;
    let now = files.as_array().into_iter().flatten();
    let mut now = now.filter(|file| file.get("id").is_some_and(|it| it == id));
    if now.next().and_then(state).as_deref() == Some("done") {
        return Ok(());
    }
    let whole = |event: &Value| {
        let file = event.get("file");
        let file = file.filter(|file| file.get("id").is_some_and(|it| it == id));
        matches!(file.and_then(state).as_deref(), Some("done" | "failed"))
    };
    let last = events.wait_for(LIMIT, "the whole file", whole).await?;
    let state = last.get("file").and_then(state);
    anyhow::ensure!(state.as_deref() == Some("done"), "it is {last}");
    Ok(())
}

/// How many megabytes a second go over TCP to another process.
async fn bare(figures: &mut Figures) -> anyhow::Result<f64> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    drop(listener);
    let mut other = Command::new(std::env::current_exe()?)
        .args(["sink", &port.to_string()])
        .kill_on_drop(true)
        .spawn()?;
    let connect = || async { Ok(TcpStream::connect(("127.0.0.1", port)).await.ok()) };
    let mut stream = eventually(PATIENCE, "the sink", connect).await?;
    let chunk = vec![7_u8; CHUNK];
    let begun = Instant::now();
    let mut sent = 0;
    while sent < CARRIED {
        stream.write_all(&chunk).await?;
        sent += CHUNK as u64;
    }
    stream.shutdown().await?;
    stream.read_u8().await.context("the sink's word")?;
    let rate = CARRIED as f64 / 1e6 / begun.elapsed().as_secs_f64();
    other.kill().await.context("the sink")?;
    figures.add("B4", "bare TCP to another process, MB/s", rate, "the floor");
    Ok(rate)
}

/// Reads all that one connection says, and answers with one byte.
pub(crate) async fn serve_sink(port: u16) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let (mut stream, _) = listener.accept().await?;
    let mut chunk = vec![0_u8; CHUNK];
    while stream.read(&mut chunk).await? > 0 {}
    stream.write_u8(1).await?;
    Ok(stream.flush().await?)
}
