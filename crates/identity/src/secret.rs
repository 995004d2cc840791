//! Secret keys: they sign, they never print, and they leave no trace in memory.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};
use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::{AccountId, InviteId, NodeId, PublicKey};

/// Something that signs with an Ed25519 key.
pub trait Signer {
    /// Returns the public half.
    fn public(&self) -> PublicKey;

    /// Signs the message.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// The secret key of an account, which the 24 words restore.
#[derive(Clone)]
pub struct AccountKey(SigningKey);

/// The secret key of one installation.
#[derive(Clone)]
pub struct NodeKey(SigningKey);

/// The temporary secret key inside the link of a one-time invite.
#[derive(Clone)]
pub struct InviteKey(SigningKey);

macro_rules! secret_key {
    ($name:ident, $id:ident) => {
        impl $name {
            /// Takes 32 bytes from a secure random source, or from where they were kept.
            pub fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Self {
                Self(SigningKey::from_bytes(seed))
            }

            /// Returns the 32 bytes to keep.
            pub fn seed(&self) -> Zeroizing<[u8; 32]> {
                Zeroizing::new(self.0.to_bytes())
            }

            /// Returns the id that others know this key by.
            pub fn id(&self) -> $id {
                self.public().into()
            }
        }

        impl Signer for $name {
            fn public(&self) -> PublicKey {
                // RFC 8032 §5.1.5: clamping gives every secret a public key of full order.
                PublicKey::of(self.0.verifying_key())
            }

            fn sign(&self, message: &[u8]) -> [u8; 64] {
                self.0.sign(message).to_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "(secret of {})"), self.id())
            }
        }
    };
}

secret_key!(AccountKey, AccountId);
secret_key!(NodeKey, NodeId);
secret_key!(InviteKey, InviteId);

impl PartialEq for InviteKey {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for InviteKey {}

// Of all secret keys, only this one travels: inside its link.
impl<C> Encode<C> for InviteKey {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.bytes(self.seed().as_slice())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for InviteKey {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let seed = Zeroizing::new(crate::bytes::fixed::<32>(d)?);
        Ok(Self::from_seed(&seed))
    }
}
