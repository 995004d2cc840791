//! A node whose memory was damaged, or that has only just begun: nobody gets in by that.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use streembit_gate::RefusalReason;
use streembit_tests::attacker::{Attacker, Verdict, now};
use streembit_tests::{PATIENCE, eventually};
use tokio::task::JoinSet;

use crate::scene::{CUT_OFF, Scene};

#[tokio::test]
async fn a_node_that_cannot_read_its_members_lets_nobody_in() -> anyhow::Result<()> {
    let mut scene = Scene::of_two().await?;
    let member = Attacker::new(1);
    scene.add(&member.peer(), "Mallory", "member").await?;
    scene.agreed().await?;
    let id = scene.id();
    let mut draft = scene.bob.stop().await?;
    let store = draft.open_store().await?;
    let (intact, network) = (store.operations(id).await?, store.network(id).await?);
    let network = network.context("a network")?;
    store.close().await;
    let mut altered = intact.clone();
    if let Some(last) = altered
        .last_mut()
        .and_then(|operation| operation.last_mut())
    {
        *last ^= 1;
    }
    let damages = [
        ("no operation", Vec::new()),
        (
            "an operation too few",
            [&intact[..1], &intact[2..]].concat(),
        ),
        ("an operation altered", altered),
    ];
    for (what, operations) in damages {
        let store = draft.open_store().await?;
        store.remove_network(id).await?;
        let rows = (0..).zip(operations);
        let rows = rows.map(|(at, bytes)| ([at; 32], bytes)).collect();
        store
            .put_network_whole(network.clone(), rows, Vec::new(), now())
            .await?;
        store.close().await;

        scene.bob = draft.start().await?;

        for door in scene.doors_of(&scene.bob).await? {
            let (mut wire, verdict) = member.knock(&door.address, &scene.genesis).await?;
            assert_eq!(
                verdict,
                Verdict::Refused(RefusalReason::NotListed),
                "{what}: {door:?}"
            );
            wire.ended(CUT_OFF).await?;
        }
        let lines = scene.refused(&scene.bob, &member).await?;
        assert_eq!(lines[0]["reason"], "rules_unreadable", "{what}");
        let peers = scene.has_peer(&scene.bob, scene.alice.peer()).await?;
        assert!(!peers, "{what}: not even Alice");
        draft = scene.bob.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_gate_is_shut_from_the_first_moment_of_every_start() -> anyhow::Result<()> {
    const KNOCKS: usize = 20;
    let mut scene = Scene::of_two().await?;
    let stranger = Attacker::new(1);
    let doors: Vec<String> = scene
        .doors_of(&scene.bob)
        .await?
        .into_iter()
        .map(|door| door.address)
        .collect();
    let knocks = Arc::new(AtomicUsize::new(0));
    let mut knocking = JoinSet::new();
    for address in doors {
        let (stranger, genesis) = (stranger.clone(), scene.genesis.clone());
        let knocks = knocks.clone();
        knocking.spawn(async move {
            loop {
                match stranger.knock(&address, &genesis).await {
                    Ok((_, Verdict::Admitted(_))) => return address,
                    Ok(_) => knocks.fetch_add(1, Ordering::Relaxed),
                    // Nobody is at home just now.
                    Err(_) => 0,
                };
            }
        });
    }

    // It starts, again and again, at the same ports and under the same knocks.
    for _ in 0..3 {
        let draft = scene.bob.kill().await?;
        let before = knocks.load(Ordering::Relaxed);
        scene.bob = draft.start().await?;
        eventually(PATIENCE, "knocks at the new door", || async {
            let since = knocks.load(Ordering::Relaxed) - before;
            Ok((since >= KNOCKS).then_some(()))
        })
        .await?;
        let admitted = knocking.try_join_next();
        assert!(admitted.is_none(), "let in at {admitted:?}");
    }

    scene.connected(&scene.bob, &scene.alice).await?;
    assert!(!scene.has_peer(&scene.bob, &stranger.peer()).await?);
    Ok(())
}
