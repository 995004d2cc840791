//! Runs the real program on data folders of its own, with the sealed file as key store.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its ground gives way"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(60);

/// A data folder and the passphrase of its sealed file.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), "open sesame\n").unwrap();
        Self { folder }
    }

    fn with_account(kind: &str) -> Self {
        let place = Self::new();
        let made = place.init("Alice", kind);
        assert!(made.status.success(), "{}", text(&made.stderr));
        place
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn passphrase(&self) -> PathBuf {
        self.folder.path().join("passphrase")
    }

    fn init(&self, name: &str, kind: &str) -> Output {
        program()
            .args([
                "init",
                "--name",
                name,
                "--kind",
                kind,
                "--key-store",
                "file",
                "--data",
            ])
            .arg(self.data())
            .arg("--passphrase-file")
            .arg(self.passphrase())
            .output()
            .unwrap()
    }

    fn call(&self, arguments: &[&str]) -> Output {
        program()
            .arg("call")
            .arg("--data")
            .arg(self.data())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn run(&self) -> Running {
        let mut child = program()
            .args([
                "run",
                "--no-discovery",
                "--listen",
                "/ip4/127.0.0.1/tcp/0",
                "--data",
            ])
            .arg(self.data())
            .arg("--passphrase-file")
            .arg(self.passphrase())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let ready = line(&mut child);
        Running { child, ready }
    }
}

/// A node that is ended with its test.
struct Running {
    child: Child,
    ready: Value,
}

impl Running {
    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_streembit-node"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| panic!("no JSON: {}", text(bytes)))
}

/// Returns the last line of standard error as JSON: logs stand above it.
fn complaint(output: &Output) -> Value {
    parsed(
        text(&output.stderr)
            .lines()
            .last()
            .unwrap_or_default()
            .as_bytes(),
    )
}

/// Waits for the first line that the child prints.
fn line(child: &mut Child) -> Value {
    let (sender, receiver) = mpsc::sync_channel(1);
    let out = child.stdout.take().unwrap();
    std::thread::spawn(move || {
        let mut line = String::new();
        let _ = BufReader::new(out).read_line(&mut line);
        let _ = sender.send(line);
    });
    let line = receiver.recv_timeout(DEADLINE).expect("a line in time");
    parsed(line.as_bytes())
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

#[test]
fn init_prints_who_it_made() {
    let made = Place::new().init("Lamp host", "device");

    let shown = parsed(&made.stdout);
    assert_eq!(shown["name"], "Lamp host");
    assert_eq!(shown["kind"], "device");
    assert_eq!(shown["peer"].as_str().unwrap().len(), 52);
    assert!(shown["node"].as_str().unwrap().starts_with("12D3KooW"));
}

#[test]
fn init_refuses_a_folder_with_an_account_and_changes_nothing() {
    let place = Place::with_account("human");
    let before = contents(&place.data());

    let refused = place.init("Mallory", "human");

    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(complaint(&refused)["code"], "exists");
    assert_eq!(contents(&place.data()), before);
}

#[test]
fn init_asks_for_a_passphrase_before_it_makes_anything() {
    let place = Place::new();

    let refused = program()
        .args(["init", "--name", "Alice", "--key-store", "file", "--data"])
        .arg(place.data())
        .output()
        .unwrap();

    assert_eq!(complaint(&refused)["code"], "invalid_arguments");
    assert!(!place.data().exists());
}

#[test]
fn id_tells_who_the_account_is_without_its_keys() {
    let place = Place::new();
    let made = parsed(&place.init("Alice", "hub").stdout);

    let shown = program()
        .args(["id", "--data"])
        .arg(place.data())
        .output()
        .unwrap();

    assert!(made["node"].is_string(), "{made}");
    assert_eq!(parsed(&shown.stdout), made);
}

#[test]
fn call_says_when_no_node_runs() {
    let place = Place::with_account("human");

    let refused = place.call(&["account_status"]);

    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(complaint(&refused)["code"], "not_running");
}

#[test]
fn run_refuses_a_wrong_passphrase() {
    let place = Place::with_account("human");
    fs::write(place.passphrase(), "open barley\n").unwrap();

    let refused = program()
        .args(["run", "--data"])
        .arg(place.data())
        .arg("--passphrase-file")
        .arg(place.passphrase())
        .output()
        .unwrap();

    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(complaint(&refused)["code"], "denied");
}

#[test]
fn run_says_that_there_is_no_account() {
    let place = Place::new();

    let refused = program()
        .args(["run", "--data"])
        .arg(place.data())
        .output()
        .unwrap();

    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(complaint(&refused)["code"], "no_account");
}

#[cfg(unix)]
#[test]
fn a_running_node_answers_its_owner_and_stops_cleanly() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::with_account("human");
    let mut running = place.run();

    assert_eq!(running.ready["type"], "ready");
    let node = running.ready["node"].as_str().unwrap().to_owned();
    let addresses = running.ready["addresses"].as_array().unwrap();
    assert!(!addresses.is_empty());
    assert!(
        addresses
            .iter()
            .all(|it| it.as_str().unwrap().ends_with(&format!("/p2p/{node}")))
    );

    let status = place.call(&["account_status"]);
    assert_eq!(parsed(&status.stdout)["state"], "ready");
    assert_eq!(parsed(&status.stdout)["peer"], running.ready["peer"]);
    let socket = fs::metadata(place.data().join("control.sock")).unwrap();
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);

    let unknown = place.call(&["make_coffee"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert_eq!(complaint(&unknown)["code"], "unknown_command");

    let wrong = place.call(&["network_create", r#"{"name": 7}"#]);
    assert_eq!(complaint(&wrong)["code"], "invalid_arguments");
    assert_eq!(complaint(&wrong)["details"]["path"], "name");

    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success());
    assert_eq!(place.call(&["account_status"]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_folder_has_one_node_at_a_time() {
    let place = Place::with_account("human");
    let running = place.run();

    let refused = program()
        .args(["run", "--data"])
        .arg(place.data())
        .arg("--passphrase-file")
        .arg(place.passphrase())
        .output()
        .unwrap();

    assert_eq!(complaint(&refused)["code"], "busy");
    drop(running);
}

#[cfg(unix)]
#[test]
fn events_are_printed_as_they_happen() {
    let place = Place::with_account("human");
    let running = place.run();
    let mut events = program()
        .args(["events", "--data"])
        .arg(place.data())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Whenever the subscription stands, the next change of the name is seen.
    let renamer = std::thread::spawn(move || {
        for round in 0..50 {
            let arguments = json!({ "name": format!("Alice {round}") }).to_string();
            assert!(place.call(&["account_rename", &arguments]).status.success());
        }
        place
    });

    let event = line(&mut events);

    assert_eq!(event["type"], "account");
    assert!(event["at"].is_u64());
    assert!(
        event["account"]["name"]
            .as_str()
            .unwrap()
            .starts_with("Alice")
    );
    let _ = events.kill();
    let _ = events.wait();
    let place = renamer.join().unwrap();
    drop(running);
    drop(place);
}

#[cfg(unix)]
#[test]
fn call_reads_arguments_from_standard_input() {
    let place = Place::with_account("human");
    let running = place.run();

    let mut call = program()
        .arg("call")
        .arg("--data")
        .arg(place.data())
        .args(["account_rename", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    call.stdin
        .take()
        .unwrap()
        .write_all(br#"{"name": "Alice B."}"#)
        .unwrap();
    let renamed = call.wait_with_output().unwrap();

    assert_eq!(parsed(&renamed.stdout)["name"], "Alice B.");
    drop(running);
}

#[test]
fn commands_lists_names_docs_and_schemas() {
    let listed = program().arg("commands").output().unwrap();

    let commands = parsed(&listed.stdout);
    let commands = commands.as_array().unwrap();
    assert!(
        commands
            .iter()
            .any(|command| command["name"] == "account_status")
    );
    assert!(
        commands
            .iter()
            .all(|command| !command["doc"].as_str().unwrap().is_empty())
    );
    assert!(
        commands
            .iter()
            .all(|command| command["arguments"].is_object())
    );
}

#[test]
fn checks_descriptions_and_lists() {
    let folder = tempfile::tempdir().unwrap();
    let (description, list) = (
        folder.path().join("td.json"),
        folder.path().join("list.toml"),
    );
    fs::write(&description, r#"{"title": 7}"#).unwrap();
    fs::write(&list, "").unwrap();

    let wrong = program()
        .args(["td", "check"])
        .arg(&description)
        .output()
        .unwrap();
    let right = program()
        .args(["list", "check"])
        .arg(&list)
        .output()
        .unwrap();

    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(parsed(&wrong.stdout)["ok"], false);
    assert!(parsed(&wrong.stdout)["errors"][0]["path"].is_string());
    assert_eq!(right.status.code(), Some(0), "{}", text(&right.stdout));
    assert_eq!(parsed(&right.stdout)["ok"], true);
}
