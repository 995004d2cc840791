//! Mailboxes that people agree on: contacts for each other, and seeds for whoever asks.

use serde_json::{Value, json};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually, meet};

/// How `node` stands with `peer`: as its mailbox, or as somebody it keeps for.
async fn standing(node: &NodeProcess, list: &str, peer: &str) -> anyhow::Result<Option<String>> {
    let mailboxes = node
        .call("mailboxes_list", json!({ "network": "public" }))
        .await?;
    let all = mailboxes.get(list).and_then(Value::as_array);
    let with = all.into_iter().flatten().find(|one| one["peer"] == peer);
    Ok(with.and_then(|one| one["state"].as_str().map(str::to_owned)))
}

async fn stands(node: &NodeProcess, list: &str, peer: &str, wanted: &str) -> anyhow::Result<()> {
    let what = format!("{} has {list}: {wanted}", node.name());
    eventually(PATIENCE, &what, || async {
        let state = standing(node, list, peer).await?;
        Ok((state.as_deref() == Some(wanted)).then_some(()))
    })
    .await
}

/// Waits until the last record that a node published names so many mailboxes.
async fn names(node: &NodeProcess, mailboxes: usize) -> anyhow::Result<()> {
    let what = format!("the record of {} names {mailboxes} mailboxes", node.name());
    eventually(PATIENCE, &what, || async {
        let log = node.log();
        let mut lines = log.lines().rev();
        let last = lines.find(|line| line.contains("Published the own records"));
        let wanted = format!("mailboxes={mailboxes} ");
        Ok(last.filter(|line| line.contains(&wanted)).map(drop))
    })
    .await
}

async fn ask(node: &NodeProcess, peer: &str, wanted: bool) -> anyhow::Result<Value> {
    node.call("mailbox_ask", json!({ "peer": peer, "wanted": wanted }))
        .await
}

async fn offer(node: &NodeProcess, peer: &str, willing: bool) -> anyhow::Result<Value> {
    let arguments = json!({ "peer": peer, "willing": willing });
    node.call("mailbox_offer", arguments).await
}

/// Waits until the only message with `peer` has this in it.
async fn says(node: &NodeProcess, peer: &str, key: &str, value: &str) -> anyhow::Result<()> {
    let what = format!("a message of {} has {key} {value}", node.name());
    eventually(2 * PATIENCE, &what, || async {
        let all = meet::conversation(node, peer).await?;
        let only = all.first().filter(|_| all.len() == 1);
        let said = only.and_then(|message| message.get(key));
        Ok(said.filter(|said| *said == value).map(drop))
    })
    .await
}

#[tokio::test]
async fn a_contact_keeps_messages_once_both_agree_and_not_before() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("Seed").seed().start().await?;
    let alice = place.node("Alice").bootstrap(&seed).start().await?;
    let bob = place.node("Bob").bootstrap(&seed).start().await?;
    let carol = place.node("Carol").bootstrap(&seed).start().await?;
    meet::meet(&alice, &bob).await?;
    meet::meet(&alice, &carol).await?;
    let (a, b, c) = (
        alice.peer().to_owned(),
        bob.peer().to_owned(),
        carol.peer().to_owned(),
    );

    ask(&alice, &c, true).await?;
    stands(&alice, "keepers", &c, "asked").await?;
    stands(&carol, "agreements", &a, "asked").await?;
    offer(&carol, &a, true).await?;
    stands(&alice, "keepers", &c, "agreed").await?;
    stands(&carol, "agreements", &a, "agreed").await?;
    names(&alice, 1).await?;

    let alice = alice.stop().await?;
    meet::send(&bob, &a, "the key is under the third pot").await?;
    says(&bob, &a, "via", "mailbox").await?;
    let kept = carol
        .call("mailboxes_list", json!({ "network": "public" }))
        .await?;
    assert_eq!(kept["kept"]["copies"], 1, "at Carol's: {kept}");
    let bob = bob.stop().await?;
    let alice = alice.start().await?;
    says(&alice, &b, "text", "the key is under the third pot").await?;
    let bob = bob.start().await?;
    says(&bob, &a, "state", "delivered").await?;

    offer(&carol, &a, false).await?;
    eventually(PATIENCE, "Alice has no mailbox", || async {
        let state = standing(&alice, "keepers", &c).await?;
        Ok(state.is_none().then_some(()))
    })
    .await?;
    names(&alice, 0).await?;
    let refusal = bob
        .refuses("mailbox_ask", json!({ "peer": c, "wanted": true }))
        .await?;
    assert_eq!(refusal, "denied", "Bob and Carol do not know each other");
    Ok(())
}

