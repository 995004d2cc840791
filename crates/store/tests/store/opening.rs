//! Opening: the right key, one process, no newer form, no damage overlooked.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use streembit_store::{DatabaseKey, OpenError, Options, Page, Store, StoreError};
use tempfile::TempDir;

use crate::support::*;

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("streembit.db");
    (folder, path)
}

async fn filled(path: &Path) {
    let store = open(path).await;
    for n in 0..300 {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
    }
    store.close().await;
}

async fn refusal(path: &Path, key: &DatabaseKey) -> OpenError {
    Store::open(path, key, Options::default())
        .await
        .unwrap_err()
}

/// The database by other means than the store's.
fn raw(path: &Path) -> Connection {
    let db = Connection::open(path).unwrap();
    let hex = "2a".repeat(32);
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\""))
        .unwrap();
    db
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_restart() {
    let (_folder, path) = folder();
    filled(&path).await;

    let store = open(&path).await;

    let page = Page {
        before: None,
        limit: 200,
    };
    let messages = store.messages(NETWORK, bob(), page).await.unwrap().unwrap();
    assert_eq!(messages.last().unwrap().text, "message 299");
    assert_eq!(messages.len(), 200);
}

#[tokio::test]
async fn a_clean_shutdown_leaves_one_file_and_stops_every_handle() {
    let (folder, path) = folder();
    let store = open(&path).await;
    let other = store.clone();
    store.insert_incoming(incoming(1, bob())).await.unwrap();

    store.close().await;
    other.close().await;

    assert!(matches!(other.settings().await, Err(StoreError::Stopped)));
    assert!(matches!(
        other.add_invite(invite()).await,
        Err(StoreError::Stopped)
    ));
    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    files.sort();
    assert_eq!(files, ["streembit.db", "streembit.db.lock"]);
}

fn invite() -> streembit_store::Invite {
    streembit_store::Invite {
        secret_hash: [1; 32],
        created_at: NOW,
        expires_at: NOW,
        used_by: None,
    }
}

