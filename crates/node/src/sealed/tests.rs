use std::{sync::Arc, time::Duration};

use streembit_gate::Role;
use streembit_identity::MessageId;
use streembit_store::{MessageState, OutboxItem, Page, Store};

use super::*;
use crate::{
    AskError, Config, Hooks,
    chat::{self, body},
    node::message_id,
    testing::{Person, until},
};

/// Everything that passed between two nodes, inside the transport's own encryption.
#[derive(Clone, Debug, Default)]
struct Frames(Arc<Mutex<Vec<Vec<u8>>>>);

impl Frames {
    fn hooks(&self) -> Hooks {
        let frames = self.0.clone();
        Hooks {
            frames: Some(Arc::new(move |frame| lock(&frames).push(frame.to_vec()))),
            ..Hooks::default()
        }
    }

    fn show(&self, words: &str) -> bool {
        let words = words.as_bytes();
        let frames = lock(&self.0);
        assert!(frames.len() > 2, "something passed");
        frames
            .iter()
            .any(|frame| frame.windows(words.len()).any(|part| part == words))
    }
}

struct Two {
    alice: Node,
    bob: Node,
    frames: Frames,
    home: NetworkId,
}

impl Two {
    /// Alice and Bob in a private network, connected.
    async fn at_home() -> Self {
        let frames = Frames::default();
        let alice = start(1, "Alice", &frames).await;
        let bob = start(2, "Bob", &frames).await;
        let home = alice.network_create("Home".parse().unwrap()).await;
        let home = home.unwrap().network;
        let name = "Bob".parse().unwrap();
        alice
            .member_add(home, bob.me().account, name, Role::Member)
            .await
            .unwrap();
        bob.network_join(&alice.network_link(home).unwrap())
            .await
            .unwrap();
        let two = Self {
            alice,
            bob,
            frames,
            home,
        };
        let (a, home) = (two.a(), home);
        until(&two.bob, "they are connected", async |bob| {
            bob.contact(home, a)
                .await
                .is_ok_and(|alice| alice.presence == crate::Presence::Online)
        })
        .await;
        two
    }

    fn a(&self) -> AccountId {
        self.alice.me().account
    }

    fn b(&self) -> AccountId {
        self.bob.me().account
    }

    async fn send(&self, from: &Node, to: AccountId, words: &str) -> MessageId {
        let sent = from.message_send(Some(self.home), to, words.to_owned(), None);
        let id = sent.await.unwrap().id;
        self.arrived(from, to, id).await;
        id
    }

    async fn arrived(&self, from: &Node, to: AccountId, id: MessageId) {
        let home = self.home;
        until(from, "it arrived", async |node| {
            node.message(home, to, id).await.unwrap().state >= MessageState::Delivered
        })
        .await;
    }

    async fn texts(&self, node: &Node, peer: AccountId) -> Vec<String> {
        let page = Page {
            before: None,
            limit: 200,
        };
        let list = node.messages_list(Some(self.home), peer, page).await;
        list.unwrap().into_iter().map(|it| it.text).collect()
    }

    async fn stop(self) {
        self.alice.stop().await;
        self.bob.stop().await;
    }
}

async fn start(number: u8, name: &str, frames: &Frames) -> Node {
    let config = Config {
        hooks: frames.hooks(),
        listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
        ..Config::default()
    };
    let me = Person::new(number).identity(name);
    let store = Store::in_memory().await.unwrap();
    Node::start(me, store, config).await.unwrap()
}

#[tokio::test]
async fn what_two_people_write_passes_readable_to_nobody_else() {
    let two = Two::at_home().await;

    two.send(&two.alice, two.b(), "the first words").await;
    two.send(&two.bob, two.a(), "an answer to them").await;
    two.send(&two.alice, two.b(), "and some more").await;
    two.bob
        .conversation_read(Some(two.home), two.a())
        .await
        .unwrap();

    let all = ["the first words", "an answer to them", "and some more"];
    assert_eq!(two.texts(&two.bob, two.a()).await, all);
    assert_eq!(two.texts(&two.alice, two.b()).await, all);
    for words in all {
        assert!(!two.frames.show(words), "{words}");
    }
    two.stop().await;
}

