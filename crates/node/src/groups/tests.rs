use std::time::Duration;

use streembit_gate::Role;
use streembit_identity::{Kind, MessageId};
use streembit_store::{MessageState, Page, Store};

use super::*;
use crate::{
    AskError, Config, MessageRef, MessageView,
    chat::body::encode,
    groups::body::{Operations, Post},
    testing::{Person, until},
};

const SECOND: Duration = Duration::from_secs(10);

/// People in one private network, all connected to the first.
struct Home {
    people: Vec<Node>,
    network: NetworkId,
}

impl Home {
    async fn of(count: u8) -> Self {
        let mut people = Vec::new();
        for number in 1..=count {
            people.push(start(number).await);
        }
        let alice = &people[0];
        let network = alice.network_create("Home".parse().unwrap()).await;
        let network = network.unwrap().network;
        for (number, other) in people.iter().enumerate().skip(1) {
            let name = format!("Person{}", number + 1).parse().unwrap();
            let who = other.me().account;
            alice
                .member_add(network, who, name, Role::Member)
                .await
                .unwrap();
            let link = alice.network_link(network).unwrap();
            other.network_join(&link).await.unwrap();
        }
        let home = Self { people, network };
        for one in &home.people {
            until(one, "all are known", async |node| {
                let members = node.members_list(network).await;
                members.is_ok_and(|all| all.len() == usize::from(count))
            })
            .await;
        }
        home
    }

    fn who(&self, number: usize) -> AccountId {
        self.people[number].me().account
    }

    /// A group of the first people, begun by the first one.
    async fn group(&self, members: usize) -> GroupId {
        let peers = (1..members).map(|number| self.who(number)).collect();
        let title = "Garden".parse().unwrap();
        let begun = self.people[0]
            .group_create(self.network, title, peers)
            .await;
        let group = begun.unwrap().group;
        for one in &self.people[..members] {
            until(one, "the group is known", async |node| {
                node.group(self.network, group).await.is_ok()
            })
            .await;
        }
        group
    }

    async fn says(&self, number: usize, group: GroupId, words: &str) -> MessageId {
        let sent = self.people[number]
            .message_send(None, group, words.to_owned(), None)
            .await;
        sent.unwrap().id
    }

    async fn has(&self, number: usize, group: GroupId, id: MessageId) -> MessageView {
        let has = async |node: &Node| node.message(self.network, group, id).await.is_ok();
        until(&self.people[number], "the message is here", has).await;
        let found = self.people[number].message(self.network, group, id).await;
        found.unwrap()
    }

    /// What somebody can read in a group, without the lines about its changes.
    async fn reads(&self, number: usize, group: GroupId) -> Vec<String> {
        let page = Page {
            before: None,
            limit: 100,
        };
        let list = self.people[number].messages_list(None, group, page).await;
        let list = list.unwrap().into_iter();
        list.filter(|it| it.note.is_none())
            .map(|it| it.text)
            .collect()
    }

    async fn settled(&self, number: usize, group: GroupId, id: MessageId, state: MessageState) {
        until(
            &self.people[number],
            "the message is so far",
            async |node| node.message(self.network, group, id).await.unwrap().state == state,
        )
        .await;
    }

    async fn stop(self) {
        for one in self.people {
            one.stop().await;
        }
    }
}

async fn start(number: u8) -> Node {
    let config = Config {
        listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
        ..Config::default()
    };
    let me = Person::new(number).identity(&format!("Person{number}"));
    let store = Store::in_memory().await.unwrap();
    Node::start(me, store, config).await.unwrap()
}

fn meant(id: MessageId, group: GroupId) -> MessageRef {
    MessageRef {
        id,
        network: None,
        peer: Some(group.into()),
    }
}

