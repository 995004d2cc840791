//! What is written to somebody who is away waits in a mailbox, and its sender need not wait for it.

use serde_json::{Value, json};
use streembit_identity::{AccountId, NetworkId, NodeId};
use streembit_tests::{Draft, Home, NodeProcess, PATIENCE, Place, eventually};

/// What no frame and no mailbox may show.
const WORDS: &str = "the key is under the third pot";

/// Alice, Bob and a hub, all members of one network, with what each needs to write to the others.
struct Scene {
    place: Place,
    home: Home,
    alice: NodeProcess,
    bob: NodeProcess,
    hub: NodeProcess,
}

/// Writes what passes inside the transport's encryption to a file.
fn tapped(place: &Place, name: &str) -> Draft {
    let file = place.path().join(format!("frames-{name}"));
    place.node(name).hook(&format!("frames:{}", file.display()))
}

impl Scene {
    async fn set() -> anyhow::Result<Self> {
        Self::set_with("").await
    }

    /// With a hub that has this configuration.
    async fn set_with(config: &str) -> anyhow::Result<Self> {
        let place = Place::new()?;
        let alice = place.node("Alice").start().await?;
        let bob = place.node("Bob").start().await?;
        let hub = tapped(&place, "Hall")
            .kind("hub")
            .config(config)?
            .start()
            .await?;
        let home = Home::create(&alice).await?;
        home.admit(&alice, &hub, "hub").await?;
        home.admit(&alice, &bob, "member").await?;
        home.connected(&bob, &hub).await?;
        for node in [&alice, &bob] {
            eventually(PATIENCE, "its record is with both others", || async {
                let log = node.log();
                let mut lines = log.lines();
                let is_held = lines
                    .any(|line| line.contains("Published the own records") && line.ends_with('2'));
                Ok(is_held.then_some(()))
            })
            .await?;
        }
        Ok(Self {
            place,
            home,
            alice,
            bob,
            hub,
        })
    }
}

async fn send(home: &Home, from: &NodeProcess, to: &str, text: &str) -> anyhow::Result<Value> {
    let arguments = json!({ "network": home.network, "peer": to, "text": text });
    from.call("message_send", arguments).await
}

/// The messages of a conversation in the network.
async fn messages(home: &Home, at: &NodeProcess, with: &str) -> anyhow::Result<Vec<Value>> {
    let arguments = json!({ "network": home.network, "peer": with, "limit": 200 });
    let list = at.call("messages_list", arguments).await?;
    Ok(list.as_array().cloned().unwrap_or_default())
}

/// Waits until every message with `with` fits.
async fn all(
    home: &Home,
    at: &NodeProcess,
    with: &str,
    what: &str,
    fits: impl Fn(&Value) -> bool,
) -> anyhow::Result<Vec<Value>> {
    eventually(2 * PATIENCE, what, || async {
        let all = messages(home, at, with).await?;
        Ok((!all.is_empty() && all.iter().all(&fits)).then_some(all))
    })
    .await
}

#[tokio::test]
async fn sender_and_recipient_are_never_online_together() -> anyhow::Result<()> {
    let Scene {
        place,
        home,
        alice,
        bob,
        hub,
    } = Scene::set().await?;
    let (a, b) = (alice.peer().to_owned(), bob.peer().to_owned());
    let bob = bob.stop().await?;

    for number in 0..3 {
        send(&home, &alice, &b, &format!("{WORDS}: {number}")).await?;
    }
    let kept = all(&home, &alice, &b, "a mailbox keeps them", |message| {
        message["via"] == "mailbox"
    })
    .await?;
    let alice = alice.stop().await?;
    let hub = hub.kill().await?.start().await?;

    let bob = bob.start().await?;
    let arrived = eventually(2 * PATIENCE, "Bob has them", || async {
        let all = messages(&home, &bob, &a).await?;
        Ok((all.len() == 3).then_some(all))
    })
    .await?;
    eventually(PATIENCE, "the hub keeps Bob's receipt", || async {
        let log = hub.log();
        let mut lines = log.lines().filter(|line| line.contains("Kept a copy"));
        let is_kept = lines.any(|line| line.contains(&format!("to={a}")));
        Ok(is_kept.then_some(()))
    })
    .await?;
    let bob = bob.stop().await?;
    let alice = alice.start().await?;
    all(&home, &alice, &b, "Bob's receipt came back", |message| {
        message["state"] == "delivered"
    })
    .await?;

    for (number, message) in arrived.iter().enumerate() {
        assert_eq!(message["text"], format!("{WORDS}: {number}"), "in order");
    }
    for message in kept {
        assert_eq!(message["state"], "sent", "and no more than that");
    }
    let frames = std::fs::read(place.path().join("frames-Hall"))?;
    assert!(frames.len() > 1_000, "the hub saw what passed");
    assert!(!shows(&frames, WORDS.as_bytes()), "and no plain text");
    let hub = hub.stop().await?;
    let left = kept_by(&hub, &home).await?;
    assert_eq!(left, [], "what was acknowledged is gone");
    drop(bob);
    Ok(())
}

