//! What the actor of a network and the rest of the node say to each other.

use std::time::Duration;

use libp2p::{
    Multiaddr,
    request_response::{InboundRequestId, ResponseChannel},
};
use streembit_identity::{AccountId, NodeId, Timestamp};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

use super::codec::Frame;

/// One live connection.
#[derive(Clone, Debug)]
pub struct PeerLink {
    /// The peer's account, as its certificate says.
    pub account: AccountId,
    /// The remote end.
    pub address: Multiaddr,
    /// Whether the peer dialled us.
    pub inbound: bool,
    /// The peer's node.
    pub node: NodeId,
    /// The last measured round trip.
    pub rtt: Option<Duration>,
    /// When the connection was let in.
    pub since: Timestamp,
}

/// What happens in a network, in the order in which it happened.
#[derive(Debug)]
pub(crate) enum NetEvent {
    /// The first connection to a node was let in.
    Connected {
        account: AccountId,
        address: Multiaddr,
        inbound: bool,
        node: NodeId,
    },
    /// The last connection to a node ended.
    Disconnected { account: AccountId, node: NodeId },
    /// A connected node says where it listens.
    Identified {
        account: AccountId,
        addresses: Vec<Multiaddr>,
        node: NodeId,
    },
    /// The addresses at which this node listens have changed.
    Listening,
    /// The routing table got its first entries.
    Routable,
    /// A peer asks something.
    Request {
        account: AccountId,
        frame: Frame,
        node: NodeId,
        responder: Responder,
    },
}

/// The way back for one request; dropping it leaves the peer with a time-out.
#[derive(Debug)]
pub(crate) struct WayBack {
    pub(crate) channel: ResponseChannel<Vec<u8>>,
    pub(crate) request: InboundRequestId,
}

/// What whoever handles a request answers by.
#[derive(Debug)]
pub(crate) struct Responder {
    pub(crate) way: WayBack,
    pub(crate) commands: mpsc::Sender<Command>,
}

impl Responder {
    /// Sends `frame` back.
    pub(crate) async fn respond(self, frame: Vec<u8>) {
        let way = self.way;
        let command = Command::Respond { frame, way };
        // The actor has stopped: there is nobody left to answer.
        let _ = self.commands.send(command).await;
    }
}

/// Orders to the actor.
#[derive(Debug)]
pub(crate) enum Command {
    /// Announce this node under a key, or under none any more.
    Announce { key: Option<[u8; 32]> },
    /// Connect to a node.
    Dial {
        addresses: Vec<Multiaddr>,
        node: NodeId,
        reply: oneshot::Sender<Result<(), DialError>>,
    },
    /// Hold a record again that was held before the last stop.
    Hold { key: [u8; 32], value: Vec<u8> },
    /// Look a record up; every answer with the peer that gave it (`None`: our own shelf).
    Get {
        key: [u8; 32],
        reply: oneshot::Sender<Vec<(Option<NodeId>, Vec<u8>)>>,
    },
    /// Look for the nodes that announced themselves under a key.
    Seek {
        key: [u8; 32],
        reply: oneshot::Sender<Vec<NodeId>>,
    },
    /// Put a record of our own into the DHT.
    Put {
        expires_in: Duration,
        key: [u8; 32],
        reply: oneshot::Sender<Result<(), PutError>>,
        value: Vec<u8>,
    },
    /// Ask a connected node.
    Request {
        frame: Vec<u8>,
        node: NodeId,
        reply: oneshot::Sender<Result<Vec<u8>, RequestError>>,
    },
    /// Answer a request.
    Respond { frame: Vec<u8>, way: WayBack },
    /// Listen at further addresses.
    Listen { address: Multiaddr },
}

/// A dial failed because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum DialError {
    /// too much is going on.
    #[error("too many dials are under way")]
    Busy,
    /// no address is known.
    #[error("no address is known")]
    NoAddress,
    /// a gate refused: ours or the peer's.
    #[error("the gate refused")]
    Refused,
    /// the network has stopped.
    #[error("the network has stopped")]
    Stopped,
    /// nobody answered.
    #[error("nobody answered at the known addresses")]
    Unreachable,
}

/// A record could not be put because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum PutError {
    /// too much is going on.
    #[error("too many queries are under way")]
    Busy,
    /// no peer took it.
    #[error("no peer took the record")]
    NoPeer,
    /// the network has stopped.
    #[error("the network has stopped")]
    Stopped,
    /// it is larger than a record may be.
    #[error("the record is too large")]
    TooLarge,
}

/// A request failed because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum RequestError {
    /// too much is going on.
    #[error("too many requests are under way")]
    Busy,
    /// the connection ended; whether the peer has acted is not known.
    #[error("the connection ended before an answer came")]
    Closed,
    /// the network has stopped.
    #[error("the network has stopped")]
    Stopped,
    /// no answer came in time; whether the peer has acted is not known.
    #[error("no answer came in time")]
    Timeout,
    /// there is no connection to the node.
    #[error("the node is not connected")]
    Unreachable,
    /// the peer does not speak our protocol.
    #[error("the peer does not speak this protocol")]
    Unsupported,
}
