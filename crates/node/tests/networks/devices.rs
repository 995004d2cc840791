//! Devices between nodes of one process: claimed, used, observed, shared and taken back.

use serde_json::{Value, json};
use streembit_gate::{Level, Role};
use streembit_identity::{NetworkId, PeerKind};
use streembit_node::{Config, DeviceState, DeviceView, Event, GrantWish, ThingConfig};
use streembit_things::{ActionState, ThingUrl};

use crate::peer::{Peer, eventually};

const LOOPBACK: &str = "/ip4/127.0.0.1/tcp/0";

async fn start_device() -> Peer {
    let things = ["lamp", "thermostat", "sensor", "lock"].map(|kind| ThingConfig {
        driver: "virtual".to_owned(),
        kind: kind.to_owned(),
        name: kind.to_owned(),
        title: None,
    });
    let config = Config {
        things: things.to_vec(),
        ..Config::default()
    };
    Peer::start_with("Porch", PeerKind::Device, LOOPBACK, config).await
}

/// Alice, her network and the device that she claimed into it.
struct Home {
    alice: Peer,
    device: Peer,
    network: NetworkId,
}

impl Home {
    async fn new() -> Self {
        let alice = Peer::start("Alice", PeerKind::Human, LOOPBACK).await;
        let device = start_device().await;
        let created = alice
            .node
            .network_create("Home".parse().expect("a name"))
            .await;
        let network = created.expect("a network").network;
        let link = device
            .node
            .device_claim_link()
            .await
            .expect("an open window")
            .link;
        let things = alice
            .node
            .device_claim(&link, network)
            .await
            .expect("claimed");
        assert_eq!(things.len(), 4, "{things:?}");
        Self {
            alice,
            device,
            network,
        }
    }

    fn thing(&self, name: &str) -> ThingUrl {
        ThingUrl {
            host: self.device.account(),
            name: name.parse().expect("a name"),
        }
    }

    /// Adds a member of the network and connects it to all.
    async fn join(&self, name: &str) -> Peer {
        let peer = Peer::start(name, PeerKind::Human, LOOPBACK).await;
        let (node, account) = (&self.alice.node, peer.account());
        let name = name.parse().expect("a name");
        node.member_add(self.network, account, name, Role::Member)
            .await
            .expect("added");
        let link = node.network_link(self.network).expect("a link");
        peer.node.network_join(&link).await.expect("joined");
        let device = self.device.account();
        eventually(&[&peer, &self.device], "connected to the device", || {
            peer.connected(&self.network).contains(&device)
        })
        .await;
        peer
    }

    fn grant(&self, peer: &Peer, level: Level) -> GrantWish {
        GrantWish {
            affordances: Vec::new(),
            device: self.device.account(),
            expires_at: None,
            level,
            peer: peer.account(),
            thing: None,
        }
    }

    async fn stop(self) {
        self.alice.stop().await;
        self.device.stop().await;
    }
}

async fn listed(peer: &Peer, thing: &ThingUrl) -> Option<DeviceView> {
    let list = peer.node.devices_list(None).await.expect("a list");
    list.into_iter().find(|view| view.thing == *thing)
}

