//! What is left with others when an account is deleted.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test ends where its ground gives way"
)]

use std::time::Duration;

use serde_json::{Value, json};
use streembit_api::{
    Code, Error, Host,
    node::{Config, DhtMode},
    table,
    types::Event,
};
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(60);

async fn call(host: &Host, command: &str, arguments: Value) -> Result<Value, Error> {
    table::dispatch(host, command, arguments).await
}

/// Somebody who holds records for others.
async fn person(name: &str) -> (TempDir, Host, Value) {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        dht: DhtMode::Server,
        listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
        ..Config::default()
    };
    let host = Host::open(folder.path(), config).unwrap();
    let wish = json!({ "name": name, "key_store": "file", "passphrase": "open sesame" });
    let created = call(&host, "account_create", wish).await.unwrap();
    (folder, host, created["peer"].clone())
}

/// Waits until the contact `peer` of `host` is as `claim` says.
async fn until(host: &Host, peer: &Value, claim: impl Fn(&Value) -> bool) -> Value {
    let mut events = host.events();
    let wait = async {
        loop {
            let all = call(host, "contacts_list", json!({})).await.unwrap();
            let mut all = all.as_array().unwrap().iter();
            if let Some(found) = all.find(|one| one["peer"] == *peer && claim(one)) {
                return found.clone();
            }
            while !matches!(
                events.next().await,
                Some(Event::Contact { .. } | Event::Presence { .. })
            ) {}
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_learns_that_an_account_was_deleted() {
    let (_a, alice, alices) = person("Alice").await;
    let (_b, bob, bobs) = person("Bob").await;
    let invite = call(&alice, "contact_invite", json!({})).await.unwrap();
    call(&bob, "contact_add", json!({ "link": invite["link"] }))
        .await
        .unwrap();
    until(&alice, &bobs, |bob| bob["state"] == "accepted").await;
    let before = until(&bob, &alices, |alice| alice["state"] == "accepted").await;
    assert_eq!(before["gone_since"], Value::Null);

    call(&alice, "account_delete", json!({ "confirm": "Alice" }))
        .await
        .unwrap();

    let after = until(&bob, &alices, |alice| alice["gone_since"].is_u64()).await;
    assert_eq!(after["name"], "Alice", "who it was is remembered");
    let wish = json!({ "peer": alices, "text": "Are you there?" });
    let refused = call(&bob, "message_send", wish).await.unwrap_err();
    assert_eq!(refused.code, Code::Denied);
    assert!(refused.message.contains("deleted"), "{}", refused.message);
    bob.stop().await;
}
