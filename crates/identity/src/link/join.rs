//! The one-time invite into a private network.

use minicbor::{Decode, Encode};

use super::network::check_genesis;
use crate::record::check_addresses;
use crate::{AccountId, InviteKey, Name, NodeId, Timestamp};

/// What a guest is to become in the network.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Invited {
    /// A person.
    #[n(0)]
    Member,
    /// A node that serves the others.
    #[n(1)]
    Hub,
    /// A host of things.
    #[n(2)]
    Device,
    /// A person who adds and removes others.
    #[n(3)]
    Admin,
}

/// A way into a private network for whoever holds it, once.
///
/// What it says of role and time is for people; the issuer goes by its own record.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct JoinLink {
    /// The signed first operation, whose hash is the network id.
    #[cbor(n(1), with = "crate::bytes::string")]
    pub genesis: Vec<u8>,
    /// What the network is called.
    #[n(2)]
    pub name: Name,
    /// Where the issuer's node listens.
    #[n(3)]
    pub addresses: Vec<String>,
    /// Who made the link.
    #[n(4)]
    pub issuer: AccountId,
    /// What the issuer is called in the network.
    #[n(5)]
    pub issuer_name: Name,
    /// The only node that honours it.
    #[n(6)]
    pub node: NodeId,
    /// Proves that the link was held; good once.
    #[n(7)]
    pub key: InviteKey,
    /// When it stops being valid.
    #[n(8)]
    pub expires: Timestamp,
    /// What the guest becomes.
    #[n(9)]
    pub role: Invited,
}

impl JoinLink {
    /// Returns whether it is still valid.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_genesis(&self.genesis)?;
        check_addresses(&self.addresses)
    }
}
