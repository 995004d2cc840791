//! Messages, conversations and the outbox.

use std::time::Duration;

use proptest::prelude::*;
use streembit_identity::Timestamp;
use streembit_store::{
    Arrived, Direction, MAX_PAGE, Message, MessageState, Page, Place, SEEN_FOR, Store, Stretch,
};

use crate::support::*;

#[tokio::test]
async fn a_sent_message_waits_in_the_outbox_with_its_envelope() {
    let store = memory().await;

    let message = store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    assert_eq!(message.state, MessageState::Queued);
    let waiting = store.outbox(NETWORK).await.unwrap();
    assert_eq!(
        waiting.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [id(1)]
    );
    assert_eq!(
        store.outbox_envelope(id(1)).await.unwrap(),
        Some(vec![1; 200])
    );
    assert!(
        store.outbox(home()).await.unwrap().is_empty(),
        "networks share nothing"
    );
}

#[tokio::test]
async fn the_outbox_keeps_the_order_in_which_things_were_queued() {
    let store = memory().await;
    for n in [5, 3, 9, 1] {
        store.insert_outgoing(outgoing(n, bob())).await.unwrap();
    }
    store.enqueue(item(7, account(3))).await.unwrap();

    let order: Vec<_> = store
        .outbox(NETWORK)
        .await
        .unwrap()
        .iter()
        .map(|entry| entry.id)
        .collect();

    assert_eq!(order, [id(5), id(3), id(9), id(1), id(7)]);
}

#[tokio::test]
async fn the_same_envelope_is_stored_once() {
    let store = memory().await;

    let first = store.insert_incoming(incoming(1, bob())).await.unwrap();
    let again = store.insert_incoming(incoming(1, bob())).await.unwrap();
    let other = store
        .insert_incoming(incoming(1, account(3)))
        .await
        .unwrap();

    assert!(matches!(first, Arrived::New(_)));
    assert_eq!(again, Arrived::Duplicate);
    assert!(
        matches!(other, Arrived::New(_)),
        "ids belong to their senders"
    );
    assert_eq!(
        store
            .messages(NETWORK, bob(), Page::default())
            .await
            .unwrap()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_id_is_remembered_for_thirty_days_even_without_its_message() {
    let store = memory().await;
    store.insert_incoming(incoming(1, bob())).await.unwrap();
    store.remove_conversation(NETWORK, bob()).await.unwrap();

    let mut replay = incoming(1, bob());
    replay.received_at = NOW.plus(Duration::from_secs(30 * 24 * 60 * 60));
    let replayed = store.insert_incoming(replay.clone()).await.unwrap();
    replay.received_at = NOW.plus(SEEN_FOR + Duration::from_secs(1));
    store
        .insert_incoming(incoming_at(2, replay.received_at))
        .await
        .unwrap();

    assert_eq!(replayed, Arrived::Duplicate);
    assert!(
        !store.was_seen(bob(), id(1)).await.unwrap(),
        "then it is forgotten"
    );
}

fn incoming_at(n: u32, at: Timestamp) -> streembit_store::IncomingMessage {
    streembit_store::IncomingMessage {
        received_at: at,
        ..incoming(n, bob())
    }
}

#[tokio::test]
async fn a_peer_cannot_replace_our_message_with_its_own() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    let arrived = store.insert_incoming(incoming(1, bob())).await.unwrap();

    assert_eq!(arrived, Arrived::Duplicate);
    let kept = store.message(NETWORK, bob(), id(1)).await.unwrap().unwrap();
    assert_eq!(kept.from, me());
}

#[tokio::test]
async fn a_delivered_message_leaves_the_outbox() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    store
        .record_outgoing(bob(), None, id(1), MessageState::Sent, None)
        .await
        .unwrap();
    let waiting = store.outbox(NETWORK).await.unwrap();
    store
        .record_outgoing(bob(), None, id(1), MessageState::Delivered, None)
        .await
        .unwrap();

    assert_eq!(waiting[0].state, MessageState::Sent);
    assert!(store.outbox(NETWORK).await.unwrap().is_empty());
}

#[tokio::test]
async fn only_the_recipient_can_move_a_message_on() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    let changed = store
        .record_outgoing(account(3), None, id(1), MessageState::Read, None)
        .await
        .unwrap();

    assert_eq!(changed, None);
    assert_eq!(store.outbox(NETWORK).await.unwrap().len(), 1);
}

