//! One-time invites between processes: who comes in by one, who does not, and what a power cut
//! leaves of it.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null, and a test's list is as long as it was made"
)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use streembit_identity::link::{JoinLink, Link};
use streembit_identity::{InviteKey, Timestamp};
use streembit_tests::{Draft, NodeProcess, PATIENCE, Place, eventually};

/// Alice with a private network that she alone is in, and whoever comes by.
struct Scene {
    place: Place,
    network: String,
    alice: NodeProcess,
}

impl Scene {
    async fn set() -> anyhow::Result<Self> {
        Self::set_with(|alice, _| alice).await
    }

    async fn set_with(dress: impl FnOnce(Draft, &Path) -> Draft) -> anyhow::Result<Self> {
        let place = Place::new()?;
        let alice = dress(place.node("Alice"), place.path()).start().await?;
        let made = alice
            .call("network_create", json!({ "name": "Home" }))
            .await?;
        let network = made["network"].as_str().context("a network")?.to_owned();
        eventually(PATIENCE, "an address in the network", || async {
            Ok((!alice.addresses_in(&network).await?.is_empty()).then_some(()))
        })
        .await?;
        Ok(Self {
            place,
            network,
            alice,
        })
    }

    /// Asks Alice for an invite; `wish` says more than the network.
    async fn invite(&self, mut wish: Value) -> anyhow::Result<String> {
        wish["network"] = json!(self.network);
        let invite = self.alice.call("network_invite", wish).await?;
        ensure!(invite["expires_at"].is_u64(), "{invite}");
        Ok(invite["link"].as_str().context("a link")?.to_owned())
    }

    /// The members as `at` sees them: name and role of each.
    async fn members(&self, at: &NodeProcess) -> anyhow::Result<Vec<(String, String)>> {
        let asked = json!({ "network": self.network });
        let members = at.call("members_list", asked).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let members = members.as_array().cloned().unwrap_or_default();
        Ok(members
            .iter()
            .map(|it| (text(&it["name"]), text(&it["role"])))
            .collect())
    }

    async fn is_member(&self, who: &NodeProcess) -> anyhow::Result<bool> {
        let asked = json!({ "network": self.network });
        let members = who.attempt("members_list", asked).await?;
        let members = members.unwrap_or_default();
        let mut members = members.as_array().into_iter().flatten();
        Ok(members.any(|it| it["peer"] == who.peer()))
    }

    async fn comes_in(&self, who: &NodeProcess) -> anyhow::Result<()> {
        let what = format!("{} coming in\n{}", who.name(), who.log());
        eventually(PATIENCE, &what, || async {
            Ok(self.is_member(who).await?.then_some(()))
        })
        .await
    }

    /// The invites as Alice lists them: what became of each, newest first.
    async fn states(&self) -> anyhow::Result<Vec<String>> {
        let asked = json!({ "network": self.network });
        let invites = self.alice.call("network_invites", asked).await?;
        let invites = invites.as_array().cloned().unwrap_or_default();
        let state = |it: &Value| it["state"].as_str().unwrap_or_default().to_owned();
        Ok(invites.iter().map(state).collect())
    }

    /// Waits until Alice's gate log holds a refusal of `who` for `reason`.
    async fn refused(&self, who: &NodeProcess, reason: &str) -> anyhow::Result<()> {
        let what = format!("Alice refusing {}: {reason}", who.name());
        eventually(PATIENCE, &what, || async {
            let asked = json!({ "network": self.network });
            let log = self.alice.call("gate_log", asked).await?;
            let mut entries = log.as_array().into_iter().flatten();
            let is_it = |it: &Value| it["node"] == who.node() && it["reason"] == reason;
            Ok(entries.any(is_it).then_some(()))
        })
        .await
    }

    fn file(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }
}

async fn join(who: &NodeProcess, link: &str) -> anyhow::Result<Value> {
    who.call("network_join", json!({ "link": link })).await
}

