//! Attacks on a host with raw requests, as a program without any check of its own would send them.

mod strangers;

use serde_json::{Value, json};
use streembit_identity::{AccountKey, Kind, NodeKey, PeerKind, Timestamp};
use streembit_store::{ClaimCommit, Claimed, Store, StoredGrant};
use streembit_things::{Operation, Outcome, Problem, ProblemKind, Request, Response, ThingUrl};

use super::*;
use crate::{
    config::Config,
    networks::public_row,
    node::{LocalIdentity, now},
    testing::{Person, until},
};

/// A device that Alice owns, before anybody else has a right.
struct Scene {
    node: Node,
    alice: Person,
    bob: Person,
}

impl Scene {
    async fn set() -> Self {
        let (porch, alice, bob) = (Person::new(1), Person::new(2), Person::new(3));
        let store = Store::in_memory().await.unwrap();
        own(&store, alice.id()).await;
        let node = start(porch, store).await;
        Self { node, alice, bob }
    }

    fn lamp(&self) -> ThingUrl {
        ThingUrl {
            host: self.node.me().account,
            name: "lamp".parse().unwrap(),
        }
    }

    fn asks(&self, operation: Operation) -> Request {
        let mut request = Request::new("m", Some(self.lamp()), operation);
        request.name = Some("level".to_owned());
        request
    }

    fn writes(&self, property: &str, value: Value) -> Request {
        let mut request = self.asks(Operation::WriteProperty);
        request.name = Some(property.to_owned());
        request.value = Some(value);
        request
    }

    async fn by(&self, who: &Person, request: &Request) -> Result<Outcome, Problem> {
        let arrival = who.sends(&self.node, Kind::DeviceRequest, request.to_body());
        self.arrives(&arrival).await
    }

    async fn arrives(&self, arrival: &Arrival) -> Result<Outcome, Problem> {
        let reply = on_device_request(&self.node, arrival).await.unwrap();
        Response::parse(&reply.body, "m").unwrap().into_result()
    }

    async fn grant(&self, by: &Person, value: Value) -> Result<Outcome, Problem> {
        let mut request = Request::new("m", None, Operation::Grant);
        request.value = Some(value);
        self.by(by, &request).await
    }

    async fn level(&self) -> Value {
        let read = self
            .by(&self.alice, &self.asks(Operation::ReadProperty))
            .await
            .unwrap();
        read.state.value.unwrap()
    }
}

async fn own(store: &Store, owner: AccountId) {
    let network = public_row(now());
    let grant = StoredGrant {
        peer: owner,
        level: "owner".to_owned(),
        expires_at: None,
        issued_by: owner,
        issued_at: now(),
        thing: None,
        affordances: Vec::new(),
    };
    let claimed = Claimed {
        owner,
        network: network.network,
        at: now(),
    };
    let commit = ClaimCommit {
        claimed,
        grant,
        network,
        operations: Vec::new(),
        certificates: Vec::new(),
    };
    store.commit_claim(commit).await.unwrap();
}

async fn start(person: Person, store: Store) -> Node {
    let me = LocalIdentity {
        account: person.id(),
        account_key: AccountKey::clone(&person.account),
        certificate: person.certificate.clone(),
        kind: PeerKind::Device,
        name: "Porch".parse().unwrap(),
        node: person.key.id(),
        node_key: NodeKey::clone(&person.key),
    };
    let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let config = Config {
        listen,
        ..Config::default()
    };
    Node::start(me, store, config).await.unwrap()
}

fn kind<T: std::fmt::Debug>(result: Result<T, Problem>) -> ProblemKind {
    result.unwrap_err().kind
}

#[tokio::test]
async fn denies_everything_without_a_grant() {
    let scene = Scene::set().await;
    for operation in [
        Operation::ReadProperty,
        Operation::WriteProperty,
        Operation::ObserveProperty,
        Operation::InvokeAction,
        Operation::QueryAction,
        Operation::CancelAction,
        Operation::SubscribeEvent,
        Operation::ReadAllProperties,
        Operation::WriteAllProperties,
        Operation::ReadMultipleProperties,
        Operation::WriteMultipleProperties,
        Operation::ObserveAllProperties,
        Operation::SubscribeAllEvents,
        Operation::QueryAllActions,
        Operation::Describe,
        Operation::ReadAudit,
    ] {
        let of_lamp = scene.by(&scene.bob, &scene.asks(operation)).await;
        let mut of_nothing = scene.asks(operation);
        of_nothing.thing = Some(ThingUrl {
            name: "nothing".parse().unwrap(),
            ..scene.lamp()
        });
        let of_nothing = scene.by(&scene.bob, &of_nothing).await;

        assert_eq!(kind(of_lamp), ProblemKind::Forbidden, "{operation:?}");
        assert_eq!(
            kind(of_nothing),
            ProblemKind::Forbidden,
            "what is there is not told either"
        );
    }
    let list = scene
        .by(&scene.bob, &Request::new("m", None, Operation::ListThings))
        .await
        .unwrap();
    assert_eq!(list.output, Some(json!({"things": [], "more": null})));
    let rights = scene
        .by(&scene.bob, &Request::new("m", None, Operation::ListGrants))
        .await
        .unwrap();
    assert_eq!(rights.output, Some(json!([])));
    scene.node.stop().await;
}

