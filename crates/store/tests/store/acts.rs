//! Reactions, edits and deletions of messages.

use proptest::prelude::*;
use streembit_identity::AccountId;
use streembit_store::{Act, Acted, Arrived, Deed, MAX_EARLY, Message, MessageState, Store};

use crate::support::*;

fn act(n: u32, by: AccountId, target: u32, deed: Deed) -> Act {
    Act {
        id: id(n),
        network: NETWORK,
        peer: bob().into(),
        by,
        target: id(target),
        at: later(n.into()),
        deed,
    }
}

fn edit(text: &str, revision: u32) -> Deed {
    Deed::Edit {
        text: text.to_owned(),
        revision,
    }
}

fn react(emoji: &str, revision: u32) -> Deed {
    Deed::React {
        emoji: emoji.to_owned(),
        revision,
    }
}

async fn take(store: &Store, act: Act) -> Acted {
    store.take_act(act, NOW).await.unwrap()
}

async fn shown(store: &Store, n: u32) -> Message {
    store.message(NETWORK, bob(), id(n)).await.unwrap().unwrap()
}

fn emoji(message: &Message) -> Vec<&str> {
    let reactions = message.changes.reactions.iter();
    reactions
        .map(|reaction| reaction.emoji.as_str())
        .filter(|emoji| !emoji.is_empty())
        .collect()
}

#[tokio::test]
async fn an_edit_of_ours_is_stored_with_its_envelope_and_waits_for_the_receipt() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    let acted = store
        .act(act(2, me(), 1, edit("better", 1)), item(2, bob()))
        .await
        .unwrap();

    let Acted::Changed(message) = acted else {
        panic!("{acted:?}")
    };
    assert_eq!(message.text, "better");
    assert_eq!(message.changes.edited_at, Some(later(2)));
    assert_eq!(message.changes.unconfirmed, Some(id(2)));
    let waiting = store.outbox(NETWORK).await.unwrap();
    assert_eq!(
        waiting.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [id(1), id(2)]
    );

    let confirmed = store
        .record_outgoing(bob(), None, id(2), MessageState::Delivered, None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        confirmed.id,
        id(1),
        "the receipt of an act changes its message"
    );
    assert_eq!(confirmed.changes.unconfirmed, None);
    assert_eq!(confirmed.state, MessageState::Queued);
}

#[tokio::test]
async fn an_act_that_will_not_arrive_is_told_on_its_message() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();
    let edit = act(2, me(), 1, edit("better", 1));
    store.act(edit, item(2, bob())).await.unwrap();

    let failed = store
        .record_outgoing(bob(), None, id(2), MessageState::Failed, None)
        .await
        .unwrap()
        .unwrap();

    assert!(failed.changes.is_failed);
    assert_eq!(failed.text, "better");
}

#[tokio::test]
async fn only_its_author_edits_or_deletes_a_message() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();
    store.insert_incoming(incoming(2, bob())).await.unwrap();

    for deed in [edit("forged", 1), Deed::Delete] {
        let theirs = take(&store, act(3, bob(), 1, deed.clone())).await;
        let ours = store
            .act(act(4, me(), 2, deed), item(4, bob()))
            .await
            .unwrap();

        assert_eq!((theirs, ours), (Acted::NotTheirs, Acted::NotTheirs));
    }

    assert_eq!(shown(&store, 1).await.text, "message 1");
    assert_eq!(shown(&store, 2).await.text, "message 2");
    assert_eq!(store.outbox(NETWORK).await.unwrap().len(), 1);
}

#[tokio::test]
async fn everyone_has_one_reaction_to_a_message() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    take(&store, act(2, bob(), 1, react("👍", 1))).await;
    let ours = act(3, me(), 1, react("🎉", 1));
    store.act(ours, item(3, bob())).await.unwrap();
    take(&store, act(4, bob(), 1, react("❤️", 2))).await;
    assert_eq!(emoji(&shown(&store, 1).await), ["❤️", "🎉"]);

    take(&store, act(5, bob(), 1, react("", 3))).await;
    let late = take(&store, act(6, bob(), 1, react("👎", 2))).await;

    assert_eq!(late, Acted::Unchanged);
    assert_eq!(emoji(&shown(&store, 1).await), ["🎉"]);
}

#[tokio::test]
async fn a_deleted_message_leaves_a_place_without_words() {
    let store = memory().await;
    store.insert_incoming(incoming(1, bob())).await.unwrap();
    take(&store, act(2, bob(), 1, edit("secret", 1))).await;
    let ours = act(3, me(), 1, react("👍", 1));
    store.act(ours, item(3, bob())).await.unwrap();

    take(&store, act(4, bob(), 1, Deed::Delete)).await;
    let again = take(&store, act(5, bob(), 1, edit("still here", 2))).await;

    let message = shown(&store, 1).await;
    assert_eq!(again, Acted::Unchanged);
    assert_eq!(
        (message.text.as_str(), message.changes.deleted_at),
        ("", Some(later(4)))
    );
    assert!(message.changes.reactions.is_empty() && !message.changes.is_deleted_here);
    assert_eq!(
        store.conversations(None).await.unwrap()[0]
            .last
            .as_ref()
            .unwrap()
            .id,
        id(1),
        "its place stays"
    );
}

