//! Very many strangers at the doors of two members who talk.

use anyhow::Context;
use serde_json::json;
use streembit_tests::attacker::Attacker;
use streembit_tests::siege::{Siege, half_open};
use streembit_tests::{NodeProcess, PATIENCE, process};

use crate::scene::Scene;

/// How much a node may grow.
const MIB: f64 = 24.0;

/// Writes from one to the other, one message after the receipt of the other, until told to end.
async fn chat(
    scene: &Scene,
    from: &NodeProcess,
    to: &NodeProcess,
    end: &tokio::sync::watch::Receiver<bool>,
) -> anyhow::Result<usize> {
    let mut events = from.events().await?;
    let mut line = from.line().await?;
    let mut delivered = 0;
    while !*end.borrow() {
        let text = json!({ "network": scene.network, "peer": to.peer(), "text": "still here" });
        let sent = line.ask("message_send", text).await??;
        let is_receipt = |event: &serde_json::Value| {
            event.pointer("/message/id") == sent.get("id")
                && event["message"]["state"] == "delivered"
        };
        events.wait_for(PATIENCE, "a receipt", is_receipt).await?;
        delivered += 1;
    }
    Ok(delivered)
}

#[tokio::test]
async fn a_siege_lets_nobody_in_and_members_talk_on() -> anyhow::Result<()> {
    let mut scene = Scene::of_two().await?;
    let doors = scene.doors_of(&scene.bob).await?;
    let addresses: Vec<String> = doors.into_iter().map(|door| door.address).collect();
    let tcp = addresses.iter().find(|it| it.contains("/tcp/"));
    let tcp = tcp.context("an address over TCP")?;
    let id = scene.bob.process().context("a process")?;
    let before = process::resident(id);
    let (ended, end) = tokio::sync::watch::channel(false);

    let besieging = async {
        // While the door is crowded nobody new comes through, wanted or not.
        let held = half_open(tcp, 200).await?;
        let crowded = Siege::lay(&addresses, &scene.genesis, 200).await?;
        drop(held);
        let siege = Siege::lay(&addresses, &scene.genesis, 200).await?;
        ended.send_replace(true);
        anyhow::Ok((crowded, siege))
    };
    let ((crowded, siege), delivered) =
        tokio::try_join!(besieging, chat(&scene, &scene.alice, &scene.bob, &end))?;

    assert_eq!((crowded.admitted, siege.admitted), (0, 0), "{siege:?}");
    assert!(siege.refused > 0, "{siege:?}");
    assert!(delivered > 10, "only {delivered} messages came through");
    let grown = process::resident(id) - before;
    assert!(grown < MIB, "Bob grew by {grown:.1} MiB");
    let peers = json!({ "network": scene.network });
    let peers = scene.bob.call("network_peers", peers).await?;
    assert_eq!(peers.as_array().map(Vec::len), Some(1), "{peers}");

    // The way is free again for whoever belongs there.
    let guest = Attacker::new(1);
    scene.add(&guest.peer(), "Guest", "member").await?;
    scene.agreed().await?;
    let draft = scene.alice.kill().await?;
    scene.alice = draft.start().await?;
    scene.connected(&scene.bob, &scene.alice).await?;
    scene
        .enter(&guest, &scene.doors_of(&scene.bob).await?[0])
        .await?;
    Ok(())
}
