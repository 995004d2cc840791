//! The vectors in `docs/protocol/vectors.json` are what this implementation says and obeys.
//!
//! `UPDATE_VECTORS=1` writes them anew.

use std::path::PathBuf;

use coset::{CborSerializable as _, CoseSign1, TaggedCborSerializable as _};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use streembit_identity::link::{ContactInvite, Link};
use streembit_identity::{
    AccountId, AccountKey, AddressRecord, Digest, Envelope, LinkSecret, NetworkId, NodeCertificate,
    NodeId, NodeRevocation, Payload, PeerRecord, RecoveryPhrase, Redemption, Tombstone, Unverified,
    fingerprint, prove, safety_number,
};
use zeroize::Zeroizing;

use crate::fixtures::*;

#[test]
fn vectors_are_what_we_say() {
    let vectors = json!({
        "about": "All byte strings are in hexadecimal. See README.md beside this file.",
        "keys": keys(),
        "networks": networks(),
        "signed": sealed_objects().iter().map(|(name, bytes, _)| signed(name, bytes)).collect::<Vec<_>>(),
        "refused": refused(),
        "record_keys": record_keys(),
        "proof": proof(),
        "links": crate::links::links().iter().map(Link::to_string).collect::<Vec<_>>(),
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
    for vector in vectors["signed"].as_array().unwrap() {
        let network = NetworkId::from_bytes(unhex(&vector["network"]).try_into().unwrap());
        let verdict = judge(
            vector["type"].as_str().unwrap(),
            &unhex(&vector["object"]),
            network,
        );
        assert_eq!(
            verdict.as_deref(),
            Some(vector["digest"].as_str().unwrap()),
            "{vector}"
        );
    }
    for vector in vectors["refused"].as_array().unwrap() {
        let network = NetworkId::from_bytes(unhex(&vector["network"]).try_into().unwrap());
        let verdict = judge(
            vector["type"].as_str().unwrap(),
            &unhex(&vector["object"]),
            network,
        );
        assert_eq!(verdict, None, "{vector}");
    }
    for key in vectors["keys"].as_array().unwrap() {
        let secret =
            AccountKey::from_seed(&Zeroizing::new(unhex(&key["secret"]).try_into().unwrap()));
        assert_eq!(key["account_id"].as_str().unwrap().parse(), Ok(secret.id()));
        assert_eq!(
            key["node_id"]
                .as_str()
                .unwrap()
                .parse::<NodeId>()
                .unwrap()
                .as_bytes(),
            secret.id().as_bytes()
        );
        let phrase = RecoveryPhrase::parse(key["recovery_phrase"].as_str().unwrap()).unwrap();
        assert_eq!(phrase.account_key().id(), secret.id());
    }
    for link in vectors["links"].as_array().unwrap() {
        assert!(Link::parse(link.as_str().unwrap()).is_ok(), "{link}");
    }
}

/// Returns the digest of a signed object if it is good.
fn judge(domain: &str, bytes: &[u8], network: NetworkId) -> Option<String> {
    match domain {
        NodeCertificate::DOMAIN => digest::<NodeCertificate>(bytes, network),
        NodeRevocation::DOMAIN => digest::<NodeRevocation>(bytes, network),
        Tombstone::DOMAIN => digest::<Tombstone>(bytes, network),
        Envelope::DOMAIN => digest::<Envelope>(bytes, network),
        PeerRecord::DOMAIN => digest::<PeerRecord>(bytes, network),
        AddressRecord::DOMAIN => digest::<AddressRecord>(bytes, network),
        ContactInvite::DOMAIN => digest::<ContactInvite>(bytes, network),
        Redemption::DOMAIN => digest::<Redemption>(bytes, network),
        _ => panic!("no such type: {domain}"),
    }
}

fn digest<P: Payload>(bytes: &[u8], network: NetworkId) -> Option<String> {
    let verified = Unverified::<P>::parse(bytes).ok()?.verify(&network).ok()?;
    Some(hex(verified.digest().as_bytes()))
}

fn signed(name: &str, bytes: &[u8]) -> Value {
    let object = CoseSign1::from_tagged_slice(bytes).unwrap();
    let domain = if name == "request" { "envelope" } else { name };
    let network = match name {
        "envelope" | "request" | "peer-record" | "address-record" | "redemption" => HOME,
        "contact-invite" => NetworkId::PUBLIC,
        _ => NetworkId::NONE,
    };
    let external = external(domain, network);
    let message = object.tbs_data(&external);
    json!({
        "name": name,
        "type": domain,
        "network": hex(network.as_bytes()),
        "signer": hex(&object.protected.header.key_id),
        "signer_secret": hex(&[if domain == "envelope" || domain == "address-record" { 2 } else { 1 }; 32]),
        "payload": hex(object.payload.as_ref().unwrap()),
        "external_aad": hex(&external),
        "sig_structure": hex(&message),
        "object": hex(bytes),
        "digest": hex(Digest::of(&[&message]).as_bytes()),
    })
}

/// What must be refused, each once for its own reason.
fn refused() -> Value {
    let (_, good, _) = sealed_objects().swap_remove(2);
    let vary = |why: &str, object: Vec<u8>| json!({ "why": why, "type": "tombstone", "network": hex(NetworkId::NONE.as_bytes()), "object": hex(&object) });
    let with = |position: usize, byte: u8| {
        let mut object = good.clone();
        object[position] = byte;
        object
    };
    let mut weak = good.clone();
    weak[10..42].copy_from_slice(&[0; 32]);
    let mut long_scalar = good.clone();
    *long_scalar.last_mut().unwrap() |= 0xf0;
    json!([
        vary("no tag", good[1..].to_vec()),
        vary("algorithm -8, the older name of EdDSA", with(6, 0x27)),
        vary(
            "protected header in another order",
            [
                &good[..4],
                &[0xa2, 0x04, 0x58, 0x20],
                &good[10..42],
                &[0x01, 0x32],
                &good[42..]
            ]
            .concat()
        ),
        vary(
            "unprotected header not empty",
            [&good[..42], &[0xa1, 0x04, 0x40], &good[43..]].concat()
        ),
        vary(
            "payload head not the shortest",
            [&good[..43], &[0x58, good[43] & 0x1f], &good[44..]].concat()
        ),
        vary("weak key", weak),
        vary("signature with S not below the group order", long_scalar),
        vary("a byte after the end", [&good[..], &[0]].concat()),
        vary("cut off", good[..good.len() - 1].to_vec()),
        json!({ "why": "signed for another network", "type": "tombstone", "network": hex(HOME.as_bytes()), "object": hex(&good) }),
        json!({ "why": "signed as another type", "type": "node-revocation", "network": hex(NetworkId::NONE.as_bytes()), "object": hex(&good) }),
    ])
}

fn keys() -> Value {
    (1..=3)
        .map(|seed| {
            let key = account(seed);
            json!({
                "secret": hex(&[seed; 32]),
                "public": hex(key.id().as_bytes()),
                "account_id": key.id().to_string(),
                "node_id": NodeId::from_bytes(key.id().as_bytes()).unwrap().to_string(),
                "recovery_phrase": RecoveryPhrase::of(&key).reveal().as_str(),
                "fingerprint": fingerprint(key.id()),
                "safety_number_with_the_first": safety_number(key.id(), account(1).id()),
            })
        })
        .collect()
}

fn networks() -> Value {
    json!({
        "public": { "bytes": hex(NetworkId::PUBLIC.as_bytes()), "text": NetworkId::PUBLIC.to_string(), "short": NetworkId::PUBLIC.short() },
        "none": { "bytes": hex(NetworkId::NONE.as_bytes()) },
    })
}

fn record_keys() -> Value {
    json!({
        "peer": hex(PeerRecord::key_of(alice().id()).as_bytes()),
        "address": hex(AddressRecord::key_of(alices_node().id()).as_bytes()),
    })
}

fn proof() -> Value {
    let (from, to): (AccountId, AccountId) = (bob().id(), alice().id());
    json!({
        "secret": hex(&[6; 16]),
        "from": hex(from.as_bytes()),
        "to": hex(to.as_bytes()),
        "proof": hex(&prove(&LinkSecret::from_bytes([6; 16]), from, to)),
    })
}

pub(crate) fn external(domain: &str, network: NetworkId) -> Vec<u8> {
    coset::cbor::value::Value::Array(vec![
        "streembit".into(),
        1.into(),
        domain.into(),
        coset::cbor::value::Value::Bytes(network.as_bytes().to_vec()),
    ])
    .to_vec()
    .unwrap()
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

fn unhex(text: &Value) -> Vec<u8> {
    HEXLOWER.decode(text.as_str().unwrap().as_bytes()).unwrap()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/vectors.json")
}
