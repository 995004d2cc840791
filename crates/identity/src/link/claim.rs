//! The code by which somebody takes possession of a host of things.

use minicbor::{Decode, Encode};

use crate::record::check_addresses;
use crate::{AccountId, LinkSecret, Name, NodeId};

/// A host that waits to be claimed, and the secret that its owner-to-be was shown.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ClaimLink {
    /// The host's account.
    #[n(1)]
    pub host: AccountId,
    /// The host's node.
    #[n(2)]
    pub node: NodeId,
    /// Where it listens.
    #[n(3)]
    pub addresses: Vec<String>,
    /// Proves that the claimer saw the code.
    #[n(4)]
    pub secret: LinkSecret,
    /// What the host calls itself.
    #[n(5)]
    pub title: Name,
}

impl ClaimLink {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_addresses(&self.addresses)
    }
}
