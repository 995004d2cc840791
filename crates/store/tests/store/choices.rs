//! Muted, pinned, archived, marked as unread, half written.

use streembit_identity::AccountId;
use streembit_store::{ChoicesChange, MAX_PINNED, Store, StoreError};

use crate::support::*;

async fn order(store: &Store) -> Vec<AccountId> {
    let found = store.conversations(Some(NETWORK)).await.unwrap();
    found
        .into_iter()
        .filter_map(|conversation| conversation.peer.account())
        .collect()
}

fn change() -> ChoicesChange {
    ChoicesChange::default()
}

#[tokio::test]
async fn pinned_conversations_come_first_then_the_latest() {
    let store = memory().await;
    for n in [2, 3, 4] {
        store
            .insert_incoming(incoming(n, account(n as u8)))
            .await
            .unwrap();
    }
    let pin = ChoicesChange {
        is_pinned: Some(true),
        ..change()
    };

    store.choose(NETWORK, account(2), pin).await.unwrap();

    assert_eq!(order(&store).await, [account(2), account(4), account(3)]);
}

#[tokio::test]
async fn pins_are_bounded() {
    let store = memory().await;
    let pin = || ChoicesChange {
        is_pinned: Some(true),
        ..change()
    };
    for n in 0..MAX_PINNED {
        store
            .choose(NETWORK, account(n as u8 + 1), pin())
            .await
            .unwrap();
    }

    let one_more = store.choose(NETWORK, account(90), pin()).await;

    assert!(matches!(one_more, Err(StoreError::TooMany { .. })));
    assert!(!store.choices(NETWORK, account(90)).await.unwrap().is_pinned);
    store.choose(NETWORK, account(1), pin()).await.unwrap();
}

#[tokio::test]
async fn an_archived_conversation_comes_back_with_a_message_unless_it_is_muted() {
    let store = memory().await;
    store.insert_incoming(incoming(1, bob())).await.unwrap();
    let put_away = |muted| ChoicesChange {
        is_archived: Some(true),
        muted_until: Some(muted),
        ..change()
    };
    let is_archived = async || store.choices(NETWORK, bob()).await.unwrap().is_archived;

    store
        .choose(NETWORK, bob(), put_away(later(60)))
        .await
        .unwrap();
    store.insert_incoming(incoming(2, bob())).await.unwrap();
    assert!(is_archived().await, "it is muted for a minute");

    let mut message = incoming(3, bob());
    message.received_at = later(61);
    store.insert_incoming(message).await.unwrap();
    assert!(!is_archived().await);
}

#[tokio::test]
async fn a_draft_is_kept_and_shows_where_nothing_was_said_yet() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("streembit.db");
    let store = open(&path).await;
    let draft = |text: &str| ChoicesChange {
        draft: Some(text.to_owned()),
        ..change()
    };
    store
        .choose(NETWORK, bob(), draft("Dear Bob"))
        .await
        .unwrap();
    store.close().await;

    let store = open(&path).await;
    let shown = store.conversations(None).await.unwrap();
    let restored = memory().await;
    restored
        .import(store.export().await.unwrap(), NOW)
        .await
        .unwrap();
    store.choose(NETWORK, bob(), draft("")).await.unwrap();

    assert_eq!((shown.len(), shown[0].last.clone()), (1, None));
    assert_eq!(shown[0].choices.draft, "Dear Bob");
    assert_eq!(
        restored.choices(NETWORK, bob()).await.unwrap().draft,
        "Dear Bob"
    );
    assert!(order(&store).await.is_empty());
    store.close().await;
}

#[tokio::test]
async fn what_is_left_out_of_a_change_stays() {
    let store = memory().await;
    let muted = ChoicesChange {
        muted_until: Some(later(5)),
        is_marked_unread: Some(true),
        ..change()
    };
    store.choose(NETWORK, bob(), muted).await.unwrap();

    let heard = ChoicesChange {
        muted_until: Some(streembit_identity::Timestamp(0)),
        ..change()
    };
    let choices = store.choose(NETWORK, bob(), heard).await.unwrap();

    assert_eq!(
        (choices.muted_until, choices.is_marked_unread),
        (None, true)
    );
}
