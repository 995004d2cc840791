//! Keys and the ids made of them.

use data_encoding::HEXLOWER;
use proptest::prelude::*;
use streembit_identity::{
    AccountId, AccountKey, IdError, KeyError, LinkSecret, MessageId, NetworkId, NodeId, PublicKey,
    Signer, Timestamp, fingerprint, is_proof, prove, safety_number,
};
use zeroize::Zeroizing;

use crate::fixtures::*;

/// All encodings of points of small order that a lenient decoder takes.
pub(crate) const WEAK_KEYS: [[u8; 32]; 14] = weak_keys();

const fn weak_keys() -> [[u8; 32]; 14] {
    const ORDER_8: [u8; 32] = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ];
    const OTHER_8: [u8; 32] = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ];
    const fn near_end(first: u8, sign: u8) -> [u8; 32] {
        let mut key = [0xff; 32];
        key[0] = first;
        key[31] = 0x7f | sign;
        key
    }
    const fn small(first: u8, sign: u8) -> [u8; 32] {
        let mut key = [0; 32];
        key[0] = first;
        key[31] = sign;
        key
    }
    const fn signed(mut key: [u8; 32]) -> [u8; 32] {
        key[31] |= 0x80;
        key
    }
    [
        small(0, 0),
        small(0, 0x80),
        small(1, 0),
        small(1, 0x80),
        near_end(0xec, 0),
        near_end(0xec, 0x80),
        near_end(0xed, 0),
        near_end(0xed, 0x80),
        near_end(0xee, 0),
        near_end(0xee, 0x80),
        ORDER_8,
        signed(ORDER_8),
        OTHER_8,
        signed(OTHER_8),
    ]
}

#[test]
fn signs_as_rfc_8032_does() {
    // RFC 8032 §7.1, tests 1 to 3: secret, public, message, signature.
    let vectors = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    for (secret, public, message, signature) in vectors {
        let key = AccountKey::from_seed(&Zeroizing::new(array(secret)));
        let message = HEXLOWER.decode(message.as_bytes()).unwrap();
        assert_eq!(key.id().as_bytes(), &array::<32>(public));
        assert_eq!(key.sign(&message), array::<64>(signature));
        assert!(key.public().is_signature(&message, &array(signature)));
    }
}

#[test]
fn refuses_weak_keys_everywhere() {
    for weak in WEAK_KEYS {
        assert!(PublicKey::from_bytes(&weak).is_err(), "{weak:02x?}");
        assert!(AccountId::from_bytes(&weak).is_err());
        assert!(NodeId::from_bytes(&weak).is_err());
        let text = data_encoding::BASE32_NOPAD.encode(&weak).to_lowercase();
        assert!(text.parse::<AccountId>().is_err());
        let cbor = [&[0x58, 0x20], &weak[..]].concat();
        assert!(minicbor::decode::<AccountId>(&cbor).is_err());
        assert!(minicbor::decode::<NodeId>(&cbor).is_err());
    }
}

#[test]
fn refuses_keys_that_are_no_point_or_of_another_length() {
    let no_point = array("0200000000000000000000000000000000000000000000000000000000000000");

    assert_eq!(AccountId::from_bytes(&no_point), Err(KeyError::Malformed));
    assert_eq!(PublicKey::from_bytes(&[1; 31]), Err(KeyError::Length));
    assert_eq!(PublicKey::from_bytes(&[1; 33]), Err(KeyError::Length));
}

#[test]
fn refuses_non_canonical_keys_of_full_order() {
    // y = p + k for small k is a second way to write y = k, where k is on the curve.
    let end = |first: u8| {
        let mut key = [0xff; 32];
        key[0] = first;
        key[31] = 0x7f;
        key
    };
    for first in 0xed..=0xff {
        assert!(AccountId::from_bytes(&end(first)).is_err(), "{first:x}");
    }
}

