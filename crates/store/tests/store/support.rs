//! People, messages and databases to test with.

use std::path::Path;

use streembit_identity::{AccountId, AccountKey, MessageId, NetworkId, NodeId, NodeKey, Timestamp};
use streembit_store::{
    Contact, DatabaseKey, IncomingMessage, Options, OutboxItem, OutgoingMessage, Relation, Store,
    WriteBody,
};

pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000);

pub(crate) const NETWORK: NetworkId = NetworkId::PUBLIC;

pub(crate) fn home() -> NetworkId {
    NetworkId::from_bytes([7; 32])
}

pub(crate) fn key() -> DatabaseKey {
    DatabaseKey::new([42; 32])
}

pub(crate) fn account(n: u8) -> AccountId {
    AccountKey::from_seed(&[n; 32].into()).id()
}

pub(crate) fn node(n: u16) -> NodeId {
    let mut seed = [1; 32];
    seed[..2].copy_from_slice(&n.to_be_bytes());
    NodeKey::from_seed(&seed.into()).id()
}

pub(crate) fn me() -> AccountId {
    account(100)
}

pub(crate) fn bob() -> AccountId {
    account(2)
}

/// The `n`th message id.
pub(crate) fn id(n: u32) -> MessageId {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&n.to_be_bytes());
    MessageId::new(NOW, random)
}

pub(crate) fn later(seconds: u64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1000)
}

pub(crate) fn item(n: u32, peer: AccountId) -> OutboxItem {
    OutboxItem {
        id: id(n),
        network: NETWORK,
        peer,
        nodes: Vec::new(),
        copy: None,
        kind: 1,
        envelope: vec![n as u8; 200],
        body: None,
        queued_at: NOW,
    }
}

pub(crate) fn outgoing(n: u32, peer: AccountId) -> OutgoingMessage {
    OutgoingMessage {
        from: me(),
        node: node(100),
        write: WriteBody::new(|_| b"hello".to_vec()),
        text: format!("message {n}"),
        reply_to: None,
        item: item(n, peer),
    }
}

pub(crate) fn incoming(n: u32, from: AccountId) -> IncomingMessage {
    IncomingMessage {
        id: id(n),
        network: NETWORK,
        peer: from.into(),
        from,
        text: format!("message {n}"),
        reply_to: None,
        sent_at: NOW,
        received_at: NOW,
        linked: None,
        edited: None,
    }
}

pub(crate) fn contact(account: AccountId, relation: Relation) -> Contact {
    Contact {
        network: NETWORK,
        account,
        name: "Bob".to_owned(),
        kind: "human".to_owned(),
        alias: None,
        relation,
        since: NOW,
        is_verified: false,
        last_seen: None,
        tombstone: None,
    }
}

pub(crate) async fn memory() -> Store {
    Store::in_memory().await.unwrap()
}

pub(crate) async fn open(path: &Path) -> Store {
    Store::open(path, &key(), Options::default()).await.unwrap()
}
