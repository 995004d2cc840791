//! The way for another installation of the same account to be linked, once.

use minicbor::{Decode, Encode};

use crate::record::check_addresses;
use crate::{AccountId, LinkSecret, Name, NodeId};

/// An installation that lets another one of its account be linked.
///
/// It leads nowhere until its person has compared the code that both sides show.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct NodeLink {
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The installation that made the link.
    #[n(2)]
    pub node: NodeId,
    /// Where it listens for this.
    #[n(3)]
    pub addresses: Vec<String>,
    /// Proves that the link was held; good once.
    #[n(4)]
    pub secret: LinkSecret,
    /// What the account calls itself.
    #[n(5)]
    pub name: Name,
}

impl NodeLink {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_addresses(&self.addresses)
    }
}
