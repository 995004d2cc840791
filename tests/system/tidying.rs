//! Putting the history of a private network together, between processes.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null"
)]

use serde_json::json;
use streembit_tests::attacker::Attacker;
use streembit_tests::{Home, NodeProcess, PATIENCE, Place, eventually};

async fn operations(home: &Home, at: &NodeProcess) -> anyhow::Result<Option<u64>> {
    Ok(home.view(at).await?["history"]["operations"].as_u64())
}

/// Alice makes the list of changes a long one.
async fn make_history(home: &Home, alice: &NodeProcess) -> anyhow::Result<()> {
    for number in 1..=10 {
        let peer = Attacker::new(number).peer();
        let member =
            json!({ "network": home.network, "peer": peer, "name": format!("Guest {number}") });
        alice.call("member_add", member).await?;
        let gone = json!({ "network": home.network, "peer": peer });
        alice.call("member_remove", gone).await?;
    }
    Ok(())
}

/// Alice's network, in which Bob is an admin and Carol a member.
async fn family(place: &Place) -> anyhow::Result<(Home, [NodeProcess; 3])> {
    let alice = place.node("Alice").start().await?;
    let bob = place.node("Bob").start().await?;
    let carol = place.node("Carol").start().await?;
    let home = Home::create(&alice).await?;
    home.admit(&alice, &bob, "admin").await?;
    home.admit(&alice, &carol, "member").await?;
    Ok((home, [alice, bob, carol]))
}

async fn until(what: &str, home: &Home, at: &NodeProcess, count: u64) -> anyhow::Result<()> {
    eventually(PATIENCE, what, || async {
        Ok((operations(home, at).await? == Some(count)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_seal_takes_nobodys_confirmation_away() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (home, [alice, bob, carol]) = family(&place).await?;
    home.connected(&bob, &carol).await?;
    make_history(&home, &alice).await?;
    for at in [&bob, &carol] {
        until("the whole history", &home, at, 23).await?;
    }

    // Alice makes the seal alone; later Bob confirms what he and Carol know.
    let (bob, carol) = (bob.stop().await?, carol.stop().await?);
    let words = json!({ "network": home.network, "phrase": home.recovery });
    alice.call("network_tidy", words).await?;
    let alice = alice.stop().await?;
    let (bob, carol) = (bob.start().await?, carol.start().await?);
    home.connected(&bob, &carol).await?;
    bob.call("network_confirm", home.arguments()).await?;
    let by_bob = json!(bob.peer());
    eventually(PATIENCE, "Bob's word", || async {
        let by = &home.view(&carol).await?["confirmed_by"];
        Ok((*by == by_bob).then_some(()))
    })
    .await?;
    let bob = bob.stop().await?;
    let alice = alice.start().await?;
    until("the seal", &home, &carol, 1).await?;

    let (alice, carol) = (alice.stop().await?, carol.restart().await?);
    assert_eq!(home.view(&carol).await?["state"], "alone");
    drop((alice, bob));
    Ok(())
}

#[tokio::test]
async fn whoever_was_away_catches_up_with_a_seal_and_its_removals_count() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (home, [alice, bob, carol]) = family(&place).await?;
    make_history(&home, &alice).await?;
    until("the whole history", &home, &bob, 23).await?;

    // While Bob is cut off he removes Carol and adds somebody; Alice puts the history together.
    let alice = alice.stop().await?;
    let (of_carol, carol) = (home.with(&carol), carol.stop().await?);
    bob.call("member_remove", of_carol).await?;
    let guest =
        json!({ "network": home.network, "peer": Attacker::new(40).peer(), "name": "Late" });
    bob.call("member_add", guest).await?;
    let (bob, alice) = (bob.stop().await?, alice.start().await?);
    let words = json!({ "network": home.network, "phrase": home.recovery });
    alice.call("network_tidy", words.clone()).await?;
    assert_eq!(operations(&home, &alice).await?, Some(1));
    let carol = carol.start().await?;
    home.connected(&alice, &carol).await?;
    until("the seal", &home, &carol, 1).await?;

    let bob = bob.start().await?;
    home.connected(&alice, &bob).await?;
    for at in [&alice, &bob] {
        until("the seal and the removal", &home, at, 2).await?;
        let mut names = home.names(at).await?;
        names.sort();
        assert_eq!(names, ["Alice", "Bob"], "what Bob added has to be repeated");
    }
    eventually(PATIENCE, "the end of a connection", || async {
        Ok((!home.has_connection(&alice, &carol).await?).then_some(()))
    })
    .await?;
    let log = bob.call("network_log", home.arguments()).await?;
    let kinds: Vec<_> = log.as_array().into_iter().flatten().collect();
    assert!(kinds.iter().any(|it| it["operation"] == "seal"), "{log}");

    // What is stored is what is left.
    let bob = bob.restart().await?;
    home.connected(&alice, &bob).await?;
    assert_eq!(operations(&home, &bob).await?, Some(2));
    let refused = alice.refuses("network_tidy", words.clone()).await?;
    assert_eq!(refused, "conflict", "there is nothing left to gain");
    assert_eq!(carol.refuses("network_tidy", words).await?, "denied");
    Ok(())
}
