//! What a profile says when its disk is full, its database newer, or its keyring elsewhere.
//!
//! Where a test needs a place of its own, its inner half runs in a new process.
#![cfg(target_os = "linux")]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its ground gives way"
)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use streembit_api::{Code, Error, Host, node::Config, table};
use streembit_identity::Passphrase;
use streembit_vault::{Keyring, State, Vault};

/// Tells the inner half of a test where it may work.
const FOLDER: &str = "STREEMBIT_TEST_TROUBLE";

/// Mounts a small disk at the folder, then becomes the inner half.
const ON_A_SMALL_DISK: &str =
    "mount -t tmpfs -o size=4m tmpfs \"$STREEMBIT_TEST_TROUBLE\" && exec \"$@\"";

/// Starts an unlocked keyring on the bus, then becomes the inner half.
const WITH_KEYRING: &str = "printf 'the login password' \
    | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\"";

fn host(folder: &Path) -> Host {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let config = Config {
        listen,
        ..Config::default()
    };
    Host::open(folder, config).unwrap()
}

async fn call(host: &Host, command: &str, arguments: Value) -> Result<Value, Error> {
    table::dispatch(host, command, arguments).await
}

async fn create_sealed(folder: &Path) -> Host {
    let host = host(folder);
    let wish = json!({ "name": "Alice", "key_store": "file", "passphrase": "open sesame" });
    call(&host, "account_create", wish).await.unwrap();
    host
}

async fn unlock(host: &Host) -> Result<Value, Error> {
    call(
        host,
        "account_unlock",
        json!({ "passphrase": "open sesame" }),
    )
    .await
}

#[tokio::test]
async fn a_newer_database_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    create_sealed(folder.path()).await.stop().await;
    let database = make_newer(folder.path());
    let before = std::fs::read(&database).unwrap();

    let host = host(folder.path());
    let refused = unlock(&host).await.unwrap_err();

    assert_eq!(refused.code, Code::Storage);
    assert!(refused.message.contains("newer"), "{}", refused.message);
    assert_eq!(std::fs::read(&database).unwrap(), before);
    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["problem"]["code"], "storage");
}

/// Marks the database of a profile as one of a later version.
fn make_newer(folder: &Path) -> PathBuf {
    let State::Locked(vault) = Vault::open(folder, Keyring::system()).unwrap() else {
        panic!("a sealed file is locked");
    };
    let secrets = vault.unlock(&Passphrase::from("open sesame")).unwrap();
    let key = data_encoding::HEXLOWER.encode(secrets.database.as_slice());
    let database = vault.database();
    let db = rusqlite::Connection::open(&database).unwrap();
    db.execute_batch(&format!("PRAGMA key = \"x'{key}'\""))
        .unwrap();
    db.pragma_update(None, "user_version", 9_999).unwrap();
    database
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut place = Command::new("unshare");
    place.args([
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        ON_A_SMALL_DISK,
        "sh",
    ]);
    let can_mount = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            ON_A_SMALL_DISK,
            "sh",
            "true",
        ])
        .env(FOLDER, home.path())
        .output()
        .is_ok_and(|output| output.status.success());
    if can_mount {
        assert_passed(&inner("inside_full_disk", home.path(), &mut place));
    } else {
        println!("SKIPPED: no small disk can be mounted here");
    }
}

#[tokio::test]
async fn inside_full_disk() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let host = create_sealed(&folder).await;
    let before = call(&host, "settings_get", Value::Null).await.unwrap();
    fill_up(&folder);

    let refused = loop {
        let many = json!({ "name": "A network that takes some room" });
        if let Err(error) = call(&host, "network_create", many).await {
            break error;
        }
    };

    assert_eq!(refused.code, Code::Storage, "{}", refused.message);
    let kept = call(&host, "networks_list", Value::Null).await.unwrap();
    host.stop().await;
    drop(host);
    std::fs::remove_file(folder.join("filler")).unwrap();
    let host = self::host(&folder);
    unlock(&host).await.unwrap();
    let count = |list: &Value| list.as_array().unwrap().len();
    let again = call(&host, "networks_list", Value::Null).await.unwrap();
    assert_eq!(count(&again), count(&kept), "what was answered is there");
    let after = call(&host, "settings_get", Value::Null).await.unwrap();
    assert_eq!(after, before);
    host.stop().await;
}

/// Leaves no room on the disk of `folder`.
fn fill_up(folder: &Path) {
    use std::io::Write as _;
    let mut filler = std::fs::File::create(folder.join("filler")).unwrap();
    while filler.write_all(&[7; 512]).is_ok() {}
}

#[test]
fn keys_in_the_keyring_open_the_account_without_a_question() {
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        if Command::new(program).arg("--version").output().is_err() {
            println!("SKIPPED: {program} is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let mut bus = Command::new("dbus-run-session");
    bus.args(["--", "sh", "-c", WITH_KEYRING, "sh"]);
    assert_passed(&inner("inside_keyring", home.path(), &mut bus));
}

#[tokio::test]
async fn inside_keyring() {
    let Some(home) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let folder = home.join("data");
    let first = host(&folder);
    let created = call(&first, "account_create", json!({ "name": "Alice" }))
        .await
        .unwrap();
    first.stop().await;
    drop(first);

    let host = host(&folder);
    host.start(None).await.unwrap();

    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["state"], "ready");
    assert_eq!(status["key_store"], "keyring");
    assert_eq!(status["node"], created["node"]);
    call(&host, "account_delete", json!({ "confirm": "Alice" }))
        .await
        .unwrap();
    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["state"], "none");
}

#[test]
fn without_a_keyring_nothing_is_begun() {
    let home = tempfile::tempdir().unwrap();
    let mut plain = Command::new("env");
    assert_passed(&inner("inside_without_keyring", home.path(), &mut plain));
}

#[tokio::test]
async fn inside_without_keyring() {
    let Some(home) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let folder = home.join("data");
    let host = host(&folder);

    let refused = call(&host, "account_create", json!({ "name": "Alice" }))
        .await
        .unwrap_err();

    assert_eq!(refused.code, Code::Keyring);
    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["state"], "none");
    assert!(!folder.join("profile.toml").exists());
}

/// Runs this program again, for one test, with a home of its own.
fn inner(test: &str, home: &Path, place: &mut Command) -> Output {
    let run = tempfile::tempdir().unwrap();
    place
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, home)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", run.path())
        .env("XDG_DATA_HOME", home.join("share"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

fn assert_passed(output: &Output) {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && out.contains("1 passed"),
        "{out}\n{err}"
    );
}
