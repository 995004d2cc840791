//! Two people meet and write to each other, in separate processes.

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{PATIENCE, Place, eventually, meet};

/// Waits until `node` shows message `id` to `peer` in `state`.
async fn shows(
    node: &streembit_tests::NodeProcess,
    peer: &str,
    id: &str,
    state: &str,
) -> anyhow::Result<()> {
    let look = async || {
        let messages = meet::conversation(node, peer).await?;
        let message = messages
            .iter()
            .find(|message| message["id"] == id)
            .context("not there")?;
        anyhow::ensure!(message["state"] == state, "it is {}", message["state"]);
        Ok(Some(()))
    };
    eventually(PATIENCE, "the state of a message", look).await
}

fn texts(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .filter_map(|message| message["text"].as_str())
        .collect()
}

#[tokio::test]
async fn two_people_meet_by_invite_and_chat_both_ways() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;

    meet::meet(&alice, &bob).await?;
    let hello = meet::send(&alice, bob.peer(), "hello Bob").await?;
    meet::arrived(&bob, alice.peer(), std::slice::from_ref(&hello)).await?;
    let reply = meet::send(&bob, alice.peer(), "hello Alice").await?;
    shows(&bob, alice.peer(), &reply, "delivered").await?;
    shows(&alice, bob.peer(), &hello, "delivered").await?;

    for (node, peer) in [(&alice, bob.peer()), (&bob, alice.peer())] {
        let messages = meet::conversation(node, peer).await?;
        assert_eq!(texts(&messages), ["hello Bob", "hello Alice"]);
        let contact = meet::contact(node, peer).await?.context("no contact")?;
        assert_eq!(contact["presence"], "online");
    }
    let conversations = alice.call("conversations_list", json!({})).await?;
    assert_eq!(
        (&conversations[0]["title"], &conversations[0]["unread"]),
        (&json!("bob"), &json!(1))
    );
    alice
        .call("conversation_read", json!({ "peer": bob.peer() }))
        .await?;
    shows(&bob, alice.peer(), &reply, "read").await?;
    Ok(())
}

#[tokio::test]
async fn what_is_done_to_messages_arrives_also_after_a_restart() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("seed").seed().start().await?;
    let alice = place.node("alice").bootstrap(&seed).start().await?;
    let bob = place.node("bob").bootstrap(&seed).start().await?;
    meet::meet(&alice, &bob).await?;
    let (a, b) = (alice.peer().to_owned(), bob.peer().to_owned());
    let typo = meet::send(&alice, &b, "helo Bob").await?;
    let secret = meet::send(&alice, &b, "the launch code").await?;
    meet::arrived(&bob, &a, &[typo.clone(), secret.clone()]).await?;

    bob.call("message_react", json!({ "id": typo, "emoji": "👍" }))
        .await?;
    assert_eq!(
        bob.refuses("message_edit", json!({ "id": typo, "text": "forged" }))
            .await?,
        "denied"
    );
    let reacted = async || {
        let messages = meet::conversation(&alice, &b).await?;
        Ok((messages[0]["reactions"] == json!([{ "peer": b, "emoji": "👍" }])).then_some(()))
    };
    eventually(PATIENCE, "Bob's reaction", reacted).await?;

    let bob = bob.stop().await?;
    alice
        .call("message_edit", json!({ "id": typo, "text": "hello Bob" }))
        .await?;
    alice
        .call("message_delete", json!({ "id": secret }))
        .await?;
    let waits = meet::conversation(&alice, &b).await?;
    assert_eq!(waits[0]["change"], "queued", "nothing is claimed too early");
    let alice = alice.kill().await?.start().await?;
    let bob = bob.start().await?;

    let changed = async || {
        let messages = meet::conversation(&bob, &a).await?;
        let is_edited = messages[0]["text"] == "hello Bob" && messages[0]["edited_at"].is_u64();
        let is_deleted = messages[1]["text"] == "" && messages[1]["deleted_at"].is_u64();
        Ok((is_edited && is_deleted).then_some(()))
    };
    eventually(2 * PATIENCE, "the edit and the deletion", changed).await?;
    let confirmed = async || {
        let messages = meet::conversation(&alice, &b).await?;
        Ok(messages
            .iter()
            .all(|message| message["change"].is_null())
            .then_some(()))
    };
    eventually(PATIENCE, "Bob's receipts", confirmed).await?;
    for node in [&alice, &bob] {
        let found = async |text: &str| node.call("messages_search", json!({ "text": text })).await;
        assert_eq!(found("launch").await?, json!([]));
        assert_eq!(found("hel").await?[0]["snippet"], "hello Bob");
    }
    Ok(())
}

