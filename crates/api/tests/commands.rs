//! Runs commands against hosts on folders of their own, with the sealed file as key store.
#![expect(clippy::unwrap_used, reason = "a test ends where its ground gives way")]

use std::{path::Path, time::Duration};

use serde_json::{Value, json};
use streembit_api::{
    Code, Error, Host,
    node::Config,
    table,
    types::{Event, Presence},
};
use streembit_identity::{AccountKey, NetworkId};
use tempfile::TempDir;
use zeroize::Zeroizing;

const DEADLINE: Duration = Duration::from_secs(30);

fn host(folder: &Path) -> Host {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    Host::open(
        folder,
        Config {
            listen,
            ..Config::default()
        },
    )
    .unwrap()
}

async fn call(host: &Host, command: &str, arguments: Value) -> Result<Value, Error> {
    table::dispatch(host, command, arguments).await
}

async fn with_account() -> (TempDir, Host, Value) {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let wish = json!({ "name": "Alice", "key_store": "file", "passphrase": "open sesame" });
    let created = call(&host, "account_create", wish).await.unwrap();
    (folder, host, created)
}

#[test]
fn every_command_is_documented_once() {
    let mut names: Vec<_> = table::list()
        .into_iter()
        .map(|command| command.name)
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();

    assert_eq!(names.len(), count, "names are unique");
    for command in table::list() {
        assert!(
            command.doc.ends_with('.'),
            "{}: {}",
            command.name,
            command.doc
        );
        let arguments = serde_json::to_value(&command.arguments).unwrap();
        assert_eq!(arguments["type"], "object", "{}", command.name);
    }
}

#[tokio::test]
async fn every_command_answers_without_an_account() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());

    for command in table::list() {
        if let Err(error) = call(&host, command.name, Value::Null).await {
            let expected = [Code::InvalidArguments, Code::NoAccount, Code::Unsupported];
            assert!(
                expected.contains(&error.code),
                "{}: {error:?}",
                command.name
            );
        }
    }
}

#[tokio::test]
async fn refuses_unknown_commands_and_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let cases = [
        ("make_coffee", json!({}), Code::UnknownCommand, Value::Null),
        (
            "account_status",
            json!([]),
            Code::InvalidArguments,
            json!("."),
        ),
        (
            "account_create",
            json!({ "name": 7 }),
            Code::InvalidArguments,
            json!("name"),
        ),
        (
            "account_create",
            json!({ "nmae": "x" }),
            Code::InvalidArguments,
            json!("nmae"),
        ),
        (
            "member_add",
            json!({ "network": "x" }),
            Code::InvalidArguments,
            json!("network"),
        ),
    ];

    for (command, arguments, code, path) in cases {
        let error = call(&host, command, arguments).await.unwrap_err();

        assert_eq!(error.code, code, "{command}");
        let found = error
            .details
            .map_or(Value::Null, |details| details["path"].clone());
        assert_eq!(found, path, "{command}: {}", error.message);
    }
}

#[tokio::test]
async fn an_account_is_created_renamed_and_deleted() {
    let (folder, host, created) = with_account().await;
    assert_eq!(created["phrase"].as_str().unwrap().split(' ').count(), 24);

    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["state"], "ready");
    assert_eq!(status["peer"], created["peer"]);
    assert_eq!(status["key_store"], "file");

    let again = call(&host, "account_create", json!({ "name": "Mallory" }))
        .await
        .unwrap_err();
    assert_eq!(again.code, Code::Exists);

    let renamed = call(&host, "account_rename", json!({ "name": "Alice B." }))
        .await
        .unwrap();
    assert_eq!(renamed["name"], "Alice B.");

    let mistyped = call(&host, "account_delete", json!({ "confirm": "Alice" }))
        .await
        .unwrap_err();
    assert_eq!(mistyped.code, Code::InvalidArguments);
    call(&host, "account_delete", json!({ "confirm": "Alice B." }))
        .await
        .unwrap();
    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["state"], "none");
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["lock"]);
}

#[tokio::test]
async fn a_locked_account_opens_with_its_passphrase_only() {
    let (folder, first, created) = with_account().await;
    first.stop().await;
    drop(first);

    let host = host(folder.path());
    let error = host.start(None).await.unwrap_err();
    assert_eq!(error.code, Code::Locked);
    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["state"], "locked");
    assert_eq!(
        status["name"], "Alice",
        "who it is is known without the keys"
    );
    assert_eq!(
        call(&host, "contacts_list", json!({}))
            .await
            .unwrap_err()
            .code,
        Code::Locked
    );

    let wrong = call(
        &host,
        "account_unlock",
        json!({ "passphrase": "open barley" }),
    )
    .await;
    assert_eq!(wrong.unwrap_err().code, Code::Denied);

    let right = call(
        &host,
        "account_unlock",
        json!({ "passphrase": "open sesame" }),
    )
    .await
    .unwrap();
    assert_eq!(right["state"], "ready");
    assert_eq!(right["peer"], created["peer"]);
    assert_eq!(right["node"], created["node"]);
}

