//! A host that tells what it should not.

use serde_json::{Value, json};
use streembit_drivers::{Clock, virtuals::VirtualKind};
use streembit_store::{Host, ThingDescription};
use streembit_things::{Notification, ThingUrl, message::PropertyState};

use super::*;
use crate::{event::Event, node::now, testing::Person, wire::Refusal};

const PUBLIC: NetworkId = NetworkId::PUBLIC;

/// Alice, who observes a lamp of the device Porch.
struct Scene {
    alice: Node,
    lamp: ThingUrl,
    porch: Person,
    told: u64,
}

impl Scene {
    async fn set() -> Self {
        let (alice, porch) = (Person::new(1).start("Alice").await, Person::new(2));
        let lamp = ThingUrl {
            host: porch.id(),
            name: "lamp".parse().unwrap(),
        };
        know(&alice, &lamp).await;
        alice.device_observe(&lamp).await.unwrap();
        Self {
            alice,
            lamp,
            porch,
            told: 0,
        }
    }

    async fn tells(&mut self, operation: Operation, name: &str, value: Value) {
        self.told += 1;
        let one = Notification {
            thing: Some(self.lamp.clone()),
            number: self.told,
            operation,
            name: Some(name.to_owned()),
            state: PropertyState {
                value: Some(value.clone()),
                timestamp: Some(now().0),
                ..PropertyState::default()
            },
            data: Some(value),
            status: None,
        };
        let body = Notification::to_body(&[one]);
        let kind = Kind::DeviceNotification;
        let arrival = self.porch.sends(&self.alice, kind, body);
        on_notification(&self.alice, &arrival).await.unwrap();
    }

    /// What is known of the lamp, as JSON.
    async fn known(&self) -> Value {
        let known = self.alice.known_values(PUBLIC, &self.lamp).await;
        let reported = known.into_iter().map(|(name, one)| (name, one.reported));
        json!(reported.collect::<std::collections::BTreeMap<_, _>>())
    }
}

/// Makes the node know a virtual lamp.
async fn know(alice: &Node, lamp: &ThingUrl) {
    let driver = VirtualKind::Lamp.build(None, Clock::new(now(), 1.0));
    let td = Description::publish(driver.description(), lamp).unwrap();
    let host = Host {
        network: PUBLIC,
        host: lamp.host,
        title: "Porch".to_owned(),
        level: Some("operate".to_owned()),
        added_at: now(),
        last_seen: None,
    };
    let thing = ThingDescription {
        url: lamp.to_string(),
        td: td.document().to_string(),
        level: Some("operate".to_owned()),
    };
    alice.store().put_host(host).await.unwrap();
    let (host, things) = (lamp.host, vec![thing]);
    alice
        .store()
        .replace_things(PUBLIC, host, things, now())
        .await
        .unwrap();
}

fn look_again() -> Vec<u8> {
    let one = Notification {
        thing: None,
        number: 0,
        operation: Operation::ListThings,
        name: None,
        state: PropertyState::default(),
        data: None,
        status: None,
    };
    Notification::to_body(&[one])
}

#[tokio::test]
async fn takes_only_what_the_description_allows() {
    let mut scene = Scene::set().await;
    let observed = Operation::ObserveProperty;

    scene.tells(observed, "level", json!(40)).await;
    scene.tells(observed, "level", json!(4000)).await;
    scene.tells(observed, "level", json!({"$ref": "x"})).await;
    scene.tells(observed, "on", json!("yes")).await;
    scene.tells(observed, "door", json!("open")).await;

    assert_eq!(scene.known().await, json!({"level": 40}));
    scene.alice.stop().await;
}

#[tokio::test]
async fn shows_no_event_that_is_not_described() {
    let mut scene = Scene::set().await;
    let mut events = scene.alice.subscribe();
    let subscribed = Operation::SubscribeEvent;

    scene.tells(subscribed, "burgled", json!(null)).await;
    scene.tells(subscribed, "faded", json!("a lot")).await;
    scene.tells(subscribed, "faded", json!(40)).await;

    let mut shown = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::DeviceEvent { name, data, .. } = event {
            shown.push((name, data));
        }
    }
    assert_eq!(shown, [("faded".to_owned(), json!(40))]);
    scene.alice.stop().await;
}

#[tokio::test]
async fn a_stranger_does_not_keep_us_asking() {
    let scene = Scene::set().await;
    let stranger = Person::new(3);
    let arrival = stranger.sends(&scene.alice, Kind::DeviceNotification, look_again());

    let first = on_notification(&scene.alice, &arrival).await;
    let second = on_notification(&scene.alice, &arrival).await;

    assert_eq!((first, second), (Ok(()), Err(Refusal::Busy)));
    let known = scene
        .porch
        .sends(&scene.alice, Kind::DeviceNotification, look_again());
    for _ in 0..3 {
        assert_eq!(on_notification(&scene.alice, &known).await, Ok(()));
    }
    scene.alice.stop().await;
}
