//! One person with two computers, in separate processes: linked by a code that both show.
#![expect(
    clippy::indexing_slicing,
    reason = "JSON of a shape that the test asserts"
)]

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{Draft, NodeProcess, PATIENCE, Place, eventually, meet};

/// Links `new` to the account of `old`, and starts it.
async fn link(old: &NodeProcess, new: Draft) -> anyhow::Result<NodeProcess> {
    let offer = old.call("node_link", json!({})).await?;
    let link = offer["link"].as_str().context("no link")?;
    let joining = new.link(link).await?;
    let code = joining.code().to_owned();
    let waits = async || {
        let status = old.call("node_link_status", json!({})).await?;
        Ok((status["stage"] == "compare").then(|| status["code"].clone()))
    };
    let shown = eventually(PATIENCE, "the code on the old computer", waits).await?;
    assert_eq!(shown, json!(code), "both show the same");
    old.call("node_link_confirm", json!({ "code": code }))
        .await?;
    let new = joining.finish().await?;
    assert!(!new.folder().join("link.part").exists());
    new.start().await
}

/// The texts that `node` shows of its conversation with `peer`, each with its direction.
async fn said(node: &NodeProcess, peer: &str) -> anyhow::Result<Vec<(String, String)>> {
    let messages = meet::conversation(node, peer).await?;
    let side = |message: &Value| if message["from"] == peer { "in" } else { "out" };
    let text = |message: &Value| message["text"].as_str().unwrap_or_default().to_owned();
    Ok(messages
        .iter()
        .map(|message| (side(message).to_owned(), text(message)))
        .collect())
}

async fn until_said(
    node: &NodeProcess,
    peer: &str,
    direction: &str,
    text: &str,
) -> anyhow::Result<()> {
    let wanted = (direction.to_owned(), text.to_owned());
    let look = async || Ok(said(node, peer).await?.contains(&wanted).then_some(()));
    eventually(PATIENCE, &format!("“{text}” at {}", node.name()), look).await
}

/// Waits until `node` lists `other` as one of its own that is connected.
async fn until_met(node: &NodeProcess, other: &NodeProcess) -> anyhow::Result<()> {
    let look = async || {
        let all = node.call("nodes_list", json!({})).await?;
        let all = all.as_array().context("no list")?;
        let is_there = |it: &Value| it["node"] == other.node() && it["connected"] == true;
        Ok(all.iter().any(is_there).then_some(()))
    };
    eventually(PATIENCE, "the other computer", look).await
}

#[tokio::test]
async fn a_linked_computer_has_the_history_and_hears_and_says_everything() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let desk = place.node("desk").start().await?;
    meet::meet(&alice, &desk).await?;
    let before = meet::send(&alice, desk.peer(), "before").await?;
    meet::arrived(&desk, alice.peer(), &[before]).await?;
    meet::send(&desk, alice.peer(), "an answer").await?;
    until_said(&alice, desk.peer(), "in", "an answer").await?;

    let lap = link(&desk, place.node("lap")).await?;
    assert_eq!(lap.peer(), desk.peer(), "the same person");
    assert_ne!(lap.node(), desk.node(), "another node");
    let (a, me) = (alice.peer().to_owned(), desk.peer().to_owned());
    assert_eq!(said(&lap, &a).await?, said(&desk, &a).await?);
    until_met(&desk, &lap).await?;
    until_met(&lap, &desk).await?;

    // What the friend writes comes to both, as soon as she has heard of the new one.
    let knows = async || {
        let nodes = alice.call("contact_nodes", json!({ "peer": me })).await?;
        Ok((nodes.as_array().map(Vec::len) == Some(2)).then_some(()))
    };
    eventually(PATIENCE, "Alice hears of the new computer", knows).await?;
    let told = async || {
        let known = alice
            .call("contact_computers", json!({ "peer": me }))
            .await?;
        let is_told = |node: &str, is_new: bool| {
            let mut all = known.as_array().into_iter().flatten();
            all.any(|it| it["node"] == node && it["is_new"] == is_new && it["in_use"] == true)
        };
        Ok((is_told(desk.node(), false) && is_told(lap.node(), true)).then_some(()))
    };
    eventually(PATIENCE, "Alice is told of the new computer", told).await?;
    meet::send(&alice, &me, "to both of you").await?;
    for own in [&desk, &lap] {
        until_said(own, &a, "in", "to both of you").await?;
    }

    // What one says, the other shows as said.
    meet::send(&lap, &a, "from the new one").await?;
    until_said(&alice, &me, "in", "from the new one").await?;
    until_said(&desk, &a, "out", "from the new one").await?;

    // Who is away catches up.
    let lap = lap.stop().await?;
    meet::send(&alice, &me, "while one was off").await?;
    meet::send(&desk, &a, "said meanwhile").await?;
    until_said(&desk, &a, "in", "while one was off").await?;
    let lap = lap.start().await?;
    until_said(&lap, &a, "in", "while one was off").await?;
    until_said(&lap, &a, "out", "said meanwhile").await?;

    // What was read on one is read on the other.
    desk.call("conversation_read", json!({ "peer": a })).await?;
    let read = async || {
        let all = lap.call("conversations_list", json!({})).await?;
        Ok((all[0]["unread"] == 0).then_some(()))
    };
    eventually(PATIENCE, "read on the other one too", read).await?;
    Ok(())
}

