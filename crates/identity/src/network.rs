//! The id of a network, which is part of every signature made for it.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

use crate::digest::{base32, from_base32};
use crate::{Digest, IdError};

/// Identifies one network: the hash of its signed genesis.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(transparent)]
pub struct NetworkId(#[cbor(n(0), with = "crate::bytes::string")] [u8; 32]);

impl NetworkId {
    /// The public network: SHA-256 of "streembit/1/public".
    pub const PUBLIC: Self = Self([
        0x8f, 0x62, 0x20, 0x11, 0xc5, 0x6a, 0x78, 0xcb, 0x97, 0xef, 0x26, 0xd7, 0x3c, 0x99, 0xa5,
        0xd8, 0x58, 0xde, 0xaa, 0x87, 0x1c, 0x1a, 0xcb, 0xaa, 0xbc, 0x5b, 0x53, 0x14, 0x9f, 0x40,
        0xd8, 0xb2,
    ]);

    /// No network: for what an account signs about itself everywhere.
    pub const NONE: Self = Self([0; 32]);

    /// Takes the id as it came from outside.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the first 16 characters of the id, as protocol names carry it.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(16);
        text
    }
}

impl From<Digest> for NetworkId {
    fn from(digest: Digest) -> Self {
        Self(*digest.as_bytes())
    }
}

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32(&self.0))
    }
}

impl fmt::Debug for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NetworkId({self})")
    }
}

impl FromStr for NetworkId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        from_base32(text)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(Self)
            .ok_or(IdError::Shape(
                "a network id has 52 characters, a to z and 2 to 7",
            ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_id_is_the_hash_of_its_name() {
        let expected = NetworkId::from(Digest::of(&[b"streembit/1/public"]));

        assert_eq!(NetworkId::PUBLIC, expected);
    }
}
