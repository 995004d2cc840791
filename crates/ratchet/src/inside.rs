//! What is read once an envelope is opened: the message, and between whom it really goes.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_identity::{AccountId, Kind, MessageId, NetworkId, NodeId};
use thiserror::Error;
use zeroize::Zeroizing;

/// Between whom something goes, and where.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct Route {
    /// The network.
    #[n(1)]
    pub network: NetworkId,
    /// The sender.
    #[n(2)]
    pub from: AccountId,
    /// The sender's node.
    #[n(3)]
    pub from_node: NodeId,
    /// The recipient.
    #[n(4)]
    pub to: AccountId,
    /// The recipient's node.
    #[n(5)]
    pub to_node: NodeId,
}

/// What is sealed.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct Inside {
    /// Repeats who writes to whom, so that nothing opens anywhere else.
    #[n(1)]
    pub route: Route,
    /// Repeats the id of the envelope.
    #[n(2)]
    pub id: MessageId,
    /// What it is.
    #[n(3)]
    pub kind: Kind,
    /// What it says, in the form of its kind.
    #[n(4)]
    pub body: ByteVec,
}

/// What was opened is not for this place.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Astray {
    /// It is of a kind that does not travel sealed.
    #[error("this kind does not travel sealed")]
    Kind,
    /// It was sealed for another envelope.
    #[error("it was sealed for another envelope")]
    Message,
    /// It goes between others, or in another network.
    #[error("it goes between others, or in another network")]
    Route,
    /// It cannot be read.
    #[error("what was opened cannot be read")]
    Unreadable,
}

impl Inside {
    /// Returns the one encoding; writing to memory cannot fail.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(minicbor::to_vec(self).unwrap_or_default())
    }

    /// Reads what was opened, and checks that it is for this place.
    ///
    /// # Errors
    ///
    /// Names the first rule that it breaks.
    pub fn open(bytes: &[u8], route: &Route, id: MessageId) -> Result<Self, Astray> {
        let inside: Self = minicbor::decode(bytes).map_err(|_| unreadable(bytes))?;
        if *inside.to_bytes() != bytes {
            return Err(Astray::Unreadable);
        }
        if inside.route != *route {
            return Err(Astray::Route);
        }
        if inside.id != id {
            return Err(Astray::Message);
        }
        if !inside.kind.is_sealed() {
            return Err(Astray::Kind);
        }
        Ok(inside)
    }
}

/// The kind of what was sealed, whatever else it says.
#[derive(Decode)]
#[cbor(map)]
struct KindOnly {
    #[n(3)]
    kind: u16,
}

/// A later version may seal more kinds; that is told from nonsense.
fn unreadable(bytes: &[u8]) -> Astray {
    match minicbor::decode::<KindOnly>(bytes) {
        Ok(claim) if Kind::from_number(claim.kind).is_none() => Astray::Kind,
        Ok(_) | Err(_) => Astray::Unreadable,
    }
}