#[tokio::test]
async fn a_message_that_never_left_is_withdrawn_when_it_is_deleted() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    store
        .act(act(2, me(), 1, Deed::Delete), item(2, bob()))
        .await
        .unwrap();

    let waiting = store.outbox(NETWORK).await.unwrap();
    assert_eq!(
        waiting.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [id(2)],
        "the word that it is gone goes out all the same"
    );
}

#[tokio::test]
async fn of_a_message_that_was_deleted_on_its_way_no_word_shows() {
    let store = memory().await;

    take(&store, act(2, bob(), 1, edit("secret", 1))).await;
    let early = take(&store, act(3, bob(), 1, Deed::Delete)).await;
    let late = take(&store, act(4, bob(), 1, edit("secret too", 2))).await;
    let arrived = store.insert_incoming(incoming(1, bob())).await.unwrap();

    assert_eq!((early, late), (Acted::Early, Acted::Early));
    assert!(matches!(arrived, Arrived::New(message) if message.text.is_empty()));
    let message = shown(&store, 1).await;
    assert_eq!(message.text, "");
    assert_eq!(message.changes.deleted_at, Some(later(3)));
}

#[tokio::test]
async fn words_that_nobody_signed_for_do_not_go_out_once_they_are_deleted() {
    let store = memory().await;
    let waiting = async || {
        let waiting = store.outbox(NETWORK).await.unwrap();
        waiting.iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();
    for (n, text) in [(2, "a secret"), (3, "another one")] {
        let ours = act(n, me(), 1, edit(text, n));
        store.act(ours, item(n, bob())).await.unwrap();
    }
    assert_eq!(waiting().await, [id(1), id(3)], "the later edit is enough");

    let sent = MessageState::Sent;
    let moved = store.record_outgoing(bob(), None, id(1), sent, None).await;
    moved.unwrap();
    let ours = act(4, me(), 1, Deed::Delete);
    store.act(ours, item(4, bob())).await.unwrap();

    assert_eq!(waiting().await, [id(4)]);
}

#[tokio::test]
async fn deleting_here_sends_nothing() {
    let store = memory().await;
    store.insert_incoming(incoming(1, bob())).await.unwrap();

    let deleted = store
        .delete_here(NETWORK, bob(), id(1), NOW)
        .await
        .unwrap()
        .unwrap();

    assert!(deleted.changes.is_deleted_here && deleted.text.is_empty());
    assert_eq!(store.outbox(NETWORK).await.unwrap(), []);
}

#[tokio::test]
async fn acts_that_wait_for_their_messages_are_bounded() {
    let store = memory().await;
    for n in 0..MAX_EARLY + 10 {
        let early = act(10_000 + n, bob(), n, edit("early", 1));
        assert_eq!(take(&store, early).await, Acted::Early);
    }

    for n in [0, MAX_EARLY + 9] {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
    }

    assert_eq!(shown(&store, 0).await.text, "message 0", "it was forgotten");
    assert_eq!(shown(&store, MAX_EARLY + 9).await.text, "early");
}

#[tokio::test]
async fn what_was_done_survives_a_restart_and_a_backup() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("streembit.db");
    let store = open(&path).await;
    store.insert_incoming(incoming(1, bob())).await.unwrap();
    take(&store, act(2, bob(), 1, edit("better", 1))).await;
    take(&store, act(3, bob(), 1, react("👍", 1))).await;
    take(&store, act(5, bob(), 4, edit("before its message", 1))).await;
    store.close().await;

    let store = open(&path).await;
    store.insert_incoming(incoming(4, bob())).await.unwrap();
    let message = shown(&store, 1).await;
    let restored = memory().await;
    restored
        .import(store.export().await.unwrap(), NOW)
        .await
        .unwrap();

    assert_eq!(
        (message.text.as_str(), emoji(&message)),
        ("better", vec!["👍"])
    );
    assert_eq!(shown(&store, 4).await.text, "before its message");
    assert_eq!(shown(&restored, 1).await.changes, message.changes);
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_arrival_ends_the_same(order in Just((0_usize..7).collect::<Vec<_>>()).prop_shuffle()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = memory().await;
            for step in order {
                match step {
                    0 => drop(store.insert_incoming(incoming(1, bob())).await.unwrap()),
                    1 => drop(take(&store, act(2, bob(), 1, edit("second", 1))).await),
                    2 => drop(take(&store, act(3, bob(), 1, edit("third", 2))).await),
                    3 => drop(take(&store, act(4, bob(), 1, react("👍", 1))).await),
                    4 => drop(take(&store, act(5, bob(), 1, react("❤️", 2))).await),
                    // Both times that it comes.
                    _ => drop(take(&store, act(6, bob(), 1, edit("fourth", 3))).await),
                }
            }

            let message = shown(&store, 1).await;
            assert_eq!((message.text.as_str(), emoji(&message)), ("fourth", vec!["❤️"]));
        });
    }
}