#[tokio::test]
async fn refuses_a_repeated_request() {
    let scene = Scene::set().await;
    let first = scene.writes("level", json!(10));
    let first = scene
        .alice
        .sends(&scene.node, Kind::DeviceRequest, first.to_body());
    scene.arrives(&first).await.unwrap();
    scene
        .by(&scene.alice, &scene.writes("level", json!(20)))
        .await
        .unwrap();

    let again = scene.arrives(&first).await;

    assert_eq!(kind(again), ProblemKind::Conflict);
    assert_eq!(scene.level().await, json!(20));
    scene.node.stop().await;
}

#[tokio::test]
async fn refuses_values_that_do_not_fit() {
    let scene = Scene::set().await;
    let before = scene.level().await;
    for (property, value, expected) in [
        ("level", json!(101), ProblemKind::InvalidValue),
        ("level", json!("50"), ProblemKind::InvalidValue),
        ("level", json!({"a": [1, 2]}), ProblemKind::InvalidValue),
        ("colour", json!("red; rm -rf"), ProblemKind::InvalidValue),
        ("nothing", json!(1), ProblemKind::NotFound),
    ] {
        let written = scene.by(&scene.alice, &scene.writes(property, value)).await;

        assert_eq!(kind(written), expected, "{property}");
    }
    let mut both = scene.asks(Operation::WriteMultipleProperties);
    both.name = None;
    both.values = json!({"level": 7, "colour": 7}).as_object().cloned();
    assert_eq!(
        kind(scene.by(&scene.alice, &both).await),
        ProblemKind::InvalidValue
    );
    assert_eq!(scene.level().await, before, "nothing was half done");
    scene.node.stop().await;
}

#[tokio::test]
async fn nobody_raises_their_own_level() {
    let scene = Scene::set().await;
    let (bob, carol) = (scene.bob.id().to_string(), Person::new(4));
    let to_bob = |level: &str| json!({"peer": bob, "level": level});
    scene.grant(&scene.alice, to_bob("operate")).await.unwrap();

    assert_eq!(
        kind(scene.grant(&scene.bob, to_bob("admin")).await),
        ProblemKind::Forbidden
    );
    scene.grant(&scene.alice, to_bob("admin")).await.unwrap();
    let second_admin = json!({"peer": carol.id().to_string(), "level": "admin"});
    assert_eq!(
        kind(scene.grant(&scene.bob, second_admin).await),
        ProblemKind::Forbidden
    );
    let owner = scene
        .grant(&scene.alice, json!({"peer": bob, "level": "owner"}))
        .await;
    assert_eq!(kind(owner), ProblemKind::BadRequest, "there is one owner");
    let mut coup = Request::new("m", None, Operation::Revoke);
    coup.value = Some(json!({"peer": scene.alice.id().to_string()}));
    assert_eq!(
        kind(scene.by(&scene.bob, &coup).await),
        ProblemKind::Conflict
    );
    scene.node.stop().await;
}

#[tokio::test]
async fn narrow_grant_opens_nothing_beside_it() {
    let scene = Scene::set().await;
    let narrow = json!({
        "peer": scene.bob.id().to_string(),
        "level": "operate",
        "thing": "lamp",
        "affordances": ["on"],
    });
    scene.grant(&scene.alice, narrow).await.unwrap();

    scene
        .by(&scene.bob, &scene.writes("on", json!(true)))
        .await
        .unwrap();
    assert_eq!(
        kind(scene.by(&scene.bob, &scene.writes("level", json!(1))).await),
        ProblemKind::Forbidden
    );
    let mut sneaky = scene.asks(Operation::WriteMultipleProperties);
    sneaky.name = None;
    sneaky.values = json!({"on": false, "level": 1}).as_object().cloned();
    assert_eq!(
        kind(scene.by(&scene.bob, &sneaky).await),
        ProblemKind::Forbidden
    );
    let mut all = scene.asks(Operation::ReadAllProperties);
    all.name = None;
    let seen = scene.by(&scene.bob, &all).await.unwrap().values.unwrap();
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["on"]);
    let mut of_lock = scene.asks(Operation::ReadProperty);
    of_lock.thing = Some(ThingUrl {
        name: "lock".parse().unwrap(),
        ..scene.lamp()
    });
    of_lock.name = Some("locked".to_owned());
    assert_eq!(
        kind(scene.by(&scene.bob, &of_lock).await),
        ProblemKind::Forbidden
    );
    scene.node.stop().await;
}