#[tokio::test]
async fn what_one_says_in_a_group_all_of_it_read_change_and_answer() {
    let home = Home::of(3).await;
    let group = home.group(3).await;

    let first = home.says(0, group, "who waters?").await;
    let seen = home.has(1, group, first).await;
    home.has(2, group, first).await;
    home.settled(0, group, first, MessageState::Delivered).await;
    let second = home.says(1, group, "I do").await;
    home.has(0, group, second).await;
    home.has(2, group, second).await;
    home.people[2]
        .message_react(meant(second, group), "👍".to_owned())
        .await
        .unwrap();
    home.people[1]
        .message_edit(meant(second, group), "I do, on Monday".to_owned())
        .await
        .unwrap();
    home.people[1].conversation_read(None, group).await.unwrap();
    home.people[2].conversation_read(None, group).await.unwrap();

    assert_eq!(seen.from, home.who(0));
    home.settled(0, group, first, MessageState::Read).await;
    let reach = home.has(0, group, first).await.reach;
    assert_eq!((reach.recipients, reach.delivered, reach.read), (2, 2, 2));
    for one in &home.people {
        until(one, "all read the same", async |node| {
            let second = node.message(home.network, group, second).await.unwrap();
            second.text == "I do, on Monday" && second.reactions.len() == 1
        })
        .await;
    }
    home.people[1]
        .message_delete(meant(second, group), false)
        .await
        .unwrap();
    until(&home.people[2], "it is deleted for all", async |node| {
        let second = node.message(home.network, group, second).await.unwrap();
        second.deleted_at.is_some()
    })
    .await;
    home.stop().await;
}

#[tokio::test]
async fn the_removed_read_nothing_new_and_the_added_nothing_old() {
    let home = Home::of(4).await;
    let group = home.group(3).await;
    let before = home.says(0, group, "before").await;
    home.has(1, group, before).await;
    home.has(2, group, before).await;

    home.people[0]
        .group_remove(group, home.who(2))
        .await
        .unwrap();
    home.people[0]
        .group_add(group, vec![home.who(3)])
        .await
        .unwrap();
    // Whom a message is for is what its author knows then.
    until(&home.people[1], "both changes are known", async |node| {
        let group = node.group(home.network, group).await.unwrap();
        let is_in = |who| group.members.iter().any(|member| member.peer == who);
        is_in(home.who(3)) && !is_in(home.who(2))
    })
    .await;
    until(&home.people[2], "the removal is known", async |node| {
        let group = node.group(home.network, group).await;
        group.is_ok_and(|group| !group.is_member)
    })
    .await;
    let after = home.says(1, group, "after").await;
    home.has(0, group, after).await;
    home.has(3, group, after).await;
    let again = home.says(0, group, "again").await;
    home.has(3, group, again).await;
    home.settled(0, group, again, MessageState::Delivered).await;

    assert_eq!(home.reads(3, group).await, ["after", "again"]);
    assert_eq!(home.reads(2, group).await, ["before"]);
    let said = home.people[2].message_send(None, group, "still here?".to_owned(), None);
    assert!(matches!(said.await, Err(crate::ChatError::Denied)));
    home.stop().await;
}

#[tokio::test]
async fn strangers_to_a_group_neither_write_in_it_nor_change_it_nor_learn_of_it() {
    let home = Home::of(3).await;
    let group = home.group(2).await;
    let told = home.says(0, group, "ours").await;
    home.has(1, group, told).await;
    let known = home.people[0].0.groups.find(home.network, group).unwrap();
    let stranger = &home.people[2];

    // As a stranger would have it who found out everything but the keys.
    stranger.0.groups.put(known.clone());
    let forged = streembit_ratchet::group::Outbound::new(group, stranger.now());
    let inside = streembit_ratchet::group::GroupInside {
        route: streembit_ratchet::group::GroupRoute {
            network: home.network,
            group,
            from: home.who(2),
            from_node: stranger.me().node,
        },
        id: crate::node::message_id(stranger.now()),
        kind: Kind::Text,
        body: vec![0xa0].into(),
    };
    let mut forged = forged;
    let post = encode(&Post {
        sealed: forged.seal(&inside).to_bytes().into(),
        heads: known.heads(),
    });
    let bob = home.who(1);
    let ask = |kind, body| stranger.ask(home.network, bob, kind, body, SECOND);

    let written = ask(Kind::GroupMessage, post).await;
    let operations = Operations::pack(group, known.operations().map(<[u8]>::to_vec));
    let open = ask(Kind::GroupOperations, encode(&operations)).await;
    let asked = body::Ask {
        group,
        heads: Vec::new(),
    };
    let asked = ask(Kind::GroupAsk, encode(&asked)).await;
    let key = &stranger.me().account_key;

    assert!(matches!(written, Err(AskError::Denied)), "{written:?}");
    assert!(matches!(open, Err(AskError::Denied)), "{open:?}");
    assert!(matches!(asked, Err(AskError::Denied)), "{asked:?}");
    let who = (home.who(2), "Stranger".parse().unwrap());
    assert!(known.author_add(key, who.0, who.1, stranger.now()).is_err());
    assert_eq!(home.reads(1, group).await, ["ours"]);
    home.stop().await;
}

