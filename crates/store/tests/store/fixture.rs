//! Databases of earlier releases, which every later version opens.

use std::fs;
use std::path::{Path, PathBuf};

use streembit_store::MessageState;
use tempfile::TempDir;

use crate::support::*;

/// Set to a path to write the fixture of today's form there.
const WRITE: &str = "STREEMBIT_STORE_WRITE_FIXTURE";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[tokio::test]
async fn writes_todays_form_when_asked() {
    let Some(path) = std::env::var_os(WRITE) else {
        return;
    };
    let store = open(Path::new(&path)).await;
    crate::backup::furnish(&store).await;
    store.close().await;
}

#[tokio::test]
async fn the_first_releases_database_opens_with_all_that_is_in_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("streembit.db");
    fs::copy(fixture("v1.db"), &path).unwrap();

    let store = open(&path).await;

    let backup = store.export().await.unwrap();
    assert_eq!(backup.networks[0].network.name, "Home");
    assert_eq!(backup.networks[0].operations.len(), 3);
    assert_eq!(backup.contacts[0].name, "Bob");
    assert_eq!(backup.things[0].url, "streembit://h/lamp");
    let states: Vec<_> = backup
        .messages
        .iter()
        .map(|message| message.state)
        .collect();
    assert_eq!(
        states,
        [
            MessageState::Queued,
            MessageState::Read,
            MessageState::Delivered
        ]
    );
    assert_eq!(store.outbox(NETWORK).await.unwrap().len(), 1);
    let confirmed = store.confirmation(home()).await.unwrap().unwrap();
    assert_eq!(confirmed.bytes, None, "its admins have a while to begin");
    assert!(confirmed.at > NOW && confirmed.clock == confirmed.at);
    let sought = streembit_store::Sought {
        text: "message".to_owned(),
        limit: 10,
        ..streembit_store::Sought::default()
    };
    let before = store.search_messages(sought.clone()).await.unwrap();
    while store.index_messages().await.unwrap() {}
    let found = store.search_messages(sought).await.unwrap();
    assert_eq!((before.len(), found.len()), (0, 3), "what was said before");
    store.insert_outgoing(outgoing(10, bob())).await.unwrap();
    store.close().await;
}
