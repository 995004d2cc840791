//! What we ask of peers: sealed, sent, and the signed answer verified.

use std::time::Duration;

use streembit_identity::{
    Accepted, AccountId, Envelope, Kind, MessageId, NetworkId, NodeId, SealError, Timestamp, seal,
};
use thiserror::Error;

use crate::{
    net::RequestError,
    node::{Node, message_id},
    reach::ReachError,
    wire::{self, Refusal},
};

/// Asking failed because …
#[derive(Debug, Error)]
pub enum AskError {
    /// the peer is busy.
    #[error("the peer is busy")]
    Busy,
    /// the peer refused.
    #[error("the peer refused")]
    Denied,
    /// the peer found the request invalid, or its answer was.
    #[error("the request or its answer was invalid")]
    Invalid,
    /// the request could not be sealed.
    #[error("the request could not be sealed")]
    Seal(#[from] SealError),
    /// the node has stopped.
    #[error("the node has stopped")]
    Stopped,
    /// no answer came in time; whether the peer has acted is not known.
    #[error("no answer came in time")]
    Timeout,
    /// the peer could not be reached.
    #[error("the peer could not be reached")]
    Unreachable,
    /// the peer does not support this.
    #[error("the peer does not support this")]
    Unsupported,
}

impl From<RequestError> for AskError {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Busy => Self::Busy,
            RequestError::Closed | RequestError::Timeout => Self::Timeout,
            RequestError::Stopped => Self::Stopped,
            RequestError::Unreachable => Self::Unreachable,
            RequestError::Unsupported => Self::Unsupported,
        }
    }
}

impl From<ReachError> for AskError {
    fn from(error: ReachError) -> Self {
        match error {
            ReachError::Refused => Self::Denied,
            ReachError::Stopped => Self::Stopped,
            ReachError::Timeout | ReachError::Unknown | ReachError::Unreachable => {
                Self::Unreachable
            }
        }
    }
}

impl From<Refusal> for AskError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Busy => Self::Busy,
            Refusal::Denied => Self::Denied,
            Refusal::Invalid => Self::Invalid,
            Refusal::Unsupported => Self::Unsupported,
        }
    }
}

impl Node {
    /// Seals `body` for `to`; request kinds expire after 30 s.
    ///
    /// # Errors
    /// See [`SealError`].
    pub(crate) fn seal(
        &self,
        network: NetworkId,
        to: AccountId,
        kind: Kind,
        id: MessageId,
        sent_at: Timestamp,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, SealError> {
        let envelope = Envelope::new(id, self.me().account, to, sent_at, kind, body);
        seal(&envelope, &network, &self.me().node_key)
    }

    /// Finds `to`, asks it, and returns its verified answer.
    ///
    /// # Errors
    /// See [`AskError`].
    pub(crate) async fn ask(
        &self,
        network: NetworkId,
        to: AccountId,
        kind: Kind,
        body: Vec<u8>,
        deadline: Duration,
    ) -> Result<Accepted, AskError> {
        let now = self.now();
        let envelope = self.seal(network, to, kind, message_id(now), now, body)?;
        self.transmit(network, to, envelope, deadline).await
    }

    /// Finds `to`, hands it a sealed envelope, and returns its verified answer.
    ///
    /// # Errors
    /// See [`AskError`].
    pub(crate) async fn transmit(
        &self,
        network: NetworkId,
        to: AccountId,
        envelope: Vec<u8>,
        deadline: Duration,
    ) -> Result<Accepted, AskError> {
        let attempt = async {
            let node = self.reach(network, to, deadline).await?;
            self.hand_over(network, node, envelope, deadline).await
        };
        tokio::time::timeout(deadline, attempt)
            .await
            .unwrap_or(Err(AskError::Timeout))
    }

    /// Hands a sealed envelope to one connected node and returns its verified answer.
    ///
    /// # Errors
    /// See [`AskError`].
    pub(crate) async fn hand_over(
        &self,
        network: NetworkId,
        node: NodeId,
        envelope: Vec<u8>,
        deadline: Duration,
    ) -> Result<Accepted, AskError> {
        let network = self.network(&network).ok_or(AskError::Stopped)?;
        // The certificate is looked up before: the connection may be gone when the answer is read.
        let certificate = network.keeper().certificate_of(&node);
        let certificate = certificate.ok_or(AskError::Unreachable)?;
        self.0.config.hooks.passes(&envelope);
        let frame = network.net().request(node, envelope, deadline).await?;
        self.0.config.hooks.passes(&frame);
        let answer = wire::open(&frame).map_err(|_| AskError::Invalid)??;
        self.verify(&network, &certificate, answer)
            .ok_or(AskError::Invalid)
    }
}
