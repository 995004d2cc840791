//! The secret inside a link, and proofs that someone holds it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use minicbor::{Decode, Encode};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::AccountId;

/// The single-use secret that a link carries.
#[derive(Clone, Zeroize, ZeroizeOnDrop, Encode, Decode)]
#[cbor(transparent)]
pub struct LinkSecret(#[cbor(n(0), with = "crate::bytes::string")] [u8; 16]);

impl LinkSecret {
    /// Takes 16 bytes from a secure random source, or from where they were kept.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes to keep.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl PartialEq for LinkSecret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for LinkSecret {}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(..)")
    }
}

/// Proves to `to` that `from` holds the secret, without showing it.
pub fn prove(secret: &LinkSecret, from: AccountId, to: AccountId) -> [u8; 32] {
    mac(secret, from, to).map_or([0; 32], |mac| mac.finalize().into_bytes().into())
}

/// Returns whether `proof` shows that `from` holds the secret, in constant time.
pub fn is_proof(proof: &[u8], secret: &LinkSecret, from: AccountId, to: AccountId) -> bool {
    mac(secret, from, to).is_some_and(|mac| mac.verify_slice(proof).is_ok())
}

fn mac(secret: &LinkSecret, from: AccountId, to: AccountId) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).ok()?;
    mac.update(b"streembit/1/prove");
    mac.update(from.as_bytes());
    mac.update(to.as_bytes());
    Some(mac)
}
