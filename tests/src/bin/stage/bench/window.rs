//! B10, B11: start and memory of the window above an empty WebKitGTK window.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use streembit_tests::walk::id;
use streembit_tests::webdriver::Session;
use streembit_tests::{Desk, PATIENCE, Place, Window, eventually, process};

use super::figure::{Figures, quantile};

/// WebKitGTK's own plain window; it has a toolbar, which ours has not.
const EMPTY: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
/// Starts of each, in turns.
const STARTS: usize = 5;
/// How long a window is left alone before its memory is read.
const QUIET: Duration = Duration::from_secs(20);

pub(super) async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let profile = place.path().join("profile");
    let window = Window::open(&desk, &profile).await?;
    window.say_name("Alex").await?;
    window.keep_words().await?;
    window.finish_first_run().await?;
    window.close().await?;

    let (mut ours, mut empty) = (Vec::new(), Vec::new());
    let (mut our_memory, mut empty_memory) = (0.0, 0.0);
    for round in 0..STARTS {
        let begun = Instant::now();
        let session = open_empty(&desk).await?;
        empty.push(begun.elapsed());
        empty_memory = memory(&session, round).await?.unwrap_or(empty_memory);
        session.end().await?;

        let begun = Instant::now();
        let window = Window::open(&desk, &profile).await?;
        window.see(&id("nav-chats")).await?;
        ours.push(begun.elapsed());
        our_memory = memory(window.session(), round).await?.unwrap_or(our_memory);
        window.close().await?;
    }
    let (ours, empty) = (quantile(&mut ours, 0.5), quantile(&mut empty, 0.5));
    figures.add(
        "B10",
        "an empty WebKitGTK window under the driver, to its first element, ms",
        empty,
        "the floor",
    );
    figures.add(
        "B10",
        "the app under the driver, to a usable window, ms",
        ours,
        "floor + 250",
    );
    figures.add(
        "B11",
        "an empty WebKitGTK window, MiB (PSS of all its processes)",
        empty_memory,
        "the floor",
    );
    figures.add(
        "B11",
        "the app's window, MiB (the same)",
        our_memory,
        "floor + 60",
    );
    Ok(())
}

async fn open_empty(desk: &Desk) -> anyhow::Result<Session> {
    let log = std::fs::File::options().write(true).open("/dev/null")?;
    let session = Session::start(
        Path::new(EMPTY),
        &["--automation".to_owned()],
        desk.environment(),
        log,
    )
    .await?;
    session.open("data:text/html,<main>Empty</main>").await?;
    eventually(PATIENCE, "the empty page", || async {
        Ok(session.find_all("main").await?.pop())
    })
    .await?;
    Ok(session)
}

/// The memory of everything below the driver, measured in the last round only.
async fn memory(session: &Session, round: usize) -> anyhow::Result<Option<f64>> {
    if round + 1 < STARTS {
        return Ok(None);
    }
    tokio::time::sleep(QUIET).await;
    let driver = session.driver().context("a running driver")?;
    let mut processes = process::tree(driver);
    processes.remove(&driver);
    Ok(Some(process::memory(&processes)))
}
