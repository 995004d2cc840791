//! A disk without room: everything says so, nothing is lost, and room makes it work again.

use std::path::Path;
use std::process::Command;

use streembit_store::{OpenError, Options, Store, StoreError};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::support::*;

const FOLDER: &str = "STREEMBIT_STORE_SMALL_DISK";

async fn fill(store: &Store) -> (u32, StoreError) {
    for n in 0.. {
        let mut message = incoming(n, bob());
        message.text = "x".repeat(4000);
        if let Err(error) = store.insert_incoming(message).await {
            return (n, error);
        }
    }
    unreachable!("it has to become full");
}

async fn stored(store: &Store) -> u64 {
    store
        .conversations(None)
        .await
        .unwrap()
        .first()
        .map_or(0, |conversation| conversation.unread)
}

#[tokio::test]
async fn a_full_database_keeps_what_it_acknowledged() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("streembit.db");
    let options = Options {
        hook: None,
        max_pages: Some(300),
    };
    let store = Store::open(&path, &key(), options).await.unwrap();

    let (taken, error) = fill(&store).await;
    let still = stored(&store).await;
    store.close().await;
    let again = open(&path).await;

    assert!(matches!(error, StoreError::Full), "{error:?}");
    assert_eq!(still, u64::from(taken));
    assert_eq!(stored(&again).await, u64::from(taken));
    again
        .insert_incoming(incoming(taken, bob()))
        .await
        .expect("there is room again");
}

#[tokio::test]
async fn when_a_group_does_not_fit_each_member_is_told_the_truth() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("streembit.db");
    let options = Options {
        hook: None,
        max_pages: Some(300),
    };
    let store = Store::open(&path, &key(), options).await.unwrap();
    let mut jobs = JoinSet::new();
    for n in 0..600 {
        let store = store.clone();
        jobs.spawn(async move {
            let mut message = incoming(n, bob());
            message.text = "x".repeat(4000);
            store.insert_incoming(message).await.map(|_| n)
        });
    }
    let answers = jobs.join_all().await;
    store.close().await;

    let again = open(&path).await;
    let mut taken = 0;
    for answer in answers {
        match answer {
            Ok(n) => {
                assert!(
                    again
                        .message(NETWORK, bob(), id(n))
                        .await
                        .unwrap()
                        .is_some()
                );
                taken += 1;
            }
            Err(error) => assert!(matches!(error, StoreError::Full), "{error:?}"),
        }
    }
    assert_eq!(stored(&again).await, taken);
}

/// The part that runs on the small disk, in a process of its own.
#[tokio::test]
async fn small_disk_child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let path = Path::new(&folder).join("streembit.db");
    let store = open(&path).await;
    let (taken, error) = fill(&store).await;
    assert!(matches!(error, StoreError::Full), "{error:?}");
    assert_eq!(stored(&store).await, u64::from(taken));
    store.close().await;

    // A database that cannot even be made says so and leaves the first one alone.
    std::fs::write(Path::new(&folder).join("ballast"), vec![1; 1 << 22]).unwrap_err();
    let second = Store::open(
        &Path::new(&folder).join("second.db"),
        &key(),
        Options::default(),
    )
    .await;
    assert!(matches!(second, Err(OpenError::Full)), "{second:?}");

    std::fs::remove_file(Path::new(&folder).join("ballast")).unwrap();
    let again = open(&path).await;
    assert_eq!(stored(&again).await, u64::from(taken));
    println!("took {taken} on the small disk");
}

#[test]
fn a_disk_that_is_really_full_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let script = r#"mount -t tmpfs -o size=2m none "$1" && shift && exec "$@""#;
    let output = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(folder.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full::small_disk_child", "--nocapture"])
        .env(FOLDER, folder.path())
        .output();
    let Ok(output) = output else {
        return eprintln!("skipped: no unshare here");
    };
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    if err.contains("unshare:") || err.contains("mount:") {
        return eprintln!("skipped: may not mount here: {err}");
    }
    assert!(
        output.status.success() && out.contains("on the small disk"),
        "{out}\n{err}"
    );
}
