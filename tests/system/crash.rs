//! `kill -9` at any moment loses no message that `message_send` had returned for.
//!
//! Alice writes to Bob while one of them is killed, over and over; in the end Bob has every message
//! that Alice's node had promised, once.

use std::time::Duration;

use serde_json::{Value, json};
use streembit_tests::{Draft, NodeProcess, Place, meet};

/// The moments of a write at which a node can end itself; see the store's `WRITE_POINTS`.
/// Those of a migration are tried by the store's own tests, those of a checkpoint below.
const POINTS: [&str; 5] = ["begin", "job", "written", "commit", "committed"];
/// Kills at seeded moments in each of two tests, which run side by side.
const MOMENTS: u64 = 100;
/// Messages on one run before it counts as having survived.
const MAX_SENT: usize = 60;

/// Listens at a port that stays the same over restarts.
fn at_fixed_port(draft: Draft) -> anyhow::Result<Draft> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    Ok(draft.listen(&format!("/ip4/127.0.0.1/tcp/{port}")))
}

/// Writes until the node is gone or has promised enough; returns what it had promised.
async fn write_until_the_end(alice: &NodeProcess, bob: &str) -> Vec<String> {
    let mut promised = Vec::new();
    while promised.len() < MAX_SENT {
        match meet::send(alice, bob, &format!("message {}", promised.len())).await {
            Ok(id) => promised.push(id),
            Err(_) => break,
        }
    }
    promised
}

/// Checks that what was promised lies in the order in which it was written.
fn check_order(messages: &[Value], promised: &[String]) {
    let arrived: Vec<&str> = messages
        .iter()
        .filter_map(|message| message["id"].as_str())
        .collect();
    let places: Vec<Option<usize>> = promised
        .iter()
        .map(|id| arrived.iter().position(|other| other == id))
        .collect();
    assert!(places.is_sorted(), "out of order: {places:?}");
}

/// Checks that Alice shows as delivered what Bob has.
async fn check_delivered(alice: &NodeProcess, bob: &str, ids: &[String]) -> anyhow::Result<()> {
    let settled = async || {
        let messages = meet::conversation(alice, bob).await?;
        let waiting = messages
            .iter()
            .filter(|message| message["state"] != "delivered")
            .filter(|message| ids.iter().any(|id| message["id"] == id.as_str()))
            .count();
        anyhow::ensure!(waiting == 0, "{waiting} are not delivered");
        Ok(Some(()))
    };
    streembit_tests::eventually(2 * streembit_tests::PATIENCE, "all receipts", settled).await
}

#[tokio::test]
async fn a_sender_killed_at_each_write_point_keeps_its_promises() -> anyhow::Result<()> {
    let place = Place::new()?;
    let bob = at_fixed_port(place.node("bob"))?.start().await?;
    let alice = place.node("alice").start().await?;
    meet::meet(&bob, &alice).await?;
    let draft = alice.kill().await?;
    let mut promised = Vec::new();

    for point in POINTS {
        for count in [12, 13, 19] {
            let hooked = draft.clone().hook(&format!("kill-at:{point}:{count}"));
            // It may end before it is ready: then there was nothing to promise yet.
            if let Ok(alice) = hooked.start().await {
                promised.extend(write_until_the_end(&alice, bob.peer()).await);
            }
        }
    }
    let alice = draft.start().await?;

    let messages = meet::arrived(&bob, alice.peer(), &promised).await?;
    check_order(&messages, &promised);
    check_delivered(&alice, bob.peer(), &promised).await?;
    assert!(
        promised.len() > POINTS.len(),
        "too little was sent: {}",
        promised.len()
    );
    Ok(())
}

