//! People, nodes and networks for tests.

use std::time::Duration;

use streembit_identity::{
    AccountId, AccountKey, Certificate, Name, NodeId, NodeKey, Purpose, Timestamp,
};

use crate::{Freshness, Ledger, Role};

pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// The key of the person with that number; 0 is the recovery key.
pub(crate) fn key(number: u64) -> AccountKey {
    AccountKey::from_seed(&seed(b'a', number).into())
}

pub(crate) fn account(number: u64) -> AccountId {
    key(number).id()
}

pub(crate) fn node_key(number: u64) -> NodeKey {
    NodeKey::from_seed(&seed(b'n', number).into())
}

pub(crate) fn node(number: u64) -> NodeId {
    node_key(number).id()
}

/// The certificate of the node with the same number as its person.
pub(crate) fn certificate(number: u64) -> Certificate {
    certificate_for(number, number)
}

pub(crate) fn certificate_for(person: u64, of: u64) -> Certificate {
    let end = NOW.plus(Duration::from_hours(24 * 365));
    Certificate::issue(&key(person), node(of), Purpose::Full, NOW, end).unwrap()
}

pub(crate) fn name(number: u64) -> Name {
    format!("Person {number}").parse().unwrap()
}

/// A network of person 1.
pub(crate) fn network() -> Ledger {
    Ledger::create(
        "Home".parse().unwrap(),
        name(1),
        &key(1),
        account(0),
        [7; 16],
        NOW,
    )
    .unwrap()
}

pub(crate) fn add(ledger: &mut Ledger, by: u64, number: u64, role: Role) -> Vec<u8> {
    let bytes = ledger
        .author_add(&key(by), account(number), name(number), role, NOW)
        .unwrap();
    ledger.insert(&bytes).unwrap();
    bytes
}

/// What person 1 has confirmed just now.
pub(crate) fn confirmed(ledger: &Ledger) -> Freshness {
    let mut freshness = Freshness::default();
    let bytes = ledger.author_statement(&key(1), NOW).unwrap();
    freshness.confirm(&bytes, ledger, NOW).unwrap();
    freshness
}

pub(crate) fn remove(ledger: &mut Ledger, by: u64, number: u64) -> Vec<u8> {
    let bytes = ledger
        .author_remove(&key(by), account(number), NOW)
        .unwrap();
    ledger.insert(&bytes).unwrap();
    bytes
}

fn seed(kind: u8, number: u64) -> [u8; 32] {
    let mut seed = [kind; 32];
    seed.iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(byte, digit)| *byte = digit);
    seed
}
