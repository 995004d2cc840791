//! `kill -9` at every write point and at many other moments: what was answered is there, whole.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use streembit_store::{
    ContactChange, ContactOutcome, Expected, Hook, Invite, InviteState, MessageState, Options,
    Relation, Store, WRITE_POINTS,
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
        .record_outgoing(bob(), id(n), MessageState::Delivered, None)
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
fn acknowledged(child: &mut Child) -> Vec<String> {
    let out = BufReader::new(child.stdout.take().unwrap());
    let lines = out.lines().map_while(Result::ok);
    lines
        .filter_map(|line| line.split_once("ack ").map(|(_, what)| what.to_owned()))
        .collect()
}

/// Opens what the crash left and compares it with what was acknowledged.
async fn examine(path: &Path, acks: &[String]) {
    let store = open(path).await;
    let waiting = store.outbox(NETWORK).await.unwrap();
    let waits = |id| waiting.iter().any(|entry| entry.id == id);
    let mut last = 0;
    for n in acks
        .iter()
        .filter_map(|ack| ack.split_once(' '))
        .filter_map(|(_, n)| n.parse::<u32>().ok())
    {
        last = last.max(n);
    }
    for n in 0..=last + 1 {
        let has = |what: &str| acks.iter().any(|ack| *ack == format!("{what} {n}"));
        let sent = store.message(NETWORK, bob(), id(n)).await.unwrap();
        let came = store.message(NETWORK, account(3), id(n)).await.unwrap();
        if has("messages") {
            assert!(
                sent.is_some() && came.is_some(),
                "messages {n} were acknowledged"
            );
        }
        assert_eq!(
            came.is_some(),
            store.was_seen(account(3), id(n)).await.unwrap(),
            "message and id {n}"
        );
        let is_delivered = sent
            .as_ref()
            .is_some_and(|message| message.state == MessageState::Delivered);
        assert!(
            is_delivered || !has("delivered"),
            "receipt {n} was acknowledged"
        );
        assert_eq!(
            waits(id(n)),
            sent.is_some() && !is_delivered,
            "message and envelope {n}"
        );
        let known = store
            .contact(NETWORK, account(n as u8))
            .await
            .unwrap()
            .is_some();
        let invite = store.invite_state(hash(n), NOW).await.unwrap();
        assert!(known || !has("contact"), "contact {n} was acknowledged");
        assert!(
            invite != InviteState::Unknown || !has("invite"),
            "invite {n} was acknowledged"
        );
        if n < 256 {
            assert_eq!(known, invite == InviteState::Used, "contact and invite {n}");
        }
        assert_eq!(
            waits(id(n + 1_000_000)),
            invite == InviteState::Used,
            "answer and invite {n}"
        );
    }
    let unread = store
        .conversations(None)
        .await
        .unwrap()
        .iter()
        .map(|conversation| conversation.unread)
        .sum::<u64>();
    let came = store.search_messages("message", None, 200).await.unwrap();
    let came = came
        .iter()
        .filter(|message| message.peer == account(3))
        .count() as u64;
    assert!(unread == came || unread > 90, "{unread} unread of {came}");
    store
        .insert_outgoing(outgoing(u32::MAX, bob()))
        .await
        .expect("it goes on");
    store.close().await;
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
            let acks = acknowledged(&mut child);
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
        let acks = acknowledged(&mut child);
        killer.join().unwrap();
        child.wait().unwrap();
        examine(&path, &acks).await;
    }
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}
