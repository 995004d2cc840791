//! The id of a group within a network.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

use crate::digest::{base32, from_base32};
use crate::{Digest, IdError};

/// Identifies one group: the hash of its signed genesis.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(transparent)]
pub struct GroupId(#[n(0)] Digest);

impl GroupId {
    /// Takes the id as it came from outside.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Digest::from_bytes(bytes))
    }

    /// Returns the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32(self.as_bytes()))
    }
}

impl fmt::Debug for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupId({self})")
    }
}

impl FromStr for GroupId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        from_base32(text)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(Self::from_bytes)
            .ok_or(IdError::Shape(
                "a group id has 52 characters, a to z and 2 to 7",
            ))
    }
}
