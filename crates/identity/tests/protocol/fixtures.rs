//! Alice, Bob, their keys, and one object of every signed type.

use streembit_identity::link::ContactInvite;
use streembit_identity::{
    AccountKey, AddressRecord, Certificate, Envelope, InviteKey, Kind, LinkSecret, MessageId,
    NetworkId, NodeKey, NodeRevocation, PeerKind, PeerRecord, Purpose, Redemption, Timestamp,
    Tombstone, seal,
};
use zeroize::Zeroizing;

pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);
pub(crate) const DAY: u64 = 24 * 60 * 60 * 1000;
pub(crate) const HOME: NetworkId = NetworkId::from_bytes([7; 32]);

pub(crate) fn account(seed: u8) -> AccountKey {
    AccountKey::from_seed(&Zeroizing::new([seed; 32]))
}

pub(crate) fn node(seed: u8) -> NodeKey {
    NodeKey::from_seed(&Zeroizing::new([seed; 32]))
}

pub(crate) fn alice() -> AccountKey {
    account(1)
}

pub(crate) fn alices_node() -> NodeKey {
    node(2)
}

pub(crate) fn bob() -> AccountKey {
    account(3)
}

pub(crate) fn later(days: u64) -> Timestamp {
    Timestamp(NOW.0 + days * DAY)
}

pub(crate) fn certificate() -> Certificate {
    Certificate::issue(&alice(), alices_node().id(), Purpose::Full, NOW, later(365)).unwrap()
}

pub(crate) fn message_id() -> MessageId {
    MessageId::new(NOW, [5; 10])
}

pub(crate) fn text(body: &[u8]) -> Envelope {
    Envelope::new(
        message_id(),
        alice().id(),
        bob().id(),
        NOW,
        Kind::Text,
        body.to_vec(),
    )
}

pub(crate) fn request() -> Envelope {
    Envelope::new(
        message_id(),
        alice().id(),
        bob().id(),
        NOW,
        Kind::DeviceRequest,
        vec![1, 2, 3],
    )
}

pub(crate) fn peer_record() -> PeerRecord {
    PeerRecord {
        account: alice().id(),
        name: "Alice".parse().unwrap(),
        kind: PeerKind::Human,
        certificates: vec![certificate().bytes().to_vec()],
        revoked: vec![seal(&revocation(), &NetworkId::NONE, &alice()).unwrap()],
        sequence: 3,
        expires: later(30),
        mailboxes: None,
        keys: None,
    }
}

pub(crate) fn address_record() -> AddressRecord {
    AddressRecord {
        node: alices_node().id(),
        addresses: vec![
            "/ip4/192.0.2.1/udp/4001/quic-v1".into(),
            "/ip6/::1/tcp/4001".into(),
        ],
        sequence: 9,
        expires: later(1),
        certificate: None,
    }
}

pub(crate) fn revocation() -> NodeRevocation {
    NodeRevocation {
        node: node(9).id(),
        revoked_at: NOW,
    }
}

pub(crate) fn tombstone() -> Tombstone {
    Tombstone { at: NOW }
}

pub(crate) fn invite() -> ContactInvite {
    ContactInvite {
        account: alice().id(),
        name: "Alice".parse().unwrap(),
        certificate: certificate().bytes().to_vec(),
        addresses: vec!["/ip4/192.0.2.1/tcp/4001".into()],
        seeds: vec![format!("/ip4/192.0.2.9/tcp/4001/p2p/{}", node(8).id())],
        secret: LinkSecret::from_bytes([6; 16]),
        expires: later(7),
    }
}

/// Says whether bytes pass all rules of their type.
pub(crate) type IsGood = fn(&[u8]) -> bool;

/// Every signed type, sealed, with a check whether bytes still pass all of its rules.
pub(crate) fn sealed_objects() -> Vec<(&'static str, Vec<u8>, IsGood)> {
    let (alice, node) = (alice(), alices_node());
    vec![
        (
            "node-certificate",
            certificate().bytes().to_vec(),
            |bytes| Certificate::parse(bytes).is_ok(),
        ),
        (
            "node-revocation",
            seal(&revocation(), &NetworkId::NONE, &alice).unwrap(),
            |bytes| verifies::<NodeRevocation>(bytes, NetworkId::NONE),
        ),
        (
            "tombstone",
            seal(&tombstone(), &NetworkId::NONE, &alice).unwrap(),
            |bytes| verifies::<Tombstone>(bytes, NetworkId::NONE),
        ),
        (
            "envelope",
            seal(&text(b"hello"), &HOME, &node).unwrap(),
            |bytes| verifies::<Envelope>(bytes, HOME),
        ),
        (
            "request",
            seal(&request(), &HOME, &node).unwrap(),
            |bytes| verifies::<Envelope>(bytes, HOME),
        ),
        (
            "peer-record",
            seal(&peer_record(), &HOME, &alice).unwrap(),
            |bytes| PeerRecord::open(bytes, &HOME, NOW).is_ok(),
        ),
        (
            "address-record",
            seal(&address_record(), &HOME, &node).unwrap(),
            |bytes| AddressRecord::open(bytes, &HOME, NOW).is_ok(),
        ),
        (
            "contact-invite",
            seal(&invite(), &NetworkId::PUBLIC, &alice).unwrap(),
            |bytes| verifies::<ContactInvite>(bytes, NetworkId::PUBLIC),
        ),
        (
            "redemption",
            seal(&redemption(), &HOME, &alice).unwrap(),
            |bytes| verifies::<Redemption>(bytes, HOME),
        ),
    ]
}

fn redemption() -> Redemption {
    Redemption {
        invite: InviteKey::from_seed(&[6; 32].into()).id(),
        account: alice().id(),
        node: alices_node().id(),
        name: "Alice".parse().unwrap(),
    }
}

fn verifies<P: streembit_identity::Payload>(bytes: &[u8], network: NetworkId) -> bool {
    streembit_identity::Unverified::<P>::parse(bytes)
        .is_ok_and(|object| object.verify(&network).is_ok())
}
