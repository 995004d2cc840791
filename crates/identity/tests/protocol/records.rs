//! Public records lie only where their signer may lay them, and only for a while.

use streembit_identity::record::{MAX_ADDRESSES, MAX_RECORD_BYTES};
use streembit_identity::{
    AddressRecord, Certificate, DeviceKeys, Mailbox, NetworkId, NodeKey, NodeRevocation,
    PeerRecord, PublicRecord, Purpose, RecordError, Timestamp, Unverified, seal,
};

use crate::fixtures::*;

#[test]
fn opens_what_its_owner_laid_down() {
    for record in [peer(), address(), tombstone_record()] {
        let (key, bytes) = (record.key(), record.to_bytes());

        let opened = PublicRecord::open(key.as_bytes(), &bytes, &HOME, NOW).unwrap();

        assert_eq!(opened.to_bytes(), bytes);
        assert_eq!(opened.sequence(), record.sequence());
        assert!(bytes.len() <= MAX_RECORD_BYTES);
    }
}

#[test]
fn refuses_every_flipped_bit_of_a_stored_value() {
    let (key, bytes) = (address().key(), address().to_bytes());
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(
            PublicRecord::open(key.as_bytes(), &flipped, &HOME, NOW).is_err(),
            "bit {bit}"
        );
    }
}

#[test]
fn refuses_records_under_another_key() {
    let bytes = peer().to_bytes();
    for key in [&[0; 32][..], &[], PeerRecord::key_of(bob().id()).as_bytes()] {
        let refusal = PublicRecord::open(key, &bytes, &HOME, NOW).unwrap_err();
        assert!(matches!(refusal, RecordError::Misplaced));
    }
}

#[test]
fn refuses_records_of_another_network() {
    let key = peer().key();

    let refusal = PublicRecord::open(key.as_bytes(), &peer().to_bytes(), &NetworkId::PUBLIC, NOW);

    assert!(matches!(refusal, Err(RecordError::Signature(_))));
}

#[test]
fn refuses_records_that_somebody_else_signed() {
    let bytes = seal(&peer_record(), &HOME, &bob()).unwrap();
    assert!(matches!(
        PeerRecord::open(&bytes, &HOME, NOW),
        Err(RecordError::Signature(_))
    ));

    let bytes = seal(&address_record(), &HOME, &node(9)).unwrap();
    assert!(matches!(
        AddressRecord::open(&bytes, &HOME, NOW),
        Err(RecordError::Signature(_))
    ));
}

#[test]
fn refuses_the_expired_and_the_long_lived() {
    let open = |expires: Timestamp| {
        let record = PeerRecord {
            expires,
            ..peer_record()
        };
        PeerRecord::open(&seal(&record, &HOME, &alice()).unwrap(), &HOME, NOW).map(|_| ())
    };

    assert!(matches!(open(NOW), Err(RecordError::Expired)));
    assert!(matches!(open(Timestamp::ZERO), Err(RecordError::Expired)));
    assert!(open(Timestamp(NOW.0 + 1)).is_ok());
    assert!(open(later(30)).is_ok());
    assert!(matches!(open(later(31)), Err(RecordError::LongLived)));
    assert!(matches!(
        open(Timestamp(u64::MAX)),
        Err(RecordError::LongLived)
    ));
}

#[test]
fn refuses_certificates_of_others_inside() {
    let stolen = Certificate::issue(&bob(), node(7).id(), Purpose::Full, NOW, later(1)).unwrap();
    let record = PeerRecord {
        certificates: vec![stolen.bytes().to_vec()],
        ..peer_record()
    };

    let refusal = PeerRecord::open(&seal(&record, &HOME, &alice()).unwrap(), &HOME, NOW);

    assert!(matches!(refusal, Err(RecordError::Certificate(_))));
}

#[test]
fn lists_only_live_nodes_that_are_not_revoked() {
    let issue = |seed, since, expires| {
        let issued = Certificate::issue(&alice(), node(seed).id(), Purpose::Full, since, expires);
        issued.unwrap().bytes().to_vec()
    };
    let revocation = NodeRevocation {
        node: node(12).id(),
        revoked_at: NOW,
    };
    let record = PeerRecord {
        certificates: vec![
            issue(10, NOW, later(1)),
            issue(11, Timestamp::ZERO, NOW),
            issue(12, NOW, later(1)),
        ],
        revoked: vec![seal(&revocation, &NetworkId::NONE, &alice()).unwrap()],
        ..peer_record()
    };

    let live: Vec<_> = record
        .live_certificates(NOW)
        .iter()
        .map(Certificate::node)
        .collect();

    assert_eq!(live, [node(10).id()]);
}