async fn networks(at: &NodeProcess) -> anyhow::Result<Vec<Value>> {
    let networks = at.call("networks_list", json!({})).await?;
    Ok(networks.as_array().cloned().unwrap_or_default())
}

/// A link with a part changed, as somebody might who holds it: nothing in it is signed.
fn changed(link: &str, change: impl FnOnce(&mut JoinLink)) -> anyhow::Result<String> {
    let Link::Join(mut link) = Link::parse(link)? else {
        anyhow::bail!("another kind of link");
    };
    change(&mut link);
    Ok(Link::Join(link).to_string())
}

async fn guest_comes_in(transport: &str) -> anyhow::Result<()> {
    let scene = Scene::set_with(|alice, _| alice.listen(transport)).await?;
    let bob = scene.place.node("Bob").listen(transport).start().await?;
    let hall = scene.place.node("Box").kind("hub").listen(transport);
    let hall = hall.start().await?;

    let link = scene.invite(json!({})).await?;
    let seen = bob.call("link_inspect", json!({ "link": link })).await?;
    assert_eq!(
        (&seen["kind"], &seen["expired"]),
        (&json!("network"), &json!(false))
    );
    assert!(
        seen["effect"]
            .as_str()
            .unwrap_or_default()
            .contains("one-time")
    );
    let joined = join(&bob, &link).await?;
    assert_eq!(joined["state"], "joined", "{joined}\n{}", bob.log());

    // The name that Alice gave is taken by then, so it gets a number.
    let named = scene
        .invite(json!({ "name": "Bob", "role": "hub" }))
        .await?;
    let joined = join(&hall, &named).await?;
    assert_eq!(joined["state"], "joined", "{joined}\n{}", hall.log());

    let expected = [("Alice", "admin"), ("Bob", "member"), ("Bob 2", "hub")];
    let expected = expected.map(|(name, role)| (name.to_owned(), role.to_owned()));
    for at in [&scene.alice, &bob, &hall] {
        eventually(PATIENCE, "the same members everywhere", || async {
            Ok((scene.members(at).await? == expected).then_some(()))
        })
        .await?;
    }
    assert_eq!(scene.states().await?, ["used", "used"]);
    let networks = networks(&bob).await?;
    let home = networks.iter().find(|it| it["network"] == scene.network);
    assert_eq!(home.context("Home")?.get("waiting_for"), None);
    Ok(())
}

#[tokio::test]
async fn a_guest_comes_in_with_name_and_role_over_tcp() -> anyhow::Result<()> {
    guest_comes_in("/ip4/127.0.0.1/tcp/0").await
}

#[tokio::test]
async fn a_guest_comes_in_with_name_and_role_over_quic() -> anyhow::Result<()> {
    guest_comes_in("/ip4/127.0.0.1/udp/0/quic-v1").await
}