#[tokio::test]
async fn a_reader_who_lost_the_keys_gets_them_anew_with_what_waits() {
    let home = Home::of(2).await;
    let group = home.group(2).await;
    let first = home.says(0, group, "first").await;
    home.has(1, group, first).await;
    let second = home.says(0, group, "second").await;
    home.has(1, group, second).await;

    let bob = &home.people[1];
    bob.store()
        .forget_group_sessions(home.network, group)
        .await
        .unwrap();
    let third = home.says(0, group, "third").await;
    home.has(1, group, third).await;
    let fourth = home.says(0, group, "fourth").await;
    home.has(1, group, fourth).await;

    home.settled(0, group, fourth, MessageState::Delivered)
        .await;
    assert_eq!(
        home.reads(1, group).await,
        ["first", "second", "third", "fourth"]
    );
    home.stop().await;
}

#[tokio::test]
async fn the_only_admin_does_not_leave_and_others_do() {
    let home = Home::of(2).await;
    let group = home.group(2).await;
    let (alice, bob) = (&home.people[0], &home.people[1]);

    let left = alice.group_leave(group).await;
    assert!(matches!(left, Err(GroupError::LastAdmin)), "{left:?}");
    let renamed = bob.group_rename(group, "Mine".parse().unwrap()).await;
    assert!(matches!(renamed, Err(GroupError::Denied)), "{renamed:?}");
    alice.group_admin(group, home.who(1), true).await.unwrap();
    alice.group_leave(group).await.unwrap();

    until(bob, "the other has left", async |node| {
        let group = node.group(home.network, group).await.unwrap();
        group.members.len() == 1 && group.is_admin
    })
    .await;
    let public = alice.group_create(NetworkId::PUBLIC, "No".parse().unwrap(), Vec::new());
    assert!(matches!(public.await, Err(GroupError::Unsupported)));
    home.stop().await;
}

#[tokio::test]
async fn what_is_deleted_in_a_group_is_not_kept_for_whoever_is_away() {
    let home = Home::of(3).await;
    let group = home.group(3).await;
    let first = home.says(0, group, "who waters?").await;
    home.settled(0, group, first, MessageState::Delivered).await;
    home.people[2].clone().stop().await;
    let secret = home.says(0, group, "the code is 4711").await;
    home.has(1, group, secret).await;
    let waits = async |node: &Node| {
        let waiting = node.store().outbox(home.network).await.unwrap();
        waiting.iter().any(|entry| entry.id == secret)
    };
    assert!(waits(&home.people[0]).await, "for the one who is away");

    home.people[0]
        .message_delete(meant(secret, group), false)
        .await
        .unwrap();

    assert!(!waits(&home.people[0]).await, "its words are nowhere");
    home.stop().await;
}

#[tokio::test]
async fn nobody_writes_under_an_id_that_another_member_has_used() {
    let home = Home::of(3).await;
    let group = home.group(3).await;
    let (network, mallory) = (home.network, &home.people[2]);
    let hello = home.says(2, group, "hello").await;
    home.settled(2, group, hello, MessageState::Delivered).await;
    let taken = MessageId::of_author(&home.who(0), mallory.now(), [9; 10]);
    let mut writing = mallory
        .writing(network, group, Kind::Text, None)
        .await
        .unwrap();
    writing.id = taken;
    let forged = streembit_store::GroupText {
        id: taken,
        network,
        group,
        from: home.who(2),
        node: mallory.me().node,
        text: "in your way".to_owned(),
        reply_to: None,
        at: writing.at,
        readers: vec![home.who(0), home.who(1)],
        write: streembit_store::WriteBody::new(|link| {
            crate::chat::body::Text::write("in your way", None, link)
        }),
        seal: writing.seal(),
    };
    let (message, items) = mallory.store().send_to_group(forged).await.unwrap();
    mallory.on_its_way(&message, &items);

    let honest = home.says(2, group, "under my own").await;
    home.has(1, group, honest).await;

    assert!(home.people[1].message(network, group, taken).await.is_err());
    assert_eq!(home.reads(1, group).await, ["hello", "under my own"]);
    home.stop().await;
}