#[test]
fn bounds_addresses() {
    let with = |addresses: Vec<String>| {
        seal(
            &AddressRecord {
                addresses,
                ..address_record()
            },
            &HOME,
            &alices_node(),
        )
        .is_ok()
    };

    assert!(with(vec![]));
    assert!(with(vec![format!("/{}", "a".repeat(255)); MAX_ADDRESSES]));
    assert!(!with(vec!["/ip4/1.2.3.4".into(); MAX_ADDRESSES + 1]));
    assert!(!with(vec![format!("/{}", "a".repeat(256))]));
    for odd in [
        "",
        "/",
        "ip4/1.2.3.4",
        "/ip4/1.2.3.4\n",
        "/ip4/ 1",
        "/dns/ä.example",
    ] {
        assert!(!with(vec![odd.into()]), "{odd:?}");
    }
}

#[test]
fn a_tombstone_lies_in_place_of_the_peer_record_and_outranks_it() {
    assert_eq!(tombstone_record().key(), peer().key());
    assert!(tombstone_record().sequence() > peer().sequence());
    assert_eq!(tombstone_record().expires(), None);
}

fn peer() -> PublicRecord {
    let bytes = seal(&peer_record(), &HOME, &alice()).unwrap();
    PublicRecord::Peer(PeerRecord::open(&bytes, &HOME, NOW).unwrap())
}

fn address() -> PublicRecord {
    let bytes = seal(&address_record(), &HOME, &alices_node()).unwrap();
    PublicRecord::Address(AddressRecord::open(&bytes, &HOME, NOW).unwrap())
}

fn tombstone_record() -> PublicRecord {
    let bytes = seal(&tombstone(), &NetworkId::NONE, &alice()).unwrap();
    PublicRecord::Tombstone(
        Unverified::parse(&bytes)
            .unwrap()
            .verify(&NetworkId::NONE)
            .unwrap(),
    )
}

fn keys_of(node: &NodeKey, network: &NetworkId) -> Vec<u8> {
    let keys = DeviceKeys {
        node: node.id(),
        identity: [1; 32],
        fallback: [2; 32],
        expires: later(14),
    };
    seal(&keys, network, node).unwrap()
}

fn record_with(keys: Vec<Vec<u8>>) -> PeerRecord {
    PeerRecord {
        keys: Some(keys.into_iter().map(Into::into).collect()),
        ..peer_record()
    }
}

fn opened(record: &PeerRecord) -> Result<(), RecordError> {
    PeerRecord::open(&seal(record, &HOME, &alice()).unwrap(), &HOME, NOW).map(|_| ())
}

#[test]
fn a_record_names_a_few_mailboxes_or_none() {
    let mailbox = Mailbox {
        account: bob().id(),
        node: alices_node().id(),
    };
    let with = |count| PeerRecord {
        mailboxes: Some(vec![mailbox; count]),
        ..peer_record()
    };

    assert!(opened(&with(1)).is_ok());
    assert!(opened(&with(4)).is_ok());
    for count in [0, 5] {
        let sealed = seal(&with(count), &HOME, &alice());
        assert!(sealed.is_err(), "{count} mailboxes");
    }
}

#[test]
fn a_record_carries_the_keys_of_its_nodes() {
    let record = record_with(vec![keys_of(&alices_node(), &HOME)]);

    assert!(opened(&record).is_ok());
    let keys = record.keys_of(alices_node().id(), &HOME, NOW).unwrap();
    assert_eq!((keys.identity, keys.fallback), ([1; 32], [2; 32]));
    assert!(
        record
            .keys_of(alices_node().id(), &HOME, later(14))
            .is_none(),
        "too old to begin with"
    );
    assert!(record.keys_of(node(50).id(), &HOME, NOW).is_none());
}

#[test]
fn refuses_keys_of_somebody_elses_node_or_for_another_network() {
    let elses = record_with(vec![keys_of(&node(50), &HOME)]);
    let elsewhere = record_with(vec![keys_of(&alices_node(), &NetworkId::PUBLIC)]);
    let mut changed = keys_of(&alices_node(), &HOME);
    *changed.last_mut().unwrap() ^= 1;

    for record in [elses, elsewhere, record_with(vec![changed])] {
        assert!(matches!(opened(&record), Err(RecordError::Signature(_))));
    }
    let twice = record_with(vec![keys_of(&alices_node(), &HOME); 2]);
    assert!(
        seal(&twice, &HOME, &alice()).is_err(),
        "one for each node at most"
    );
    assert!(seal(&record_with(Vec::new()), &HOME, &alice()).is_err());
}

#[test]
fn a_record_has_room_for_the_keys_of_sixteen_nodes() {
    let nodes: Vec<_> = (20..36).map(node).collect();
    let issue = |node: &NodeKey| {
        let certificate =
            Certificate::issue(&alice(), node.id(), Purpose::Full, NOW, later(365)).unwrap();
        certificate.bytes().to_vec()
    };
    let record = PeerRecord {
        certificates: nodes.iter().map(issue).collect(),
        revoked: Vec::new(),
        ..record_with(nodes.iter().map(|node| keys_of(node, &HOME)).collect())
    };

    assert!(opened(&record).is_ok());
}
