//! A node to begin with.

use minicbor::{Decode, Encode};

use crate::NodeId;
use crate::record::check_addresses;

/// A seed and where it listens.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct SeedLink {
    /// The seed.
    #[n(1)]
    pub node: NodeId,
    /// Where it listens.
    #[n(2)]
    pub addresses: Vec<String>,
}

impl SeedLink {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_addresses(&self.addresses)
    }
}