#[tokio::test]
async fn pages_go_back_to_the_beginning_without_gaps() {
    let store = memory().await;
    for n in 0..120 {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
        store
            .insert_incoming(incoming(n, account(3)))
            .await
            .unwrap();
    }

    let mut before = None;
    let mut texts = Vec::new();
    loop {
        let page = Page { before, limit: 50 };
        let messages = store.messages(NETWORK, bob(), page).await.unwrap().unwrap();
        let Some(first) = messages.first() else { break };
        before = Some(first.id);
        texts.splice(0..0, messages.iter().map(|message| message.text.clone()));
    }

    let expected: Vec<_> = (0..120).map(|n| format!("message {n}")).collect();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn a_conversation_is_read_from_any_place_both_ways() {
    let store = memory().await;
    for n in 0..100 {
        for from in [bob(), account(3)] {
            let mut message = incoming(n, from);
            message.sent_at.0 += u64::from(n);
            store.insert_incoming(message).await.unwrap();
        }
    }
    let since = |n: u64| Place::At(Timestamp(NOW.0 + n));

    for (place, texts) in [
        (Place::Newest, 90..100),
        (Place::Before(id(40)), 30..40),
        (Place::Before(id(4)), 0..4),
        (Place::After(id(40)), 41..51),
        (Place::After(id(97)), 98..100),
        (Place::Around(id(40)), 35..45),
        (Place::Around(id(0)), 0..5),
        (since(40), 35..45),
        (Place::At(Timestamp(0)), 0..5),
        (since(1_000), 90..100),
    ] {
        let stretch = Stretch { place, limit: 10 };
        let found = store.messages(NETWORK, bob(), stretch).await.unwrap();

        let found: Vec<_> = found.unwrap().into_iter().map(|it| it.text).collect();
        let expected: Vec<_> = texts.map(|n| format!("message {n}")).collect();
        assert_eq!(found, expected, "{place:?}");
    }
}

#[tokio::test]
async fn a_conversation_is_read_up_to_what_was_seen() {
    let store = memory().await;
    for n in 1..=5 {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
    }
    store.insert_outgoing(outgoing(6, bob())).await.unwrap();

    let through = store
        .last_unread(NETWORK, bob(), Some(id(3)))
        .await
        .unwrap();
    store
        .mark_read(NETWORK, bob(), through.unwrap(), None)
        .await
        .unwrap();
    let rest = store.conversations(None).await.unwrap();
    let again = store
        .last_unread(NETWORK, bob(), Some(id(2)))
        .await
        .unwrap();
    let all = store
        .last_unread(NETWORK, bob(), Some(id(6)))
        .await
        .unwrap();
    let nowhere = store
        .last_unread(NETWORK, bob(), Some(id(99)))
        .await
        .unwrap();

    assert_eq!(through, Some(id(3)));
    assert_eq!((rest[0].unread, rest[0].first_unread), (2, Some(id(4))));
    assert_eq!((again, all, nowhere), (None, Some(id(5)), None));
}

#[tokio::test]
async fn a_page_is_bounded_and_an_unknown_place_is_told() {
    let store = memory().await;
    for n in 0..=MAX_PAGE {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
    }

    let page = Page {
        before: None,
        limit: u32::MAX,
    };
    let messages = store.messages(NETWORK, bob(), page).await.unwrap().unwrap();
    let nowhere = Page {
        before: Some(id(9999)),
        limit: 1,
    };

    assert_eq!(messages.len(), MAX_PAGE as usize);
    assert_eq!(store.messages(NETWORK, bob(), nowhere).await.unwrap(), None);
}

#[tokio::test]
async fn a_conversation_counts_what_is_unread_and_one_receipt_tells_it() {
    let store = memory().await;
    for n in 1..=3 {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
    }
    store.insert_outgoing(outgoing(4, bob())).await.unwrap();

    let before = store.conversations(None).await.unwrap();
    let last = store.last_unread(NETWORK, bob(), None).await.unwrap();
    let news = store
        .mark_read(NETWORK, bob(), id(3), Some(item(50, bob())))
        .await
        .unwrap();
    let again = store
        .mark_read(NETWORK, bob(), id(3), Some(item(51, bob())))
        .await
        .unwrap();

    assert_eq!(
        (before[0].unread, before[0].last.as_ref().unwrap().id),
        (3, id(4))
    );
    assert_eq!(last, Some(id(3)));
    assert_eq!((news, again), (true, false));
    assert_eq!(store.conversations(None).await.unwrap()[0].unread, 0);
    let waiting: Vec<_> = store
        .outbox(NETWORK)
        .await
        .unwrap()
        .iter()
        .map(|entry| entry.id)
        .collect();
    assert_eq!(waiting, [id(4), id(50)]);
    assert_eq!(store.last_unread(NETWORK, bob(), None).await.unwrap(), None);
}

#[tokio::test]
async fn reading_up_to_a_message_leaves_later_ones_unread() {
    let store = memory().await;
    for n in 1..=3 {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
    }

    store.mark_read(NETWORK, bob(), id(2), None).await.unwrap();

    assert_eq!(
        store.conversations(Some(NETWORK)).await.unwrap()[0].unread,
        1
    );
    assert_eq!(
        store.last_unread(NETWORK, bob(), None).await.unwrap(),
        Some(id(3))
    );
}

#[tokio::test]
async fn their_receipt_makes_everything_before_it_read_once() {
    let store = memory().await;
    for n in 1..=3 {
        store.insert_outgoing(outgoing(n, bob())).await.unwrap();
    }
    deliver(&store, 1).await;

    let read = store
        .receive_read(NETWORK, bob(), id(90), id(2), NOW)
        .await
        .unwrap();
    let again = store
        .receive_read(NETWORK, bob(), id(90), id(3), NOW)
        .await
        .unwrap();

    assert_eq!(
        read.iter().map(|message| message.id).collect::<Vec<_>>(),
        [id(1), id(2)]
    );
    assert!(again.is_empty(), "the same envelope says nothing new");
    assert_eq!(store.outbox(NETWORK).await.unwrap().len(), 1);
}

async fn deliver(store: &Store, n: u32) {
    let state = MessageState::Delivered;
    let moved = store.record_outgoing(bob(), None, id(n), state, None).await;
    moved.unwrap();
}

#[tokio::test]
async fn their_receipt_says_nothing_of_what_never_arrived() {
    let store = memory().await;
    for n in 1..=4 {
        store.insert_outgoing(outgoing(n, bob())).await.unwrap();
    }
    store.insert_incoming(incoming(5, bob())).await.unwrap();
    let failed = Some("removed".to_owned());
    let state = MessageState::Failed;
    let given_up = store
        .record_outgoing(bob(), None, id(1), state, failed)
        .await;
    given_up.unwrap();
    deliver(&store, 3).await;

    for (cause, through) in [(90, 5), (91, 3)] {
        let taken = store.receive_read(NETWORK, bob(), id(cause), id(through), NOW);
        taken.await.unwrap();
    }

    let mut states = Vec::new();
    for n in 1..=4 {
        let message = store.message(NETWORK, bob(), id(n)).await.unwrap();
        states.push(message.unwrap().state);
    }
    let queued = MessageState::Queued;
    assert_eq!(states, [state, queued, MessageState::Read, queued]);
    let waiting = store.outbox(NETWORK).await.unwrap();
    assert_eq!(waiting.len(), 2, "what was not signed for still goes");
}

fn state() -> impl Strategy<Value = MessageState> {
    prop::sample::select(vec![
        MessageState::Queued,
        MessageState::Sent,
        MessageState::Failed,
        MessageState::Delivered,
        MessageState::Read,
    ])
}

/// Something that happens in a conversation.
#[derive(Clone, Debug)]
enum Step {
    Receive(u32),
    Send(u32),
    Read(u32),
    TheyRead(u32),
}

fn step() -> impl Strategy<Value = Step> {
    (0..4, 0..24_u32).prop_map(|(kind, n)| match kind {
        0 => Step::Receive(n),
        1 => Step::Send(n + 100),
        2 => Step::Read(n),
        _ => Step::TheyRead(n + 100),
    })
}

async fn take(store: &Store, step: Step, cause: u32) {
    match step {
        Step::Receive(n) => drop(store.insert_incoming(incoming(n, bob())).await.unwrap()),
        Step::Send(n) => drop(store.insert_outgoing(outgoing(n, bob())).await), // the same id fails
        Step::Read(n) => drop(store.mark_read(NETWORK, bob(), id(n), None).await.unwrap()),
        Step::TheyRead(n) => {
            drop(
                store
                    .receive_read(NETWORK, bob(), id(cause), id(n), NOW)
                    .await
                    .unwrap(),
            );
        }
    }
}

/// What the conversation must look like, worked out from its messages alone.
async fn agrees(store: &Store, read_through: u64) {
    let page = Page {
        before: None,
        limit: MAX_PAGE,
    };
    let messages = store.messages(NETWORK, bob(), page).await.unwrap().unwrap();
    let conversations = store.conversations(None).await.unwrap();
    assert_eq!(
        conversations.first().and_then(|talk| talk.last.as_ref()),
        messages.last()
    );
    let news =
        |message: &&Message| message.direction == Direction::In && message.order > read_through;
    let unread = messages.iter().filter(news).count() as u64;
    assert_eq!(conversations.first().map_or(0, |talk| talk.unread), unread);
    let waiting: Vec<_> = store
        .outbox(NETWORK)
        .await
        .unwrap()
        .iter()
        .map(|entry| entry.id)
        .collect();
    let unsent = messages
        .iter()
        .filter(|message| message.state == MessageState::Queued);
    assert_eq!(
        waiting,
        unsent.map(|message| message.id).collect::<Vec<_>>()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_counted_is_what_is_stored(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = memory().await;
            let mut read_through = 0;
            for (step, cause) in steps.into_iter().zip(1000..) {
                if let Step::Read(n) = step
                    && let Some(message) = store.message(NETWORK, bob(), id(n)).await.unwrap()
                {
                    read_through = read_through.max(message.order);
                }
                take(&store, step, cause).await;
                agrees(&store, read_through).await;
            }
        });
    }

    #[test]
    fn states_never_go_back(states in prop::collection::vec(state(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store: Store = memory().await;
            store.insert_outgoing(outgoing(1, bob())).await.unwrap();
            let mut highest = MessageState::Queued;
            for state in states {
                store.record_outgoing(bob(), None, id(1), state, Some("why".to_owned())).await.unwrap();
                highest = highest.max(state);
                let message = store.message(NETWORK, bob(), id(1)).await.unwrap().unwrap();
                assert_eq!(message.state, highest);
                assert_eq!(message.failure.is_some(), highest == MessageState::Failed);
                let waits = !store.outbox(NETWORK).await.unwrap().is_empty();
                assert_eq!(waits, highest < MessageState::Failed);
            }
        });
    }
}
