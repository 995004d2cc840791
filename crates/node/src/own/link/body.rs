//! What the two ends of a link say to each other.

use minicbor::{Decode, Encode, bytes::ByteVec};

/// What a new installation asks.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct LinkRequest {
    /// Proves that the link was held.
    #[n(1)]
    pub(crate) proof: ByteVec,
    /// From where on to go on; none to ask only whether it may.
    #[n(2)]
    pub(crate) offset: Option<u64>,
    /// It has everything, and keeps it.
    #[n(3)]
    pub(crate) is_done: bool,
}

/// What it is answered.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct LinkAnswer {
    /// It gets nothing: used, ended, closed, or not proved.
    #[n(1)]
    pub(crate) is_refused: bool,
    /// How much there is to fetch; none as long as nobody has confirmed the code.
    #[n(2)]
    pub(crate) total: Option<u64>,
    /// A piece of the sealed backup.
    #[n(3)]
    pub(crate) piece: Option<ByteVec>,
    /// The certificate of the installation that hands over.
    #[n(4)]
    pub(crate) certificate: Option<ByteVec>,
    /// Where it listens in its networks.
    #[n(5)]
    pub(crate) places: Option<Vec<Place>>,
}

/// Where the installation that hands over listens in one of its networks.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Place {
    /// The network's id.
    #[n(1)]
    pub(crate) network: ByteVec,
    /// The addresses there, each ending in its node.
    #[n(2)]
    pub(crate) addresses: Vec<String>,
}
