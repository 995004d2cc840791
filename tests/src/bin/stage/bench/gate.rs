//! B14: what members notice of ten thousand strangers at the door.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null"
)]

use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};
use streembit_gate::Ledger;
use streembit_identity::link::Link;
use streembit_tests::siege::{Siege, half_open};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually, process};

use super::figure::{Figures, quantile};

/// Hostile dials.
const DIALS: usize = 10_000;
/// Handshakes that never end.
const HALF_OPEN: usize = 1_000;
/// Messages sent one after the other while nobody is at the door.
const ROUNDS: usize = 500;

pub(super) async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob) = tokio::try_join!(place.node("Alice").start(), place.node("Bob").start())?;
    let (network, genesis) = network(&alice, &bob).await?;
    let addresses = addresses(&bob, &network).await?;
    let id = bob.process().context("a running node")?;

    let mut quiet = chat(&alice, &bob, &network, |rounds| rounds < ROUNDS).await?;
    let (memory, processor) = (process::resident(id), process::processor_time(id));
    let (ended, end) = tokio::sync::watch::channel(false);
    let besieging = async {
        let outcome = besiege(&addresses, &genesis).await;
        ended.send_replace(true);
        outcome
    };
    let (siege, mut times) =
        tokio::try_join!(besieging, chat(&alice, &bob, &network, |_| !*end.borrow()))?;
    let seconds = process::processor_time(id) - processor;
    let count = |what: usize| what as f64;
    let (before, during) = (quantile(&mut quiet, 0.99), quantile(&mut times, 0.99));
    let dial = (seconds * 1e3) / count(DIALS + HALF_OPEN);
    for (what, value, goal) in [
        ("of 10,000 hostile dials let in", count(siege.admitted), "0"),
        (
            "of them told no",
            count(siege.refused),
            "the others are cut off",
        ),
        (
            "message to receipt with nobody at the door, p99 ms",
            before,
            "the floor",
        ),
        (
            "the same during 10,000 dials and 1,000 half-open handshakes",
            during,
            "at most twice",
        ),
        ("the same, times", during / before.max(f64::EPSILON), "2"),
        ("messages delivered meanwhile", count(times.len()), ""),
        (
            "growth of memory, MiB",
            process::resident(id) - memory,
            "16",
        ),
        (
            "processor time for each dial, messages included, ms",
            dial,
            "0.4",
        ),
    ] {
        figures.add("B14", what, value, goal);
    }
    alice.stop().await?;
    bob.stop().await?;
    Ok(())
}

/// Ten thousand dials while a thousand handshakes are held open.
async fn besiege(addresses: &[String], genesis: &Ledger) -> anyhow::Result<Siege> {
    let tcp = addresses.iter().find(|it| it.contains("/tcp/"));
    let held = half_open(tcp.context("an address over TCP")?, HALF_OPEN).await?;
    let siege = Siege::lay(addresses, genesis, DIALS).await?;
    drop(held);
    Ok(siege)
}

/// Makes a private network of both.
async fn network(alice: &NodeProcess, bob: &NodeProcess) -> anyhow::Result<(String, Ledger)> {
    let made = alice
        .call("network_create", json!({ "name": "Home" }))
        .await?;
    let network = made["network"].as_str().context("an id")?.to_owned();
    let member = json!({ "network": network, "peer": bob.peer(), "name": "Bob" });
    addresses(alice, &network).await?;
    let added = alice.call("member_add", member).await?;
    let link = added["link"].as_str().context("a link")?;
    bob.call("network_join", json!({ "link": link })).await?;
    let here = json!({ "network": network });
    eventually(PATIENCE, "Bob", || async {
        let peers = alice.call("network_peers", here.clone()).await?;
        Ok(peers.to_string().contains(bob.peer()).then_some(()))
    })
    .await?;
    let Link::Network(link) = Link::parse(link)? else {
        anyhow::bail!("the link leads into no network");
    };
    Ok((network, Ledger::from_genesis(&link.genesis)?))
}

async fn addresses(node: &NodeProcess, network: &str) -> anyhow::Result<Vec<String>> {
    eventually(PATIENCE, "its addresses", || async {
        let all = node.addresses_in(network).await?;
        Ok((all.len() > 1).then_some(all))
    })
    .await
}

/// Sends messages one after the other, as long as `goes_on` says.
async fn chat(
    from: &NodeProcess,
    to: &NodeProcess,
    network: &str,
    goes_on: impl Fn(usize) -> bool,
) -> anyhow::Result<Vec<Duration>> {
    let (mut events, mut line) = (from.events().await?, from.line().await?);
    let mut times = Vec::new();
    while goes_on(times.len()) {
        let begun = Instant::now();
        let text = json!({ "network": network, "peer": to.peer(), "text": "still here" });
        let sent = line.ask("message_send", text).await??;
        let is_receipt = |event: &Value| {
            event.pointer("/message/id") == sent.get("id")
                && event["message"]["state"] == "delivered"
        };
        events.wait("a receipt", is_receipt).await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}
