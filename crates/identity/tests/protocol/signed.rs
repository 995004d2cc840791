//! One encoding, one signature, one meaning.

use proptest::prelude::*;
use streembit_identity::{
    Envelope, Kind, MessageId, NetworkId, NodeCertificate, ParseError, Payload, SealError,
    Timestamp, Tombstone, Unverified, seal,
};

use crate::fixtures::*;

#[test]
fn refuses_every_flipped_bit() {
    for (name, bytes, is_good) in sealed_objects() {
        assert!(is_good(&bytes), "{name} is good as it is");
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_good(&flipped), "{name} with bit {bit} flipped");
        }
    }
}

#[test]
fn refuses_every_truncation_and_every_tail() {
    for (name, bytes, is_good) in sealed_objects() {
        for len in 0..bytes.len() {
            assert!(!is_good(&bytes[..len]), "{name} cut to {len} bytes");
        }
        for tail in [0x00, 0xa0, 0xf6, 0xff] {
            assert!(
                !is_good(&[&bytes[..], &[tail]].concat()),
                "{name} followed by {tail:x}"
            );
        }
    }
}

#[test]
fn seals_the_same_bytes_every_time() {
    assert_eq!(
        seal(&text(b"hello"), &HOME, &alices_node()).unwrap(),
        seal(&text(b"hello"), &HOME, &alices_node()).unwrap()
    );
}

#[test]
fn a_kind_of_a_later_version_is_told_from_nonsense() {
    let known = seal(&text(b"hello"), &HOME, &alices_node()).unwrap();
    // Field 6, the kind, is 1; 24 needs a second byte, so 23 and below stay one byte.
    let at = known
        .windows(2)
        .rposition(|window| window == [0x06, 0x01])
        .unwrap();
    let mut later = known.clone();
    later[at + 1] = 0x11;
    let mut nonsense = known.clone();
    nonsense[at + 1] = 0xf6;

    assert!(Unverified::<Envelope>::parse(&later).is_err());
    assert!(Envelope::is_of_unknown_kind(&later));
    for bytes in [&known, &nonsense, &Vec::new(), &known[..40].to_vec()] {
        assert!(!Envelope::is_of_unknown_kind(bytes));
    }
}

#[test]
fn binds_the_network() {
    let bytes = seal(&text(b"hello"), &HOME, &alices_node()).unwrap();

    for network in [
        NetworkId::NONE,
        NetworkId::PUBLIC,
        NetworkId::from_bytes([8; 32]),
    ] {
        assert!(
            Unverified::<Envelope>::parse(&bytes)
                .unwrap()
                .verify(&network)
                .is_err()
        );
    }
}

#[test]
fn binds_the_type() {
    /// Encodes exactly like a tombstone.
    #[derive(minicbor::Encode, minicbor::Decode)]
    #[cbor(map)]
    struct Lookalike {
        #[n(1)]
        at: Timestamp,
    }
    impl Payload for Lookalike {
        const DOMAIN: &'static str = "lookalike";
        const MAX_BYTES: usize = 32;
    }
    let bytes = seal(&Lookalike { at: NOW }, &NetworkId::NONE, &alice()).unwrap();

    let tombstone = Unverified::<Tombstone>::parse(&bytes).unwrap();

    assert!(tombstone.verify(&NetworkId::NONE).is_err());
}

#[test]
fn digest_is_of_what_was_signed_not_of_the_signature() {
    let of = |network: NetworkId, body: &[u8]| {
        let bytes = seal(&text(body), &network, &alices_node()).unwrap();
        Unverified::<Envelope>::parse(&bytes)
            .unwrap()
            .verify(&network)
            .unwrap()
            .digest()
    };

    assert_eq!(of(HOME, b"hello"), of(HOME, b"hello"));
    assert_ne!(of(HOME, b"hello"), of(HOME, b"hallo"));
    assert_ne!(of(HOME, b"hello"), of(NetworkId::PUBLIC, b"hello"));
}

#[test]
fn refuses_other_encodings_of_the_same_payload() {
    let at = NOW.0.to_be_bytes();
    let canonical = [&[0xa1, 0x01, 0x1b], &at[..]].concat();
    let variants: [(&str, Vec<u8>); 6] = [
        (
            "long map head",
            [&[0xb8, 0x01, 0x01, 0x1b], &at[..]].concat(),
        ),
        ("long key", [&[0xa1, 0x18, 0x01, 0x1b], &at[..]].concat()),
        (
            "indefinite map",
            [&[0xbf, 0x01, 0x1b], &at[..], &[0xff]].concat(),
        ),
        (
            "key twice",
            [&[0xa2, 0x01, 0x1b], &at[..], &[0x01, 0x1b], &at[..]].concat(),
        ),
        (
            "unknown key",
            [&[0xa2, 0x01, 0x1b], &at[..], &[0x02, 0x00]].concat(),
        ),
        ("tail", [&canonical[..], &[0x00]].concat()),
    ];

    assert!(Unverified::<Tombstone>::parse(&framed(&canonical)).is_ok());
    for (name, payload) in variants {
        let refusal = Unverified::<Tombstone>::parse(&framed(&payload)).unwrap_err();
        assert!(
            matches!(refusal, ParseError::NotCanonical),
            "{name}: {refusal}"
        );
    }
}

