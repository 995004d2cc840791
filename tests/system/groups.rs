//! Groups between separate processes: who is away gets what was written, who is removed gets nothing.
#![expect(
    clippy::indexing_slicing,
    reason = "JSON of a shape that the test asserts"
)]

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{Home, NodeProcess, PATIENCE, Place, eventually};

/// What no frame of a hub may show.
const WORDS: &str = "the spare key hangs behind the ivy";

/// A network of Alice, Bob and Cora, with a hub that keeps for them.
struct Scene {
    place: Place,
    home: Home,
    alice: NodeProcess,
    bob: NodeProcess,
    cora: NodeProcess,
    hub: NodeProcess,
}

impl Scene {
    async fn set() -> anyhow::Result<Self> {
        let place = Place::new()?;
        let alice = place.node("Alice").start().await?;
        let bob = place.node("Bob").start().await?;
        let cora = place.node("Cora").start().await?;
        let frames = format!("frames:{}", place.path().join("frames").display());
        let hub = place.node("Hall").hook(&frames).kind("hub").start().await?;
        let home = Home::create(&alice).await?;
        home.admit(&alice, &hub, "hub").await?;
        for other in [&bob, &cora] {
            home.admit(&alice, other, "member").await?;
            home.connected(other, &hub).await?;
        }
        home.connected(&bob, &cora).await?;
        for node in [&alice, &bob, &cora] {
            eventually(PATIENCE, "its record is with the others", || async {
                let log = node.log();
                let mut lines = log.lines();
                let is_held = lines
                    .any(|line| line.contains("Published the own records") && line.ends_with('3'));
                Ok(is_held.then_some(()))
            })
            .await?;
        }
        Ok(Self {
            place,
            home,
            alice,
            bob,
            cora,
            hub,
        })
    }

    /// Alice begins a group with both others.
    async fn group(&self) -> anyhow::Result<String> {
        let peers = [self.bob.peer(), self.cora.peer()];
        let arguments = json!({ "network": self.home.network, "title": "Garden", "peers": peers });
        let begun = self.alice.call("group_create", arguments).await?;
        let group = begun["group"].as_str().context("no group")?.to_owned();
        for other in [&self.bob, &self.cora] {
            until_members(other, &group, 3).await?;
        }
        Ok(group)
    }
}

/// Waits until `node` knows the group with so many members.
async fn until_members(node: &NodeProcess, group: &str, count: usize) -> anyhow::Result<()> {
    eventually(2 * PATIENCE, "the members of the group", || async {
        let all = node.call("groups_list", json!({})).await?;
        let all = all.as_array().context("no list")?;
        let is_so = |it: &Value| {
            it["group"] == group && it["members"].as_array().map(Vec::len) == Some(count)
        };
        Ok(all.iter().any(is_so).then_some(()))
    })
    .await
}

async fn say(from: &NodeProcess, group: &str, text: &str) -> anyhow::Result<String> {
    let arguments = json!({ "group": group, "text": text });
    let sent = from.call("message_send", arguments).await?;
    Ok(sent["id"].as_str().context("no id")?.to_owned())
}

/// What `node` has of a group, without the lines about its changes.
async fn messages(node: &NodeProcess, group: &str) -> anyhow::Result<Vec<Value>> {
    let list = node
        .call("messages_list", json!({ "peer": group, "limit": 200 }))
        .await?;
    let list = list.as_array().cloned().unwrap_or_default();
    Ok(list.into_iter().filter(|it| it["note"].is_null()).collect())
}

async fn until_text(node: &NodeProcess, group: &str, text: &str) -> anyhow::Result<()> {
    let what = format!("“{text}” at {}", node.name());
    eventually(2 * PATIENCE, &what, || async {
        let all = messages(node, group).await?;
        Ok(all.iter().any(|it| it["text"] == text).then_some(()))
    })
    .await
}

/// Waits until a message has come to so many.
async fn until_delivered(
    node: &NodeProcess,
    group: &str,
    id: &str,
    count: u64,
) -> anyhow::Result<()> {
    eventually(2 * PATIENCE, "the receipts", || async {
        let all = messages(node, group).await?;
        let message = all.iter().find(|it| it["id"] == id).context("not there")?;
        Ok((message["reach"]["delivered"] == count).then_some(()))
    })
    .await
}

