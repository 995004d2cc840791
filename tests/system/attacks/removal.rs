//! Whoever was removed: off every line within seconds, with every node, and for good.

use std::time::Instant;

use anyhow::Context;
use futures::FutureExt;
use futures::future::try_join_all;
use serde_json::json;
use streembit_gate::RefusalReason;
use streembit_identity::link::Link;
use streembit_tests::attacker::{Attacker, Verdict};
use streembit_tests::{NodeProcess, eventually};

use crate::scene::{CUT_OFF, Scene, link_of};

#[tokio::test]
async fn a_removed_member_is_cut_off_everywhere_with_each_of_its_nodes() -> anyhow::Result<()> {
    let scene = Scene::of_every_kind().await?;
    let eve = Attacker::new(1);
    let nodes = [eve.clone(), eve.on_node(2)];
    scene.add(&eve.peer(), "Eve", "member").await?;
    scene.agreed().await?;
    let doors = scene.doors().await?;
    let mut wires = Vec::new();
    for node in &nodes {
        for door in &doors {
            wires.push(scene.enter(node, door).await?.0);
        }
    }
    for node in scene.nodes() {
        eventually(CUT_OFF, "both of Eve's nodes", || async {
            let here = json!({ "network": scene.network });
            let peers = node.call("network_peers", here).await?;
            let peers = peers.as_array().context("no list")?.iter();
            let hers = peers.filter(|it| it["peer"] == eve.peer()).count();
            Ok((hers == nodes.len()).then_some(()))
        })
        .await?;
    }

    let removal = Instant::now();
    let ends = wires.iter_mut().map(|wire| wire.ended(CUT_OFF));
    let peer = eve.peer();
    let (removed, ended) = tokio::join!(scene.remove(&peer), try_join_all(ends));
    removed?;
    ended?;

    let took = removal.elapsed();
    assert!(took < CUT_OFF, "the last wire ended after {took:?}");
    for node in &nodes {
        for door in &doors {
            let (mut wire, verdict) = node.knock(&door.address, &scene.genesis).await?;
            assert_eq!(
                verdict,
                Verdict::Refused(RefusalReason::Removed),
                "{door:?}"
            );
            for protocol in scene.protocols() {
                assert!(wire.probe(&protocol, CUT_OFF).await.is_empty());
            }
            wire.ended(CUT_OFF).await?;
        }
    }
    Ok(())
}

/// The same account at two computers, both with their gates switched off.
async fn twins(scene: &Scene) -> anyhow::Result<[NodeProcess; 2]> {
    let first = scene.place.node("Eve").hook("gate-off").start().await?;
    let phrase = first.call("account_phrase", json!({})).await?;
    let phrase = phrase["phrase"].as_str().context("the words")?.to_owned();
    let second = scene.place.node("Eve's laptop").restored_from(phrase);
    let second = second.hook("gate-off").start().await?;
    assert_eq!(first.peer(), second.peer(), "one account");
    assert_ne!(first.node(), second.node(), "two nodes");
    Ok([first, second])
}

#[tokio::test]
async fn a_removed_account_is_cut_off_at_both_of_its_computers() -> anyhow::Result<()> {
    let scene = Scene::of_two().await?;
    let eves = twins(&scene).await?;
    scene.add(eves[0].peer(), "Eve", "member").await?;
    scene.agreed().await?;
    let members = [&scene.alice, &scene.bob];
    for eve in &eves {
        for member in members {
            scene.join(eve, member).await?;
            scene.connected(eve, member).await?;
        }
    }

    let removal = Instant::now();
    let (removed, cut) = tokio::join!(
        scene.remove(eves[0].peer()),
        try_join_all(members.map(|member| is_gone(&scene, member, eves[0].peer()))),
    );
    removed?;
    cut?;

    let took = removal.elapsed();
    assert!(took < CUT_OFF, "the last one took {took:?}");
    for eve in &eves {
        for member in members {
            scene.join(eve, member).await?;
            eventually(CUT_OFF, "a refusal", || async {
                let lines = scene.refusals(member, "node", eve.node()).await?;
                Ok(lines
                    .iter()
                    .any(|it| it["reason"] == "removed")
                    .then_some(()))
            })
            .await?;
            assert!(!scene.has_peer(member, eve.peer()).await?);
        }
    }
    Ok(())
}

async fn is_gone(scene: &Scene, member: &NodeProcess, peer: &str) -> anyhow::Result<()> {
    eventually(CUT_OFF, "the end of every connection", || async {
        Ok((!scene.has_peer(member, peer).await?).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_node_that_was_away_refuses_the_removed_once_it_has_caught_up() -> anyhow::Result<()> {
    let mut scene = Scene::of_two().await?;
    let eve = Attacker::new(1);
    scene.add(&eve.peer(), "Eve", "member").await?;
    scene.agreed().await?;
    let draft = scene.bob.kill().await?;
    let who = json!({ "network": scene.network, "peer": eve.peer() });
    scene.alice.call("member_remove", who).await?;

    scene.bob = draft.start().await?;
    scene.agreed().await?;

    for door in scene.doors_of(&scene.bob).await? {
        let (_, verdict) = eve.knock(&door.address, &scene.genesis).await?;
        assert_eq!(
            verdict,
            Verdict::Refused(RefusalReason::Removed),
            "{door:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn nobody_dials_a_removed_member_any_more() -> anyhow::Result<()> {
    let mut scene = Scene::of_two().await?;
    let eve = scene.place.node("Eve").start().await?;
    scene.add(eve.peer(), "Eve", "member").await?;
    for member in [&scene.alice, &scene.bob] {
        scene.join(&eve, member).await?;
        scene.connected(member, &eve).await?;
    }
    let doors = scene.doors_of(&eve).await?;
    let place = doors
        .iter()
        .find_map(|door| door.address.split("/tcp/").nth(1));
    let port = place
        .and_then(|rest| rest.split('/').next())
        .context("a port")?;
    let port: u16 = port.parse()?;
    let link = Link::Network(link_of(&eve, &scene.network).await?).to_string();
    scene.remove(eve.peer()).await?;
    scene.agreed().await?;
    drop(doors);
    eve.kill().await?;
    let stale = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;

    // With her place in the address book, and in a link besides.
    let draft = scene.alice.kill().await?;
    scene.alice = draft.start().await?;
    scene
        .alice
        .call("network_join", json!({ "link": link }))
        .await?;
    scene.connected(&scene.alice, &scene.bob).await?;

    let caller = stale.accept().now_or_never();
    assert!(caller.is_none(), "somebody called: {caller:?}");
    Ok(())
}