#[tokio::test]
async fn another_passphrase_opens_the_same_account() {
    let (folder, first, created) = with_account().await;
    let change = json!({ "old": "open sesame", "new": "open barley" });
    call(&first, "account_passphrase", change).await.unwrap();
    first.stop().await;
    drop(first);

    let host = host(folder.path());
    let old = call(
        &host,
        "account_unlock",
        json!({ "passphrase": "open sesame" }),
    )
    .await;
    assert_eq!(old.unwrap_err().code, Code::Denied);
    let new = call(
        &host,
        "account_unlock",
        json!({ "passphrase": "open barley" }),
    )
    .await
    .unwrap();
    assert_eq!(new["peer"], created["peer"]);
}

#[tokio::test]
async fn a_backup_brings_everything_back_onto_an_empty_machine() {
    let (_old, first, created) = with_account().await;
    let network = call(&first, "network_create", json!({ "name": "Home" }))
        .await
        .unwrap();
    call(&first, "settings_set", json!({ "appearance": "dark" }))
        .await
        .unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("alice.age");
    let wish = json!({ "path": path, "passphrase": "far away" });
    let written = call(&first, "account_backup", wish.clone()).await.unwrap();
    assert_eq!(written["bytes"], std::fs::metadata(&path).unwrap().len());
    let again = call(&first, "account_backup", wish).await.unwrap_err();
    assert_eq!(again.code, Code::Exists, "a backup is never overwritten");

    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let wrong = json!({ "path": path, "passphrase": "near", "key_store": "file" });
    assert_eq!(
        call(&host, "account_restore", wrong)
            .await
            .unwrap_err()
            .code,
        Code::Denied
    );
    let right = json!({ "path": path, "passphrase": "far away", "key_store": "file" });
    let restored = call(&host, "account_restore", right).await.unwrap();

    assert_eq!(restored["peer"], created["peer"]);
    assert_ne!(
        restored["node"], created["node"],
        "two machines are two nodes"
    );
    assert_eq!(restored["name"], "Alice");
    let networks = call(&host, "networks_list", Value::Null).await.unwrap();
    let ids: Vec<_> = networks
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["network"])
        .collect();
    assert!(ids.contains(&&network["network"]), "{networks}");
    let settings = call(&host, "settings_get", Value::Null).await.unwrap();
    assert_eq!(settings["appearance"], "dark");
}

#[tokio::test]
async fn a_restored_network_lets_nobody_in_until_its_members_are_confirmed() {
    let (_old, first, _) = with_account().await;
    let (_other, _second, bob) = with_account().await;
    let made = call(&first, "network_create", json!({ "name": "Home" }))
        .await
        .unwrap();
    let network = made["network"].clone();
    let member = json!({ "network": network, "peer": bob["peer"], "name": "Bob" });
    call(&first, "member_add", member).await.unwrap();
    // Even where old confirmations only warn: none at all is another matter.
    let policy = json!({ "network": network, "stale_after_days": 7, "cuts_off": false });
    call(&first, "network_set_policy", policy).await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("alice.age");
    let wish = json!({ "path": path, "passphrase": "far away" });
    call(&first, "account_backup", wish).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let right = json!({ "path": path, "passphrase": "far away", "key_store": "file" });
    call(&host, "account_restore", right).await.unwrap();

    let networks = call(&host, "networks_list", Value::Null).await.unwrap();
    let mut networks = networks.as_array().unwrap().iter();
    let home = networks.find(|it| it["network"] == network).unwrap();
    assert_eq!(home["state"], "stale", "{home}");
    assert_eq!(home["confirmed_at"], Value::Null);
    let confirmed = call(&host, "network_confirm", json!({ "network": network }))
        .await
        .unwrap();
    assert_ne!(confirmed["state"], "stale", "its admin vouches for it");
}

#[tokio::test]
async fn the_words_bring_the_account_back() {
    let (_old, first, created) = with_account().await;
    let phrase = call(&first, "account_phrase", Value::Null).await.unwrap()["phrase"].clone();
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());

    let swapped = json!({ "phrase": "zoo zoo zoo", "name": "Alice", "key_store": "file" });
    let error = call(&host, "account_restore", swapped).await.unwrap_err();
    assert_eq!(error.code, Code::InvalidArguments);
    let words = json!({
        "phrase": phrase, "name": "Alice", "key_store": "file", "passphrase": "open sesame",
    });
    let restored = call(&host, "account_restore", words).await.unwrap();

    assert_eq!(restored["peer"], created["peer"]);
    assert_eq!(restored["state"], "ready");
}

