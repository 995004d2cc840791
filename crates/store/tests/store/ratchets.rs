//! Encryption state: moved on in one step with what was sent or received by it, and in no backup.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use streembit_store::{
    Act, Acted, Arrived, Deed, Encrypted, MAX_RATCHETS, Opening, OutboxItem, RatchetKey, Sealing,
    State, Store, StoreError,
};

use crate::support::*;

/// What a backup or a log must never show.
const SECRET: &[u8] = b"the state of a ratchet";

fn pair(n: u16) -> RatchetKey {
    RatchetKey {
        network: NETWORK,
        own: node(100),
        node: node(n),
        account: bob(),
    }
}

fn plain(n: u32) -> OutboxItem {
    OutboxItem {
        envelope: Vec::new(),
        body: Some(vec![n as u8; 20]),
        ..item(n, bob())
    }
}

fn secret() -> State {
    SECRET.to_vec().into()
}

/// Encrypts in session 1, as it were, and counts how often.
async fn send(store: &Store, n: u32, to: u16, count: &Arc<AtomicUsize>) -> Option<Vec<u8>> {
    let count = count.clone();
    let sent = store.outgoing(id(n), pair(to), NOW, move |waiting, _| {
        let turn = count.fetch_add(1, Ordering::Relaxed);
        let body = waiting.body.clone().ok_or(())?;
        Ok::<_, ()>(Sealing::Done(Box::new(Encrypted {
            envelope: [body.as_slice(), &[turn as u8]].concat(),
            body,
            session: [1; 32],
            state: secret(),
        })))
    });
    sent.await.ok()?.and_then(Result::ok)
}

fn opening(n: u32, step: impl FnOnce(Option<&[u8]>) -> Option<State> + Send + 'static) -> Opening {
    Opening {
        key: pair(1),
        id: id(n),
        at: NOW,
        step: Box::new(step),
    }
}

#[tokio::test]
async fn what_waits_is_encrypted_once_and_sent_again_as_it_is() {
    let store = memory().await;
    let count = Arc::default();
    store.enqueue(plain(1)).await.unwrap();
    assert_eq!(
        store.outbox_envelope(id(1)).await.unwrap(),
        Some(Vec::new())
    );

    let first = send(&store, 1, 1, &count).await.unwrap();
    let again = send(&store, 1, 1, &count).await.unwrap();

    assert_eq!(first, again);
    assert_eq!(count.load(Ordering::Relaxed), 1);
    assert_eq!(store.outbox_envelope(id(1)).await.unwrap(), Some(first));
    let before = store.before_opening(pair(1), id(9)).await.unwrap();
    assert_eq!(before.state, Some(secret()), "and the state moved on");
    assert_eq!(send(&store, 2, 1, &count).await, None, "that does not wait");
}

