//! A COSE library that we did not write agrees with ours in both directions.

use coset::iana::{self, EnumI64 as _};
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _};
use streembit_identity::{Envelope, PublicKey, Signer as _, Unverified, seal};

use crate::fixtures::*;
use crate::vectors::external;

#[test]
fn coset_reads_and_verifies_ours() {
    let bytes = seal(&text(b"hello"), &HOME, &alices_node()).unwrap();

    let object = CoseSign1::from_tagged_slice(&bytes).unwrap();

    assert!(object.unprotected.is_empty());
    let algorithm = coset::RegisteredLabelWithPrivate::Assigned(iana::Algorithm::Ed25519);
    assert_eq!(object.protected.header.alg, Some(algorithm));
    assert_eq!(iana::Algorithm::Ed25519.to_i64(), -19);
    assert_eq!(
        object.protected.header.key_id,
        alices_node().id().as_bytes()
    );
    object
        .verify_signature(&external("envelope", HOME), |signature, message| {
            let key = PublicKey::from_bytes(&object.protected.header.key_id).unwrap();
            key.is_signature(message, signature.try_into().unwrap())
                .then_some(())
                .ok_or(())
        })
        .unwrap();
}

#[test]
fn we_read_and_verify_what_coset_signs() {
    let key = alices_node();
    let header = HeaderBuilder::new()
        .algorithm(iana::Algorithm::Ed25519)
        .key_id(key.id().as_bytes().to_vec())
        .build();
    let bytes = CoseSign1Builder::new()
        .protected(header)
        .payload(minicbor::to_vec(text(b"hello")).unwrap())
        .create_signature(&external("envelope", HOME), |message| {
            key.sign(message).to_vec()
        })
        .build()
        .to_tagged_vec()
        .unwrap();

    let envelope = Unverified::<Envelope>::parse(&bytes)
        .unwrap()
        .verify(&HOME)
        .unwrap();

    assert_eq!(envelope.body, b"hello");
    assert_eq!(
        bytes,
        seal(&text(b"hello"), &HOME, &key).unwrap(),
        "byte for byte the same"
    );
}
