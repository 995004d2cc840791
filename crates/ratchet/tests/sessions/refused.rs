//! What is refused, each by its name.

use minicbor::bytes::ByteVec;
use streembit_identity::{Kind, NetworkId};
use streembit_ratchet::{Astray, Device, Inside, OpenError, Pair, Route, Sealed, SessionId};

use crate::support::*;

#[test]
fn begun_with_keys_that_the_signer_does_not_have_is_forged() {
    let (mut alice, mut bob, mallory) = (End::new(1), End::new(2), End::new(3));
    let sealed = alice.seals(&bob.keys(), b"hello");

    assert_eq!(bob.opens(&mallory.keys(), &sealed), Err(OpenError::Forged));
    assert_eq!(bob.pair.current(), None, "and leaves nothing");
}

#[test]
fn begun_without_keys_is_malformed() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let sealed = alice.seals(&bob.keys(), b"hello");

    let opened = bob.pair.open(&mut bob.device, None, &sealed);

    assert_eq!(opened.unwrap_err(), OpenError::Malformed);
}

#[test]
fn a_replay_has_no_key_any_more() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let first = alice.seals(&bob.keys(), b"hello");
    bob.opens(&alice.keys(), &first).unwrap();
    let answer = bob.seals(&alice.keys(), b"answer");
    alice.opens(&bob.keys(), &answer).unwrap();

    assert_eq!(bob.opens(&alice.keys(), &first), Err(OpenError::Lost));
    assert_eq!(alice.opens(&bob.keys(), &answer), Err(OpenError::Lost));
}

#[test]
fn cut_short_or_changed_anywhere_is_refused_and_changes_nothing() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let sealed = alice.seals(&bob.keys(), b"hello");
    let bytes = sealed.message.to_vec();

    for length in 0..bytes.len() {
        let cut = Sealed {
            message: bytes[..length].to_vec().into(),
            ..sealed.clone()
        };
        assert!(bob.opens(&alice.keys(), &cut).is_err(), "cut to {length}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let changed = Sealed {
            message: changed.into(),
            ..sealed.clone()
        };
        assert!(bob.opens(&alice.keys(), &changed).is_err(), "byte {place}");
    }

    assert_eq!(bob.opens(&alice.keys(), &sealed).unwrap(), b"hello");
}

#[test]
fn under_the_name_of_another_session_is_malformed() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let sealed = Sealed {
        session: SessionId::from_bytes([7; 32]),
        ..alice.seals(&bob.keys(), b"hello")
    };

    assert_eq!(bob.opens(&alice.keys(), &sealed), Err(OpenError::Malformed));
}

#[test]
fn for_another_node_is_lost() {
    let (mut alice, bob, mut carol) = (End::new(1), End::new(2), End::new(3));
    let sealed = alice.seals(&bob.keys(), b"hello");

    assert_eq!(carol.opens(&alice.keys(), &sealed), Err(OpenError::Lost));
}

#[test]
fn keys_that_make_no_secret_begin_nothing() {
    let (mut alice, bob) = (End::new(1), End::new(2));
    for keys in [
        streembit_identity::DeviceKeys {
            fallback: [0; 32],
            ..bob.keys()
        },
        streembit_identity::DeviceKeys {
            identity: [0; 32],
            ..bob.keys()
        },
    ] {
        assert!(alice.pair.begin(&alice.device, &keys).is_err());
    }
    assert_eq!(alice.pair.current(), None);
}

#[test]
fn opened_in_another_place_is_astray() {
    let (alice, bob, mallory) = (End::new(1), End::new(2), End::new(3));
    let here = route(&alice, &bob);
    let bytes = inside(here, 1).to_bytes();
    let elsewhere = [
        Route {
            network: NetworkId::from_bytes([7; 32]),
            ..here
        },
        Route {
            from: mallory.account,
            ..here
        },
        Route {
            from_node: mallory.node,
            ..here
        },
        Route {
            to: mallory.account,
            ..here
        },
        Route {
            to_node: mallory.node,
            ..here
        },
    ];

    assert!(read(&bytes, &here, 1).is_ok());
    for route in elsewhere {
        assert_eq!(read(&bytes, &route, 1), Err(Astray::Route), "{route:?}");
    }
    assert_eq!(read(&bytes, &here, 2), Err(Astray::Message));
}

#[test]
fn what_does_not_travel_sealed_is_astray() {
    let (alice, bob) = (End::new(1), End::new(2));
    let here = route(&alice, &bob);
    for kind in [
        Kind::ContactRequest,
        Kind::Sealed,
        Kind::Roster,
        Kind::Receipt,
        Kind::Reset,
    ] {
        let bytes = Inside {
            kind,
            ..inside(here, 1)
        }
        .to_bytes();
        assert_eq!(read(&bytes, &here, 1), Err(Astray::Kind), "{kind:?}");
    }
}

#[test]
fn what_is_inside_has_one_encoding() {
    let (alice, bob) = (End::new(1), End::new(2));
    let here = route(&alice, &bob);
    let good = inside(here, 1).to_bytes();
    let long_form = [&[0xb8, 0x04], &good[1..]].concat();

    for bytes in [
        &[good.as_slice(), &[0]].concat()[..],
        &long_form,
        &[],
        &good[..40],
    ] {
        assert_eq!(read(bytes, &here, 1), Err(Astray::Unreadable));
    }
}

#[test]
fn sealed_bodies_have_one_encoding() {
    let (mut alice, bob) = (End::new(1), End::new(2));
    let sealed = alice.seals(&bob.keys(), b"hello");
    let good = sealed.to_bytes();

    assert_eq!(Sealed::from_bytes(&good), Some(sealed.clone()));
    let long_form = [&[0xb8, 0x04], &good[1..]].concat();
    for bytes in [
        &[good.as_slice(), &[0]].concat()[..],
        &long_form,
        &[],
        &good[..80],
    ] {
        assert_eq!(Sealed::from_bytes(bytes), None);
    }
    let normal = Sealed {
        keys: None,
        ..sealed
    };
    let keyless = Sealed {
        message: ByteVec::from(Vec::new()),
        ..normal
    };
    assert!(
        Sealed::from_bytes(&keyless.to_bytes()).is_some(),
        "its message is judged later"
    );
}

#[test]
fn damaged_states_are_refused() {
    let (mut alice, bob) = (End::new(1), End::new(2));
    drop(alice.seals(&bob.keys(), b"hello"));
    let (device, pair) = (alice.device.to_bytes(), alice.pair.to_bytes());

    for length in [0, 1, 10, device.len() / 2] {
        assert!(Device::from_bytes(&device[..length]).is_err());
    }
    for length in [0, 1, 10, pair.len() / 2] {
        assert!(Pair::from_bytes(&pair[..length]).is_err());
    }
}

#[test]
fn a_kind_of_a_later_version_is_told_from_nonsense() {
    let (alice, bob) = (End::new(1), End::new(2));
    let here = route(&alice, &bob);
    let mut bytes = inside(here, 1).to_bytes();
    let text = [0x03, 0x01, 0x04];
    let at = bytes.windows(3).rposition(|part| part == text).unwrap();

    bytes[at + 1] = 0x11;
    assert_eq!(read(&bytes, &here, 1), Err(Astray::Kind));
    bytes[at + 1] = 0xf6;
    assert_eq!(read(&bytes, &here, 1), Err(Astray::Unreadable));
}
