//! The practice network: somebody who answers and devices that obey, on this computer alone.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its ground gives way"
)]

use std::{fs, net::IpAddr, path::Path, time::Duration};

use serde_json::{Value, json};
use streembit_api::{Code, Error, Events, Host, node::Config, table, types::Event};
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(60);

/// A host that is in no public network and would listen everywhere in private ones.
fn open(folder: &Path) -> Host {
    let config = Config {
        public: false,
        ..Config::default()
    };
    Host::open(folder, config).unwrap()
}

async fn call(host: &Host, command: &str, arguments: Value) -> Result<Value, Error> {
    table::dispatch(host, command, arguments).await
}

async fn ask(host: &Host, command: &str, arguments: Value) -> Value {
    let answer = call(host, command, arguments.clone()).await;
    answer.unwrap_or_else(|error| panic!("{command} {arguments}: {error:?}"))
}

async fn with_account() -> (TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let host = open(folder.path());
    let wish = json!({ "name": "Alice", "key_store": "file", "passphrase": "open sesame" });
    ask(&host, "account_create", wish).await;
    (folder, host)
}

/// Ends the host and starts it again, following its events from the beginning.
async fn again(folder: &Path, host: Host) -> (Host, Events) {
    host.stop().await;
    drop(host);
    let host = open(folder);
    let events = host.events();
    let words = json!({ "passphrase": "open sesame" });
    ask(&host, "account_unlock", words).await;
    (host, events)
}

async fn practice(host: &Host) -> Value {
    let started = ask(host, "demo_start", Value::Null).await;
    assert_eq!(started["name"], "Practice");
    started["network"].clone()
}

/// Waits until `found` is, looking again at each event.
async fn until(events: &mut Events, what: &str, mut found: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !found().await {
            events.next().await.unwrap();
        }
    };
    let waited = tokio::time::timeout(DEADLINE, waiting).await;
    assert!(waited.is_ok(), "in time: {what}");
}

async fn robin(host: &Host, network: &Value) -> Value {
    let contacts = ask(host, "contacts_list", json!({ "network": network })).await;
    let mut found = contacts.as_array().unwrap().iter();
    let robin = found.find(|contact| contact["name"] == "Robin").unwrap();
    robin["peer"].clone()
}

async fn lamp(host: &Host, network: &Value) -> Value {
    let devices = ask(host, "devices_list", json!({ "network": network })).await;
    let mut things = devices.as_array().unwrap().iter();
    let lamp = things.find(|thing| thing["title"] == "Practice lamp");
    lamp.unwrap().clone()
}

/// Writes to Robin and waits for the signed receipt and for an answer.
async fn talk(host: &Host, events: &mut Events, network: &Value, text: &str) -> String {
    let peer = robin(host, network).await;
    let place = json!({ "network": network, "peer": peer });
    let wish = json!({ "network": network, "peer": peer, "text": text });
    let sent = ask(host, "message_send", wish).await;
    let mut answer = String::new();
    until(events, "an answer", async || {
        let messages = ask(host, "messages_list", place.clone()).await;
        let messages = messages.as_array().unwrap();
        let own = messages.iter().find(|one| one["id"] == sent["id"]).unwrap();
        let said = messages.iter().find(|one| one["reply_to"] == sent["id"]);
        answer = said.map_or_else(String::new, |said| said["text"].to_string());
        // Read comes after delivered, and both by Robin's signature alone.
        said.is_some() && (own["state"] == "delivered" || own["state"] == "read")
    })
    .await;
    answer
}

async fn switch(host: &Host, network: &Value, on: bool) {
    let thing = lamp(host, network).await["thing"].clone();
    let wish = json!({ "thing": thing, "property": "on", "value": on });
    ask(host, "device_write", wish).await;
    let read = ask(
        host,
        "device_read",
        json!({ "thing": thing, "property": "on" }),
    )
    .await;
    assert_eq!(read["reported"], on, "the lamp itself says so");
}

/// The local addresses of this process's sockets that anything could come in by.
fn open_sockets() -> Vec<IpAddr> {
    let own: Vec<String> = fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|target| Some(target.to_str()?.strip_prefix("socket:[")?.to_owned()))
        .filter_map(|inode| Some(inode.strip_suffix(']')?.to_owned()))
        .collect();
    let mut found = Vec::new();
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        let text = fs::read_to_string(format!("/proc/self/net/{table}")).unwrap_or_default();
        for line in text.lines().skip(1) {
            let fields: Vec<_> = line.split_whitespace().collect();
            let takes_in = table.starts_with("udp") || fields[3] == "0A";
            if takes_in && own.iter().any(|inode| inode == fields[9]) {
                found.push(address(fields[1].split(':').next().unwrap()));
            }
        }
    }
    found
}