#[tokio::test]
async fn for_another_node_it_is_encrypted_anew() {
    let store = memory().await;
    let count = Arc::default();
    store.enqueue(plain(1)).await.unwrap();

    let first = send(&store, 1, 1, &count).await;
    let other = send(&store, 1, 2, &count).await;

    assert_ne!(first, other);
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn what_cannot_be_encrypted_changes_nothing() {
    let store = memory().await;
    store.enqueue(plain(1)).await.unwrap();

    let refused = store
        .outgoing(id(1), pair(1), NOW, |_, _| Err::<Sealing, _>("no keys"))
        .await;

    assert_eq!(refused.unwrap(), Some(Err("no keys")));
    assert_eq!(
        store.outbox_envelope(id(1)).await.unwrap(),
        Some(Vec::new())
    );
}

#[tokio::test]
async fn a_reset_has_what_still_waits_encrypted_anew() {
    let store = memory().await;
    let count = Arc::default();
    for n in 1..=2 {
        store.enqueue(plain(n)).await.unwrap();
        send(&store, n, 1, &count).await.unwrap();
    }

    let other = store.reset_session(pair(1), [2; 32], NOW, |_| None);
    other.await.unwrap();
    send(&store, 1, 1, &count).await.unwrap();
    assert_eq!(
        count.load(Ordering::Relaxed),
        2,
        "another session's end is none"
    );
    let this = store.reset_session(pair(1), [1; 32], NOW, |state| {
        assert_eq!(state, SECRET);
        Some(b"retired".to_vec().into())
    });
    this.await.unwrap();

    let before = store.before_opening(pair(1), id(9)).await.unwrap();
    assert_eq!(before.state.unwrap().as_slice(), b"retired");
    for n in 1..=2 {
        send(&store, n, 1, &count).await.unwrap();
    }
    assert_eq!(count.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn a_message_and_the_step_that_opened_it_are_stored_together_or_not_at_all() {
    let store = memory().await;

    let failed = store.opening(opening(1, |_| None));
    let refused = failed.insert_incoming(incoming(1, bob())).await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert!(!store.was_seen(bob(), id(1)).await.unwrap());
    let opened = store.opening(opening(1, |state| {
        assert_eq!(state, None);
        Some(secret())
    }));
    let arrived = opened.insert_incoming(incoming(1, bob())).await.unwrap();

    assert!(matches!(arrived, Arrived::New(_)));
    let before = store.before_opening(pair(1), id(1)).await.unwrap();
    assert!(before.is_seen);
    assert_eq!(before.state, Some(secret()));
    opened.finish_opening().await.unwrap();
}

#[tokio::test]
async fn an_act_that_is_not_theirs_to_do_moves_no_session_on() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();
    let forged = || Act {
        id: id(2),
        network: NETWORK,
        peer: bob().into(),
        by: bob(),
        target: id(1),
        at: NOW,
        deed: Deed::Delete,
    };

    for _ in 0..2 {
        let opened = store.opening(opening(2, |_| Some(secret())));
        let acted = opened.take_act(forged(), NOW).await.unwrap();
        assert_eq!(acted, Acted::NotTheirs);
    }

    let before = store.before_opening(pair(1), id(2)).await.unwrap();
    assert!(!before.is_seen);
    assert_eq!(before.state, None);
}

#[tokio::test]
async fn new_keys_give_up_what_was_begun_with_others() {
    let store = memory().await;
    let count = Arc::default();
    store.enqueue(plain(1)).await.unwrap();
    send(&store, 1, 1, &count).await.unwrap();

    let own = pair(1).own;
    store.begin_device_keys(own, secret()).await.unwrap();

    assert_eq!(store.device_keys(own).await.unwrap(), Some(secret()));
    assert!(
        store
            .ratchet_accounts(pair(1).network)
            .await
            .unwrap()
            .is_empty()
    );
    let envelope = store.outbox_envelope(id(1)).await.unwrap();
    assert_eq!(envelope, Some(Vec::new()), "it is encrypted anew");
}

#[tokio::test]
async fn what_was_seen_moves_no_session_on() {
    let store = memory().await;
    store.insert_incoming(incoming(1, bob())).await.unwrap();

    let again = store.opening(opening(1, |_| panic!("it was opened before")));
    let arrived = again.insert_incoming(incoming(1, bob())).await.unwrap();

    assert_eq!(arrived, Arrived::Duplicate);
}

#[tokio::test]
async fn a_step_that_no_change_took_along_is_made_in_the_end() {
    let store = memory().await;
    let opened = store.opening(opening(1, |_| Some(secret())));

    opened.finish_opening().await.unwrap();

    let before = store.before_opening(pair(1), id(1)).await.unwrap();
    assert_eq!(before.state, Some(secret()));
    assert!(before.is_seen, "it is signed for, and opened no more");
}

#[tokio::test]
async fn a_backup_never_holds_the_state_of_a_ratchet() {
    let store = memory().await;
    store.put_device_keys(node(100), secret()).await.unwrap();
    store.enqueue(plain(1)).await.unwrap();
    send(&store, 1, 1, &Arc::default()).await.unwrap();

    let backup = serde_json::to_vec(&store.export().await.unwrap()).unwrap();

    let words: Vec<String> = SECRET.iter().map(ToString::to_string).collect();
    for form in [SECRET.to_vec(), words.join(",").into_bytes()] {
        assert!(!backup.windows(form.len()).any(|part| part == form));
    }
    let restored = memory().await;
    let backup = serde_json::from_slice(&backup).unwrap();
    restored.import(backup, NOW).await.unwrap();
    assert_eq!(restored.device_keys(node(100)).await.unwrap(), None);
    let before = restored.before_opening(pair(1), id(9)).await.unwrap();
    assert_eq!(before.state, None);
}

#[tokio::test]
async fn whoever_is_forgotten_is_encrypted_for_no_more() {
    let store = memory().await;
    let count = Arc::default();
    store.enqueue(plain(1)).await.unwrap();
    send(&store, 1, 1, &count).await.unwrap();

    store.forget_ratchets(NETWORK, bob()).await.unwrap();

    let before = store.before_opening(pair(1), id(9)).await.unwrap();
    assert_eq!(before.state, None);
    assert_eq!(
        store.outbox_envelope(id(1)).await.unwrap(),
        Some(Vec::new())
    );

    send(&store, 1, 1, &count).await.unwrap();
    store.remove_contact(NETWORK, bob()).await.unwrap();
    let before = store.before_opening(pair(1), id(9)).await.unwrap();
    assert_eq!(before.state, None, "with the contact");
}

#[tokio::test]
async fn the_number_of_pairs_is_bounded_and_the_idle_ones_go_first() {
    let store = memory().await;
    let many = u16::try_from(MAX_RATCHETS).unwrap();
    for n in 0..=many {
        let step = Opening {
            key: pair(n),
            id: id(1),
            at: later(u64::from(n)),
            step: Box::new(|_| Some(secret())),
        };
        store.opening(step).finish_opening().await.unwrap();
    }

    for (n, is_kept) in [(0, false), (1, true), (many, true)] {
        let before = store.before_opening(pair(n), id(1)).await.unwrap();
        assert_eq!(before.state.is_some(), is_kept, "pair {n}");
    }
}