#[test]
fn refuses_other_frames_around_the_same_payload() {
    let bytes = seal(&tombstone(), &NetworkId::NONE, &alice()).unwrap();
    let untagged = &bytes[1..];
    let payload_len = bytes.len() - 43 - 1 - 66;
    let long_head = [
        &bytes[..43],
        &[0x58, u8::try_from(payload_len).unwrap()],
        &bytes[44..],
    ]
    .concat();
    let indefinite = [
        &bytes[..43],
        &[0x5f],
        &bytes[43..bytes.len() - 66],
        &[0xff],
        &bytes[bytes.len() - 66..],
    ]
    .concat();

    for frame in [
        untagged,
        &long_head,
        &indefinite,
        &[],
        &[0xd2],
        &[0xd2, 0x84],
    ] {
        assert!(
            Unverified::<Tombstone>::parse(frame).is_err(),
            "{frame:02x?}"
        );
    }
}

#[test]
fn refuses_what_is_too_large_before_reading_it() {
    let refusal =
        Unverified::<Envelope>::parse(&vec![0xd2; Envelope::MAX_BYTES + 200]).unwrap_err();
    assert!(matches!(refusal, ParseError::TooLarge));

    let refusal = seal(
        &text(&vec![0; Envelope::MAX_BODY + 1]),
        &HOME,
        &alices_node(),
    )
    .unwrap_err();
    assert!(matches!(refusal, SealError::Invalid(_)));

    assert!(seal(&text(&vec![0; Envelope::MAX_BODY]), &HOME, &alices_node()).is_ok());
}

#[test]
fn refuses_weak_keys_inside_and_around() {
    let good = seal(&text(b"hello"), &HOME, &alices_node()).unwrap();
    for weak in crate::keys::WEAK_KEYS {
        for key in [
            alices_node().id().as_bytes(),
            alice().id().as_bytes(),
            bob().id().as_bytes(),
        ] {
            let position = good.windows(32).position(|window| window == key).unwrap();
            let mut forged = good.clone();
            forged[position..position + 32].copy_from_slice(&weak);
            assert!(Unverified::<Envelope>::parse(&forged).is_err());
        }
    }
}

#[test]
fn refuses_certificates_that_end_before_they_begin() {
    let backwards = NodeCertificate {
        node: alices_node().id(),
        purpose: Default::default(),
        since: NOW,
        expires: NOW,
    };

    assert!(matches!(
        seal(&backwards, &NetworkId::NONE, &alice()),
        Err(SealError::Invalid(_))
    ));
}

#[test]
fn prints_no_secret() {
    let printed = format!("{:?} {:?} {:?}", alice(), alices_node(), invite());

    assert!(
        !printed.contains(&"1, ".repeat(4)) && !printed.contains(&"6, ".repeat(4)),
        "{printed}"
    );
    assert!(printed.contains("LinkSecret(..)") && printed.contains("secret of"));
}

proptest! {
    #[test]
    fn reads_back_what_it_sealed(
        body in proptest::collection::vec(any::<u8>(), 0..2_000),
        sent_at in 0_u64..1 << 47,
        random in any::<[u8; 10]>(),
        kind in proptest::sample::select(KINDS.to_vec()),
    ) {
        let sent_at = Timestamp(sent_at);
        let id = MessageId::new(sent_at, random);
        let envelope = Envelope::new(id, alice().id(), bob().id(), sent_at, kind, body);
        let bytes = seal(&envelope, &HOME, &alices_node()).unwrap();

        let verified = Unverified::<Envelope>::parse(&bytes).unwrap().verify(&HOME).unwrap();

        prop_assert_eq!(&*verified, &envelope);
        prop_assert_eq!(verified.bytes(), &bytes[..]);
        prop_assert!(alices_node().id() == verified.signer());
    }

    #[test]
    fn survives_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Unverified::<Envelope>::parse(&bytes).is_err());
        prop_assert!(Unverified::<Envelope>::parse(&framed(&bytes)).is_err());
    }
}

const KINDS: [Kind; 13] = [
    Kind::Text,
    Kind::Receipt,
    Kind::ContactRequest,
    Kind::ContactAnswer,
    Kind::Roster,
    Kind::Read,
    Kind::DeviceRequest,
    Kind::DeviceResponse,
    Kind::DeviceNotification,
    Kind::ClaimRequest,
    Kind::ClaimOffer,
    Kind::ClaimCommit,
    Kind::ClaimDone,
];

/// Puts a payload into a frame of the right shape; the signature is worthless.
fn framed(payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xd2, 0x84, 0x58, 0x26, 0xa2, 0x01, 0x32, 0x04, 0x58, 0x20];
    bytes.extend_from_slice(alice().id().as_bytes());
    bytes.push(0xa0);
    minicbor::Encoder::new(&mut bytes).bytes(payload).unwrap();
    bytes.extend_from_slice(&[0x58, 0x40]);
    bytes.extend_from_slice(&[0; 64]);
    bytes
}
