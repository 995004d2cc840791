use streembit_delivery::State;
use streembit_gate::Role;
use streembit_identity::{Kind, MessageId, NetworkId};
use streembit_store::{
    ChoicesChange, Contact, ContactChange, Expected, MessageState, Page, Relation,
};

use super::*;
use crate::{
    testing::{Person, until},
    wire::Refusal,
};

fn text(text: &str) -> Vec<u8> {
    body::encode(&body::Text {
        text: text.to_owned(),
        ..body::Text::default()
    })
}

async fn befriend(node: &Node, peer: AccountId) {
    let contact = Contact {
        network: NetworkId::PUBLIC,
        account: peer,
        name: "Friend".to_owned(),
        kind: "human".to_owned(),
        alias: None,
        relation: Relation::Accepted,
        since: node.now(),
        is_verified: false,
        last_seen: None,
        tombstone: None,
    };
    let change = ContactChange {
        contact,
        expected: Expected::NoContact,
        cause: None,
        invite: None,
        certificates: Vec::new(),
        outgoing: Vec::new(),
        at: node.now(),
    };
    node.store().change_contact(change).await.unwrap();
}

async fn texts(node: &Node, peer: AccountId) -> Vec<String> {
    let page = Page {
        before: None,
        limit: 200,
    };
    let list = node
        .messages_list(None, peer, page)
        .await
        .unwrap_or_default();
    list.into_iter().map(|message| message.text).collect()
}

async fn state_of(node: &Node, peer: AccountId, id: MessageId) -> MessageState {
    node.message(NetworkId::PUBLIC, peer, id)
        .await
        .unwrap()
        .state
}

#[tokio::test]
async fn a_text_is_stored_once_and_signed_for_each_time() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let arrival = bob.sends(&alice, Kind::Text, text("hello"));

    let first = on_text(&alice, &arrival).await.unwrap();
    let second = on_text(&alice, &arrival).await.unwrap();

    assert_eq!(first.body, second.body, "the same receipt");
    assert_eq!(
        body::decode(&first.body),
        Some(body::Receipt {
            id: arrival.envelope.id
        }),
        "for this very message"
    );
    assert_eq!(texts(&alice, bob.id()).await, ["hello"]);
    assert_eq!(alice.conversations_list(None).await.unwrap()[0].unread, 1);
    alice.stop().await;
}

#[tokio::test]
async fn bad_texts_are_refused_and_leave_nothing() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let bad_utf8 = vec![0xa1, 0x01, 0x62, 0xff, 0xfe];
    let long = text(&"a".repeat(MAX_TEXT + 1));

    for body in [
        Vec::new(),
        bad_utf8,
        long,
        text(""),
        text(" \n "),
        vec![0xff; 100],
    ] {
        let arrival = bob.sends(&alice, Kind::Text, body);
        let refused = on_text(&alice, &arrival).await.unwrap_err();
        assert_eq!(refused, Refusal::Invalid);
    }

    assert_eq!(alice.conversations_list(None).await.unwrap(), []);
    alice.stop().await;
}

#[tokio::test]
async fn a_store_that_cannot_write_leaves_the_message_with_its_sender() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let arrival = bob.sends(&alice, Kind::Text, text("hello"));
    alice.store().close().await;

    let refused = on_text(&alice, &arrival).await.unwrap_err();

    assert_eq!(refused, Refusal::Busy, "it is asked again later, not lost");
    alice.stop().await;
}

#[tokio::test]
async fn sending_is_refused_for_strangers_and_bad_texts() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2).id());
    let public = Some(NetworkId::PUBLIC);

    let stranger = alice
        .message_send(public, bob, "hello".to_owned(), None)
        .await;
    befriend(&alice, bob).await;
    let empty = alice.message_send(public, bob, "  ".to_owned(), None).await;
    let long = alice
        .message_send(public, bob, "a".repeat(MAX_TEXT + 1), None)
        .await;
    let unknown = Some(MessageId::new(alice.now(), [9; 10]));
    let answer = alice
        .message_send(public, bob, "hello".to_owned(), unknown)
        .await;

    let codes = [stranger, empty, long, answer].map(|outcome| outcome.unwrap_err().code());
    assert_eq!(
        codes,
        ["denied", "invalid_arguments", "too_large", "not_found"]
    );
    assert_eq!(texts(&alice, bob).await, Vec::<String>::new());
    alice.stop().await;
}