#[tokio::test]
async fn what_was_used_taken_back_or_is_over_lets_nobody_in() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let (bob, eve) = tokio::try_join!(
        scene.place.node("Bob").start(),
        scene.place.node("Eve").start(),
    )?;
    let used = scene.invite(json!({})).await?;
    join(&bob, &used).await?;
    let revoked = scene.invite(json!({})).await?;
    let asked = json!({ "network": scene.network });
    let invites = scene.alice.call("network_invites", asked).await?;
    let newest = json!({ "network": scene.network, "id": invites[0]["id"] });
    scene.alice.call("network_invite_revoke", newest).await?;
    let over = scene.invite(json!({ "expires_in_s": 1 })).await?;
    eventually(PATIENCE, "the end of an invite", || async {
        Ok((scene.states().await? == ["expired", "revoked", "used"]).then_some(()))
    })
    .await?;
    let oldest = json!({ "network": scene.network, "id": invites[1]["id"] });
    let code = scene.alice.refuses("network_invite_revoke", oldest).await?;
    assert_eq!(code, "conflict", "what was used stays used");

    // Her own clock says so; a link that claims otherwise does not convince Alice either.
    let honest = eve.refuses("network_join", json!({ "link": over })).await?;
    assert_eq!(honest, "expired");
    let later = Timestamp(u64::MAX / 2);
    let longer = changed(&over, |link| link.expires = later)?;
    for (link, code, reason) in [
        (used, "conflict", "invite_used"),
        (revoked, "denied", "invite_revoked"),
        (longer, "expired", "invite_expired"),
    ] {
        let refused = eve.refuses("network_join", json!({ "link": link })).await?;
        assert_eq!(refused, code, "{reason}");
        scene.refused(&eve, reason).await?;
        let known = networks(&eve).await?;
        assert!(
            known.iter().all(|it| it["network"] != scene.network),
            "nothing remains of the attempt"
        );
    }

    // An invite that nobody made is answered like none at all.
    let forged = changed(&longer_link(&scene).await?, |link| {
        link.key = InviteKey::from_seed(&[7; 32].into());
    })?;
    let joined = join(&eve, &forged).await?;
    assert_eq!(
        (&joined["state"], &joined["waiting_for"]),
        (&json!("waiting"), &json!("Alice"))
    );
    scene.refused(&eve, "not_listed").await?;
    assert_eq!(scene.members(&scene.alice).await?.len(), 2, "Alice and Bob");
    Ok(())
}

async fn longer_link(scene: &Scene) -> anyhow::Result<String> {
    scene.invite(json!({ "expires_in_s": 3_600 })).await
}

#[tokio::test]
async fn words_of_a_guest_are_worth_nothing_in_another_mouth() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let words = scene.file("words");
    let link = scene.invite(json!({})).await?;
    let robbed = scene
        .place
        .node("Bob")
        .hook(&format!("steal:{}", words.display()));
    let (robbed, thief) = tokio::try_join!(
        robbed.start(),
        scene
            .place
            .node("Eve")
            .hook(&format!("replay:{}", words.display()))
            .start(),
    )?;

    let joined = join(&robbed, &link).await?;
    assert_eq!(joined["state"], "waiting", "what Bob said never arrived");
    ensure!(std::fs::read(&words)?.len() > 300, "but it was taken down");
    let stolen = join(&thief, &link).await?;

    assert_eq!(stolen["state"], "waiting");
    scene.refused(&thief, "bad_certificate").await?;
    assert_eq!(scene.states().await?, ["open"]);
    robbed.stop().await?;
    let bob = scene.place.node("Bob").start().await?;
    scene.comes_in(&bob).await?;
    assert!(!scene.is_member(&thief).await?);
    Ok(())
}

#[tokio::test]
async fn a_guest_waits_for_the_issuer_and_says_so() -> anyhow::Result<()> {
    let mut scene = Scene::set().await?;
    let (bob, carol) = tokio::try_join!(
        scene.place.node("Bob").start(),
        scene.place.node("Carol").start(),
    )?;
    join(&carol, &scene.invite(json!({})).await?).await?;
    let link = scene.invite(json!({})).await?;
    let away = scene.alice.stop().await?;

    // Carol is there, and lets nobody in who only holds an invite.
    let joined = join(&bob, &link).await?;
    assert_eq!(
        (&joined["state"], &joined["waiting_for"]),
        (&json!("waiting"), &json!("Alice"))
    );
    let bob = bob.restart().await?;
    let known = networks(&bob).await?;
    let home = known.iter().find(|it| it["network"] == scene.network);
    let home = home.context("it waits on after a restart")?;
    eventually(PATIENCE, "whom Bob waits for", || async {
        let known = networks(&bob).await?;
        let home = known.iter().find(|it| it["network"] == scene.network);
        Ok(home.and_then(|home| (home["waiting_for"] == "Alice").then_some(())))
    })
    .await?;
    assert_eq!(home["role"], Value::Null);

    scene.alice = away.start().await?;

    scene.comes_in(&bob).await?;
    let known = networks(&bob).await?;
    let home = known.iter().find(|it| it["network"] == scene.network);
    assert_eq!(home.context("Home")?["role"], "member");
    Ok(())
}

