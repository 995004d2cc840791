//! The four messages of a claim, as deterministic CBOR.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use streembit_identity::{Name, NetworkId, PeerKind};

use crate::problem::{Problem, ProblemKind};

/// Most things that an offer names.
const MAX_TITLES: usize = 64;

/// Most operations and certificates that a commit hands over.
const MAX_ITEMS: usize = 4_096;

/// Most addresses that a commit hands over.
const MAX_ADDRESSES: usize = 16;

/// Identifies one attempt to claim; drawn by the claimer, the same across repetitions.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(transparent)]
pub struct Attempt(#[n(0)] pub ByteArray<16>);

/// The wish to claim the host.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ClaimRequest {
    /// Which attempt.
    #[n(0)]
    pub attempt: Attempt,
    /// Shows that the claimer holds the secret of the link.
    #[n(1)]
    pub proof: ByteArray<32>,
    /// What the claimer calls itself.
    #[n(2)]
    pub name: Name,
}

/// What the host has to say about itself.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Offer {
    /// What the host calls itself.
    #[n(0)]
    pub name: Name,
    /// Its kind.
    #[n(1)]
    pub kind: PeerKind,
    /// The titles of its things.
    #[n(2)]
    pub things: Vec<String>,
    /// The certificate of its node.
    #[n(3)]
    pub certificate: ByteVec,
}

/// The answer to a [`ClaimRequest`].
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum ClaimOffer {
    /// The host is reserved for the claimer.
    #[n(0)]
    Offer(#[n(0)] Offer),
    /// It is not.
    #[n(1)]
    Refused(#[n(0)] ClaimRefusal),
}

/// Where the host is to live.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Destination {
    /// In a private network, as the member that the last operation adds.
    #[n(0)]
    Private {
        /// The network.
        #[n(0)]
        network: NetworkId,
        /// Its name.
        #[n(1)]
        name: Name,
        /// Its operations, genesis first, the one that adds the host last.
        #[n(2)]
        operations: Vec<ByteVec>,
        /// Certificates of its members' nodes.
        #[n(3)]
        certificates: Vec<ByteVec>,
    },
    /// In the public network, as a contact of the claimer.
    #[n(1)]
    Public,
}

/// The claimer's decision: the host is to belong to it, and live there.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ClaimCommit {
    /// Which attempt.
    #[n(0)]
    pub attempt: Attempt,
    /// What the claimer calls itself.
    #[n(1)]
    pub name: Name,
    /// The certificate of the claimer's node.
    #[n(2)]
    pub certificate: ByteVec,
    /// Where the host is to live.
    #[n(3)]
    pub destination: Destination,
    /// Where the claimer and other members can be reached there, each ending in `/p2p/<node>`.
    #[n(4)]
    pub addresses: Vec<String>,
}

/// The answer to a [`ClaimCommit`].
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum ClaimDone {
    /// The host belongs to the claimer, and can be reached there.
    #[n(0)]
    Done(#[n(0)] Attempt, #[n(1)] Vec<String>),
    /// It does not, and this attempt will never make it so.
    #[n(1)]
    Refused(#[n(0)] ClaimRefusal),
}

/// Why a host does not let itself be claimed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error, Encode, Decode)]
#[cbor(index_only)]
pub enum ClaimRefusal {
    /// Somebody else is about to claim it.
    #[error("someone else is claiming this device right now: try again in a minute")]
    #[n(0)]
    Busy,
    /// It belongs to somebody.
    #[error("this device belongs to someone already")]
    #[n(1)]
    Claimed,
    /// Its window is closed.
    #[error("the device no longer waits to be claimed: restart it, and use the new code")]
    #[n(2)]
    Closed,
    /// It could not keep what it was handed.
    #[error("the device could not store the claim")]
    #[n(3)]
    Failed,
    /// What it was handed is not valid.
    #[error("the device did not accept the network that it was handed")]
    #[n(4)]
    Invalid,
    /// Too many attempts within a minute.
    #[error("too many attempts: wait a minute")]
    #[n(5)]
    TooMany,
    /// It does not know the attempt, or its time has passed.
    #[error("the device gave up waiting: start again with the same code")]
    #[n(6)]
    Unknown,
    /// The secret is not the one that it shows.
    #[error("the code is not the one that the device shows now")]
    #[n(7)]
    WrongSecret,
}

/// A message of the claim that can be read and checked.
pub trait Message: Encode<()> + for<'b> Decode<'b, ()> {
    /// Says whether all its lists are within bounds.
    fn is_bounded(&self) -> bool {
        true
    }
}

impl Message for ClaimRequest {}

impl Message for ClaimDone {
    fn is_bounded(&self) -> bool {
        match self {
            Self::Done(_, addresses) => are_addresses(addresses),
            Self::Refused(_) => true,
        }
    }
}

impl Message for ClaimOffer {
    fn is_bounded(&self) -> bool {
        match self {
            Self::Offer(offer) => {
                offer.things.len() <= MAX_TITLES
                    && offer.things.iter().all(|title| title.len() <= 256)
            }
            Self::Refused(_) => true,
        }
    }
}

impl Message for ClaimCommit {
    fn is_bounded(&self) -> bool {
        let is_destination = match &self.destination {
            Destination::Private {
                operations,
                certificates,
                ..
            } => operations.len() <= MAX_ITEMS && certificates.len() <= MAX_ITEMS,
            Destination::Public => true,
        };
        is_destination && are_addresses(&self.addresses)
    }
}

/// Says whether a list of addresses is within bounds.
fn are_addresses(addresses: &[String]) -> bool {
    addresses.len() <= MAX_ADDRESSES && addresses.iter().all(|address| address.len() <= 256)
}

/// Writes the body of an envelope.
pub fn encode<M: Message>(message: &M) -> Vec<u8> {
    // Writing to memory cannot fail.
    minicbor::to_vec(message).unwrap_or_default()
}

/// Reads the body of an envelope; only the one encoding of a message is accepted.
///
/// # Errors
/// A bad request, with the reason.
pub fn decode<M: Message>(body: &[u8]) -> Result<M, Problem> {
    let bad = |detail: String| Problem::because(ProblemKind::BadRequest, detail);
    let message: M = minicbor::decode(body).map_err(|error| bad(error.to_string()))?;
    if encode(&message) != body {
        return Err(bad("the encoding is not deterministic".to_owned()));
    }
    if !message.is_bounded() {
        return Err(bad("a list is too long".to_owned()));
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_encoding_only() {
        let request = ClaimRequest {
            attempt: Attempt([7; 16].into()),
            proof: [9; 32].into(),
            name: "Alice".parse().unwrap(),
        };
        let body = encode(&request);

        assert_eq!(decode::<ClaimRequest>(&body).unwrap(), request);
        let mut longer = body.clone();
        longer.push(0);
        assert!(decode::<ClaimRequest>(&longer).is_err());
        for cut in 0..body.len() {
            assert!(decode::<ClaimRequest>(&body[..cut]).is_err());
        }
    }

    #[test]
    fn refuses_long_lists() {
        let commit = ClaimCommit {
            attempt: Attempt([7; 16].into()),
            name: "Alice".parse().unwrap(),
            certificate: Vec::new().into(),
            destination: Destination::Public,
            addresses: vec!["/ip4/127.0.0.1/tcp/1".to_owned(); MAX_ADDRESSES + 1],
        };

        assert!(decode::<ClaimCommit>(&encode(&commit)).is_err());
    }
}