async fn until_listed(peer: &Peer, thing: &ThingUrl) -> DeviceView {
    let mut events = peer.node.subscribe();
    let wait = async {
        loop {
            if let Some(view) = listed(peer, thing).await {
                return view;
            }
            events.recv().await.expect("an event");
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait)
        .await
        .expect("listed in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn claimed_lamp_is_switched_and_observed() {
    let home = Home::new().await;
    let (alice, lamp) = (&home.alice.node, home.thing("lamp"));
    assert_eq!(
        home.device
            .node
            .device_grants(home.device.account())
            .await
            .expect("grants")
            .len(),
        1
    );
    assert!(
        home.device.node.device_claim_link().await.is_err(),
        "the code works once"
    );

    assert_eq!(
        alice.device_read(&lamp, "on").await.expect("read").reported,
        Some(json!(false))
    );
    alice.device_observe(&lamp).await.expect("observing");
    let written = alice
        .device_write(&lamp, "on", json!(true))
        .await
        .expect("written");
    assert_eq!(
        (written.reported, written.target),
        (Some(json!(true)), None)
    );

    let changed = home
        .alice
        .expect(|event| matches!(event, Event::Property { name, .. } if name == "level"));
    home.device
        .node
        .device_write(&lamp, "level", json!(40))
        .await
        .expect("written at the device");
    changed.await;
    let level = alice
        .device_reading(&lamp, "level")
        .await
        .expect("known")
        .expect("observed");
    assert_eq!(level.reported, Some(json!(40)));
    home.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_do_not_fit_never_arrive() {
    let home = Home::new().await;
    let (alice, lamp) = (&home.alice.node, home.thing("lamp"));

    for (property, value) in [
        ("level", json!(101)),
        ("on", json!("yes")),
        ("warmth", json!(1)),
    ] {
        assert!(
            alice.device_write(&lamp, property, value).await.is_err(),
            "{property}"
        );
    }
    let sensor = home.thing("sensor");
    let read_only = alice
        .device_write(&sensor, "temperature", json!(20))
        .await
        .expect_err("refused");
    assert_eq!(read_only.code(), "unsupported");
    home.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fade_makes_progress_and_can_be_cancelled() {
    let home = Home::new().await;
    let (alice, lamp) = (&home.alice.node, home.thing("lamp"));
    alice.device_observe(&lamp).await.expect("observing");

    let progress = home
        .alice
        .expect(|event| matches!(event, Event::Action { .. }));
    let input = json!({"level": 0, "seconds": 60});
    let begun = alice
        .device_invoke(&lamp, "fade", Some(input))
        .await
        .expect("begun");
    assert_eq!(begun.state, ActionState::Running);
    progress.await;
    let ended = alice
        .device_cancel(&lamp, &begun.id)
        .await
        .expect("cancelled");
    assert_eq!(ended.state, ActionState::Cancelled);
    let asked = alice.device_action(&lamp, &begun.id).await.expect("known");
    assert_eq!(asked.state, ActionState::Cancelled);

    let short = json!({"level": 10, "seconds": 0.1});
    let done = alice
        .device_invoke(&lamp, "fade", Some(short))
        .await
        .expect("done");
    assert_eq!(done.output, Some(json!({"level": 10})));
    home.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_decided_on_the_host() {
    let home = Home::new().await;
    let (lamp, alice) = (home.thing("lamp"), &home.alice.node);
    let bob = home.join("Bob").await;
    assert!(
        listed(&bob, &lamp).await.is_none(),
        "a member without a grant sees no thing"
    );

    alice
        .device_grant(home.grant(&bob, Level::View))
        .await
        .expect("granted");
    assert_eq!(until_listed(&bob, &lamp).await.level, Some(Level::View));
    assert!(bob.node.device_read(&lamp, "on").await.is_ok());
    let denied = bob
        .node
        .device_write(&lamp, "on", json!(true))
        .await
        .expect_err("only viewing");
    assert_eq!(denied.code(), "denied");
    let denied = bob
        .node
        .device_grant(home.grant(&bob, Level::Admin))
        .await
        .expect_err("no admin");
    assert_eq!(denied.code(), "denied");

    alice
        .device_grant(home.grant(&bob, Level::Operate))
        .await
        .expect("granted more");
    bob.node
        .device_write(&lamp, "on", json!(true))
        .await
        .expect("operates");

    let audit = alice
        .device_audit(home.device.account(), None, None)
        .await
        .expect("an audit");
    let by_bob: Vec<_> = audit
        .iter()
        .filter(|row| row.peer == bob.account())
        .collect();
    assert!(
        by_bob
            .iter()
            .any(|row| row.operation == "writeproperty" && row.outcome == "done")
    );
    assert!(
        by_bob
            .iter()
            .any(|row| row.operation == "writeproperty" && row.outcome == "denied")
    );
    bob.stop().await;
    home.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_ends_what_is_observed() {
    let home = Home::new().await;
    let (lamp, alice) = (home.thing("lamp"), &home.alice.node);
    let bob = home.join("Bob").await;
    alice
        .device_grant(home.grant(&bob, Level::Operate))
        .await
        .expect("granted");
    until_listed(&bob, &lamp).await;
    bob.node.device_observe(&lamp).await.expect("observing");
    alice.device_observe(&lamp).await.expect("observing");

    alice
        .device_revoke(home.device.account(), bob.account())
        .await
        .expect("revoked");
    let heard = home
        .alice
        .expect(|event| matches!(event, Event::Property { .. }));
    home.device
        .node
        .device_write(&lamp, "level", json!(7))
        .await
        .expect("changed");
    heard.await;

    let known = bob.node.device_reading(&lamp, "level").await;
    let reported = known.ok().flatten().and_then(|known| known.reported);
    assert_ne!(reported, Some(json!(7)), "Bob hears nothing more");
    let denied = bob
        .node
        .device_read(&lamp, "on")
        .await
        .expect_err("refused");
    assert!(["denied", "not_found"].contains(&denied.code()), "{denied}");
    bob.stop().await;
    home.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn device_that_is_off_keeps_its_last_values() {
    let home = Home::new().await;
    let (lamp, alice) = (home.thing("lamp"), &home.alice.node);
    alice
        .device_write(&lamp, "level", json!(33))
        .await
        .expect("written");
    let host = home.device.account();

    let Home {
        alice: keeper,
        device,
        network,
    } = home;
    device.stop().await;
    eventually(&[&keeper], "the device is gone", || {
        !keeper.connected(&network).contains(&host)
    })
    .await;

    let view = listed(&keeper, &lamp).await.expect("still listed");
    assert_eq!(view.state, DeviceState::Offline);
    assert!(view.reason.is_some() && view.last_seen.is_some());
    assert_eq!(
        view.values
            .get("level")
            .and_then(|known| known.reported.clone()),
        Some(json!(33))
    );
    let described = keeper.node.device_describe(&lamp).await.expect("described");
    assert_eq!(described.get("title").and_then(Value::as_str), Some("Lamp"));
    keeper.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_code_claims_nothing() {
    let alice = Peer::start("Alice", PeerKind::Human, LOOPBACK).await;
    let device = start_device().await;
    let created = alice
        .node
        .network_create("Home".parse().expect("a name"))
        .await;
    let network = created.expect("a network").network;
    let old = device
        .node
        .device_claim_link()
        .await
        .expect("an open window")
        .link;
    let renewed = device
        .node
        .device_pairing_open(device.account(), None)
        .await;
    let new = renewed.expect("a new code").link;
    let with_old_secret = mixed(&new, &old);

    let refused = alice
        .node
        .device_claim(&with_old_secret, network)
        .await
        .expect_err("refused");

    assert_eq!(refused.code(), "denied");
    assert_eq!(
        alice
            .node
            .members_list(network)
            .await
            .expect("members")
            .len(),
        1
    );
    assert!(
        alice.node.device_claim(&new, network).await.is_ok(),
        "the right code still works"
    );
    alice.stop().await;
    device.stop().await;
}

/// The link `new` with the secret of the link `old`.
fn mixed(new: &str, old: &str) -> String {
    use streembit_identity::link::Link;
    let (Ok(Link::Claim(new)), Ok(Link::Claim(old))) = (Link::parse(new), Link::parse(old)) else {
        panic!("two claim links");
    };
    Link::Claim(streembit_identity::link::ClaimLink {
        secret: old.secret,
        ..new
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn claimed_into_the_public_network() {
    let alice = Peer::start("Alice", PeerKind::Human, LOOPBACK).await;
    let device = start_device().await;
    assert!(
        device.node.network(&NetworkId::PUBLIC).is_none(),
        "outside every network until then"
    );
    let link = device
        .node
        .device_claim_link()
        .await
        .expect("an open window")
        .link;

    let things = alice
        .node
        .device_claim(&link, NetworkId::PUBLIC)
        .await
        .expect("claimed");

    let lamp = ThingUrl {
        host: device.account(),
        name: "lamp".parse().expect("a name"),
    };
    assert_eq!(things.len(), 4);
    alice
        .node
        .device_write(&lamp, "on", json!(true))
        .await
        .expect("switched");
    alice.stop().await;
    device.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn device_that_was_given_up_can_be_claimed_again() {
    let home = Home::new().await;
    let (host, lamp) = (home.device.account(), home.thing("lamp"));
    let bob = home.join("Bob").await;
    let reopened = home
        .device
        .expect(|event| matches!(event, Event::Network { .. }));

    home.alice.node.device_remove(host).await.expect("given up");

    assert!(listed(&home.alice, &lamp).await.is_none());
    assert!(
        home.device
            .node
            .device_grants(host)
            .await
            .expect("grants")
            .is_empty()
    );
    reopened.await;
    eventually(&[&home.device], "out of the network", || {
        home.device.node.network(&home.network).is_none()
    })
    .await;
    let link = loop {
        // The window opens right after the network is left.
        if let Ok(offer) = home.device.node.device_claim_link().await {
            break offer.link;
        }
        tokio::task::yield_now().await;
    };
    let again = home
        .alice
        .node
        .device_claim(&link, home.network)
        .await
        .expect("claimed again");
    assert_eq!(again.len(), 4);
    bob.stop().await;
    home.stop().await;
}