/// Reads an address as the kernel lists it: words of four bytes, each in this machine's order.
fn address(hex: &str) -> IpAddr {
    let bytes: Vec<u8> = (0..hex.len() / 8)
        .map(|word| u32::from_str_radix(&hex[word * 8..][..8], 16).unwrap())
        .flat_map(u32::to_ne_bytes)
        .collect();
    <[u8; 4]>::try_from(bytes.as_slice())
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(bytes.as_slice()).map(IpAddr::from))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_answers_and_a_lamp_obeys_on_this_computer_alone() {
    let (_folder, host) = with_account().await;
    let mut events = host.events();

    let network = practice(&host).await;

    let status = ask(&host, "demo_status", Value::Null).await;
    assert_eq!(status, json!({ "state": "running", "network": network }));
    let second = call(&host, "demo_start", Value::Null).await.unwrap_err();
    assert_eq!(second.code, Code::Exists);
    let answer = talk(&host, &mut events, &network, "What are the ticks?").await;
    assert!(answer.contains("signed for it"), "{answer}");
    switch(&host, &network, true).await;
    switch(&host, &network, false).await;
    let addresses = open_sockets();
    assert!(addresses.len() >= 3, "three peers listen: {addresses:?}");
    assert!(addresses.iter().all(IpAddr::is_loopback), "{addresses:?}");
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_comes_back_with_the_host() {
    let (folder, host) = with_account().await;
    let network = practice(&host).await;
    let mut events = host.events();
    talk(&host, &mut events, &network, "Hello").await;

    let (host, mut events) = again(folder.path(), host).await;

    let status = ask(&host, "demo_status", Value::Null).await;
    assert_eq!(status["network"], network, "{status}");
    talk(&host, &mut events, &network, "Are you still there").await;
    until(&mut events, "the lamp to be back", async || {
        lamp(&host, &network).await["state"] == "online"
    })
    .await;
    switch(&host, &network, true).await;
    let addresses = open_sockets();
    assert!(addresses.iter().all(IpAddr::is_loopback), "{addresses:?}");
    let conversation = json!({ "network": network, "peer": robin(&host, &network).await });
    let messages = ask(&host, "messages_list", conversation).await;
    assert_eq!(
        messages.as_array().unwrap().len(),
        5,
        "a greeting, then one answer to each of two: {messages}"
    );
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_once_it_is_removed() {
    let (folder, host) = with_account().await;
    let before = ask(&host, "networks_list", Value::Null).await;
    for command in ["demo_stop", "network_leave"] {
        let network = practice(&host).await;
        let mut events = host.events();
        talk(&host, &mut events, &network, "Hello").await;
        switch(&host, &network, true).await;

        let wish = match command {
            "network_leave" => json!({ "network": network }),
            _ => Value::Null,
        };
        ask(&host, command, wish).await;

        assert_bare(&host, folder.path(), &before).await;
    }
    let third = call(&host, "demo_stop", Value::Null).await.unwrap_err();
    assert_eq!(third.code, Code::NotFound);
    let (host, _) = again(folder.path(), host).await;
    assert_bare(&host, folder.path(), &before).await;
    host.stop().await;
}

/// Claims that no trace of a practice network is there.
async fn assert_bare(host: &Host, folder: &Path, networks: &Value) {
    let status = ask(host, "demo_status", Value::Null).await;
    assert_eq!(status, json!({ "state": "none" }));
    assert_eq!(&ask(host, "networks_list", Value::Null).await, networks);
    for list in [
        "contacts_list",
        "conversations_list",
        "devices_list",
        "gate_log",
    ] {
        assert_eq!(ask(host, list, json!({})).await, json!([]), "{list}");
    }
    for text in ["Robin", "Hello", "ticks"] {
        let found = ask(host, "messages_search", json!({ "text": text })).await;
        assert_eq!(found, json!([]), "{text}");
    }
    assert!(!folder.join("practice").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cut_off_is_undone_at_the_next_start() {
    let (folder, host) = with_account().await;
    let before = ask(&host, "networks_list", Value::Null).await;
    let mut events = host.events();
    let starting = tokio::spawn({
        let host = host.clone();
        async move { call(&host, "demo_start", Value::Null).await }
    });
    let is_begun = |event: &Event| {
        matches!(
            event,
            Event::Network {
                network: Some(_),
                ..
            }
        )
    };
    while !is_begun(&events.next().await.unwrap()) {}

    let (host, mut events) = again(folder.path(), host).await;

    assert!(starting.await.unwrap().is_err(), "the start was cut off");
    until(&mut events, "the remains to be gone", async || {
        ask(&host, "networks_list", Value::Null).await == before
    })
    .await;
    let network = practice(&host).await;
    switch(&host, &network, true).await;
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_does_not_bring_it_to_another_machine() {
    let (folder, host) = with_account().await;
    let before = ask(&host, "networks_list", Value::Null).await;
    practice(&host).await;
    let path = folder.path().join("alice.age");
    let sealed = json!({ "path": path, "passphrase": "far away" });
    ask(&host, "account_backup", sealed).await;
    host.stop().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let other = open(elsewhere.path());
    let mut events = other.events();

    let opened = json!({ "path": path, "passphrase": "far away", "key_store": "file" });
    ask(&other, "account_restore", opened).await;

    until(&mut events, "the remains to be gone", async || {
        ask(&other, "networks_list", Value::Null).await == before
    })
    .await;
    other.stop().await;
}

#[tokio::test]
async fn nothing_begins_without_an_account() {
    let folder = tempfile::tempdir().unwrap();
    let host = open(folder.path());

    for command in ["demo_start", "demo_stop", "demo_status"] {
        let error = call(&host, command, Value::Null).await.unwrap_err();
        assert_eq!(error.code, Code::NoAccount, "{command}");
    }
}