fn shows(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// What a stopped node keeps for others.
async fn kept_by(hub: &Draft, home: &Home) -> anyhow::Result<Vec<streembit_store::KeptCopy>> {
    let store = hub.open_store().await?;
    let network: NetworkId = home.network.parse()?;
    let kept = store.kept(network).await?;
    store.close().await;
    Ok(kept.copies)
}

#[tokio::test]
async fn what_a_mailbox_knows_is_who_for_whom_how_much_and_when() -> anyhow::Result<()> {
    let Scene {
        place: _place,
        home,
        alice,
        bob,
        hub,
    } = Scene::set().await?;
    let b = bob.peer().to_owned();
    let (account, node): (AccountId, NodeId) = (alice.peer().parse()?, alice.node().parse()?);
    let bob = bob.stop().await?;
    for number in 0..3 {
        send(&home, &alice, &b, &format!("{WORDS}: {number}")).await?;
    }
    all(&home, &alice, &b, "a mailbox keeps them", |message| {
        message["via"] == "mailbox"
    })
    .await?;

    let hub = hub.stop().await?;
    let all_it_has = hub.decrypted()?;
    let copies = kept_by(&hub, &home).await?;

    assert!(shows(&all_it_has, b"kept_copies"), "it was decrypted");
    assert!(!shows(&all_it_has, WORDS.as_bytes()), "and holds no words");
    assert_eq!(copies.len(), 3);
    let store = hub.open_store().await?;
    let network: NetworkId = home.network.parse()?;
    for copy in copies {
        assert_eq!(copy.depositor, account);
        assert_eq!(copy.account.to_string(), b);
        let bytes = store.kept_bytes(network, vec![copy.number]).await?;
        let (_, bytes) = &bytes[0];
        assert_eq!(bytes.len(), copy.bytes);
        for secret in [account.as_bytes(), node.as_bytes(), copy.account.as_bytes()] {
            assert!(!shows(bytes, secret), "a cover names nobody");
        }
    }
    store.close().await;
    drop(bob);
    Ok(())
}

#[tokio::test]
async fn a_full_mailbox_says_so_and_the_message_waits_at_its_sender() -> anyhow::Result<()> {
    let scene = Scene::set_with("mailbox_mib = 1").await?;
    let (home, alice, hub) = (&scene.home, &scene.alice, &scene.hub);
    let b = scene.bob.peer().to_owned();
    let listed = alice.call("mailboxes_list", home.arguments()).await?;
    assert_eq!(listed["keepers"][0]["peer"], hub.peer());
    let bob = scene.bob.stop().await?;
    let words = "w".repeat(40 * 1024);
    send(home, alice, &b, &words).await?;
    all(home, alice, &b, "a mailbox keeps it", |message| {
        message["via"] == "mailbox"
    })
    .await?;

    let second = send(home, alice, &b, &words).await?;

    let said = eventually(PATIENCE, "the mailbox says that it is full", || async {
        let listed = alice.call("mailboxes_list", home.arguments()).await?;
        Ok(listed["trouble"]["code"].as_str().map(str::to_owned))
    })
    .await?;
    assert_eq!(said, "full");
    let messages = messages(home, alice, &b).await?;
    let states: Vec<&Value> = messages.iter().map(|message| &message["state"]).collect();
    assert_eq!(states, ["sent", "queued"]);
    let kept = hub.call("mailboxes_list", home.arguments()).await?;
    assert_eq!(kept["kept"]["copies"], 1);
    assert_eq!(kept["kept"]["max_bytes"], 1024 * 1024);

    let bob = bob.start().await?;
    let id = second["id"].as_str().unwrap_or_default().to_owned();
    eventually(2 * PATIENCE, "both arrive in the end", || async {
        let all = messages_of(home, &bob, alice.peer()).await?;
        Ok((all.len() == 2 && all.contains(&id)).then_some(()))
    })
    .await
}

/// The ids of the messages of a conversation.
async fn messages_of(home: &Home, at: &NodeProcess, with: &str) -> anyhow::Result<Vec<String>> {
    let all = messages(home, at, with).await?;
    let ids = all.iter().filter_map(|message| message["id"].as_str());
    Ok(ids.map(str::to_owned).collect())
}

#[tokio::test]
async fn what_lies_in_a_mailbox_goes_with_the_member_it_is_for() -> anyhow::Result<()> {
    let Scene {
        place: _place,
        home,
        alice,
        bob,
        hub,
    } = Scene::set().await?;
    let b = bob.peer().to_owned();
    let removal = home.with(&bob);
    let bob = bob.stop().await?;
    send(&home, &alice, &b, WORDS).await?;
    all(&home, &alice, &b, "a mailbox keeps it", |message| {
        message["via"] == "mailbox"
    })
    .await?;

    alice.call("member_remove", removal).await?;
    eventually(PATIENCE, "the hub deletes it", || async {
        let log = hub.log();
        Ok(log.contains("Deleted what was kept").then_some(()))
    })
    .await?;

    let hub = hub.stop().await?;
    assert_eq!(kept_by(&hub, &home).await?, []);
    drop(bob);
    Ok(())
}