#[tokio::test]
async fn a_revoked_computer_gets_nothing_new() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let desk = place.node("desk").start().await?;
    meet::meet(&alice, &desk).await?;
    let lap = link(&desk, place.node("lap")).await?;
    let (a, me) = (alice.peer().to_owned(), desk.peer().to_owned());
    until_met(&desk, &lap).await?;
    let both = meet::send(&alice, &me, "before").await?;
    meet::arrived(&desk, &a, std::slice::from_ref(&both)).await?;

    desk.call("node_revoke", json!({ "node": lap.node() }))
        .await?;
    let knows = async || {
        let nodes = alice.call("contact_nodes", json!({ "peer": me })).await?;
        Ok((nodes == json!([desk.node()])).then_some(()))
    };
    eventually(PATIENCE, "Alice hears that it was revoked", knows).await?;
    let shut = async || {
        let all = lap.call("nodes_list", json!({})).await?;
        Ok((all[0]["this"] == true && all[0]["revoked_at"].is_u64()).then_some(()))
    };
    eventually(PATIENCE, "the removed computer says so", shut).await?;
    let seen = said(&lap, &a).await?;
    let after = meet::send(&alice, &me, "not for the lost one").await?;
    meet::arrived(&desk, &a, &[after]).await?;
    assert_eq!(
        lap.refuses("node_revoke", json!({ "node": lap.node() }))
            .await?,
        "conflict"
    );
    meet::send(&lap, &a, "let me in").await?;
    let lap = lap.restart().await?;
    meet::send(&desk, &a, "a last word").await?;
    until_said(&alice, &me, "in", "a last word").await?;

    let now: Vec<_> = said(&lap, &a).await?;
    let news = |it: &&(String, String)| it.0 == "in" && !seen.contains(it);
    assert_eq!(now.iter().filter(news).count(), 0, "{now:?}");
    let heard = said(&alice, &me).await?;
    assert!(!heard.iter().any(|(_, text)| text == "let me in"));
    let listed = desk.call("nodes_list", json!({})).await?;
    let revoked = listed.as_array().context("no list")?.iter();
    let revoked = revoked.filter(|it| it["revoked_at"].is_u64());
    assert_eq!(revoked.count(), 1);

    // Taking the account off the removed one ends it nowhere else.
    let confirm = json!({ "confirm": "desk" });
    assert_eq!(
        desk.refuses("account_unlink", confirm.clone()).await?,
        "conflict"
    );
    lap.call("account_unlink", confirm).await?;
    meet::send(&alice, &me, "you are still there").await?;
    until_said(&desk, &a, "in", "you are still there").await?;
    Ok(())
}

#[tokio::test]
async fn a_link_that_is_used_confirmed_wrongly_or_cut_leaves_nothing_behind() -> anyhow::Result<()>
{
    let place = Place::new()?;
    let desk = place.node("desk").start().await?;
    let offer = desk.call("node_link", json!({})).await?;
    let link = offer["link"].as_str().context("no link")?.to_owned();

    // The second one who shows it gets nothing.
    let first = place.node("first").link(&link).await?;
    let second = place.node("second").link(&link).await;
    assert!(second.is_err(), "a link serves one");
    assert!(!place.node("second").folder().join("profile.toml").exists());

    // Another code ends it for both.
    let wrong = match first.code() {
        "000 000" => "000 001",
        _ => "000 000",
    };
    let refused = desk
        .refuses("node_link_confirm", json!({ "code": wrong }))
        .await?;
    assert_eq!(refused, "denied");
    assert!(first.finish().await.is_err());
    assert!(!place.node("first").folder().join("profile.toml").exists());

    // Cut in the middle, on either side.
    let offer = desk.call("node_link", json!({})).await?;
    let link = offer["link"].as_str().context("no link")?.to_owned();
    let third = place.node("third").link(&link).await?;
    third.kill().await?;
    assert!(!place.node("third").folder().join("profile.toml").exists());
    let fourth_link = desk.call("node_link", json!({})).await?;
    let fourth_link = fourth_link["link"].as_str().context("no link")?.to_owned();
    let fourth = place.node("fourth").link(&fourth_link).await?;
    let desk = desk.kill().await?.start().await?;
    fourth.kill().await?;
    let status = desk.call("node_link_status", json!({})).await?;
    assert_eq!(status["stage"], "none", "no link outlives its process");
    let nodes = desk.call("nodes_list", json!({})).await?;
    assert_eq!(nodes.as_array().map(Vec::len), Some(1));
    assert!(place.node("fifth").link(&fourth_link).await.is_err());
    Ok(())
}