#[tokio::test]
async fn a_sender_killed_while_it_stops_keeps_its_promises() -> anyhow::Result<()> {
    let place = Place::new()?;
    let bob = at_fixed_port(place.node("bob"))?.start().await?;
    let alice = place.node("alice").start().await?;
    meet::meet(&bob, &alice).await?;
    let draft = alice.kill().await?;
    let mut promised = Vec::new();

    for point in ["checkpoint", "checkpointed"] {
        let hook = format!("kill-at:{point}:1");
        let alice = draft.clone().hook(&hook).start().await?;
        for _ in 0..5 {
            promised.push(meet::send(&alice, bob.peer(), point).await?);
        }
        assert!(alice.stop().await.is_err(), "it was killed at {point}");
    }
    let alice = draft.start().await?;

    let messages = meet::arrived(&bob, alice.peer(), &promised).await?;
    check_order(&messages, &promised);
    check_delivered(&alice, bob.peer(), &promised).await
}

#[tokio::test]
async fn a_recipient_killed_at_each_write_point_has_everything_once() -> anyhow::Result<()> {
    let place = Place::new()?;
    let draft = at_fixed_port(place.node("bob"))?;
    let bob = draft.clone().start().await?;
    let alice = place.node("alice").start().await?;
    meet::meet(&bob, &alice).await?;
    let peer = bob.peer().to_owned();
    bob.kill().await?;
    let mut promised = Vec::new();

    for point in POINTS {
        let hooked = draft
            .clone()
            .hook(&format!("kill-at:{point}:14"))
            .start()
            .await?;
        for _ in 0..12 {
            promised.push(meet::send(&alice, &peer, point).await?);
        }
        let mut hooked = hooked;
        // What does not end by itself has taken everything in; it is ended here.
        let _ = hooked.ended(Duration::from_secs(5)).await;
        hooked.kill().await?;
    }
    let bob = draft.start().await?;

    let messages = meet::arrived(&bob, alice.peer(), &promised).await?;
    check_order(&messages, &promised);
    check_delivered(&alice, bob.peer(), &promised).await
}

#[tokio::test]
async fn a_hundred_kills_at_seeded_moments_lose_and_double_nothing() -> anyhow::Result<()> {
    kills_at(0..MOMENTS).await
}

#[tokio::test]
async fn another_hundred_kills_lose_and_double_nothing() -> anyhow::Result<()> {
    kills_at(MOMENTS..2 * MOMENTS).await
}

/// Kills Alice at the moment of each of `seeds` while she writes.
async fn kills_at(seeds: std::ops::Range<u64>) -> anyhow::Result<()> {
    let place = Place::new()?;
    let bob = at_fixed_port(place.node("bob"))?.start().await?;
    let alice = place.node("alice").start().await?;
    meet::meet(&bob, &alice).await?;
    let peer = alice.peer().to_owned();
    let draft = alice.kill().await?;
    let mut promised = Vec::new();

    for seed in seeds {
        let alice = draft.clone().start().await?;
        let moment = Duration::from_micros(moment_us(seed));
        // The moment itself is what is varied here: nothing is waited for.
        let written =
            tokio::time::timeout(moment, write_for_good(&alice, bob.peer(), &mut promised));
        let _ = written.await;
        alice.kill().await?;
    }
    let alice = draft.start().await?;

    let messages = meet::arrived(&bob, &peer, &promised).await?;
    check_order(&messages, &promised);
    check_delivered(&alice, bob.peer(), &promised).await?;
    assert!(
        promised.len() as u64 > MOMENTS,
        "too little was sent: {}",
        promised.len()
    );
    Ok(())
}

async fn write_for_good(alice: &NodeProcess, bob: &str, promised: &mut Vec<String>) {
    let Ok(mut line) = alice.line().await else {
        return;
    };
    loop {
        let arguments = json!({ "peer": bob, "text": format!("message {}", promised.len()) });
        let Ok(Ok(sent)) = line.ask("message_send", arguments).await else {
            return;
        };
        if let Some(id) = sent.get("id").and_then(Value::as_str) {
            promised.push(id.to_owned());
        }
    }
}

/// A moment within the first fifth of a second, spread by SplitMix64.
fn moment_us(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % 200_000
}
