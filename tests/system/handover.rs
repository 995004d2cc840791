//! How people come and go in a private network: leaving, handing over, and the recovery words.

use serde_json::{Value, json};
use streembit_tests::{Home, NodeProcess, PATIENCE, Place, eventually};

async fn listed(home: &Home, at: &NodeProcess, names: &[&str]) -> anyhow::Result<()> {
    let what = format!("{} lists {names:?}", at.name());
    eventually(PATIENCE, &what, || async {
        Ok((home.names(at).await? == names).then_some(()))
    })
    .await
}

fn recovery(home: &Home, phrase: &str) -> Value {
    json!({ "network": home.network, "phrase": phrase })
}

#[tokio::test]
async fn who_leaves_is_gone_from_every_list_and_the_only_admin_hands_over_first()
-> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob, carol) = (
        place.node("Alice").start().await?,
        place.node("Bob").start().await?,
        place.node("Carol").start().await?,
    );
    let home = Home::create(&alice).await?;
    home.admit(&alice, &bob, "member").await?;
    home.admit(&alice, &carol, "member").await?;
    home.connected(&bob, &carol).await?;

    carol.call("network_leave", home.arguments()).await?;
    for member in [&alice, &bob] {
        listed(&home, member, &["Alice", "Bob"]).await?;
    }
    assert!(home.view(&carol).await.is_err(), "she has forgotten it");
    let log = alice.call("network_log", home.arguments()).await?;
    assert_eq!(
        (&log[0]["operation"], &log[0]["author"]),
        (&json!("leave"), &json!(carol.peer()))
    );

    let refused = alice.refuses("network_leave", home.arguments()).await?;
    assert_eq!(refused, "conflict");
    listed(&home, &bob, &["Alice", "Bob"]).await?;

    let mut promotion = home.with(&bob);
    promotion["role"] = json!("admin");
    alice.call("member_set_role", promotion).await?;
    alice.call("network_leave", home.arguments()).await?;
    listed(&home, &bob, &["Bob"]).await?;
    assert_eq!(home.view(&bob).await?["role"], "admin");
    Ok(())
}

#[tokio::test]
async fn a_removal_says_whom_it_reached_and_when_it_is_certain() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob, carol, eve) = (
        place.node("Alice").start().await?,
        place.node("Bob").start().await?,
        place.node("Carol").start().await?,
        place.node("Eve").start().await?,
    );
    let home = Home::create(&alice).await?;
    for who in [&bob, &carol, &eve] {
        home.admit(&alice, who, "member").await?;
    }
    home.connected(&bob, &eve).await?;
    let carol_peer = carol.peer().to_owned();
    let _away = carol.stop().await?;
    eventually(PATIENCE, "Carol gone", || async {
        let peers = alice.call("network_peers", home.arguments()).await?;
        let mut peers = peers.as_array().into_iter().flatten();
        Ok((!peers.any(|it| it["peer"] == carol_peer)).then_some(()))
    })
    .await?;

    let removed = alice.call("member_remove", home.with(&eve)).await?;

    assert_eq!(removed["disconnected_names"], json!(["Bob"]));
    assert_eq!(removed["pending_names"], json!(["Carol"]));
    assert_eq!(
        (&removed["disconnected"], &removed["pending"]),
        (&json!(2), &json!(1))
    );
    let stale_at = home.view(&alice).await?["stale_at"].clone();
    assert_eq!(
        removed["certain_by"], stale_at,
        "Carol goes by an older one until then"
    );
    Ok(())
}

#[tokio::test]
async fn a_network_that_has_lost_its_admin_is_recovered_by_a_member() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob, carol) = (
        place.node("Alice").start().await?,
        place.node("Bob").start().await?,
        place.node("Carol").start().await?,
    );
    let home = Home::create(&alice).await?;
    home.admit(&alice, &bob, "member").await?;
    home.admit(&alice, &carol, "member").await?;
    home.connected(&bob, &carol).await?;
    let alice_peer = alice.peer().to_owned();
    drop(alice.stop().await?);

    let other = "abandon ".repeat(23) + "art";
    let refused = bob
        .refuses("network_recover", recovery(&home, &other))
        .await?;
    assert_eq!(refused, "invalid_arguments");
    assert_eq!(home.view(&bob).await?["role"], "member");

    let recovered = bob
        .call("network_recover", recovery(&home, &home.recovery))
        .await?;
    assert_eq!(recovered["role"], "admin");
    assert_eq!(recovered["confirmed_by"], bob.peer());
    let lost = json!({ "network": home.network, "peer": alice_peer });
    bob.call("member_remove", lost).await?;

    listed(&home, &carol, &["Bob", "Carol"]).await?;
    Ok(())
}

#[tokio::test]
async fn the_recovery_words_let_in_an_account_that_nobody_lists() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob, dora) = (
        place.node("Alice").start().await?,
        place.node("Bob").start().await?,
        place.node("Dora").start().await?,
    );
    let home = Home::create(&alice).await?;
    home.admit(&alice, &bob, "member").await?;
    drop(alice.stop().await?);
    let waiting = home.join(&dora, &bob).await?;
    assert_eq!(waiting["state"], "waiting");
    home.refused(&bob, &dora, "not_listed").await?;

    dora.call("network_recover", recovery(&home, &home.recovery))
        .await?;

    home.connected(&bob, &dora).await?;
    listed(&home, &bob, &["Alice", "Bob", "Dora"]).await?;
    assert_eq!(home.view(&dora).await?["role"], "admin");
    Ok(())
}
