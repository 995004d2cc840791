//! Files that were offered: once, bounded, and changed only from where they are.

use streembit_store::{
    Act, Acted, Arrived, Deed, Direction, FileChange, FileKey, FileState, MAX_OPEN_FILES, Store,
    StoreError, StoredFile,
};

use crate::support::*;

fn file(n: u32) -> StoredFile {
    StoredFile {
        key: FileKey {
            network: NETWORK,
            peer: bob(),
            id: id(n),
        },
        direction: Direction::In,
        name: "a.txt".to_owned(),
        media: None,
        size: 5,
        root: [1; 32],
        secret: [2; 32],
        state: FileState::Offered,
        failure: None,
        path: None,
        part: None,
        done: 0,
        offered_at: NOW,
    }
}

async fn offer(store: &Store, n: u32) -> Result<Arrived, StoreError> {
    let message = incoming(n, bob());
    store.insert_incoming_file(message, file(n)).await
}

#[tokio::test]
async fn an_offer_is_stored_once_with_its_message() {
    let store = Store::in_memory().await.unwrap();

    assert!(matches!(offer(&store, 1).await, Ok(Arrived::New(_))));
    assert_eq!(offer(&store, 1).await.unwrap(), Arrived::Duplicate);

    assert_eq!(store.files(None).await.unwrap(), [file(1)]);
    let message = store.message(NETWORK, bob(), id(1)).await.unwrap().unwrap();
    assert_eq!(message.kind, "file");
}

#[tokio::test]
async fn nobody_has_more_than_so_many_offers_open() {
    let store = Store::in_memory().await.unwrap();
    for n in 0..MAX_OPEN_FILES as u32 {
        offer(&store, n).await.unwrap();
    }

    let beyond = offer(&store, MAX_OPEN_FILES as u32).await;

    assert!(
        matches!(beyond, Err(StoreError::TooMany { .. })),
        "{beyond:?}"
    );
    let kept = store.message(NETWORK, bob(), id(MAX_OPEN_FILES as u32));
    assert_eq!(kept.await.unwrap(), None, "nor its message");
}

#[tokio::test]
async fn a_file_that_has_ended_stays_as_it_is() {
    let store = Store::in_memory().await.unwrap();
    offer(&store, 1).await.unwrap();
    let to = |state| FileChange {
        state: Some(state),
        ..FileChange::default()
    };
    let key = file(1).key;

    let declined = store.change_file(key, &[FileState::Offered], to(FileState::Declined));
    assert_eq!(declined.await.unwrap().unwrap().state, FileState::Declined);
    let late = store.change_file(key, &[FileState::Offered], to(FileState::Accepted));

    assert_eq!(late.await.unwrap(), None);
    let stored = store.file(key).await.unwrap().unwrap();
    assert_eq!(stored.state, FileState::Declined);
}

#[tokio::test]
async fn nobody_gives_an_offered_file_another_name() {
    let store = Store::in_memory().await.unwrap();
    offer(&store, 1).await.unwrap();
    let act = Act {
        id: id(9),
        network: NETWORK,
        peer: bob().into(),
        by: bob(),
        target: id(1),
        at: NOW,
        deed: Deed::Edit {
            text: "b.exe".to_owned(),
            revision: 1,
        },
    };

    assert_eq!(store.take_act(act, NOW).await.unwrap(), Acted::NotTheirs);
}
