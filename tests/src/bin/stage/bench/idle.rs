//! B9: what a headless node costs while nothing happens.

use std::time::Duration;

use anyhow::Context;
use streembit_tests::{Place, process};

use super::figure::Figures;

/// Neighbours that the node is connected to, or could be.
const NEIGHBOURS: usize = 8;
/// How long the node is left alone.
const QUIET: Duration = Duration::from_secs(60);

pub(super) async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("Seed").seed().start().await?;
    let mut neighbours = Vec::new();
    for number in 0..NEIGHBOURS {
        neighbours.push(
            place
                .node(&format!("Neighbour {number}"))
                .bootstrap(&seed)
                .start()
                .await?,
        );
    }
    let node = place.node("Quiet").bootstrap(&seed).start().await?;
    let id = node.process().context("a running node")?;
    // What a start costs is over before the clock runs.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let before = process::processor_time(id);
    tokio::time::sleep(QUIET).await;
    let used = process::processor_time(id) - before;
    figures.add(
        "B9",
        "an idle headless node in RAM, MiB",
        process::resident(id),
        "30",
    );
    figures.add(
        "B9",
        "an idle headless node, % of one core",
        100.0 * used / QUIET.as_secs_f64(),
        "0.3",
    );
    Ok(())
}