#[tokio::test]
async fn what_is_sent_waits_in_the_store_with_its_envelope() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2).id());
    befriend(&alice, bob).await;

    let sent = alice
        .message_send(None, bob, "hello".to_owned(), None)
        .await
        .unwrap();

    assert_eq!(sent.state, MessageState::Queued);
    let waiting = alice.store().outbox(NetworkId::PUBLIC).await.unwrap();
    assert_eq!(
        waiting.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [sent.id]
    );
    assert!(
        alice
            .store()
            .outbox_envelope(sent.id)
            .await
            .unwrap()
            .is_some()
    );
    alice.stop().await;
}

fn edit(target: MessageId, text: &str, revision: u32) -> Vec<u8> {
    body::encode(&body::Edit {
        target,
        text: text.to_owned(),
        revision,
    })
}

fn react(target: MessageId, emoji: &str, revision: u32) -> Vec<u8> {
    body::encode(&body::React {
        target,
        emoji: emoji.to_owned(),
        revision,
    })
}

fn of(id: MessageId) -> MessageRef {
    MessageRef {
        id,
        network: None,
        peer: None,
    }
}

#[tokio::test]
async fn acts_of_others_are_taken_once_and_signed_for_each_time() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let arrival = bob.sends(&alice, Kind::Text, text("helo"));
    let id = arrival.envelope.id;
    on_text(&alice, &arrival).await.unwrap();

    let edited = bob.sends(&alice, Kind::Edit, edit(id, "hello", 1));
    let reacted = bob.sends(&alice, Kind::React, react(id, "👍", 1));
    for _ in 0..2 {
        let receipt = on_edit(&alice, &edited).await.unwrap();
        assert_eq!(
            body::decode(&receipt.body),
            Some(body::Receipt {
                id: edited.envelope.id
            })
        );
        on_react(&alice, &reacted).await.unwrap();
    }

    let shown = alice
        .message(NetworkId::PUBLIC, bob.id(), id)
        .await
        .unwrap();
    assert_eq!(
        (shown.text.as_str(), shown.edited_at.is_some()),
        ("hello", true)
    );
    assert_eq!(shown.reactions.len(), 1);

    let deleted = body::encode(&body::Delete { target: id });
    on_delete(&alice, &bob.sends(&alice, Kind::Delete, deleted))
        .await
        .unwrap();
    let shown = alice
        .message(NetworkId::PUBLIC, bob.id(), id)
        .await
        .unwrap();
    assert!(shown.text.is_empty() && shown.deleted_at.is_some() && shown.reactions.is_empty());
    alice.stop().await;
}

#[tokio::test]
async fn acts_that_make_no_sense_are_refused() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let ours = alice
        .message_send(None, bob.id(), "mine".to_owned(), None)
        .await
        .unwrap()
        .id;

    for (kind, body, word) in [
        (Kind::Edit, edit(ours, "forged", 1), Refusal::Denied),
        (Kind::Edit, edit(ours, "  ", 1), Refusal::Invalid),
        (
            Kind::Edit,
            edit(ours, &"a".repeat(MAX_TEXT + 1), 1),
            Refusal::Invalid,
        ),
        (Kind::Edit, vec![0xff], Refusal::Invalid),
        (
            Kind::React,
            react(ours, "not an emoji", 1),
            Refusal::Invalid,
        ),
        (Kind::React, react(ours, "👍👍", 1), Refusal::Invalid),
        (Kind::React, vec![], Refusal::Invalid),
        (
            Kind::Delete,
            body::encode(&body::Delete { target: ours }),
            Refusal::Denied,
        ),
        (Kind::Delete, vec![0xa0], Refusal::Invalid),
    ] {
        let arrival = bob.sends(&alice, kind, body);
        let refused = if kind == Kind::Edit {
            on_edit(&alice, &arrival).await
        } else if kind == Kind::React {
            on_react(&alice, &arrival).await
        } else {
            on_delete(&alice, &arrival).await
        };
        assert_eq!(refused.unwrap_err(), word, "{kind:?}");
    }

    assert_eq!(texts(&alice, bob.id()).await, ["mine"]);
    alice.stop().await;
}

