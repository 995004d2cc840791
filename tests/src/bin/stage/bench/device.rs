//! Signed reads of a property beside node-wot's plain HTTP.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{Place, town};
use tokio::process::Command;

use super::figure::{Figures, quantile};
use super::messenger;

/// Reads one after the other.
const READS: usize = 1000;

pub(super) async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("Alice").start().await?;
    let host = place
        .node("Desk box")
        .kind("device")
        .config(town::THINGS)?
        .start()
        .await?;
    let made = alice
        .call("network_create", json!({ "name": "Home" }))
        .await?;
    let link = host.call("device_claim_link", json!({})).await?;
    let claimed = alice
        .call(
            "device_claim",
            json!({ "link": link.get("link"), "network": made.get("network") }),
        )
        .await?;
    let things = claimed.as_array().into_iter().flatten();
    let lamp = things
        .filter_map(|thing| thing.get("thing"))
        .find(|url| url.to_string().contains("lamp"));
    let wanted = json!({ "thing": lamp.context("the lamp")?, "property": "on" });

    let mut line = alice.line().await?;
    let mut times: Vec<Duration> = Vec::new();
    let begun = Instant::now();
    for _ in 0..READS {
        let start = Instant::now();
        line.ask("device_read", wanted.clone()).await??;
        times.push(start.elapsed());
    }
    let ours = READS as f64 / begun.elapsed().as_secs_f64();
    figures.add(
        "IoT",
        "signed property reads a second",
        ours,
        "as many as plain HTTP",
    );
    figures.add(
        "IoT",
        "one signed read, p50 ms",
        quantile(&mut times, 0.5),
        "20 at p99",
    );
    match plain_http().await {
        Ok(theirs) => {
            figures.add(
                "IoT",
                "node-wot's plain HTTP reads a second",
                theirs,
                "the peer",
            );
            figures.add("IoT", "ours over theirs", ours / theirs, "1");
        }
        Err(error) => println!("    node-wot left out: {error:#}"),
    }
    Ok(())
}

/// node-wot's reads a second; it is fetched where it is missing.
async fn plain_http() -> anyhow::Result<f64> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packages = ["@node-wot/core@0.9.2", "@node-wot/binding-http@0.9.2"];
    let folder = messenger::fetched("wot", &packages).await?;
    let output = Command::new("node")
        .arg(root.join("peers/thing-over-http.cjs"))
        .arg(folder)
        .output()
        .await?;
    let last = String::from_utf8_lossy(&output.stdout)
        .lines()
        .last()
        .unwrap_or_default()
        .to_owned();
    let figure: Value = serde_json::from_str(&last)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    figure
        .get("reads_per_second")
        .and_then(Value::as_f64)
        .context("a figure")
}