#[tokio::test]
async fn a_node_that_lost_its_sessions_is_written_to_anew() {
    let two = Two::at_home().await;
    two.send(&two.alice, two.b(), "before").await;
    two.send(&two.bob, two.a(), "before, too").await;

    two.bob
        .store()
        .forget_ratchets(two.home, two.a())
        .await
        .unwrap();
    two.send(&two.alice, two.b(), "afterwards").await;
    two.send(&two.bob, two.a(), "afterwards, too").await;
    two.alice
        .store()
        .forget_ratchets(two.home, two.b())
        .await
        .unwrap();
    two.send(&two.bob, two.a(), "once more").await;

    let all = [
        "before",
        "before, too",
        "afterwards",
        "afterwards, too",
        "once more",
    ];
    assert_eq!(two.texts(&two.bob, two.a()).await, all);
    assert_eq!(two.texts(&two.alice, two.b()).await, all);
    two.stop().await;
}

#[tokio::test]
async fn what_an_earlier_release_queued_is_sent_encrypted() {
    let two = Two::at_home().await;
    let now = two.alice.now();
    let id = message_id(now);
    let text = body::encode(&body::Text {
        text: "from before".to_owned(),
        ..body::Text::default()
    });
    let kind = streembit_identity::Kind::Text;
    let item = OutboxItem {
        id,
        network: two.home,
        peer: two.b(),
        nodes: Vec::new(),
        copy: None,
        kind: kind as u16,
        envelope: two
            .alice
            .seal(two.home, two.b(), kind, id, now, text)
            .unwrap(),
        body: None,
        queued_at: now,
    };
    two.alice.store().enqueue(item.clone()).await.unwrap();

    chat::post(&two.alice, &item);

    let (a, home) = (two.a(), two.home);
    until(&two.bob, "it arrived", async |bob| {
        bob.message(home, a, id).await.is_ok()
    })
    .await;
    assert_eq!(two.texts(&two.bob, a).await, ["from before"]);
    assert!(!two.frames.show("from before"));
    two.stop().await;
}

#[tokio::test]
async fn nothing_is_read_that_comes_in_the_open() {
    let two = Two::at_home().await;
    let text = body::encode(&body::Text {
        text: "in the open".to_owned(),
        ..body::Text::default()
    });
    let second = Duration::from_secs(10);

    for kind in [
        streembit_identity::Kind::Text,
        streembit_identity::Kind::Read,
    ] {
        let answer = two
            .alice
            .ask(two.home, two.b(), kind, text.clone(), second)
            .await;
        assert!(matches!(answer, Err(AskError::Denied)), "{answer:?}");
    }

    assert!(two.texts(&two.bob, two.a()).await.is_empty());
    two.stop().await;
}

#[tokio::test]
async fn the_public_record_has_the_keys_of_the_node() {
    let two = Two::at_home().await;
    let (a, home, node) = (two.a(), two.home, two.alice.me().node);

    until(&two.bob, "the record is there", async |bob| {
        keys::look_up(bob, home, a, node).await.is_some()
    })
    .await;

    let found = keys::look_up(&two.bob, home, a, node).await.unwrap();
    let own = two.alice.0.ratchets.device().keys(node).unwrap();
    assert_eq!(found, own);
    two.stop().await;
}

#[tokio::test]
async fn a_removed_member_is_encrypted_for_no_more() {
    let two = Two::at_home().await;
    let id = two.send(&two.alice, two.b(), "before").await;
    let pair = key(&two.alice, two.home, two.b(), two.bob.me().node);
    let before = two.alice.store().before_opening(pair, id).await.unwrap();
    assert!(before.state.is_some());

    two.alice.member_remove(two.home, two.b()).await.unwrap();

    until(&two.alice, "the sessions are gone", async |alice| {
        let now = alice.store().before_opening(pair, id).await.unwrap();
        now.state.is_none()
    })
    .await;
    two.stop().await;
}

#[tokio::test]
async fn keys_are_kept_over_restarts_and_replaced_when_they_cannot_be_read() {
    let store = Store::in_memory().await.unwrap();
    let own = Person::new(1).key.id();

    let first = keys::start(&store, own).await.unwrap().identity();
    let again = keys::start(&store, own).await.unwrap().identity();
    store
        .put_device_keys(own, b"damaged".to_vec().into())
        .await
        .unwrap();
    let other = keys::start(&store, own).await.unwrap().identity();

    assert_eq!(first, again);
    assert_ne!(first, other);
    store.close().await;
}
