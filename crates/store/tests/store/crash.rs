//! `kill -9` at every write point and at many other moments: what was answered is there, whole.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use streembit_identity::MessageId;
use streembit_store::{
    ContactChange, ContactOutcome, Direction, Expected, Hook, Invite, InviteState, MessageState,
    Options, Relation, Store, WRITE_POINTS,
};
use tempfile::TempDir;

use crate::support::*;

const PATH: &str = "STREEMBIT_STORE_CRASH_PATH";
const POINT: &str = "STREEMBIT_STORE_CRASH_POINT";

/// Steps that the child takes before it closes by itself.
const STEPS: u32 = 24;

fn kill_at(point: String, nth: usize) -> Hook {
    let passed = AtomicUsize::new(0);
    Arc::new(move |reached| {
        if reached == point && passed.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            let me = std::process::id().to_string();
            Command::new("kill").args(["-9", &me]).status().unwrap();
            loop {
                std::thread::park(); // the signal is on its way
            }
        }
    })
}

/// The part that is killed: does a step of each sort and prints a line once it is acknowledged.
#[tokio::test]
async fn crash_child() {
    let (Ok(path), Ok(point)) = (std::env::var(PATH), std::env::var(POINT)) else {
        return;
    };
    let hook = point
        .split_once(':')
        .map(|(point, nth)| kill_at(point.to_owned(), nth.parse().unwrap()));
    let options = Options {
        hook,
        max_pages: None,
    };
    let store = Store::open(Path::new(&path), &key(), options)
        .await
        .unwrap();
    let steps = if point == "endless" { u32::MAX } else { STEPS };
    for n in 0..steps {
        step(&store, n).await;
    }
    store.close().await;
    acknowledge("closed");
}

async fn step(store: &Store, n: u32) {
    let (sent, came) = tokio::join!(
        store.insert_outgoing(outgoing(n, bob())),
        store.insert_incoming(incoming(n, account(3)))
    );
    sent.unwrap();
    came.unwrap();
    acknowledge(&format!("messages {n}"));
    let invite = Invite {
        secret_hash: hash(n),
        created_at: NOW,
        expires_at: later(60),
        used_by: None,
    };
    store.add_invite(invite).await.unwrap();
    acknowledge(&format!("invite {n}"));
    let change = ContactChange {
        contact: contact(account(n as u8), Relation::Accepted),
        expected: Expected::Anything,
        cause: Some((account(n as u8), id(n + 2_000_000))),
        invite: Some(hash(n)),
        certificates: Vec::new(),
        outgoing: vec![item(n + 1_000_000, account(n as u8))],
        at: NOW,
    };
    assert_eq!(
        store.change_contact(change).await.unwrap(),
        ContactOutcome::Changed
    );
    acknowledge(&format!("contact {n}"));
    store
        .record_outgoing(bob(), None, id(n), MessageState::Delivered, None)
        .await
        .unwrap();
    acknowledge(&format!("delivered {n}"));
}

fn acknowledge(what: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ack {what}").unwrap();
    out.flush().unwrap();
}

fn hash(n: u32) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[..4].copy_from_slice(&n.to_be_bytes());
    hash
}

fn start(path: &Path, point: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::crash_child", "--nocapture"])
        .env(PATH, path)
        .env(POINT, point)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Everything that the child was told is durable.
struct Acks(HashSet<String>);

impl Acks {
    fn of(child: &mut Child) -> Self {
        let out = BufReader::new(child.stdout.take().unwrap());
        let lines = out.lines().map_while(Result::ok);
        Self(
            lines
                .filter_map(|line| line.split_once("ack ").map(|(_, what)| what.to_owned()))
                .collect(),
        )
    }

    fn has(&self, what: &str, n: u32) -> bool {
        self.0.contains(&format!("{what} {n}"))
    }

    /// The last step that may have left anything.
    fn last(&self) -> u32 {
        let steps = self.0.iter().filter_map(|ack| ack.split_once(' '));
        steps.filter_map(|(_, n)| n.parse().ok()).max().unwrap_or(0) + 1
    }
}

/// Opens what the crash left and compares it with what was acknowledged.
async fn examine(path: &Path, acks: &Acks) {
    let store = open(path).await;
    let waiting = store
        .outbox(NETWORK)
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.id)
        .collect();
    for n in 0..=acks.last() {
        examine_messages(&store, acks, &waiting, n).await;
        examine_contact(&store, acks, &waiting, n).await;
    }
    let messages = store.export().await.unwrap().messages;
    let came = messages
        .iter()
        .filter(|message| message.direction == Direction::In)
        .count() as u64;
    let unread: u64 = store
        .conversations(None)
        .await
        .unwrap()
        .iter()
        .map(|talk| talk.unread)
        .sum();
    assert_eq!(unread, came, "counted and stored");
    store
        .insert_outgoing(outgoing(u32::MAX, bob()))
        .await
        .expect("it goes on");
    store.close().await;
}

