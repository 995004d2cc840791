//! Decoders of `streembit-identity`. Each takes any bytes, and panics only if a promise is broken.

use streembit_identity::link::{ContactInvite, Link};
use streembit_identity::{
    AccountId, AccountKey, AddressRecord, Certificate, Envelope, MessageId, Name, NetworkId,
    NodeCertificate, NodeId, NodeKey, NodeRevocation, Passphrase, PeerRecord, PublicRecord,
    Purpose, RecoveryPhrase, Redemption, Timestamp, Tombstone, backup,
};
use zeroize::Zeroizing;

use super::signed::{NOW, signed};

/// The network for which everything is signed.
pub const NETWORK: NetworkId = NetworkId::from_bytes([7; 32]);

/// Envelopes: whole ones, and any payload under a good signature.
pub fn envelope(data: &[u8]) {
    let Some(envelope) = signed::<Envelope>(data, &NETWORK, &node()) else {
        return;
    };
    let certificate = Certificate::issue(
        &account(),
        node().id(),
        Purpose::Full,
        Timestamp::ZERO,
        Timestamp(u64::MAX),
    );
    let Ok(certificate) = certificate else { return };
    let (to, signer) = (envelope.to, envelope.signer());
    if let Ok(accepted) = envelope.accept(&certificate, account().id(), NOW) {
        assert!(node().id() == signer && accepted.from == account().id() && to == account().id());
        assert!(accepted.sent_at <= Timestamp(NOW.0 + 600_000));
        assert_eq!(accepted.kind.is_request(), accepted.expires_at.is_some());
    }
}

/// Certificates, revocations and tombstones.
pub fn certificate(data: &[u8]) {
    if let Ok(certificate) = Certificate::parse(data) {
        assert_eq!(certificate.bytes(), data);
        let _ = certificate.is_live(NOW);
    }
    signed::<NodeCertificate>(data, &NetworkId::NONE, &account());
    signed::<NodeRevocation>(data, &NetworkId::NONE, &account());
    signed::<Tombstone>(data, &NetworkId::NONE, &account());
}

/// Public records: as they lie in the table, and any payload under a good signature.
pub fn record(data: &[u8]) {
    if let Ok(record) = PublicRecord::open(&[0; 32], data, &NETWORK, NOW) {
        panic!("no record lies under {:?}: {record:?}", [0; 32]);
    }
    let keys = [
        PeerRecord::key_of(account().id()),
        AddressRecord::key_of(node().id()),
    ];
    for key in keys {
        if let Ok(record) = PublicRecord::open(key.as_bytes(), data, &NETWORK, NOW) {
            assert_eq!(record.to_bytes(), data);
            assert_eq!(record.key(), key);
        }
    }
    if let Some(record) = signed::<PeerRecord>(data, &NETWORK, &account())
        && let Ok(opened) = PeerRecord::open(record.bytes(), &NETWORK, NOW)
    {
        assert!(opened.account == opened.signer() && opened.expires > NOW);
        assert!(opened.live_certificates(NOW).len() <= opened.certificates.len());
    }
    if let Some(record) = signed::<AddressRecord>(data, &NETWORK, &node())
        && let Ok(opened) = AddressRecord::open(record.bytes(), &NETWORK, NOW)
    {
        assert!(opened.node == opened.signer() && opened.expires > NOW);
    }
}

/// Links: any text, and any payload as a signed invite or redemption.
pub fn link(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(link) = Link::parse(text)
    {
        assert_eq!(link.to_string(), text.trim());
    }
    if let Some(invite) = signed::<ContactInvite>(data, &NetworkId::PUBLIC, &account()) {
        let code = data_encoding::BASE64URL_NOPAD.encode(invite.bytes());
        let text = format!("streembit:invite/{code}");
        if let Ok(Link::Invite(read)) = Link::parse(&text) {
            assert_eq!(*read.bytes(), *invite.bytes());
        }
    }
    signed::<Redemption>(data, &NETWORK, &account());
    for kind in ["join", "network", "claim", "seed"] {
        let text = format!(
            "streembit:{kind}/{}",
            data_encoding::BASE64URL_NOPAD.encode(data)
        );
        if let Ok(link) = Link::parse(&text) {
            assert_eq!(link.to_string(), text);
        }
    }
}

/// Headers of sealed files; those that ask for much work are left out for speed.
pub fn backup(data: &[u8]) {
    if asks_for_much_work(data) {
        return;
    }
    let _ = backup::open(&Passphrase::from("passphrase"), data);
}

/// Recovery phrases.
pub fn phrase(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(phrase) = RecoveryPhrase::parse(text) {
        let again = RecoveryPhrase::parse(&phrase.reveal());
        assert_eq!(
            again.map(|phrase| phrase.account_key().id()),
            Ok(phrase.account_key().id())
        );
    }
}

/// Ids and names as people and other programs write them.
pub fn id(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(id) = text.parse::<AccountId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(id) = text.parse::<NodeId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(id) = text.parse::<NetworkId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(id) = text.parse::<MessageId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Ok(name) = text.parse::<Name>() {
        assert_eq!(name.as_str(), text);
    }
}

/// The account that signs.
pub fn account() -> AccountKey {
    AccountKey::from_seed(&Zeroizing::new([1; 32]))
}

/// Its node.
pub fn node() -> NodeKey {
    NodeKey::from_seed(&Zeroizing::new([2; 32]))
}

/// Finds `-> scrypt SALT WORK` with more than 2^9 rounds.
fn asks_for_much_work(data: &[u8]) -> bool {
    data.split(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(b"-> scrypt"))
        .filter_map(|line| line.rsplit(|byte| *byte == b' ').next())
        .any(|work| work.len() > 1)
}