#[tokio::test]
async fn acts_of_ours_are_durable_before_they_are_sent() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let theirs = bob.sends(&alice, Kind::Text, text("hello"));
    on_text(&alice, &theirs).await.unwrap();
    let theirs = theirs.envelope.id;
    let ours = alice
        .message_send(None, bob.id(), "helo".to_owned(), None)
        .await
        .unwrap()
        .id;

    let edited = alice
        .message_edit(of(ours), "hello".to_owned())
        .await
        .unwrap();
    let reacted = alice
        .message_react(of(theirs), "🎉".to_owned())
        .await
        .unwrap();
    let same = alice
        .message_react(of(theirs), "🎉".to_owned())
        .await
        .unwrap();

    assert_eq!(
        (edited.text.as_str(), edited.change),
        ("hello", Some(ChangeState::Queued))
    );
    assert_eq!(reacted.reactions[0].peer, alice.me().account);
    assert_eq!(same, reacted, "what is so already is not sent again");
    let kinds: Vec<u16> = alice
        .store()
        .outbox(NetworkId::PUBLIC)
        .await
        .unwrap()
        .iter()
        .map(|entry| entry.kind)
        .collect();
    assert_eq!(
        kinds,
        [Kind::Text as u16, Kind::Edit as u16, Kind::React as u16]
    );

    let codes = [
        alice.message_edit(of(theirs), "forged".to_owned()).await,
        alice.message_react(of(theirs), "no".to_owned()).await,
        alice
            .message_delete(of(MessageId::new(alice.now(), [9; 10])), false)
            .await,
    ]
    .map(|outcome| outcome.unwrap_err().code());
    assert_eq!(codes, ["denied", "invalid_arguments", "not_found"]);
    alice.stop().await;
}

#[tokio::test]
async fn what_another_wrote_is_deleted_here_only() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let theirs = bob.sends(&alice, Kind::Text, text("hello"));
    on_text(&alice, &theirs).await.unwrap();

    let deleted = alice
        .message_delete(of(theirs.envelope.id), false)
        .await
        .unwrap();
    let again = alice
        .message_delete(of(theirs.envelope.id), false)
        .await
        .unwrap();

    assert!(deleted.is_deleted_here && deleted.text.is_empty());
    assert_eq!(again, deleted);
    assert_eq!(alice.store().outbox(NetworkId::PUBLIC).await.unwrap(), []);
    assert_eq!(
        alice
            .message_react(of(theirs.envelope.id), "👍".to_owned())
            .await
            .unwrap_err()
            .code(),
        "not_found",
        "nothing is said to what is deleted"
    );
    alice.stop().await;
}

#[tokio::test]
async fn a_conversation_that_is_marked_as_unread_is_read_by_opening_it() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let mark = ChoicesChange {
        is_marked_unread: Some(true),
        draft: Some("Dear Bob".to_owned()),
        ..ChoicesChange::default()
    };

    let marked = alice.conversation_set(None, bob.id(), mark).await.unwrap();
    alice.conversation_read(None, bob.id()).await.unwrap();

    assert!(marked.choices.is_marked_unread);
    let shown = alice
        .conversation(NetworkId::PUBLIC, bob.id())
        .await
        .unwrap();
    assert!(!shown.choices.is_marked_unread);
    assert_eq!(shown.choices.draft, "Dear Bob");
    let long = ChoicesChange {
        draft: Some("a".repeat(MAX_TEXT + 1)),
        ..ChoicesChange::default()
    };
    let refused = alice.conversation_set(None, bob.id(), long).await;
    assert_eq!(refused.unwrap_err().code(), "too_large");
    alice.stop().await;
}

#[tokio::test]
async fn writing_is_told_and_heard_only_where_that_is_wanted() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let mut events = alice.subscribe();
    let notice = |is_typing| body::encode(&body::Typing { is_typing });

    on_typing(&alice, &bob.sends(&alice, Kind::Typing, notice(true)))
        .await
        .unwrap();
    let heard = events.recv().await.unwrap();
    let off = [("typing".to_owned(), serde_json::json!(false))];
    alice.set_settings(off.into()).await.unwrap();
    on_typing(&alice, &bob.sends(&alice, Kind::Typing, notice(false)))
        .await
        .unwrap();
    let invalid = on_typing(&alice, &bob.sends(&alice, Kind::Typing, vec![0xa0])).await;

    assert!(matches!(heard, crate::Event::Typing { peer, .. } if peer == bob.id()));
    assert!(events.try_recv().is_err(), "nothing more is told");
    assert_eq!(invalid.unwrap_err(), Refusal::Invalid);
    alice
        .conversation_typing(None, bob.id(), true)
        .await
        .unwrap();
    alice.stop().await;
}