#[tokio::test]
async fn one_invite_is_good_for_one_person() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let (bob, eve) = (
        place.node("bob").start().await?,
        place.node("eve").start().await?,
    );
    let link = alice.call("contact_invite", json!({})).await?["link"].clone();

    bob.call("contact_add", json!({ "link": link })).await?;
    let accepted = async || {
        let contact = meet::contact(&alice, bob.peer()).await?;
        Ok(contact.filter(|contact| contact["state"] == "accepted"))
    };
    eventually(PATIENCE, "Bob is accepted", accepted).await?;
    eve.call("contact_add", json!({ "link": link })).await?;
    let waiting = async || meet::contact(&alice, eve.peer()).await;
    let of_eve = eventually(PATIENCE, "Eve has asked", waiting).await?;

    assert_eq!(
        of_eve["state"], "incoming",
        "the secret was used: she has to wait"
    );
    assert_eq!(
        eve.refuses(
            "message_send",
            json!({ "peer": alice.peer(), "text": "hi" })
        )
        .await?,
        "denied"
    );
    alice
        .call("contact_accept", json!({ "peer": eve.peer() }))
        .await?;
    let accepted = async || {
        let contact = meet::contact(&eve, alice.peer()).await?;
        Ok(contact.filter(|contact| contact["state"] == "accepted"))
    };
    eventually(PATIENCE, "Eve knows that she was accepted", accepted).await?;
    Ok(())
}

#[tokio::test]
async fn what_was_written_while_the_other_was_away_arrives_after_a_restart() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("seed").seed().start().await?;
    let alice = place.node("alice").bootstrap(&seed).start().await?;
    let bob = place.node("bob").bootstrap(&seed).start().await?;
    meet::meet(&alice, &bob).await?;
    let (a, b) = (alice.peer().to_owned(), bob.peer().to_owned());

    let bob = bob.stop().await?;
    let mut ids = Vec::new();
    for number in 1..=20 {
        ids.push(meet::send(&alice, &b, &format!("message {number}")).await?);
    }
    let messages = meet::conversation(&alice, &b).await?;
    assert!(
        messages.iter().all(|message| message["state"] == "queued"),
        "{messages:?}"
    );
    let alice = alice.restart().await?;
    let bob = bob.start().await?;
    let messages = meet::arrived(&bob, &a, &ids).await?;

    let expected: Vec<String> = (1..=20).map(|number| format!("message {number}")).collect();
    assert_eq!(
        texts(&messages),
        expected,
        "in the order in which they were written"
    );
    for id in &ids {
        shows(&alice, &b, id, "delivered").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_blocked_account_is_cut_off_and_refused() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;

    alice
        .call("contact_block", json!({ "peer": bob.peer() }))
        .await?;
    let alone = async || {
        let peers = bob
            .call("network_peers", json!({ "network": "public" }))
            .await?;
        Ok(peers.as_array().is_some_and(Vec::is_empty).then_some(()))
    };
    eventually(PATIENCE, "the connection is closed", alone).await?;
    let refused = async || {
        let log = alice
            .call("gate_log", json!({ "network": "public" }))
            .await?;
        let log = log.as_array().cloned().unwrap_or_default();
        Ok(log.into_iter().find(|entry| entry["reason"] == "blocked"))
    };
    let refused = eventually(PATIENCE, "Bob's return is refused", refused).await?;

    assert_eq!(refused["peer"], bob.peer());
    Ok(())
}

#[tokio::test]
async fn bad_arguments_are_answered_with_codes() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    let to_bob = |text: &str| json!({ "peer": bob.peer(), "text": text });
    let nobody = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    let empty = alice.refuses("message_send", to_bob("  ")).await?;
    let long = alice
        .refuses("message_send", to_bob(&"a".repeat(64 * 1024 + 1)))
        .await?;
    let peer = alice
        .refuses("message_send", json!({ "peer": nobody, "text": "hi" }))
        .await?;
    let link = alice
        .refuses("contact_add", json!({ "link": "streembit:invite/AAAA" }))
        .await?;
    let page = json!({ "peer": bob.peer(), "before": "01890a5d-ac96-774b-bcce-b302099a8057" });
    let page = alice.refuses("messages_list", page).await?;

    assert_eq!(
        (empty.as_str(), long.as_str()),
        ("invalid_arguments", "too_large")
    );
    assert!(
        ["invalid_arguments", "not_found"].contains(&peer.as_str()),
        "{peer}"
    );
    assert_eq!(
        (link.as_str(), page.as_str()),
        ("invalid_arguments", "not_found")
    );
    assert_eq!(
        meet::conversation(&alice, bob.peer()).await?,
        Vec::<Value>::new()
    );
    Ok(())
}
