//! A link that dies without a word: what is sent vanishes, and the connection seems to be up.
#![expect(
    clippy::indexing_slicing,
    reason = "JSON of a shape that the test asserts"
)]

use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use streembit_tests::{Cable, NodeProcess, PATIENCE, Place, eventually, meet};
use tokio::time::Instant;

/// How soon everything must be there once the path is back.
const SOON: Duration = Duration::from_secs(10);
/// What each side writes meanwhile.
const MESSAGES: usize = 10;
/// The machine that is cut off.
const BOB: usize = 1;

/// Two contacts and a seed, each on a machine of its own.
struct Pair {
    cable: Cable,
    alice: NodeProcess,
    bob: NodeProcess,
    _seed: NodeProcess,
    _place: Place,
}

impl Pair {
    async fn meet() -> anyhow::Result<Self> {
        let place = Place::new()?;
        let cable = Cable::with(3).await?;
        let seed = place.node("seed").seed().on(cable.machine(2)?);
        let seed = seed.start().await?;
        let alice = place.node("alice").bootstrap(&seed).on(cable.machine(0)?);
        let bob = place.node("bob").bootstrap(&seed).on(cable.machine(BOB)?);
        let (alice, bob) = (alice.start().await?, bob.start().await?);
        meet::meet(&alice, &bob).await?;
        let first = meet::send(&alice, bob.peer(), "before").await?;
        meet::arrived(&bob, alice.peer(), &[first]).await?;
        let pair = Self {
            cable,
            alice,
            bob,
            _seed: seed,
            _place: place,
        };
        pair.confirmed().await?;
        Ok(pair)
    }

    /// Both write; returns the ids of Alice's messages and of Bob's.
    async fn write(&self) -> anyhow::Result<[Vec<String>; 2]> {
        let mut ids = [Vec::new(), Vec::new()];
        for number in 0..MESSAGES {
            let text = format!("message {number}");
            ids[0].push(meet::send(&self.alice, self.bob.peer(), &text).await?);
            ids[1].push(meet::send(&self.bob, self.alice.peer(), &text).await?);
        }
        Ok(ids)
    }

    async fn presence(&self) -> anyhow::Result<Value> {
        let bob = meet::contact(&self.alice, self.bob.peer()).await?;
        Ok(bob.context("no contact")?["presence"].clone())
    }

    /// Alice's messages that nobody has confirmed.
    async fn unconfirmed(&self) -> anyhow::Result<usize> {
        let shown = meet::conversation(&self.alice, self.bob.peer()).await?;
        let open = |it: &&Value| ["queued", "sent"].map(Value::from).contains(&it["state"]);
        Ok(shown.iter().filter(open).count())
    }

    /// Connects the cable again, and waits until each has what the other wrote, in order.
    async fn heals(&self, [of_alice, of_bob]: &[Vec<String>; 2]) -> anyhow::Result<()> {
        self.cable.connect(BOB, true).await?;
        let begun = Instant::now();
        let (alice, bob) = (&self.alice, &self.bob);
        let with_bob = meet::arrived(bob, alice.peer(), of_alice).await?;
        let with_alice = meet::arrived(alice, bob.peer(), of_bob).await?;
        let took = begun.elapsed();
        for (shown, wanted) in [(&with_bob, of_alice), (&with_alice, of_bob)] {
            let ids: Vec<_> = shown.iter().filter_map(|it| it["id"].as_str()).collect();
            let ids = ids
                .into_iter()
                .filter(|id| wanted.iter().any(|it| it == id));
            assert!(ids.eq(wanted), "once each, as they were written");
        }
        assert!(took <= SOON, "it took {took:?}");
        self.confirmed().await
    }

    async fn confirmed(&self) -> anyhow::Result<()> {
        let look = async || Ok((self.unconfirmed().await? == 0).then_some(()));
        eventually(PATIENCE, "Bob's receipts", look).await
    }
}

#[tokio::test]
async fn what_is_written_into_a_link_that_is_silently_dead_arrives_once_and_soon_after()
-> anyhow::Result<()> {
    if !Cable::is_possible().await {
        println!("Left out: nobody may make network namespaces here.");
        return Ok(());
    }
    let pair = Pair::meet().await?;

    pair.cable.connect(BOB, false).await?;
    let ids = pair.write().await?;

    assert_eq!(pair.presence().await?, "online", "nobody has noticed yet");
    assert_eq!(
        pair.unconfirmed().await?,
        MESSAGES,
        "and nothing is claimed that is not so"
    );
    pair.heals(&ids).await
}

#[tokio::test]
async fn a_link_that_is_silently_dead_is_noticed_and_what_was_written_arrives_once_and_soon_after()
-> anyhow::Result<()> {
    if !Cable::is_possible().await {
        println!("Left out: nobody may make network namespaces here.");
        return Ok(());
    }
    let pair = Pair::meet().await?;

    pair.cable.connect(BOB, false).await?;
    let ids = pair.write().await?;
    let noticed = async || Ok((pair.presence().await? != "online").then_some(()));
    eventually(3 * PATIENCE, "Alice sees that Bob is away", noticed).await?;

    assert_eq!(pair.unconfirmed().await?, MESSAGES, "nothing was given up");
    pair.heals(&ids).await
}
