//! Streams of bytes between connected nodes, beside the requests: for files.
//!
//! They run inside connections that the gate has let in, and end with them.

use std::{fmt, time::Duration};

use futures::StreamExt;
use libp2p::{Stream, StreamProtocol};
use libp2p_stream::{Control, IncomingStreams, OpenStreamError};
use streembit_identity::{NetworkId, NodeId};
use thiserror::Error;

use super::{behaviour::protocol, peer_id};

/// How long opening a stream may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// Opens and takes the streams of one network.
#[derive(Clone)]
pub(super) struct Streams {
    control: Control,
    protocol: StreamProtocol,
}

/// The streams that others open.
pub(crate) struct Incoming(IncomingStreams);

/// A stream could not be opened because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(crate) enum StreamError {
    /// the connection ended, or nothing came of it in time.
    #[error("the connection gave no stream")]
    Closed,
    /// there is no connection.
    #[error("the peer is not connected")]
    Unreachable,
    /// the peer does not speak the protocol.
    #[error("the peer does not support this")]
    Unsupported,
}

impl Streams {
    pub(super) fn new(network: &NetworkId, control: Control) -> Self {
        Self {
            control,
            protocol: protocol(network, "file"),
        }
    }

    pub(super) async fn open(&self, node: &NodeId) -> Result<Stream, StreamError> {
        let peer = peer_id::from_node(node).ok_or(StreamError::Unreachable)?;
        let mut control = self.control.clone();
        let opening = control.open_stream(peer, self.protocol.clone());
        match tokio::time::timeout(DEADLINE, opening).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(OpenStreamError::UnsupportedProtocol(_))) => Err(StreamError::Unsupported),
            Ok(Err(_)) | Err(_) => Err(StreamError::Closed),
        }
    }

    pub(super) fn incoming(&self) -> Option<Incoming> {
        let mut control = self.control.clone();
        control.accept(self.protocol.clone()).ok().map(Incoming)
    }
}

impl Incoming {
    /// Waits for the next stream, and says whose it is; none when the network has stopped.
    pub(crate) async fn next(&mut self) -> Option<(NodeId, Stream)> {
        loop {
            let (peer, stream) = self.0.next().await?;
            if let Some(node) = peer_id::to_node(&peer) {
                return Some((node, stream));
            }
        }
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}
