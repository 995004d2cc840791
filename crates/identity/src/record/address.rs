//! Where a node can be reached.

use std::time::Duration;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{RecordError, check_lifetime};
use crate::{
    Certificate, Digest, NetworkId, NodeId, Payload, SignatureError, Timestamp, Unverified,
    Verified,
};

/// Most addresses in one list.
pub const MAX_ADDRESSES: usize = 16;

/// Longest address, in bytes.
pub const MAX_ADDRESS_LEN: usize = 256;

/// The addresses of a node, signed by it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct AddressRecord {
    /// The node, which signs.
    #[n(1)]
    pub node: NodeId,
    /// Where it listens, as multiaddresses.
    #[n(2)]
    pub addresses: Vec<String>,
    /// Rises with every edition.
    #[n(3)]
    pub sequence: u64,
    /// When it stops being valid.
    #[n(4)]
    pub expires: Timestamp,
    /// Whose node it is, of somebody who wants to be found by name.
    #[n(5)]
    pub certificate: Option<ByteVec>,
}

impl AddressRecord {
    /// Longest life of a record.
    pub const LIFETIME: Duration = Duration::from_hours(24);

    /// Returns the key under which the record of `node` lies.
    pub fn key_of(node: NodeId) -> Digest {
        Digest::of(&[b"streembit/1/address", node.as_bytes()])
    }

    /// Returns the key under which this record lies.
    pub fn key(&self) -> Digest {
        Self::key_of(self.node)
    }

    /// Returns the certificate by which an account says that this is its node, if the node tells.
    pub fn owner(&self, now: Timestamp) -> Option<Certificate> {
        let certificate = Certificate::parse(self.certificate.as_ref()?).ok()?;
        (certificate.node() == self.node && certificate.is_live(now)).then_some(certificate)
    }

    /// Reads a record and checks owner, signature and life.
    ///
    /// # Errors
    ///
    /// Names the first rule that it breaks.
    pub fn open(
        bytes: &[u8],
        network: &NetworkId,
        now: Timestamp,
    ) -> Result<Verified<Self>, RecordError> {
        let record = Unverified::<Self>::parse(bytes)?;
        check_lifetime(record.peek().expires, Self::LIFETIME, now)?;
        if record.peek().node != record.signer() {
            return Err(SignatureError.into());
        }
        Ok(record.verify(network)?)
    }
}

impl Payload for AddressRecord {
    const DOMAIN: &'static str = "address-record";
    const MAX_BYTES: usize = MAX_ADDRESSES * (MAX_ADDRESS_LEN + 3) + 128 + Certificate::MAX_BYTES;

    fn check(&self) -> Result<(), &'static str> {
        if self
            .certificate
            .as_ref()
            .is_some_and(|it| it.len() > Certificate::MAX_BYTES)
        {
            return Err("the certificate is too large");
        }
        check_addresses(&self.addresses)
    }
}

/// Checks the number and shape of addresses.
pub(crate) fn check_addresses(addresses: &[String]) -> Result<(), &'static str> {
    if addresses.len() > MAX_ADDRESSES {
        return Err("there are too many addresses");
    }
    if addresses.iter().all(|address| is_address(address)) {
        Ok(())
    } else {
        Err("an address is not a multiaddress")
    }
}

/// The outer shape of a multiaddress; what it means is for the transports to say.
fn is_address(address: &str) -> bool {
    address.len() <= MAX_ADDRESS_LEN
        && address.len() > 1
        && address.starts_with('/')
        && address.bytes().all(|byte| byte.is_ascii_graphic())
}
