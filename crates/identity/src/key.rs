//! Public Ed25519 keys that are fit for use.

mod memory;

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use thiserror::Error;

/// A public key in canonical form and of full order.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct PublicKey(VerifyingKey);

/// Why bytes are not a usable public key.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum KeyError {
    /// Not 32 bytes.
    #[error("a key has 32 bytes")]
    Length,
    /// Not the one valid way to write a point of the curve.
    #[error("the bytes are no canonical point of the curve")]
    Malformed,
    /// A point of small order, under which almost any signature verifies.
    #[error("the key is weak")]
    Weak,
}

impl PublicKey {
    /// Takes a key as it came from outside.
    ///
    /// # Errors
    ///
    /// Refuses everything but a canonical encoding of a point that is not of small order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = <&[u8; 32]>::try_from(bytes).map_err(|_| KeyError::Length)?;
        if let Some(known) = memory::recall(bytes) {
            return Ok(Self(known));
        }
        if !is_canonical(bytes) {
            return Err(KeyError::Malformed);
        }
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Malformed)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        memory::keep(key);
        Ok(Self(key))
    }

    /// Returns the 32 bytes of the key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Returns whether `signature` is this key's over `message`, by the strict rules of RFC 8032.
    pub fn is_signature(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }

    pub(crate) fn of(key: VerifyingKey) -> Self {
        Self(key)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", crate::digest::base32(self.as_bytes()))
    }
}

/// Returns whether y, written in 255 bits little-endian, is below 2^255 - 19 (RFC 8032 §5.1.3).
///
/// The other malformed encoding, x = 0 with the sign bit set, exists only for weak keys.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    let is_field_end = last & 0x7f == 0x7f && middle.iter().all(|byte| *byte == 0xff);
    !(is_field_end && *first >= 0xed)
}
