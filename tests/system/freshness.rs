//! Freshness between processes: members whom nobody has confirmed for too long only catch up.
//!
//! Days pass by the gate's clock, which a test's own program can set.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null"
)]

use serde_json::{Value, json};
use streembit_tests::{Home, NodeProcess, PATIENCE, Place, eventually};

const DAY: i64 = 24 * 3_600;

/// Alice, the admin, with Bob and Carol, who all know each other.
struct Scene {
    _place: Place,
    home: Home,
    alice: NodeProcess,
    bob: NodeProcess,
    carol: NodeProcess,
}

impl Scene {
    async fn set() -> anyhow::Result<Self> {
        let place = Place::new()?;
        let start = |name: &str| place.node(name).hook("clock:0").start();
        let (alice, bob, carol) = (
            start("Alice").await?,
            start("Bob").await?,
            start("Carol").await?,
        );
        let home = Home::create(&alice).await?;
        home.admit(&alice, &bob, "member").await?;
        home.admit(&alice, &carol, "member").await?;
        home.connected(&bob, &carol).await?;
        // Either may be the one who dialled; both know where the other one is.
        for (at, other) in [(&bob, &carol), (&carol, &bob)] {
            eventually(PATIENCE, "a remembered address", || async {
                let members = at.call("members_list", home.arguments()).await?;
                let mut members = members.as_array().into_iter().flatten();
                let is_known = |it: &Value| it["peer"] == other.peer() && it["last_seen"].is_u64();
                Ok(members.any(is_known).then_some(()))
            })
            .await?;
        }
        Ok(Self {
            _place: place,
            home,
            alice,
            bob,
            carol,
        })
    }
}

/// Restarts a node with its gate's clock so many seconds ahead.
async fn at(node: NodeProcess, seconds: i64) -> anyhow::Result<NodeProcess> {
    node.stop()
        .await?
        .hook(&format!("clock:{seconds}"))
        .start()
        .await
}

async fn state(home: &Home, at: &NodeProcess) -> anyhow::Result<Value> {
    Ok(home.view(at).await?["state"].clone())
}

#[tokio::test]
async fn members_who_were_away_for_a_week_wait_for_a_confirmation() -> anyhow::Result<()> {
    let Scene {
        _place,
        home,
        alice,
        bob,
        carol,
    } = Scene::set().await?;
    let confirmed = home.view(&bob).await?;
    let (since, until) = (&confirmed["confirmed_at"], &confirmed["stale_at"]);
    let limit = until
        .as_i64()
        .zip(since.as_i64())
        .map(|(until, since)| until - since);
    assert_eq!(limit, Some(7 * DAY * 1_000), "{confirmed}");
    assert_eq!(confirmed["confirmed_by"], alice.peer());

    // The only one who may confirm is away; so are, for eight days, the others.
    let alice = alice.stop().await?;
    let (bob, carol) = (at(bob, 8 * DAY).await?, at(carol, 8 * DAY).await?);
    eventually(PATIENCE, "a refusal for staleness", || async {
        let log = bob.call("gate_log", home.arguments()).await?;
        let reasons: Vec<_> = log.as_array().into_iter().flatten().collect();
        Ok(reasons
            .iter()
            .any(|it| it["reason"] == "stale")
            .then_some(()))
    })
    .await?;
    assert!(!home.has_connection(&bob, &carol).await?);
    assert_eq!(state(&home, &bob).await?, "stale");
    assert_eq!(state(&home, &carol).await?, "stale");

    // She is back and says that nothing has changed.
    let alice = alice.hook(&format!("clock:{}", 8 * DAY)).start().await?;
    alice.call("network_confirm", home.arguments()).await?;
    home.connected(&alice, &bob).await?;
    home.connected(&bob, &carol).await?;
    assert_eq!(state(&home, &bob).await?, "connected");
    Ok(())
}

#[tokio::test]
async fn a_home_may_choose_to_be_warned_only() -> anyhow::Result<()> {
    let Scene {
        _place,
        home,
        alice,
        bob,
        carol,
    } = Scene::set().await?;
    let policy = json!({ "network": home.network, "stale_after_days": 7, "cuts_off": false });
    let denied = bob.refuses("network_set_policy", policy.clone()).await?;
    assert_eq!(denied, "denied");
    alice.call("network_set_policy", policy).await?;
    for member in [&bob, &carol] {
        eventually(PATIENCE, "the policy", || async {
            Ok((home.view(member).await?["policy"]["cuts_off"] == false).then_some(()))
        })
        .await?;
    }

    let _alice = alice.stop().await?;
    let (bob, carol) = (at(bob, 8 * DAY).await?, at(carol, 8 * DAY).await?);

    home.connected(&bob, &carol).await?;
    assert_eq!(state(&home, &bob).await?, "stale", "and it says so");
    Ok(())
}

#[tokio::test]
async fn a_clock_that_was_wrong_for_a_while_locks_nobody_out() -> anyhow::Result<()> {
    let Scene {
        _place,
        home,
        alice,
        bob,
        carol,
    } = Scene::set().await?;
    let _carol = carol.stop().await?;

    // A year ahead, Bob takes nobody's word for it that the members are fresh.
    let bob = at(bob, 365 * DAY).await?;
    eventually(PATIENCE, "a refusal", || async {
        let log = bob.call("gate_log", home.arguments()).await?;
        let mut log = log.as_array().into_iter().flatten();
        let is_old = |it: &Value| it["reason"] == "stale" || it["reason"] == "expired";
        Ok(log.any(is_old).then_some(()))
    })
    .await?;
    assert!(!home.has_connection(&bob, &alice).await?);
    assert_eq!(state(&home, &bob).await?, "stale");

    // Once it is right again he is in, and so he is with a clock that is a year behind.
    let bob = at(bob, 0).await?;
    home.connected(&bob, &alice).await?;
    assert_ne!(state(&home, &bob).await?, "stale");
    let bob = at(bob, -365 * DAY).await?;
    home.connected(&bob, &alice).await?;
    assert_ne!(state(&home, &bob).await?, "stale");
    Ok(())
}