#[tokio::test]
async fn a_seed_that_offers_it_keeps_for_whoever_started_from_it() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("Seed").seed().argument("--mailbox");
    let seed = seed.start().await?;
    let alice = place.node("Alice").bootstrap(&seed).start().await?;
    let bob = place.node("Bob").bootstrap(&seed).start().await?;
    let (a, b, s) = (
        alice.peer().to_owned(),
        bob.peer().to_owned(),
        seed.peer().to_owned(),
    );
    for node in [&alice, &bob] {
        stands(node, "keepers", &s, "agreed").await?;
        names(node, 1).await?;
    }
    meet::meet(&alice, &bob).await?;

    let bob = bob.stop().await?;
    meet::send(&alice, &b, "come over").await?;
    says(&alice, &b, "via", "mailbox").await?;
    let alice = alice.stop().await?;
    let bob = bob.start().await?;
    says(&bob, &a, "text", "come over").await?;
    eventually(PATIENCE, "the seed keeps the receipt", || async {
        Ok((seed.log().matches("Kept a copy").count() > 1).then_some(()))
    })
    .await?;
    let bob = bob.stop().await?;
    let alice = alice.start().await?;
    says(&alice, &b, "state", "delivered").await?;

    ask(&alice, &s, false).await?;
    stands(&alice, "keepers", &s, "declined").await?;
    eventually(PATIENCE, "the seed has forgotten Alice", || async {
        Ok(standing(&seed, "agreements", &a)
            .await?
            .is_none()
            .then_some(()))
    })
    .await?;
    let alice = alice.restart().await?;
    stands(&alice, "keepers", &s, "declined").await?;
    drop(bob);
    Ok(())
}

#[tokio::test]
async fn somebody_who_is_away_can_be_asked_to_be_a_contact() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("Seed").seed().argument("--mailbox");
    let seed = seed.start().await?;
    let alice = place.node("Alice").bootstrap(&seed).start().await?;
    let bob = place.node("Bob").bootstrap(&seed).start().await?;
    let (a, b, s) = (
        alice.peer().to_owned(),
        bob.peer().to_owned(),
        seed.peer().to_owned(),
    );
    for node in [&alice, &bob] {
        stands(node, "keepers", &s, "agreed").await?;
        names(node, 1).await?;
    }

    let alice = alice.stop().await?;
    bob.call("contact_add", json!({ "peer": a })).await?;
    eventually(2 * PATIENCE, "the seed keeps the request", || async {
        Ok(seed.log().contains("Kept a copy").then_some(()))
    })
    .await?;
    let bob = bob.stop().await?;
    let alice = alice.start().await?;
    eventually(PATIENCE, "Alice is asked", || async {
        let asked = meet::contact(&alice, &b).await?;
        Ok(asked.filter(|contact| contact["state"] == "incoming"))
    })
    .await?;
    alice.call("contact_accept", json!({ "peer": b })).await?;
    let bob = bob.start().await?;
    eventually(2 * PATIENCE, "they are contacts", || async {
        let met = meet::contact(&bob, &a).await?;
        Ok(met.filter(|contact| contact["state"] == "accepted"))
    })
    .await?;
    Ok(())
}