#[tokio::test]
async fn an_invite_taken_back_meanwhile_ends_the_wait() -> anyhow::Result<()> {
    let mut scene = Scene::set().await?;
    let bob = scene.place.node("Bob").start().await?;
    let link = scene.invite(json!({})).await?;
    let asked = json!({ "network": scene.network });
    let invites = scene.alice.call("network_invites", asked).await?;
    let away = scene.alice.stop().await?;
    join(&bob, &link).await?;
    let mut events = bob.events().await?;

    // Before Bob's next attempt, or it would have been used.
    bob.freeze().await?;
    scene.alice = away.start().await?;
    let newest = json!({ "network": scene.network, "id": invites[0]["id"] });
    scene.alice.call("network_invite_revoke", newest).await?;
    bob.thaw().await?;

    let notice = async {
        loop {
            let event = events.next().await?;
            if event["type"] == "notice" && event["code"] == "invite_refused" {
                return anyhow::Ok(event);
            }
        }
    };
    let notice = tokio::time::timeout(PATIENCE, notice).await??;
    assert!(
        notice["text"]
            .as_str()
            .unwrap_or_default()
            .contains("taken back")
    );
    let known = networks(&bob).await?;
    let home = known.iter().find(|it| it["network"] == scene.network);
    assert_eq!(home.context("Home")?.get("waiting_for"), None);
    Ok(())
}

#[tokio::test]
async fn an_invite_does_not_bring_back_whoever_was_removed() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let bob = scene.place.node("Bob").start().await?;
    join(&bob, &scene.invite(json!({})).await?).await?;
    let removed = json!({ "network": scene.network, "peer": bob.peer() });
    scene.alice.call("member_remove", removed).await?;
    let link = scene.invite(json!({})).await?;

    bob.call("network_leave", json!({ "network": scene.network }))
        .await?;
    let code = bob.refuses("network_join", json!({ "link": link })).await?;

    assert_eq!(code, "denied");
    scene.refused(&bob, "removed").await?;
    assert_eq!(scene.states().await?, ["open", "used"]);
    Ok(())
}

#[tokio::test]
async fn a_device_comes_in_by_its_configuration_and_stays() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let link = scene
        .invite(json!({ "name": "Porch", "role": "device" }))
        .await?;
    let config = format!("[[network]]\nlink = \"{link}\"\n");
    let device = scene.place.node("Box").kind("hub").config(&config)?;

    let device = device.start().await?;
    scene.comes_in(&device).await?;
    // The link is still in its file, and worth nothing any more.
    let device = device.restart().await?;

    assert!(scene.is_member(&device).await?);
    let expected = ("Porch".to_owned(), "device".to_owned());
    assert!(scene.members(&scene.alice).await?.contains(&expected));
    Ok(())
}

/// Whose power fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Victim {
    Guest,
    Issuer,
}

/// Alice, Bob with her invite, and a hook in one of them that counts from [`Cut::arm`] on.
struct Cut {
    scene: Scene,
    bob: NodeProcess,
    link: String,
}

impl Cut {
    async fn set(victim: Victim, hook: impl Fn(&Path) -> String) -> anyhow::Result<Self> {
        let scene = Scene::set_with(|alice, path| match victim {
            Victim::Issuer => alice.hook(&hook(&path.join("armed"))),
            Victim::Guest => alice,
        })
        .await?;
        let bob = scene.place.node("Bob");
        let bob = match victim {
            Victim::Guest => bob.hook(&hook(&scene.file("armed"))),
            Victim::Issuer => bob,
        };
        let bob = bob.start().await?;
        let link = scene.invite(json!({})).await?;
        Ok(Self { scene, bob, link })
    }

    fn arm(&self) -> anyhow::Result<()> {
        Ok(std::fs::write(self.scene.file("armed"), [])?)
    }

