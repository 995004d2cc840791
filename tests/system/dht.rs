//! Finding each other by the DHT alone, among twenty nodes in processes of their own.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null, and a test's list is as long as it was made"
)]

use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{Draft, NodeProcess, Place};
use tokio::task::JoinSet;

/// Nodes besides Alice and Bob, the seed among them.
const OTHERS: usize = 18;

/// Nodes that are started at the same time.
const AT_ONCE: usize = 4;

/// How long a search among so many processes may take on a busy machine.
const SEARCH: Duration = Duration::from_secs(60);

/// How long Alice must have failed to find Bob to call him unfindable.
const FRUITLESS: Duration = Duration::from_secs(20);

/// A public network of [`OTHERS`] nodes that serve its DHT; the first is the seed of all.
async fn network(place: &Place) -> anyhow::Result<Vec<NodeProcess>> {
    let mut nodes = vec![place.node("Seed").seed().start().await?];
    let mut starting = JoinSet::new();
    for number in 1..OTHERS {
        let draft = place
            .node(&format!("Hub {number}"))
            .kind("hub")
            .bootstrap(&nodes[0]);
        let draft = draft.config("dht = \"server\"\n")?;
        starting.spawn(draft.start());
        if starting.len() == AT_ONCE {
            nodes.push(starting.join_next().await.context("a start")???);
        }
    }
    while let Some(started) = starting.join_next().await {
        nodes.push(started??);
    }
    Ok(nodes)
}

/// Makes Alice and Bob contacts by an invite.
async fn befriend(alice: &NodeProcess, bob: &NodeProcess) -> anyhow::Result<()> {
    let mut events = alice.events().await?;
    let invite = alice.call("contact_invite", json!({})).await?;
    bob.call("contact_add", json!({ "link": invite["link"] }))
        .await?;
    events
        .wait("Bob as an accepted contact", |event| {
            event["type"] == "contact"
                && event["peer"] == bob.peer()
                && event["contact"]["state"] == "accepted"
        })
        .await?;
    Ok(())
}

/// Stops a node and makes it forget every address and record of others.
async fn stop_and_forget(node: NodeProcess) -> anyhow::Result<Draft> {
    let draft = node.stop().await?;
    draft.forget_places().await?;
    Ok(draft)
}

/// Lets Alice and Bob meet, restart elsewhere without memory, and write to each other again.
async fn meet_again(
    place: &Place,
    seed: &NodeProcess,
    hook: Option<&str>,
) -> anyhow::Result<(NodeProcess, NodeProcess, Value)> {
    let draft = |name| {
        let draft = place.node(name).bootstrap(seed);
        hook.into_iter().fold(draft, Draft::hook)
    };
    let alice = draft("Alice").start().await?;
    let bob = draft("Bob").start().await?;
    befriend(&alice, &bob).await?;
    let before = [alice.addresses(), bob.addresses()].concat();

    let alice = stop_and_forget(alice).await?;
    let bob = stop_and_forget(bob).await?;
    let (alice, bob) = (alice.start().await?, bob.start().await?);
    let moved = [alice.addresses(), bob.addresses()].concat();
    assert!(
        moved.iter().all(|address| !before.contains(address)),
        "both are at new ports: {moved:?}"
    );

    let sent = alice
        .call(
            "message_send",
            json!({ "peer": bob.peer(), "text": "Still there?" }),
        )
        .await?;
    Ok((alice, bob, sent))
}

#[tokio::test]
async fn two_of_twenty_find_each_other_by_the_dht_alone_and_not_without_publishing()
-> anyhow::Result<()> {
    let place = Place::new()?;
    let nodes = network(&place).await?;

    let (alice, bob, sent) = meet_again(&place, &nodes[0], None).await?;
    let mut news = alice.events().await?;
    delivered(&alice, &bob, &sent, &mut news, SEARCH).await?;
    let answer = bob
        .call(
            "message_send",
            json!({ "peer": alice.peer(), "text": "Always." }),
        )
        .await?;
    let mut news = bob.events().await?;
    delivered(&bob, &alice, &answer, &mut news, SEARCH).await?;
    drop((alice, bob));

    let elsewhere = Place::new()?;
    let (alice, bob, sent) = meet_again(&elsewhere, &nodes[0], Some("publish-off")).await?;
    let mut news = alice.events().await?;
    let found = delivered(&alice, &bob, &sent, &mut news, FRUITLESS).await;
    assert!(found.is_err(), "without published records nobody is found");
    Ok(())
}

/// Waits until the sender knows that its message has arrived.
async fn delivered(
    from: &NodeProcess,
    to: &NodeProcess,
    sent: &Value,
    events: &mut streembit_tests::Events,
    limit: Duration,
) -> anyhow::Result<()> {
    let is_there = |state: &Value| state == "delivered" || state == "read";
    let list = from
        .call("messages_list", json!({ "peer": to.peer() }))
        .await?;
    let known = list
        .as_array()
        .into_iter()
        .flatten()
        .any(|it| it["id"] == sent["id"] && is_there(&it["state"]));
    if !known {
        events
            .wait_for(limit, "the receipt", |event| {
                event["type"] == "message"
                    && event["message"]["id"] == sent["id"]
                    && is_there(&event["message"]["state"])
            })
            .await?;
    }
    Ok(())
}
