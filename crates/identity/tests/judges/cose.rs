//! The Python package `cwt` verifies what we sign, and we verify what it signs.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use streembit_identity::link::ContactInvite;
use streembit_identity::{
    AddressRecord, Envelope, NetworkId, NodeCertificate, NodeRevocation, Payload, PeerRecord,
    Redemption, Tombstone, Unverified,
};

/// The judge, pinned.
const JUDGE: &str = "cwt==3.3.0";

#[test]
fn cwt_and_we_agree_on_every_vector() {
    let Some(python) = python_with_judge() else {
        return;
    };
    let vectors = vectors();

    let verdicts = ask(&python, &cases(&vectors));

    assert_eq!(verdicts.len(), vectors.len());
    for (vector, verdict) in vectors.iter().zip(&verdicts) {
        assert_eq!(verdict["verified"], true, "{vector}");
        assert_eq!(verdict["payload"], vector["payload"]);
        assert_eq!(verdict["refused_other_aad"], true);
        assert_eq!(verdict["refused_other_payload"], true);
        assert_eq!(
            verdict["signed"], vector["object"],
            "it signs the same bytes"
        );
        assert!(
            is_good(vector, &bytes(&verdict["signed"])),
            "we verify what it signed"
        );
    }
}

fn is_good(vector: &Value, object: &[u8]) -> bool {
    let network = NetworkId::from_bytes(bytes(&vector["network"]).try_into().unwrap());
    match vector["type"].as_str().unwrap() {
        NodeCertificate::DOMAIN => verifies::<NodeCertificate>(object, network),
        NodeRevocation::DOMAIN => verifies::<NodeRevocation>(object, network),
        Tombstone::DOMAIN => verifies::<Tombstone>(object, network),
        Envelope::DOMAIN => verifies::<Envelope>(object, network),
        PeerRecord::DOMAIN => verifies::<PeerRecord>(object, network),
        AddressRecord::DOMAIN => verifies::<AddressRecord>(object, network),
        ContactInvite::DOMAIN => verifies::<ContactInvite>(object, network),
        Redemption::DOMAIN => verifies::<Redemption>(object, network),
        other => panic!("no such type: {other}"),
    }
}

fn verifies<P: Payload>(object: &[u8], network: NetworkId) -> bool {
    Unverified::<P>::parse(object).is_ok_and(|object| object.verify(&network).is_ok())
}

fn cases(vectors: &[Value]) -> Value {
    vectors
        .iter()
        .map(|vector| {
            json!({
                "object": vector["object"],
                "external_aad": vector["external_aad"],
                "public": vector["signer"],
                "secret": vector["signer_secret"],
                "payload": vector["payload"],
            })
        })
        .collect()
}

fn ask(python: &Path, cases: &Value) -> Vec<Value> {
    let mut judge = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judges/cose.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    judge
        .stdin
        .take()
        .unwrap()
        .write_all(cases.to_string().as_bytes())
        .unwrap();
    let output = judge.wait_with_output().unwrap();
    assert!(output.status.success(), "the judge failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns a Python that has the judge, installing it once below the target folder.
fn python_with_judge() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cose-judge");
    let python = folder.join("bin/python");
    let is_ready = || run(Command::new(&python).args(["-c", "import cwt"]));
    if is_ready() {
        return Some(python);
    }
    let is_made = run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder))
        && run(Command::new(&python).args(["-m", "pip", "install", "--quiet", JUDGE]));
    if is_made && is_ready() {
        return Some(python);
    }
    println!("SKIPPED: python3 -m venv and pip install {JUDGE} did not succeed here");
    None
}

fn run(command: &mut Command) -> bool {
    command
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn vectors() -> Vec<Value> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/protocol/vectors.json"
    );
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    vectors["signed"].as_array().unwrap().clone()
}

fn bytes(text: &Value) -> Vec<u8> {
    HEXLOWER.decode(text.as_str().unwrap().as_bytes()).unwrap()
}