#[tokio::test]
async fn whoever_does_not_tell_what_was_read_is_not_told_either() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let sent = alice
        .message_send(None, bob.id(), "hello".to_owned(), None)
        .await
        .unwrap()
        .id;
    let off = [("read_receipts".to_owned(), serde_json::json!(false))];
    alice.set_settings(off.into()).await.unwrap();

    let read = body::encode(&body::Read { through: sent });
    let answer = on_read(&alice, &bob.sends(&alice, Kind::Read, read.clone())).await;
    let hidden = state_of(&alice, bob.id(), sent).await;
    let on = [("read_receipts".to_owned(), serde_json::json!(true))];
    alice.set_settings(on.into()).await.unwrap();
    on_read(&alice, &bob.sends(&alice, Kind::Read, read))
        .await
        .unwrap();

    assert!(answer.is_ok(), "its sender is not kept busy");
    assert_eq!(hidden, MessageState::Queued);
    assert_eq!(state_of(&alice, bob.id(), sent).await, MessageState::Read);
    alice.stop().await;
}

#[tokio::test]
async fn after_a_restart_the_outbox_is_taken_up_again() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2).id());
    befriend(&alice, bob).await;
    alice
        .message_send(None, bob, "hello".to_owned(), None)
        .await
        .unwrap();
    alice.0.chat.forget(NetworkId::PUBLIC);

    start(&alice).await;

    assert_eq!(alice.0.chat.recipients(NetworkId::PUBLIC), [bob].into());
    alice.stop().await;
}

#[tokio::test]
async fn giving_up_an_account_fails_what_waits_for_it() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2).id());
    befriend(&alice, bob).await;
    let sent = alice
        .message_send(None, bob, "hello".to_owned(), None)
        .await
        .unwrap();

    abandon(&alice, NetworkId::PUBLIC, bob);

    until(&alice, "it failed", async |alice| {
        state_of(alice, bob, sent.id).await == MessageState::Failed
    })
    .await;
    assert_eq!(alice.store().outbox(NetworkId::PUBLIC).await.unwrap(), []);
    alice.stop().await;
}

#[tokio::test]
async fn the_words_for_states_mean_the_same_in_the_store() {
    for state in [
        State::Queued,
        State::Sent,
        State::Failed,
        State::Delivered,
        State::Read,
    ] {
        let stored = courier::carry::stored(state);

        assert_eq!(courier::carry::state_of(stored), state);
        assert_eq!(stored.as_str(), state.as_str());
    }
}

#[tokio::test]
async fn members_write_to_each_other_without_asking_until_one_is_removed() {
    let alice = Person::new(1).start("Alice").await;
    let bob = Person::new(2).start("Bob").await;
    let (a, b) = (alice.me().account, bob.me().account);
    let home = alice
        .network_create("Home".parse().unwrap())
        .await
        .unwrap()
        .network;
    alice
        .member_add(home, b, "Bob".parse().unwrap(), Role::Member)
        .await
        .unwrap();
    let link = alice.network_link(home).unwrap();
    bob.network_join(&link).await.unwrap();
    until(&bob, "Bob is in", async |bob| {
        bob.contact(home, a)
            .await
            .is_ok_and(|alice| alice.presence == crate::Presence::Online)
    })
    .await;

    let sent = bob
        .message_send(None, a, "hello".to_owned(), None)
        .await
        .unwrap();
    until(&bob, "Alice has it", async |bob| {
        bob.message(home, a, sent.id).await.unwrap().state == MessageState::Delivered
    })
    .await;
    let shown = alice.contacts_list(Some(home)).await.unwrap();
    assert_eq!(
        shown
            .iter()
            .map(|view| view.name.as_str())
            .collect::<Vec<_>>(),
        ["Bob"]
    );
    assert_eq!(
        alice.contacts_list(Some(NetworkId::PUBLIC)).await.unwrap(),
        []
    );
    assert_eq!(
        alice.conversations_list(None).await.unwrap()[0].title,
        "Bob"
    );

    bob.stop().await;
    let waiting = alice
        .message_send(Some(home), b, "too late".to_owned(), None)
        .await
        .unwrap();
    alice.member_remove(home, b).await.unwrap();

    until(&alice, "it is given up", async |alice| {
        alice.message(home, b, waiting.id).await.unwrap().state == MessageState::Failed
    })
    .await;
    let refused = alice
        .message_send(Some(home), b, "hello?".to_owned(), None)
        .await;
    assert_eq!(refused.unwrap_err().code(), "denied");
    alice.stop().await;
}

mod gaps;
mod order;
