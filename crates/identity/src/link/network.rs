//! The way into a private network, for those who were added to it.

use minicbor::{Decode, Encode};

use crate::record::check_addresses;
use crate::{AccountId, Name};

/// Largest genesis in a link, in bytes.
const MAX_GENESIS: usize = 1_024;

/// What a member needs to find a network; it holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct NetworkLink {
    /// The signed first operation, whose hash is the network id.
    #[cbor(n(1), with = "crate::bytes::string")]
    pub genesis: Vec<u8>,
    /// What the network is called.
    #[n(2)]
    pub name: Name,
    /// Where members listen, as multiaddresses that end in a peer id.
    #[n(3)]
    pub addresses: Vec<String>,
    /// Who made the link.
    #[n(4)]
    pub issuer: AccountId,
}

impl NetworkLink {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_genesis(&self.genesis)?;
        check_addresses(&self.addresses)
    }
}

pub(super) fn check_genesis(genesis: &[u8]) -> Result<(), &'static str> {
    if genesis.is_empty() || genesis.len() > MAX_GENESIS {
        return Err("the network's first operation is missing or too large");
    }
    Ok(())
}
