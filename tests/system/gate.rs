//! The gate between processes: who is kept out of a private network, who is let in, and how soon
//! a removal bites. The attacker is our own program with its own gate switched off.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null, and a test's list is as long as it was made"
)]

use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually};

/// Within which a removed member is cut off everywhere.
const CUT_OFF: Duration = Duration::from_secs(5);

/// A private network of Alice, its admin, and Bob, and Eve outside who knows all about it.
struct Scene {
    place: Place,
    network: String,
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

        let made = alice
            .call("network_create", json!({ "name": "Home" }))
            .await?;
        let network = text(&made, "network")?;
        let scene = Self {
            place,
            network,
            alice,
            bob,
            eve,
        };
        scene.add(&scene.bob).await?;
        scene.join(&scene.bob, &scene.alice).await?;
        connected(&scene.alice, &scene.bob, &scene.network).await?;
        Ok(scene)
    }

    async fn add(&self, who: &NodeProcess) -> anyhow::Result<Value> {
        let arguments = json!({ "network": self.network, "peer": who.peer(), "name": who.name() });
        self.alice.call("member_add", arguments).await
    }

    /// Lets `who` knock with the link that `at` gives out: genesis and addresses, no secret.
    async fn join(&self, who: &NodeProcess, at: &NodeProcess) -> anyhow::Result<Value> {
        eventually(PATIENCE, "an address in the network", || async {
            Ok((!at.addresses_in(&self.network).await?.is_empty()).then_some(()))
        })
        .await?;
        let link = at
            .call("network_link", json!({ "network": self.network }))
            .await?;
        who.call("network_join", json!({ "link": link["link"] }))
            .await
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

    /// Waits until the gate log of `at` holds a refusal of `who` for `reason`.
    async fn refused(
        &self,
        at: &NodeProcess,
        who: &NodeProcess,
        reason: &str,
    ) -> anyhow::Result<Value> {
        let what = format!("{} refusing {}: {reason}", at.name(), who.name());
        eventually(PATIENCE, &what, || async {
            let log = at
                .call("gate_log", json!({ "network": self.network }))
                .await?;
            let mut entries = log.as_array().into_iter().flatten();
            Ok(entries
                .find(|it| it["peer"] == who.peer() && it["reason"] == reason)
                .cloned())
        })
        .await
    }
}

fn text(value: &Value, field: &str) -> anyhow::Result<String> {
    Ok(value[field]
        .as_str()
        .with_context(|| format!("{field} in {value}"))?
        .to_owned())
}

/// Whether `at` has a connection with `who` in the network.
async fn has_connection(
    at: &NodeProcess,
    who: &NodeProcess,
    network: &str,
) -> anyhow::Result<bool> {
    let peers = at
        .call("network_peers", json!({ "network": network }))
        .await?;
    Ok(peers
        .as_array()
        .into_iter()
        .flatten()
        .any(|it| it["peer"] == who.peer()))
}

async fn connected(at: &NodeProcess, who: &NodeProcess, network: &str) -> anyhow::Result<()> {
    let what = format!("{} connected with {}", at.name(), who.name());
    eventually(PATIENCE, &what, || async {
        Ok(has_connection(at, who, network).await?.then_some(()))
    })
    .await
}

async fn disconnected(
    at: &NodeProcess,
    who: &NodeProcess,
    network: &str,
    limit: Duration,
) -> anyhow::Result<()> {
    let what = format!("{} cut off by {}", who.name(), at.name());
    eventually(limit, &what, || async {
        Ok((!has_connection(at, who, network).await?).then_some(()))
    })
    .await
}

/// The whole life of an account at the gate: stranger, member, removed.
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn stranger_member_removed(transport: &str) -> anyhow::Result<()> {
    let scene = Scene::set(transport).await?;
    let Scene {
        network,
        alice,
        bob,
        eve,
        ..
    } = &scene;

    // A stranger that ignores every refusal, and knows network id and addresses.
    for member in [alice, bob] {
        scene.join(eve, member).await?;
        let refusal = scene.refused(member, eve, "not_listed").await?;
        assert_eq!(
            (&refusal["direction"], &refusal["node"]),
            (&json!("inbound"), &json!(eve.node()))
        );
        assert!(!has_connection(member, eve, network).await?);
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
    let known = eve
        .call("members_list", json!({ "network": network }))
        .await?;
    let names: Vec<_> = known
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| &it["name"])
        .collect();
    assert_eq!(
        names,
        ["Alice"],
        "the link's genesis names the admin; nothing else has come through"
    );

    // The same process, once added, connects to both.
    scene.add(eve).await?;
    for member in [alice, bob] {
        connected(member, eve, network).await?;
    }

    // Removed by Alice, it is cut off by Bob, whatever it does itself.
    let removal = Instant::now();
    let arguments = json!({ "network": network, "peer": eve.peer() });
    let (removed, cut_off) = tokio::join!(
        alice.call("member_remove", arguments),
        disconnected(bob, eve, network, CUT_OFF),
    );
    cut_off?;
    let after = removal.elapsed();
    assert!(after < CUT_OFF, "Bob took {after:?}");
    assert_eq!(removed?["pending"], 0, "Bob has confirmed");
    disconnected(alice, eve, network, CUT_OFF).await?;

    // It knocks again and again; both know why it stays outside.
    for member in [alice, bob] {
        scene.join(eve, member).await?;
        scene.refused(member, eve, "removed").await?;
        assert!(!has_connection(member, eve, network).await?);
    }
    assert!(
        has_connection(alice, bob, network).await?,
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