    /// Joins until the power fails, or to the end; then the power is back, and nobody is armed.
    async fn join_in_the_dark(mut self, victim: Victim) -> anyhow::Result<Self> {
        self.arm()?;
        let joining = self
            .bob
            .attempt("network_join", json!({ "link": self.link }));
        match victim {
            Victim::Guest => {
                drop(joining.await);
                self.bob.kill().await?;
                self.bob = self.scene.place.node("Bob").start().await?;
            }
            Victim::Issuer => {
                tokio::select! {
                    _ = joining => {}
                    _ = self.scene.alice.ended(PATIENCE) => {}
                }
                self.scene.alice.kill().await?;
                self.scene.alice = self.scene.place.node("Alice").start().await?;
            }
        }
        Ok(self)
    }

    /// Bob comes in, by himself or by the same link once more, and after him nobody else.
    async fn settle(&self, last: bool) -> anyhow::Result<()> {
        let known = networks(&self.bob).await?;
        if !known.iter().any(|it| it["network"] == self.scene.network) {
            join(&self.bob, &self.link).await?;
        }
        self.scene.comes_in(&self.bob).await?;
        eventually(PATIENCE, "an invite that is used up", || async {
            Ok((self.scene.states().await? == ["used"]).then_some(()))
        })
        .await?;
        if last {
            let eve = self.scene.place.node("Eve").start().await?;
            let code = eve
                .refuses("network_join", json!({ "link": self.link }))
                .await?;
            ensure!(code == "conflict", "{code}");
        }
        let members = self.scene.members(&self.scene.alice).await?;
        ensure!(members.len() == 2, "Alice and Bob: {members:?}");
        Ok(())
    }
}

/// Counts the transactions of a redemption that nothing disturbs.
async fn transactions(victim: Victim) -> anyhow::Result<usize> {
    let points = |armed: &Path| format!("points:{}", armed.with_file_name("points").display());
    let cut = Cut::set(victim, points).await?;
    let committed = || -> anyhow::Result<usize> {
        let lines = std::fs::read_to_string(cut.scene.file("points"))?;
        Ok(lines.lines().filter(|line| *line == "committed").count())
    };
    let before = committed()?;
    let joined = join(&cut.bob, &cut.link).await?;
    ensure!(joined["state"] == "joined", "{joined}");
    // What is written when they meet for the first time belongs to it.
    tokio::time::timeout(Duration::from_secs(30), cut.scene.comes_in(&cut.bob)).await??;
    Ok(committed()? - before)
}

/// Cuts the power at every write of a redemption, each time with a fresh pair.
async fn cut_everywhere(victim: Victim) -> anyhow::Result<()> {
    let last = transactions(victim).await?;
    ensure!(last >= 2, "a redemption writes: {last}");
    let before = cut_at(victim, "job", last);
    let after = cut_at(victim, "committed", last);
    tokio::try_join!(before, after)?;
    Ok(())
}

async fn cut_at(victim: Victim, point: &str, last: usize) -> anyhow::Result<()> {
    for nth in 1..=last {
        let hook = |armed: &Path| format!("kill-at:{point}:{nth}:{}", armed.display());
        let cut = Cut::set(victim, hook).await?;
        let cut = cut.join_in_the_dark(victim).await?;
        let settled = cut.settle(nth == last).await;
        settled.with_context(|| {
            let (alice, bob) = (cut.scene.alice.log(), cut.bob.log());
            format!("{point} {nth} of {last}\nAlice:\n{alice}\nBob:\n{bob}")
        })?;
    }
    Ok(())
}

#[tokio::test]
async fn guest_who_loses_power_at_any_write_comes_in_in_the_end() -> anyhow::Result<()> {
    cut_everywhere(Victim::Guest).await
}

#[tokio::test]
async fn issuer_who_loses_power_at_any_write_lets_one_guest_in_and_no_other() -> anyhow::Result<()>
{
    cut_everywhere(Victim::Issuer).await
}
