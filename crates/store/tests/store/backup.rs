//! Backups: taken whole, put back whole, or not at all.

use streembit_store::{
    ContactChange, Expected, Host, ImportError, MessageState, Page, Relation, Seed, Store,
    StoredCertificate, ThingDescription,
};

use crate::networks::{network, operations};
use crate::support::*;

pub(crate) async fn furnish(store: &Store) {
    let certificate = StoredCertificate {
        account: bob(),
        node: node(1),
        bytes: vec![1],
    };
    store
        .put_network_whole(network(), operations(3), vec![certificate], NOW)
        .await
        .unwrap();
    let change = ContactChange {
        contact: contact(bob(), Relation::Accepted),
        expected: Expected::NoContact,
        cause: None,
        invite: None,
        certificates: Vec::new(),
        outgoing: Vec::new(),
        at: NOW,
    };
    store.change_contact(change).await.unwrap();
    store
        .set_settings([("theme".to_owned(), "dark".into())].into())
        .await
        .unwrap();
    store
        .add_seed(Seed {
            address: "/ip4/192.0.2.1".to_owned(),
            added_at: NOW,
        })
        .await
        .unwrap();
    let host = Host {
        network: home(),
        host: bob(),
        title: "Hub".to_owned(),
        level: None,
        added_at: NOW,
        last_seen: None,
    };
    store.put_host(host).await.unwrap();
    let lamp = ThingDescription {
        url: "streembit://h/lamp".to_owned(),
        td: "{}".to_owned(),
        level: None,
    };
    store
        .replace_things(home(), bob(), vec![lamp], NOW)
        .await
        .unwrap();
    converse(store).await;
    store
        .put_grant(crate::devices::grant("view"))
        .await
        .unwrap();
    store.next_record_sequence(77).await.unwrap();
}

async fn converse(store: &Store) {
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();
    store.insert_outgoing(outgoing(2, bob())).await.unwrap();
    store
        .record_outgoing(bob(), None, id(2), MessageState::Read, None)
        .await
        .unwrap();
    store.insert_incoming(incoming(3, bob())).await.unwrap();
}

#[tokio::test]
async fn a_backup_brings_everything_back_through_json() {
    let store = memory().await;
    furnish(&store).await;
    let json = serde_json::to_vec(&store.export().await.unwrap()).unwrap();

    let restored = memory().await;
    restored
        .import(serde_json::from_slice(&json).unwrap(), later(9))
        .await
        .unwrap();

    let (mut before, after) = (
        store.export().await.unwrap(),
        restored.export().await.unwrap(),
    );
    let waited = &mut before.messages[0];
    assert_eq!(waited.state, MessageState::Queued);
    waited.state = MessageState::Failed;
    waited.failure = Some("restored from a backup".to_owned());
    assert_eq!(after, before);
    assert_eq!(restored.next_record_sequence(0).await.unwrap(), 78);
    assert!(restored.outbox(NETWORK).await.unwrap().is_empty());
    let conversations = restored.conversations(None).await.unwrap();
    assert_eq!(
        (
            conversations[0].unread,
            conversations[0].last.as_ref().unwrap().id
        ),
        (0, id(3))
    );
}

#[tokio::test]
async fn a_message_of_the_backup_is_not_taken_again() {
    let store = memory().await;
    furnish(&store).await;
    let restored = memory().await;
    restored
        .import(store.export().await.unwrap(), NOW)
        .await
        .unwrap();

    restored.insert_incoming(incoming(3, bob())).await.unwrap();

    let messages = restored
        .messages(NETWORK, bob(), Page::default())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(messages.len(), 3);
}

#[tokio::test]
async fn a_profile_with_content_is_not_overwritten() {
    let store = memory().await;
    furnish(&store).await;
    let backup = store.export().await.unwrap();

    let refused = store.import(backup.clone(), NOW).await;

    assert!(matches!(refused, Err(ImportError::NotEmpty)), "{refused:?}");
    assert_eq!(store.export().await.unwrap(), backup);
}

#[tokio::test]
async fn a_backup_that_makes_no_sense_leaves_the_profile_empty() {
    let store = memory().await;
    furnish(&store).await;
    let mut backup = store.export().await.unwrap();
    backup.networks[0].operations[2].id.truncate(3);
    let mut newer = backup.clone();
    newer.version = 9;
    let restored = memory().await;

    let senseless = restored.import(backup, NOW).await;
    let newer = restored.import(newer, NOW).await;

    assert!(
        matches!(senseless, Err(ImportError::Store(_))),
        "{senseless:?}"
    );
    assert!(
        matches!(newer, Err(ImportError::Newer { found: 9 })),
        "{newer:?}"
    );
    assert_eq!(
        restored.export().await.unwrap(),
        memory().await.export().await.unwrap()
    );
}
