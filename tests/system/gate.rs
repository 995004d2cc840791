//! The gate between processes: who is kept out of a private network, who is let in, and how soon
//! a removal bites. The attacker is our own program with its own gate switched off.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null, and a test's list is as long as it was made"
)]

use std::time::{Duration, Instant};

use serde_json::json;
use streembit_tests::{Home, NodeProcess, Place};

/// Within which a removed member is cut off everywhere.
const CUT_OFF: Duration = Duration::from_secs(5);

/// A private network of Alice, its admin, and Bob, and Eve outside who knows all about it.
struct Scene {
    place: Place,
    home: Home,
    alice: NodeProcess,
    bob: NodeProcess,
    eve: NodeProcess,
}

impl Scene {
    async fn set(transport: &str) -> anyhow::Result<Self> {
        let place = Place::new()?;
        let watched = |name: &str| {
            let log = place.path().join(format!("{name}.connections"));
            place
                .node(name)
                .listen(transport)
                .hook(&format!("observe:{}", log.display()))
        };
        let alice = watched("Alice").start().await?;
        let bob = watched("Bob").start().await?;
        let eve = watched("Eve").hook("gate-off").start().await?;

        let home = Home::create(&alice).await?;
        home.admit(&alice, &bob, "member").await?;
        Ok(Self {
            place,
            home,
            alice,
            bob,
            eve,
        })
    }

    /// What happened on the connections of `at` with `with`, in order.
    fn seen(&self, at: &NodeProcess, with: &NodeProcess) -> anyhow::Result<Vec<String>> {
        let log =
            std::fs::read_to_string(self.place.path().join(format!("{}.connections", at.name())))?;
        let lines = log.lines().filter_map(|line| line.split_once(' '));
        Ok(lines
            .filter(|(_, node)| *node == with.node())
            .map(|(what, _)| what.to_owned())
            .collect())
    }
}

/// The whole life of an account at the gate: stranger, member, removed.
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn stranger_member_removed(transport: &str) -> anyhow::Result<()> {
    let scene = Scene::set(transport).await?;
    let Scene {
        home,
        alice,
        bob,
        eve,
        ..
    } = &scene;

    // A stranger that ignores every refusal, and knows network id and addresses.
    for member in [alice, bob] {
        home.join(eve, member).await?;
        let refusal = home.refused(member, eve, "not_listed").await?;
        assert_eq!(
            (&refusal["direction"], &refusal["peer"]),
            (&json!("inbound"), &json!(eve.peer()))
        );
        assert!(!home.has_connection(member, eve).await?);
        let at_member = scene.seen(member, eve)?;
        assert!(
            at_member.iter().all(|what| what == "refused"),
            "{} saw {at_member:?}",
            member.name()
        );
        let at_eve = scene.seen(eve, member)?;
        assert!(
            !at_eve
                .iter()
                .any(|what| what == "identified" || what == "ping"),
            "Eve saw {at_eve:?}"
        );
    }
    let names = home.names(eve).await?;
    assert_eq!(
        names,
        ["Alice"],
        "the link's genesis names the admin; nothing else has come through"
    );

    // The same process, once added, connects to both.
    home.add(alice, eve, "member").await?;
    for member in [alice, bob] {
        home.connected(member, eve).await?;
    }

    // Removed by Alice, it is cut off by Bob, whatever it does itself.
    let removal = Instant::now();
    let (removed, cut_off) = tokio::join!(
        alice.call("member_remove", home.with(eve)),
        home.disconnected(bob, eve, CUT_OFF),
    );
    cut_off?;
    let after = removal.elapsed();
    assert!(after < CUT_OFF, "Bob took {after:?}");
    assert_eq!(removed?["pending"], 0, "Bob has confirmed");
    home.disconnected(alice, eve, CUT_OFF).await?;

    // It knocks again and again; both know why it stays outside.
    for member in [alice, bob] {
        home.join(eve, member).await?;
        home.refused(member, eve, "removed").await?;
        assert!(!home.has_connection(member, eve).await?);
    }
    assert!(
        home.has_connection(alice, bob).await?,
        "those who belong there never noticed"
    );
    Ok(())
}

#[tokio::test]
async fn a_stranger_gets_nothing_until_added_and_again_after_removal_over_tcp() -> anyhow::Result<()>
{
    stranger_member_removed("/ip4/127.0.0.1/tcp/0").await
}

#[tokio::test]
async fn a_stranger_gets_nothing_until_added_and_again_after_removal_over_quic()
-> anyhow::Result<()> {
    stranger_member_removed("/ip4/127.0.0.1/udp/0/quic-v1").await
}
