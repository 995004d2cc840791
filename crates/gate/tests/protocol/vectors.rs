//! The vectors in `docs/protocol/membership.json` are what this implementation says and obeys.
//!
//! `UPDATE_VECTORS=1` writes them anew; what networks were made of must never change.

use std::path::PathBuf;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use streembit_gate::exchange::{Action, Exchange, Local, Session};
use streembit_gate::{Certificates, Freshness, Grant, Ledger, Level, Policy, Role, Rules};
use streembit_identity::{AccountKey, Certificate, Name, NodeKey, Purpose, Timestamp, seal};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

#[test]
fn vectors_are_what_we_say() {
    let ledger = network();
    let vectors = json!({
        "about": "All byte strings are in hexadecimal. See membership.md beside this file.",
        "network": hex(ledger.network().as_bytes()),
        "operations": ledger.operations().map(|(id, operation)| json!({
            "id": hex(id.as_bytes()),
            "object": hex(operation.bytes()),
        })).collect::<Vec<_>>(),
        "members": ledger.roster().members.values().map(|member| json!({
            "account": hex(member.account.as_bytes()),
            "name": member.name.as_str(),
            "role": member.role.as_str(),
        })).collect::<Vec<_>>(),
        "removed": ledger.roster().removed.keys().map(|account| hex(account.as_bytes())).collect::<Vec<_>>(),
        "statement": hex(&ledger.author_statement(&key(1), NOW).unwrap()),
        "grant": hex(&grant(&ledger)),
        "exchange": exchange(&ledger),
    });
    let text = format!("{}\n", serde_json::to_string_pretty(&vectors).unwrap());

    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(path(), &text).unwrap();
    }

    assert_eq!(
        std::fs::read_to_string(path()).unwrap(),
        text,
        "run with UPDATE_VECTORS=1 and look at the difference"
    );
}

#[test]
fn vectors_are_obeyed() {
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap();
    let operations: Vec<Vec<u8>> = vectors["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| unhex(&it["object"]))
        .collect();

    let ledger = Ledger::load(&operations).unwrap();

    assert_eq!(
        ledger.network().as_bytes().as_slice(),
        unhex(&vectors["network"])
    );
    let members: Vec<_> = ledger
        .roster()
        .members
        .values()
        .map(|member| member.name.as_str())
        .collect();
    let expected: Vec<_> = vectors["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["name"].as_str().unwrap())
        .collect();
    assert_eq!(members, expected);
}

/// A network with one operation of each kind.
fn network() -> Ledger {
    let recovery = key(9);
    let created = Ledger::create(
        name("Home"),
        name("Ada"),
        &key(1),
        recovery.id(),
        [7; 16],
        NOW,
    );
    let mut ledger = created.unwrap();
    let later = |minutes: u64| Timestamp(NOW.0 + 60_000 * minutes);
    let mut take = |make: &dyn Fn(&Ledger) -> Vec<u8>| {
        let bytes = make(&ledger);
        ledger.insert(&bytes).unwrap();
    };
    let (ada, bob, lamp) = (key(1), key(2), key(3));
    take(&|it| {
        it.author_add(&ada, bob.id(), name("Bob"), Role::Member, later(1))
            .unwrap()
    });
    take(&|it| {
        it.author_add(&ada, lamp.id(), name("Lamp"), Role::Device, later(2))
            .unwrap()
    });
    take(&|it| {
        it.author_set_role(&ada, bob.id(), Role::Admin, later(3))
            .unwrap()
    });
    take(&|it| it.author_remove(&bob, lamp.id(), later(4)).unwrap());
    take(&|it| it.author_revoke_node(&bob, node(2).id(), later(5)).unwrap());
    let policy = Policy {
        stale_after_days: 30,
        cuts_off: false,
    };
    take(&|it| it.author_set_policy(&ada, policy, later(6)).unwrap());
    take(&|it| {
        it.author_appoint(&recovery, key(4).id(), name("Cyd"), later(7))
            .unwrap()
    });
    take(&|it| it.author_checkpoint(&ada, later(8)).unwrap());
    ledger
}

fn grant(ledger: &Ledger) -> Vec<u8> {
    let grant = Grant {
        peer: key(2).id(),
        level: Level::Operate,
        expires_at: Some(Timestamp(NOW.0 + 86_400_000)),
        issued_by: key(1).id(),
        issued_at: NOW,
        thing: Some("lamp".into()),
        affordances: vec!["on".into()],
    };
    seal(&grant, &ledger.network(), &key(1)).unwrap()
}

/// The frames of an exchange in which the dialer knows only the genesis.
fn exchange(ledger: &Ledger) -> Vec<Value> {
    let start = Ledger::from_genesis(ledger.genesis()).unwrap();
    let mut dialer = Exchange::dialer(local(&start, 4, 1));
    let mut listener = Exchange::listener(local(ledger, 1, 4));
    let mut transcript = Vec::new();
    let mut frames = sent(&dialer.start());
    let mut is_dialer = true;
    while !frames.is_empty() {
        let from = if is_dialer { "dialer" } else { "listener" };
        transcript.extend(
            frames
                .iter()
                .map(|frame| json!({ "from": from, "frame": hex(frame) })),
        );
        let to = if is_dialer {
            &mut listener
        } else {
            &mut dialer
        };
        let answers: Vec<Action> = frames
            .iter()
            .flat_map(|frame| to.on_frame(frame, NOW))
            .collect();
        frames = sent(&answers);
        is_dialer = !is_dialer;
    }
    transcript
}

fn local(ledger: &Ledger, me: u8, remote: u8) -> Local {
    let certificates = Certificates::default();
    let freshness = freshness(ledger);
    let rules = Rules::private(ledger, &certificates, &freshness).expecting([node(remote).id()]);
    let end = Timestamp(NOW.0 + 86_400_000);
    let certificate = Certificate::issue(&key(me), node(me).id(), Purpose::Full, NOW, end).unwrap();
    Local {
        network: ledger.network(),
        certificate: certificate.bytes().to_vec(),
        rules: Arc::new(rules),
        ledger: Some(Arc::new(ledger.clone())),
        certificates: Arc::new(certificates),
        freshness: Arc::new(freshness),
        latest: NOW,
        session: Session(u64::from(me)),
        remote: node(remote).id(),
    }
}

/// Account 1 is the admin, and has just confirmed the members.
fn freshness(ledger: &Ledger) -> Freshness {
    let mut freshness = Freshness::default();
    let bytes = ledger.author_statement(&key(1), NOW).unwrap();
    freshness.confirm(&bytes, ledger, NOW).unwrap();
    freshness
}

fn sent(actions: &[Action]) -> Vec<Vec<u8>> {
    let frame = |action: &Action| {
        if let Action::Send(frame) = action {
            Some(frame.clone())
        } else {
            None
        }
    };
    actions.iter().filter_map(frame).collect()
}

fn key(number: u8) -> AccountKey {
    AccountKey::from_seed(&[number; 32].into())
}

fn node(number: u8) -> NodeKey {
    NodeKey::from_seed(&[100 + number; 32].into())
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

fn unhex(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/membership.json")
}