#[tokio::test]
async fn a_missing_database_is_told_and_not_made_anew() {
    let (folder, first, _) = with_account().await;
    first.stop().await;
    drop(first);
    let database = folder.path().join("streembit.db");
    std::fs::remove_file(&database).unwrap();

    let host = host(folder.path());
    let unlocked = call(
        &host,
        "account_unlock",
        json!({ "passphrase": "open sesame" }),
    )
    .await;

    assert_eq!(unlocked.unwrap_err().code, Code::Storage);
    assert!(!database.exists());
    let status = call(&host, "account_status", Value::Null).await.unwrap();
    assert_eq!(status["problem"]["code"], "storage");
}

#[tokio::test]
async fn a_damaged_database_is_told_and_left_as_it_is() {
    let (folder, first, _) = with_account().await;
    first.stop().await;
    drop(first);
    let database = folder.path().join("streembit.db");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes
        .iter_mut()
        .skip(16)
        .step_by(7)
        .for_each(|byte| *byte ^= 0x5a);
    std::fs::write(&database, &bytes).unwrap();

    let host = host(folder.path());
    let unlocked = call(
        &host,
        "account_unlock",
        json!({ "passphrase": "open sesame" }),
    )
    .await;

    assert_eq!(unlocked.unwrap_err().code, Code::Storage);
    assert_eq!(std::fs::read(&database).unwrap(), bytes);
}

#[tokio::test]
async fn settings_change_one_by_one_and_are_told_as_they_are() {
    let (_folder, host, created) = with_account().await;

    let before = call(&host, "settings_get", Value::Null).await.unwrap();
    let after = call(&host, "settings_set", json!({ "read_receipts": false }))
        .await
        .unwrap();

    assert_eq!(before["read_receipts"], true);
    assert_eq!(after["read_receipts"], false);
    assert_eq!(after["appearance"], before["appearance"]);
    let wrong = call(&host, "settings_set", json!({ "appearance": "pink" }))
        .await
        .unwrap_err();
    assert_eq!(wrong.details.unwrap()["path"], "appearance");

    let host_of_lamp = created["peer"].as_str().unwrap();
    let lamp = format!("streembit://{host_of_lamp}/lamp");
    let starred = call(&host, "settings_set", json!({ "favourites": [lamp] }))
        .await
        .unwrap();
    assert_eq!(starred["favourites"], json!([lamp]));
    let many = json!({ "favourites": vec![lamp; 257] });
    let refused = call(&host, "settings_set", many).await.unwrap_err();
    assert_eq!(refused.code, Code::InvalidArguments);
}

#[tokio::test]
async fn an_invite_is_inspected_without_acting() {
    let (_a, alice, _) = with_account().await;
    let (_b, bob, _) = with_account().await;
    let invite = call(&alice, "contact_invite", json!({})).await.unwrap();
    assert!(invite["qr"].as_str().unwrap().contains("<svg"));

    let told = call(&bob, "link_inspect", json!({ "link": invite["link"] }))
        .await
        .unwrap();

    assert_eq!(told["kind"], "invite");
    assert_eq!(told["name"], "Alice");
    assert_eq!(
        call(&bob, "contacts_list", json!({})).await.unwrap(),
        json!([])
    );
    let broken = call(
        &bob,
        "link_inspect",
        json!({ "link": "streembit:invite/AAAA" }),
    )
    .await;
    assert_eq!(broken.unwrap_err().code, Code::InvalidArguments);
}

#[tokio::test]
async fn a_follower_that_is_too_slow_is_told_how_much_it_missed() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let mut events = host.events();

    for at in 0..2_000 {
        host.tell(Event::Notice {
            at,
            code: "test".to_owned(),
            text: String::new(),
        });
    }

    let first = tokio::time::timeout(DEADLINE, events.next())
        .await
        .unwrap()
        .unwrap();
    assert!(
        matches!(first, Event::Lagged { missed: 976, .. }),
        "{first:?}"
    );
}

#[test]
fn events_carry_type_time_and_object() {
    let account = AccountKey::from_seed(&Zeroizing::new([7; 32])).id();
    let event = Event::Presence {
        at: 5,
        network: NetworkId::PUBLIC.into(),
        peer: account.into(),
        presence: Presence::Reachable,
        last_seen: None,
    };

    let shown = serde_json::to_value(&event).unwrap();

    assert_eq!(shown["type"], "presence");
    assert_eq!(shown["network"], "public");
    assert_eq!(shown["peer"], account.to_string());
    let again: Event = serde_json::from_value(shown.clone()).unwrap();
    assert_eq!(serde_json::to_value(&again).unwrap(), shown);
}
