//! Megolm sessions of a group, as the store and the wire may treat them.

#![expect(
    clippy::unwrap_used,
    reason = "it is how a test says that something is not as it should be"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use streembit_identity::{
    AccountKey, GroupId, Kind, MessageId, NetworkId, NodeId, NodeKey, Timestamp,
};
use streembit_ratchet::group::{
    GroupAstray, GroupInside, GroupKey, GroupRoute, GroupSealed, HeardError, Inbound, KEPT_BEHIND,
    Outbound, ROTATION_MESSAGES, ROTATION_TIME,
};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const GARDEN: GroupId = GroupId::from_bytes([5; 32]);

fn node(number: u8) -> NodeId {
    NodeKey::from_seed(&[number; 32].into()).id()
}

fn nodes(numbers: impl IntoIterator<Item = u8>) -> BTreeSet<NodeId> {
    numbers.into_iter().map(node).collect()
}

fn id(number: u32) -> MessageId {
    let mut random = [0; 10];
    random
        .iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    MessageId::new(NOW, random)
}

fn route() -> GroupRoute {
    GroupRoute {
        network: NetworkId::PUBLIC,
        group: GARDEN,
        from: AccountKey::from_seed(&[1; 32].into()).id(),
        from_node: node(1),
    }
}

fn inside(number: u32) -> GroupInside {
    GroupInside {
        route: route(),
        id: id(number),
        kind: Kind::Text,
        body: format!("word {number}").into_bytes().into(),
    }
}

/// A session, and what the first reader hears with.
fn session() -> (Outbound, Inbound) {
    let mut outbound = Outbound::new(GARDEN, NOW);
    let key = outbound.key_for(node(2)).unwrap();
    let inbound = Inbound::new(&GroupKey::from_bytes(&key.to_bytes()).unwrap()).unwrap();
    (outbound, inbound)
}

#[test]
fn whoever_has_the_key_reads_and_nobody_reads_what_was_said_before() {
    let (mut outbound, mut early) = session();
    let first = outbound.seal(&inside(1));
    let mut late = Inbound::new(&outbound.key_for(node(3)).unwrap()).unwrap();
    let second = outbound.seal(&inside(2));

    let plain = early.open(&first).unwrap();
    assert_eq!(GroupInside::open(&plain, &route(), id(1)), Ok(inside(1)));
    assert!(early.open(&second).is_ok());
    assert!(late.open(&second).is_ok());
    assert_eq!(late.open(&first), Err(HeardError::Lost));
}

#[test]
fn whoever_is_to_read_no_longer_has_no_key_of_what_follows() {
    let (mut outbound, mut gone) = session();
    outbound.key_for(node(3)).unwrap();

    let same = outbound.id();
    let mut outbound = outbound.for_readers(&nodes([2, 3, 4]), NOW);
    assert_eq!(outbound.id(), same, "somebody more is given the same");
    assert_eq!(outbound.lacking(&nodes([2, 3, 4])), [node(4)]);
    outbound.key_for(node(4)).unwrap();
    let mut outbound = outbound.for_readers(&nodes([3, 4]), NOW);
    assert_ne!(outbound.id(), same);
    assert_eq!(outbound.lacking(&nodes([3, 4])).len(), 2);

    let sealed = outbound.seal(&inside(1));
    assert_eq!(gone.open(&sealed), Err(HeardError::Malformed));
}

#[test]
fn a_session_is_replaced_after_a_hundred_messages_a_week_and_a_clock_that_went_back() {
    let readers = nodes([2]);
    let (mut outbound, _) = session();
    let same = outbound.id();
    for number in 0..ROTATION_MESSAGES {
        outbound = outbound.for_readers(&readers, NOW);
        assert_eq!(outbound.id(), same);
        outbound.seal(&inside(number));
    }
    assert_ne!(outbound.for_readers(&readers, NOW).id(), same);

    for later in [
        NOW.plus(ROTATION_TIME),
        Timestamp(NOW.0 - Duration::from_secs(1).as_millis() as u64),
    ] {
        let (outbound, _) = session();
        let same = outbound.id();
        assert_ne!(outbound.for_readers(&readers, later).id(), same);
    }
}

#[test]
fn messages_come_in_any_order_within_a_window_and_old_keys_are_forgotten() {
    let (mut outbound, mut inbound) = session();
    let sealed: Vec<_> = (0..ROTATION_MESSAGES)
        .map(|number| outbound.seal(&inside(number)))
        .collect();
    let at = |number: u32| sealed.get(number as usize).unwrap();

    assert!(inbound.open(at(KEPT_BEHIND)).is_ok());
    assert!(inbound.open(at(0)).is_ok(), "64 behind");
    assert!(inbound.open(at(KEPT_BEHIND + 1)).is_ok());
    assert_eq!(inbound.open(at(0)), Err(HeardError::Lost), "65 behind");
    assert!(inbound.open(at(1)).is_ok());
}

#[test]
fn every_changed_bit_is_noticed() {
    let (mut outbound, inbound) = session();
    let bytes = outbound.seal(&inside(1)).to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        if let Some(byte) = changed.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
        }
        let opened = GroupSealed::from_bytes(&changed).map(|sealed| {
            let mut inbound = Inbound::from_bytes(&inbound.to_bytes()).unwrap();
            inbound.open(&sealed).is_ok()
        });
        assert_ne!(opened, Some(true), "bit {bit}");
    }
}

#[test]
fn what_was_sealed_opens_nowhere_else() {
    let (mut outbound, mut inbound) = session();
    let plain = inbound.open(&outbound.seal(&inside(1))).unwrap();
    let elsewhere = [
        GroupRoute {
            network: NetworkId::from_bytes([1; 32]),
            ..route()
        },
        GroupRoute {
            group: GroupId::from_bytes([6; 32]),
            ..route()
        },
        GroupRoute {
            from: AccountKey::from_seed(&[2; 32].into()).id(),
            ..route()
        },
        GroupRoute {
            from_node: node(2),
            ..route()
        },
    ];

    for other in elsewhere {
        let opened = GroupInside::open(&plain, &other, id(1));
        assert_eq!(opened, Err(GroupAstray::Route));
    }
    let opened = GroupInside::open(&plain, &route(), id(2));
    assert_eq!(opened, Err(GroupAstray::Message));
    let mut receipt = inside(1);
    receipt.kind = Kind::Receipt;
    let opened = GroupInside::open(&receipt.to_bytes(), &route(), id(1));
    assert_eq!(opened, Err(GroupAstray::Kind));
}

#[test]
fn both_ends_go_on_from_what_was_stored() {
    let (mut outbound, mut inbound) = session();
    for number in 0..10 {
        outbound = Outbound::from_bytes(&outbound.to_bytes()).unwrap();
        inbound = Inbound::from_bytes(&inbound.to_bytes()).unwrap();
        assert!(inbound.open(&outbound.seal(&inside(number))).is_ok());
    }
    assert!(outbound.lacking(&nodes([2])).is_empty());
    assert!(Outbound::from_bytes(b"x").is_err());
    assert!(Inbound::from_bytes(b"x").is_err());
}

#[test]
fn a_key_given_again_opens_as_much_as_before() {
    let (mut outbound, mut inbound) = session();
    let first = outbound.seal(&inside(1));
    outbound.lost(node(2));
    assert_eq!(outbound.lacking(&nodes([2])), [node(2)]);
    let later = outbound.key_for(node(2)).unwrap();

    assert!(inbound.merge(&later));
    assert!(inbound.open(&first).is_ok());
    let (mut other, _) = session();
    assert!(!inbound.merge(&other.key_for(node(2)).unwrap()));
}