#[tokio::test]
async fn ended_grant_opens_nothing() {
    let scene = Scene::set().await;
    let past = json!({"peer": scene.bob.id().to_string(), "level": "view", "expires_at": 1});
    assert_eq!(
        kind(scene.grant(&scene.alice, past).await),
        ProblemKind::BadRequest
    );
    let ends = Timestamp(now().0 + 60);
    let short = json!({"peer": scene.bob.id().to_string(), "level": "view", "expires_at": ends.0});
    scene.grant(&scene.alice, short).await.unwrap();
    let read = scene.asks(Operation::ReadProperty);

    let ended = async {
        while scene.by(&scene.bob, &read).await.is_ok() {
            tokio::task::yield_now().await;
        }
        scene.by(&scene.bob, &read).await
    };
    let ended = tokio::time::timeout(std::time::Duration::from_secs(10), ended)
        .await
        .unwrap();

    assert_eq!(kind(ended), ProblemKind::Forbidden);
    scene.node.stop().await;
}

#[tokio::test]
async fn a_grant_takes_its_observations_along_when_it_ends() {
    let scene = Scene::set().await;
    let mut all = scene.asks(Operation::ReadAllProperties);
    all.name = None;
    scene.by(&scene.alice, &all).await.unwrap();
    let ends = Timestamp(now().0 + 1_000);
    let short = json!({"peer": scene.bob.id().to_string(), "level": "view", "expires_at": ends.0});
    scene.grant(&scene.alice, short).await.unwrap();
    all.operation = Operation::ObserveAllProperties;
    scene.by(&scene.bob, &all).await.unwrap();
    let host = scene.node.0.devices.host().unwrap().clone();
    assert!(host.is_observed(&scene.lamp()));

    until(&scene.node, "nobody observes", async |_| {
        !host.is_observed(&scene.lamp())
    })
    .await;

    assert!(now() >= ends, "not before the end");
    scene.node.stop().await;
}

#[tokio::test]
async fn actions_of_others_stay_theirs() {
    let scene = Scene::set().await;
    let bob = json!({"peer": scene.bob.id().to_string(), "level": "operate"});
    scene.grant(&scene.alice, bob).await.unwrap();
    let carol = Person::new(4);
    let grant = json!({"peer": carol.id().to_string(), "level": "operate"});
    scene.grant(&scene.alice, grant).await.unwrap();
    let mut fade = scene.asks(Operation::InvokeAction);
    fade.name = Some("fade".to_owned());
    fade.input = Some(json!({"level": 0, "seconds": 60}));
    let begun = scene.by(&scene.bob, &fade).await.unwrap().status.unwrap();

    let mut cancel = scene.asks(Operation::CancelAction);
    (cancel.name, cancel.action_id) = (None, Some(begun.id));
    assert_eq!(kind(scene.by(&carol, &cancel).await), ProblemKind::NotFound);
    assert!(
        scene.by(&scene.alice, &cancel).await.is_ok(),
        "who manages the thing may"
    );
    scene.node.stop().await;
}

#[tokio::test]
async fn refuses_what_is_no_request() {
    let scene = Scene::set().await;
    for body in [
        &b""[..],
        b"{}",
        b"[]",
        b"\xff\xff",
        br#"{"messageType":"request"}"#,
    ] {
        let arrival = scene
            .alice
            .sends(&scene.node, Kind::DeviceRequest, body.to_vec());

        assert_eq!(
            on_device_request(&scene.node, &arrival).await.unwrap_err(),
            Refusal::Invalid
        );
    }
    scene.node.stop().await;
}

#[tokio::test]
async fn one_account_cannot_take_all_turns() {
    let scene = Scene::set().await;
    let mut slow = scene.asks(Operation::InvokeAction);
    slow.name = Some("fade".to_owned());
    slow.input = Some(json!({"level": 0, "seconds": 60}));

    let many = (0..64).map(|_| scene.by(&scene.alice, &slow));
    let results = futures::future::join_all(many).await;

    let limited = results.into_iter().filter_map(Result::err);
    assert!(
        limited
            .map(|problem| problem.kind)
            .all(|kind| kind == ProblemKind::RateLimited)
    );
    assert!(
        scene
            .by(&scene.alice, &scene.asks(Operation::ReadProperty))
            .await
            .is_ok()
    );
    scene.node.stop().await;
}
