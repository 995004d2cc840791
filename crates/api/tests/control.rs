//! Speaks with the control socket as other people's programs do.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where its ground gives way")]

use std::{path::Path, time::Duration};

use serde_json::{Value, json};
use streembit_api::{
    Code, Host,
    control::{CallError, Client, Control},
    node::Config,
    types::Event,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    time::timeout,
};

const DEADLINE: Duration = Duration::from_secs(20);

fn serve(folder: &Path) -> Host {
    let host = Host::open(folder, Config::default()).unwrap();
    let control = Control::bind(folder).unwrap();
    tokio::spawn(control.run(host.clone(), host.stop_token()));
    host
}

fn served() -> (TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let host = serve(folder.path());
    (folder, host)
}

/// Sends `text`, closes the writing side, and returns the lines that come back.
async fn raw(folder: &Path, text: &[u8]) -> Vec<Value> {
    let mut stream = UnixStream::connect(folder.join("control.sock"))
        .await
        .unwrap();
    // A line that is too long ends the connection before all of it was sent.
    let _ = stream.write_all(text).await;
    let _ = stream.shutdown().await;
    let mut answers = Vec::new();
    let read = stream.read_to_end(&mut answers);
    let _ = timeout(DEADLINE, read).await.unwrap();
    let lines = answers.split(|&byte| byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

#[tokio::test]
async fn answers_each_request_even_after_the_client_stopped_writing() {
    let (folder, _host) = served();
    let requests = (0..40).map(|id| json!({ "id": id, "command": "account_status" }).to_string());
    let text = requests.collect::<Vec<_>>().join("\n");

    let answers = raw(folder.path(), text.as_bytes()).await;

    let mut ids: Vec<_> = answers.iter().filter_map(|it| it["id"].as_u64()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..40).collect::<Vec<_>>());
    assert!(answers.iter().all(|it| it["result"]["state"] == "none"));
}

#[tokio::test]
async fn refuses_what_is_no_request_and_goes_on() {
    let (folder, _host) = served();
    let text = b"{\"id\": 1\nnonsense\n{\"id\": 2, \"command\": \"account_status\"}\n";

    let answers = raw(folder.path(), text).await;

    let codes: Vec<_> = answers
        .iter()
        .map(|it| it["error"]["code"].as_str())
        .collect();
    assert_eq!(codes.iter().flatten().count(), 2, "{answers:?}");
    assert!(
        answers
            .iter()
            .any(|it| it["id"] == 2 && it["result"]["state"] == "none")
    );
}

#[tokio::test]
async fn hangs_up_on_a_line_that_is_too_long() {
    let (folder, _host) = served();

    let answers = raw(folder.path(), &vec![b' '; 2 * 1024 * 1024]).await;

    // What the client did not read before it was cut off may be lost with the connection.
    assert!(
        answers.iter().all(|it| it["error"]["code"] == "too_large"),
        "{answers:?}"
    );
    let mut client = Client::connect(folder.path()).await.unwrap();
    assert!(client.call("account_status", Value::Null).await.is_ok());
}

#[tokio::test]
async fn tells_every_subscriber() {
    let (folder, host) = served();
    let mut clients = Vec::new();
    for _ in 0..8 {
        let mut client = Client::connect(folder.path()).await.unwrap();
        client.subscribe().await.unwrap();
        clients.push(client);
    }

    host.tell(Event::Notice {
        at: 1,
        code: "test".to_owned(),
        text: "Hello".to_owned(),
    });

    for mut client in clients {
        let event = timeout(DEADLINE, client.next_event())
            .await
            .unwrap()
            .unwrap();
        assert!(matches!(event, Event::Notice { at: 1, .. }), "{event:?}");
    }
}

#[tokio::test]
async fn errors_come_back_as_they_are() {
    let (folder, _host) = served();
    let mut client = Client::connect(folder.path()).await.unwrap();

    let failed = client.call("make_coffee", json!({})).await.unwrap_err();

    let CallError::Command(error) = failed else {
        unreachable!("the connection stands");
    };
    assert_eq!(error.code, Code::UnknownCommand);
}

#[tokio::test]
async fn says_that_nobody_runs_where_only_a_socket_was_left() {
    let folder = tempfile::tempdir().unwrap();
    drop(Control::bind(folder.path()).unwrap());

    let failed = Client::connect(folder.path()).await.unwrap_err();

    assert!(matches!(failed, CallError::NotRunning), "{failed}");
    let host = serve(folder.path());
    assert!(
        Client::connect(folder.path()).await.is_ok(),
        "a left socket is no hindrance"
    );
    host.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn serves_a_folder_with_a_long_path() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a".repeat(120));
    let _host = serve(&folder);

    let mut client = Client::connect(&folder).await.unwrap();

    assert!(client.call("account_status", Value::Null).await.is_ok());
}