#[tokio::test]
async fn whoever_is_away_gets_what_a_group_writes_from_a_mailbox() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let group = scene.group().await?;
    say(&scene.alice, &group, "who waters?").await?;
    until_text(&scene.bob, &group, "who waters?").await?;
    until_text(&scene.cora, &group, "who waters?").await?;
    say(&scene.cora, &group, "not me").await?;
    until_text(&scene.bob, &group, "not me").await?;
    let Scene {
        place,
        home: _home,
        alice,
        bob,
        cora,
        hub,
    } = scene;

    let cora = cora.stop().await?;
    let last = say(&alice, &group, WORDS).await?;
    until_text(&bob, &group, WORDS).await?;
    until_delivered(&alice, &group, &last, 1).await?;
    eventually(2 * PATIENCE, "a mailbox keeps it for Cora", || async {
        let all = messages(&alice, &group).await?;
        let message = all
            .iter()
            .find(|it| it["id"] == last)
            .context("not there")?;
        // As far as the least of its readers: it has left this machine for her, too.
        Ok((message["state"] == "sent").then_some(()))
    })
    .await?;
    let alice = alice.stop().await?;
    let bob = bob.stop().await?;
    let cora = cora.start().await?;
    until_text(&cora, &group, WORDS).await?;
    let alice = alice.start().await?;
    until_delivered(&alice, &group, &last, 2).await?;

    let all = messages(&cora, &group).await?;
    let texts: Vec<_> = all.iter().map(|it| it["text"].clone()).collect();
    assert_eq!(texts, [json!("who waters?"), json!("not me"), json!(WORDS)]);
    let frames = std::fs::read(place.path().join("frames"))?;
    assert!(frames.len() > 1_000, "the hub saw what passed");
    let words = WORDS.as_bytes();
    assert!(!frames.windows(words.len()).any(|part| part == words));
    drop((bob, hub));
    Ok(())
}

#[tokio::test]
async fn whoever_was_removed_has_nothing_of_what_was_written_since() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let group = scene.group().await?;
    say(&scene.alice, &group, "before").await?;
    until_text(&scene.cora, &group, "before").await?;

    let remove = json!({ "group": group, "peer": scene.cora.peer() });
    scene.alice.call("group_remove", remove).await?;
    until_members(&scene.bob, &group, 2).await?;
    until_members(&scene.cora, &group, 2).await?;
    for writer in [&scene.alice, &scene.bob] {
        let id = say(writer, &group, &format!("{WORDS} {}", writer.name())).await?;
        until_delivered(writer, &group, &id, 1).await?;
    }
    let refused = say(&scene.cora, &group, "still here?").await;
    assert!(refused.is_err(), "{refused:?}");

    // What she has, she has in her store.
    let cora = scene.cora.stop().await?;
    let kept = cora.decrypted()?;
    let has = |words: &str| {
        kept.windows(words.len())
            .any(|part| part == words.as_bytes())
    };
    assert!(has("before"), "it is her store");
    assert!(!has(WORDS), "and nothing newer is in it");
    Ok(())
}

#[tokio::test]
async fn a_group_survives_the_death_of_whoever_has_just_begun_it() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let peers = [scene.bob.peer(), scene.cora.peer()];
    let arguments = json!({ "network": scene.home.network, "title": "Garden", "peers": peers });
    let begun = scene.alice.call("group_create", arguments).await?;
    let group = begun["group"].as_str().context("no group")?.to_owned();
    say(&scene.alice, &group, "first words").await?;

    let alice = scene.alice.kill().await?.start().await?;

    until_text(&scene.bob, &group, "first words").await?;
    until_text(&scene.cora, &group, "first words").await?;
    say(&alice, &group, "and more").await?;
    until_text(&scene.bob, &group, "and more").await?;
    until_text(&scene.cora, &group, "and more").await?;
    for node in [&scene.bob, &scene.cora] {
        assert_eq!(messages(node, &group).await?.len(), 2, "each once");
    }
    Ok(())
}
