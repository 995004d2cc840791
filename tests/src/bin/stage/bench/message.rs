//! B1, B2, B3: messages and connections between two processes, beside raw TCP and other messengers.

use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::json;
use streembit_tests::{NodeProcess, PATIENCE, Place, meet};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::figure::{Figures, quantile};
use super::messenger::Messenger;

/// Bytes of a message.
const SIZE: usize = 256;
/// Messages and echoes sent one after the other.
const ROUNDS: usize = 300;
/// Messages sent as fast as they are taken.
const FLOOD: usize = 2000;
/// Clients that send them.
const SENDERS: usize = 8;

pub(super) async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob) = tokio::try_join!(place.node("Alice").start(), place.node("Bob").start())?;
    let begun = Instant::now();
    meet::meet(&alice, &bob).await?;
    figures.add(
        "B3",
        "from an invite to an accepted contact, ms (dial, gate, two stored requests)",
        begun.elapsed().as_secs_f64() * 1e3,
        "3 for the bare connection",
    );

    let raw = echo().await?;
    let mut times = round_trips(&alice, &bob).await?;
    let message = quantile(&mut times, 0.5);
    figures.add(
        "B2",
        "raw TCP, 256 B there and back between two processes, p50 ms",
        raw,
        "the floor",
    );
    figures.add(
        "B2",
        "message to verified, stored receipt, p50 ms",
        message,
        "raw + 2 commits + 0.15",
    );
    figures.add(
        "B2",
        "the same, p99 ms",
        quantile(&mut times, 0.99),
        "5 under load",
    );
    figures.add(
        "B2",
        "message over raw TCP, times",
        message / raw.max(f64::EPSILON),
        "3 without commits",
    );
    let rate = flood(&alice, &bob, figures).await?;
    alice.stop().await?;
    bob.stop().await?;
    beside(
        figures,
        "HyperDHT",
        Messenger::hyperdht().await,
        rate,
        message,
    );
    beside(figures, "Tox", Messenger::tox().await, rate, message);
    Ok(())
}

/// Notes what a messenger does: `rate` and `receipt` are ours.
fn beside(
    figures: &mut Figures,
    name: &str,
    theirs: anyhow::Result<&'static Messenger>,
    rate: f64,
    receipt: f64,
) {
    let theirs = match theirs {
        Ok(theirs) => theirs,
        Err(error) => return println!("    {name} left out: {error:#}"),
    };
    if let Some(other) = theirs.figure("messages_per_second") {
        let what = format!("{name}: messages of 256 B a second, stored nowhere");
        figures.add("B1", &what, other, "the peer");
        let what = format!("ours over {name}'s");
        figures.add("B1", &what, rate / other, "10 of Tox's");
    }
    if let Some(other) = theirs.figure("receipt_p50_ms") {
        let what = format!("{name}: message to receipt, p50 ms");
        figures.add("B2", &what, other, "the peer");
        let what = format!("sooner than {name}, times");
        figures.add("B2", &what, other / receipt, "100 of Tox's");
    }
}

/// Sends messages one after the other, each when the receipt of the one before has come.
async fn round_trips(alice: &NodeProcess, bob: &NodeProcess) -> anyhow::Result<Vec<Duration>> {
    let mut events = alice.events().await?;
    let mut line = alice.line().await?;
    let text = "x".repeat(SIZE);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let sent = line
            .ask("message_send", json!({ "peer": bob.peer(), "text": text }))
            .await??;
        let is_receipt = |event: &serde_json::Value| {
            event.pointer("/message/id") == sent.get("id")
                && event
                    .pointer("/message/state")
                    .is_some_and(|state| state == "delivered")
        };
        events.wait("a receipt", is_receipt).await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// Sends as fast as messages are taken, and waits until all have arrived.
async fn flood(
    alice: &NodeProcess,
    bob: &NodeProcess,
    figures: &mut Figures,
) -> anyhow::Result<f64> {
    let mut arrivals = bob.events().await?;
    let text = "x".repeat(SIZE);
    let begun = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..SENDERS {
        let mut line = alice.line().await?;
        let wanted = json!({ "peer": bob.peer(), "text": text });
        senders.spawn(async move {
            for _ in 0..FLOOD / SENDERS {
                line.ask("message_send", wanted.clone()).await??;
            }
            anyhow::Ok(())
        });
    }
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < FLOOD {
        let event = arrivals
            .wait_for(PATIENCE, "the next message", |event| {
                event.pointer("/message/from").is_some()
            })
            .await?;
        seen.insert(event.pointer("/message/id").map(ToString::to_string));
    }
    let seconds = begun.elapsed().as_secs_f64();
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    let rate = FLOOD as f64 / seconds;
    figures.add(
        "B1",
        "signed messages of 256 B a second, committed on both sides",
        rate,
        "0.6 of the signatures that one core verifies",
    );
    Ok(rate)
}

/// The middle round trip of [`SIZE`] bytes over TCP to another process, in milliseconds.
async fn echo() -> anyhow::Result<f64> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    drop(listener);
    let mut other = Command::new(std::env::current_exe()?)
        .args(["echo", &port.to_string()])
        .kill_on_drop(true)
        .spawn()?;
    let connect = || async { Ok(TcpStream::connect(("127.0.0.1", port)).await.ok()) };
    let mut stream = streembit_tests::eventually(PATIENCE, "the echo", connect).await?;
    stream.set_nodelay(true)?;
    let mut bytes = [7_u8; SIZE];
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        stream.write_all(&bytes).await?;
        stream.read_exact(&mut bytes).await?;
        times.push(begun.elapsed());
    }
    other.kill().await.context("the echo")?;
    Ok(quantile(&mut times, 0.5))
}

/// Answers one connection with what it says.
pub(crate) async fn serve_echo(port: u16) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let (mut stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    let mut bytes = [0_u8; SIZE];
    while stream.read_exact(&mut bytes).await.is_ok() {
        stream.write_all(&bytes).await?;
    }
    Ok(())
}