async fn examine_messages(store: &Store, acks: &Acks, waiting: &HashSet<MessageId>, n: u32) {
    let sent = store.message(NETWORK, bob(), id(n)).await.unwrap();
    let came = store.message(NETWORK, account(3), id(n)).await.unwrap();
    let is_delivered = sent
        .as_ref()
        .is_some_and(|message| message.state == MessageState::Delivered);
    let is_seen = store.was_seen(account(3), id(n)).await.unwrap();
    let waits = waiting.contains(&id(n));

    assert!(
        sent.is_some() || !acks.has("messages", n),
        "message {n} was acknowledged"
    );
    assert!(
        came.is_some() || !acks.has("messages", n),
        "message {n} of theirs was acknowledged"
    );
    assert!(
        is_delivered || !acks.has("delivered", n),
        "receipt {n} was acknowledged"
    );
    assert_eq!(came.is_some(), is_seen, "message and id {n}");
    assert_eq!(
        waits,
        sent.is_some() && !is_delivered,
        "message and envelope {n}"
    );
}

async fn examine_contact(store: &Store, acks: &Acks, waiting: &HashSet<MessageId>, n: u32) {
    let is_known = store
        .contact(NETWORK, account(n as u8))
        .await
        .unwrap()
        .is_some();
    let invite = store.invite_state(hash(n), NOW).await.unwrap();
    let is_used = invite == InviteState::Used;
    let waits = waiting.contains(&id(n + 1_000_000));

    assert!(
        is_known || !acks.has("contact", n),
        "contact {n} was acknowledged"
    );
    assert!(
        invite != InviteState::Unknown || !acks.has("invite", n),
        "invite {n} was acknowledged"
    );
    assert!(is_known == is_used || n > 255, "contact and invite {n}");
    assert_eq!(waits, is_used, "answer and invite {n}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_write_point_loses_nothing_that_was_acknowledged() {
    for point in WRITE_POINTS {
        let once = matches!(
            point,
            "migrate" | "migrated" | "checkpoint" | "checkpointed"
        );
        for nth in if once {
            vec![1]
        } else {
            vec![1, 2, 3, 4, 5, 40, 77]
        } {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("streembit.db");
            let mut child = start(&path, &format!("{point}:{nth}"));
            let acks = Acks::of(&mut child);
            let status = child.wait().unwrap();
            assert_eq!(signal(status), Some(9), "the child ends at {point} {nth}");
            examine(&path, &acks).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_moment_loses_nothing_that_was_acknowledged() {
    let folder = TempDir::new().unwrap();
    for round in 0..20_u64 {
        let path = folder.path().join(format!("{round}.db"));
        let mut child = start(&path, "endless");
        let (pid, delay) = (child.id(), Duration::from_millis(20 + round * 37 % 211));
        let killer = std::thread::spawn(move || {
            std::thread::sleep(delay); // the moment is what is tested
            Command::new("kill")
                .args(["-9", &pid.to_string()])
                .status()
                .unwrap();
        });
        let acks = Acks::of(&mut child);
        killer.join().unwrap();
        child.wait().unwrap();
        examine(&path, &acks).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_call_that_reaches_the_disk_loses_nothing_that_was_acknowledged() {
    if Command::new("strace")
        .arg("-V")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        return eprintln!("skipped: no strace here");
    }
    let folder = TempDir::new().unwrap();
    for call in ["pwrite64", "fdatasync", "ftruncate"] {
        for nth in (1..=40).step_by(5) {
            let path = folder.path().join(format!("{call}-{nth}.db"));
            let mut child = strace(&path, call, nth);
            let acks = Acks::of(&mut child);
            let was_killed = !child.wait().unwrap().success();
            examine(&path, &acks).await;
            if !was_killed {
                break; // it makes no more of these calls
            }
        }
    }
}

/// The child again, killed at the `nth` time that it makes this system call.
fn strace(path: &Path, call: &str, nth: u32) -> Child {
    Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            &format!("trace={call}"),
        ])
        .args(["-e", &format!("inject={call}:signal=KILL:when={nth}")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "crash::crash_child", "--nocapture"])
        .env(PATH, path)
        .env(POINT, "none")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}