#[tokio::test]
async fn nothing_readable_lies_on_disk() {
    let (_folder, path) = folder();
    let store = open(&path).await;
    let mut message = incoming(1, bob());
    message.text = "the treasure lies under the oak".to_owned();
    store.insert_incoming(message).await.unwrap();

    let log = fs::read(path.with_extension("db-wal")).unwrap();
    store.close().await;
    let file = fs::read(&path).unwrap();

    for bytes in [log, file] {
        assert!(!bytes.is_empty());
        assert!(!bytes.windows(8).any(|window| window == b"treasure"));
        assert!(!bytes.windows(6).any(|window| window == b"SQLite"));
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_and_overwrites_nothing() {
    let (_folder, path) = folder();
    filled(&path).await;
    let before = fs::read(&path).unwrap();

    let refused = refusal(&path, &DatabaseKey::new([1; 32])).await;

    assert!(matches!(refused, OpenError::WrongKey), "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
    open(&path).await.close().await;
}

#[tokio::test]
async fn a_damaged_first_page_is_not_mistaken_for_a_wrong_key() {
    let (_folder, path) = folder();
    filled(&path).await;
    let mut bytes = fs::read(&path).unwrap();
    bytes[100] ^= 1;
    fs::write(&path, &bytes).unwrap();

    let refused = refusal(&path, &key()).await;

    assert!(matches!(refused, OpenError::Damaged), "{refused:?}");
    assert_eq!(
        fs::read(&path).unwrap(),
        bytes,
        "what could still be rescued is left alone"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_not_overwritten() {
    let (_folder, path) = folder();
    fs::write(&path, vec![7; 9000]).unwrap();

    let refused = refusal(&path, &key()).await;

    assert!(matches!(refused, OpenError::WrongKey), "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), vec![7; 9000]);
}

#[tokio::test]
async fn damage_anywhere_is_told_and_never_read_as_something_else() {
    let (_folder, path) = folder();
    filled(&path).await;
    let sound = fs::read(&path).unwrap();
    let mut refusals = 0;
    for page in 0..sound.len() / 4096 {
        let mut bytes = sound.clone();
        bytes[page * 4096 + 1000] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        match Store::open(&path, &key(), Options::default()).await {
            Err(error) => {
                assert!(matches!(error, OpenError::Damaged), "{error:?}");
                refusals += 1;
            }
            Ok(store) => {
                match store.export().await {
                    Ok(backup) => assert_eq!(backup.messages.len(), 300),
                    Err(error) => {
                        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
                        refusals += 1;
                    }
                }
                store.close().await;
            }
        }
    }
    assert!(refusals > 20, "{refusals} of {} pages", sound.len() / 4096);
}

#[tokio::test]
async fn a_text_that_is_no_text_is_damage() {
    let (_folder, path) = folder();
    filled(&path).await;
    raw(&path)
        .execute("UPDATE messages SET text = CAST(x'ff' AS TEXT)", [])
        .unwrap();

    let store = open(&path).await;

    let error = store.export().await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    store.close().await;
}

#[tokio::test]
async fn a_file_that_ends_early_is_told_and_left_alone() {
    let (_folder, path) = folder();
    filled(&path).await;
    let sound = fs::read(&path).unwrap();
    for bytes in [10, 16, 3000, 4096, sound.len() / 2, sound.len() - 1000] {
        fs::write(&path, &sound[..bytes]).unwrap();
        let told = match Store::open(&path, &key(), Options::default()).await {
            Err(error) => matches!(error, OpenError::Damaged),
            Ok(store) => {
                let found = store.check().await;
                store.close().await;
                found.is_err() || found.is_ok_and(|found| !found.is_empty())
            }
        };
        assert!(told, "{bytes} bytes of {}", sound.len());
        assert!(
            fs::read(&path).unwrap() == sound[..bytes],
            "{bytes} bytes are left alone"
        );
    }
}

#[tokio::test]
async fn a_sound_database_has_nothing_to_tell() {
    let (_folder, path) = folder();
    filled(&path).await;

    let found = open(&path).await.check().await;

    assert_eq!(found.unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_newer_database_is_refused_untouched() {
    let (folder, path) = folder();
    filled(&path).await;
    let newer = raw(&path);
    newer.pragma_update(None, "user_version", 99).unwrap();
    newer.execute_batch("CREATE TABLE holograms (x)").unwrap();
    drop(newer);
    let before = fs::read(&path).unwrap();

    let refused = refusal(&path, &key()).await;

    assert!(
        matches!(
            refused,
            OpenError::Newer {
                found: 99,
                known: 1..
            }
        ),
        "{refused:?}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(refused.to_string().contains("newer Streembit"));
    drop(folder);
}

#[tokio::test]
async fn a_newer_database_that_was_not_closed_keeps_its_log() {
    let (_folder, path) = folder();
    filled(&path).await;
    let newer = raw(&path);
    newer
        .set_db_config(
            rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
            true,
        )
        .unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let wal = path.with_extension("db-wal");
    let before = (fs::read(&path).unwrap(), fs::read(&wal).unwrap());
    assert!(!before.1.is_empty());

    let refused = refusal(&path, &key()).await;

    assert!(
        matches!(refused, OpenError::Newer { found: 99, .. }),
        "{refused:?}"
    );
    assert!((fs::read(&path).unwrap(), fs::read(&wal).unwrap()) == before);
}

#[tokio::test]
async fn only_one_has_it_open() {
    let (_folder, path) = folder();
    let first = open(&path).await;

    let second = refusal(&path, &key()).await;
    let removal = Store::remove(&path).unwrap_err();
    first.close().await;

    assert!(matches!(second, OpenError::Locked), "{second:?}");
    assert!(matches!(removal, OpenError::Locked), "{removal:?}");
    open(&path).await.close().await;
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told() {
    let (folder, _) = folder();

    let refused = refusal(&folder.path().join("nowhere/streembit.db"), &key()).await;

    assert!(matches!(refused, OpenError::Io(_)), "{refused:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = folder();
    let store = open(&path).await;
    store.insert_incoming(incoming(1, bob())).await.unwrap();

    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn an_empty_file_becomes_a_database() {
    let (_folder, path) = folder();
    fs::write(&path, []).unwrap();

    open(&path).await.close().await;

    assert!(!fs::read(&path).unwrap().is_empty());
}

#[tokio::test]
async fn removing_leaves_nothing_behind() {
    let (folder, path) = folder();
    filled(&path).await;

    Store::remove(&path).unwrap();

    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_key_never_prints_itself() {
    assert_eq!(
        format!("{:?}", DatabaseKey::new([42; 32])),
        "DatabaseKey(…)"
    );
}
