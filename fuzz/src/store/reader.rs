//! Asks a store for all that it remembers, and has it remember more.

use streembit_identity::{AccountId, AccountKey, MessageId, NetworkId, NodeKey, Timestamp};
use streembit_store::{
    AuditEntry, CachedAddress, IncomingMessage, Invite, OutboxItem, OutgoingMessage, Page,
    PendingClaim, PropertyValue, RefusedAttempt, Sought, Store, StoreError, WriteBody,
};

use crate::signed::NOW;

/// Reads everything; what makes no sense is answered as damage and nothing else.
pub(super) async fn read_all(store: &Store) {
    told(store.check().await);
    told(store.export().await);
    told(store.own_account().await);
    told(store.settings().await);
    told(store.setting("theme").await);
    told(store.seeds().await);
    told(store.claimed().await);
    told(store.pending_claim(NOW).await);
    told(store.open_invites(NOW).await);
    told(store.invite_state([1; 32], NOW).await);
    told(store.grants().await);
    told(store.audit(Page::default()).await);
    told(store.refusals(None, Page::default()).await);
    told(store.conversations(None).await);
    told(store.search_messages(sought()).await);
    let bob = bob();
    for network in networks(store).await {
        told(store.network(network).await);
        told(store.operations(network).await);
        told(store.certificates(network).await);
        told(store.addresses(network).await);
        told(store.addresses_of(network, bob).await);
        told(store.record(network, bob).await);
        told(store.contact(network, bob).await);
        told(store.messages(network, bob, Page::default()).await);
        told(store.last_unread(network, bob, None).await);
        told(store.hosts(Some(network)).await);
        for entry in told(store.outbox(network).await).unwrap_or_default() {
            told(store.outbox_envelope(entry.id).await);
            told(store.message(network, bob, entry.id).await);
            told(store.was_seen(bob, entry.id).await);
        }
        for thing in told(store.things(Some(network)).await).unwrap_or_default() {
            told(store.things_at(&thing.url).await);
            told(store.values(network, &thing.url).await);
        }
    }
}

fn sought() -> Sought {
    Sought {
        text: "message a".to_owned(),
        limit: 9,
        ..Sought::default()
    }
}

/// Writes a row of each kind, whether or not there is sense in those that are there.
pub(super) async fn write_some(store: &Store) {
    let (bob, network) = (bob(), NetworkId::PUBLIC);
    survived(store.observe_time(NOW).await);
    survived(store.index_messages().await);
    survived(store.next_record_sequence(1).await);
    survived(store.set_own_certificate(vec![1]).await);
    survived(store.add_audit(entry(bob)).await);
    survived(store.add_refusal(refusal(network)).await);
    survived(store.add_invite(invite()).await);
    survived(store.pin_record(network, bob, 7, vec![1]).await);
    survived(store.put_address(network, address(bob)).await);
    survived(store.set_pending_claim(Some(pending(bob))).await);
    survived(store.insert_incoming(incoming(bob)).await);
    survived(store.insert_outgoing(outgoing(bob)).await);
    survived(store.mark_read(network, bob, id(1), None).await);
    survived(store.receive_read(network, bob, id(4), id(2), NOW).await);
    survived(store.admit_request(bob, id(3), later(), NOW).await);
    for network in networks(store).await {
        for thing in told(store.things(Some(network)).await).unwrap_or_default() {
            survived(store.put_values(network, &thing.url, vec![value()]).await);
        }
    }
}

/// Whatever was read, or that it is damaged.
fn told<T>(read: Result<T, StoreError>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(StoreError::Damaged { .. }) => None,
        Err(error) => panic!("damage is called damage: {error:?}"),
    }
}

/// Refused or not, the store lives on.
fn survived<T>(written: Result<T, StoreError>) {
    assert!(!matches!(written, Err(StoreError::Stopped)));
}

/// The networks that are known, and the public one in any case.
async fn networks(store: &Store) -> Vec<NetworkId> {
    let known = told(store.networks().await).unwrap_or_default();
    let known = known.into_iter().map(|network| network.network);
    known.chain([NetworkId::PUBLIC]).collect()
}

fn bob() -> AccountId {
    AccountKey::from_seed(&[2; 32].into()).id()
}

fn id(number: u8) -> MessageId {
    MessageId::new(NOW, [number; 10])
}

fn later() -> Timestamp {
    Timestamp(NOW.0 + 60_000)
}

fn entry(peer: AccountId) -> AuditEntry {
    AuditEntry {
        id: 0,
        at: NOW,
        peer,
        thing: "lamp".to_owned(),
        operation: "writeproperty".to_owned(),
        affordance: Some("on".to_owned()),
        outcome: "done".to_owned(),
    }
}

fn refusal(network: NetworkId) -> RefusedAttempt {
    RefusedAttempt {
        at: NOW,
        network,
        account: Some(bob()),
        node: None,
        address: "/ip4/192.0.2.1".to_owned(),
        direction: "inbound".to_owned(),
        reason: "stranger".to_owned(),
    }
}

fn invite() -> Invite {
    Invite {
        secret_hash: [1; 32],
        created_at: NOW,
        expires_at: later(),
        used_by: None,
    }
}

fn address(account: AccountId) -> CachedAddress {
    CachedAddress {
        node: NodeKey::from_seed(&[3; 32].into()).id(),
        account: Some(account),
        address: "/ip4/192.0.2.1/tcp/1".to_owned(),
        last_ok: NOW,
    }
}

fn pending(peer: AccountId) -> PendingClaim {
    PendingClaim {
        peer,
        until: later(),
        state: vec![1],
    }
}

fn incoming(from: AccountId) -> IncomingMessage {
    IncomingMessage {
        id: id(1),
        network: NetworkId::PUBLIC,
        peer: from.into(),
        from,
        text: "hello".to_owned(),
        reply_to: None,
        sent_at: NOW,
        received_at: NOW,
        linked: None,
        edited: None,
    }
}

fn outgoing(peer: AccountId) -> OutgoingMessage {
    OutgoingMessage {
        from: AccountKey::from_seed(&[1; 32].into()).id(),
        node: NodeKey::from_seed(&[1; 32].into()).id(),
        write: WriteBody::new(|_| b"hello".to_vec()),
        text: "hello".to_owned(),
        reply_to: Some(id(1)),
        item: OutboxItem {
            id: id(2),
            network: NetworkId::PUBLIC,
            peer,
            nodes: Vec::new(),
            copy: None,
            kind: 1,
            envelope: vec![1],
            body: None,
            queued_at: NOW,
        },
    }
}

fn value() -> PropertyValue {
    PropertyValue {
        name: "on".to_owned(),
        reported: Some(true.into()),
        target: Some(false.into()),
        pending_since: Some(NOW),
        at: Some(NOW),
    }
}
