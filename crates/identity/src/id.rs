//! Ids of accounts, nodes and invites: public keys under three names that never mix.

use std::fmt;
use std::str::FromStr;

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::digest::{base32, from_base32};
use crate::{KeyError, PublicKey};

/// Prefix of a libp2p peer id: identity multihash of an Ed25519 key in its protobuf envelope.
const PEER_ID_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// Longest text that is tried as an id.
const MAX_TEXT: usize = 64;

/// A person's or device owner's account: the public key that the 24 words restore.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountId([u8; 32]);

/// One installation: the public key that the transport proves.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct NodeId([u8; 32]);

/// A one-time invite into a private network: the public half of the key inside its link.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct InviteId([u8; 32]);

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum IdError {
    /// The text is well-formed, the key in it is not usable.
    #[error("the id holds no usable key: {0}")]
    Key(#[from] KeyError),
    /// The text is not of the shape of such an id.
    #[error("{0}")]
    Shape(&'static str),
}

macro_rules! key_newtype {
    ($name:ident) => {
        impl $name {
            /// Takes the bytes of a key that came from outside.
            ///
            /// # Errors
            ///
            /// Refuses weak and malformed keys.
            pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
                PublicKey::from_bytes(bytes).map(Self::from)
            }

            /// Returns the bytes of the key.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl From<PublicKey> for $name {
            fn from(key: PublicKey) -> Self {
                Self(*key.as_bytes())
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = KeyError;

            fn try_from(bytes: &[u8]) -> Result<Self, KeyError> {
                PublicKey::from_bytes(bytes).map(Self::from)
            }
        }

        impl PartialEq<PublicKey> for $name {
            fn eq(&self, key: &PublicKey) -> bool {
                &self.0 == key.as_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                let position = d.position();
                Self::try_from(d.bytes()?)
                    .map_err(|error| decode::Error::custom(error).at(position))
            }
        }
    };
}

key_newtype!(AccountId);
key_newtype!(NodeId);
key_newtype!(InviteId);

macro_rules! base32_text {
    ($name:ident, $shape:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base32(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let bytes = (text.len() <= MAX_TEXT)
                    .then(|| from_base32(text))
                    .flatten()
                    .filter(|bytes| bytes.len() == 32)
                    .ok_or(IdError::Shape($shape))?;
                Ok(Self::try_from(bytes.as_slice())?)
            }
        }
    };
}

base32_text!(
    AccountId,
    "an account id has 52 characters, a to z and 2 to 7"
);
base32_text!(
    InviteId,
    "an invite id has 52 characters, a to z and 2 to 7"
);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bs58::encode([&PEER_ID_PREFIX[..], &self.0[..]].concat()).into_string())
    }
}

impl FromStr for NodeId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        const SHAPE: IdError =
            IdError::Shape("a node id is a base58 text that begins with 12D3KooW");
        if text.len() > MAX_TEXT {
            return Err(SHAPE);
        }
        let bytes = bs58::decode(text).into_vec().map_err(|_| SHAPE)?;
        let key = bytes.strip_prefix(&PEER_ID_PREFIX).ok_or(SHAPE)?;
        Ok(Self::try_from(key)?)
    }
}