#[test]
fn shows_ids_as_documented() {
    let account = alice().id().to_string();
    let node = alices_node().id().to_string();

    assert_eq!(account.len(), 52);
    assert!(
        account
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
    );
    assert!(node.starts_with("12D3KooW"), "{node}");
    assert_eq!(NetworkId::PUBLIC.short().len(), 16);
}

#[test]
fn refuses_texts_that_are_almost_ids() {
    let account = alice().id().to_string();
    let node = alices_node().id().to_string();
    let accounts = [
        "",
        "a",
        &account[1..],
        &account.to_uppercase(),
        &format!("{account}a"),
        &node,
    ];
    for text in accounts {
        assert!(text.parse::<AccountId>().is_err(), "{text}");
    }
    for text in [
        "",
        "12D3KooW",
        &node[1..],
        &format!("{node}1"),
        &"1".repeat(100_000),
        &account,
    ] {
        assert!(
            matches!(
                text.parse::<NodeId>(),
                Err(IdError::Shape(_) | IdError::Key(_))
            ),
            "{text}"
        );
    }
}

#[test]
fn message_ids_sort_by_time_and_have_one_version() {
    let early = MessageId::new(Timestamp(1_000), [0xff; 10]);
    let late = MessageId::new(Timestamp(2_000), [0; 10]);

    assert!(early < late);
    assert_eq!(early.to_string().parse(), Ok(early));
    assert!(MessageId::from_bytes([0; 16]).is_err());
    assert!(
        "67e55044-10b1-426f-9247-bb680e5fe0c8"
            .parse::<MessageId>()
            .is_err(),
        "version 4"
    );
}

#[test]
fn safety_number_is_the_same_on_both_sides() {
    let (alice, bob) = (alice().id(), bob().id());
    let number = safety_number(alice, bob);

    assert_eq!(number, safety_number(bob, alice));
    assert_ne!(number, safety_number(alice, account(4).id()));
    assert_eq!(number.split(' ').count(), 12);
    assert!(number.split(' ').all(|group| group.len() == 5));
    assert_eq!(number.bytes().filter(u8::is_ascii_digit).count(), 60);
}

#[test]
fn fingerprint_is_the_id_in_groups() {
    let text = fingerprint(alice().id());

    assert_eq!(text.replace(' ', ""), alice().id().to_string());
    assert_eq!(text.split(' ').count(), 13);
    assert!(text.split(' ').all(|group| group.len() == 4));
}

#[test]
fn a_proof_is_good_for_one_secret_and_one_direction() {
    let secret = LinkSecret::from_bytes([6; 16]);
    let (alice, bob) = (alice().id(), bob().id());
    let proof = prove(&secret, alice, bob);

    assert!(is_proof(&proof, &secret, alice, bob));
    assert!(!is_proof(&proof, &secret, bob, alice));
    assert!(!is_proof(
        &proof,
        &LinkSecret::from_bytes([7; 16]),
        alice,
        bob
    ));
    assert!(!is_proof(&proof[..31], &secret, alice, bob));
    assert!(!is_proof(&[], &secret, alice, bob));
}

proptest! {
    #[test]
    fn ids_are_read_as_written(seed in any::<[u8; 32]>()) {
        let key = AccountKey::from_seed(&Zeroizing::new(seed));
        let node = NodeId::from_bytes(key.id().as_bytes()).unwrap();

        prop_assert_eq!(key.id().to_string().parse(), Ok(key.id()));
        prop_assert_eq!(node.to_string().parse(), Ok(node));
        prop_assert_eq!(*key.seed(), seed);
        let cbor = minicbor::to_vec(key.id()).unwrap();
        prop_assert_eq!(minicbor::decode::<AccountId>(&cbor).unwrap(), key.id());
    }

    #[test]
    fn any_text_is_an_id_or_an_error(text in ".{0,80}") {
        let _ = text.parse::<AccountId>();
        let _ = text.parse::<NodeId>();
        let _ = text.parse::<MessageId>();
        let _ = text.parse::<NetworkId>();
    }
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
}
