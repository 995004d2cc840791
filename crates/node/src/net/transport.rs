//! The transports of a network, each ending at the door.
//!
//! A swarm is built from a [`Gated`] transport only, and only [`Gated::new`] makes one: a transport
//! added later cannot reach a swarm without passing the gate exchange.

use std::sync::Arc;

use futures::{FutureExt, future::Either};
use libp2p::{
    PeerId,
    core::{
        Transport,
        muxing::StreamMuxerBox,
        transport::{Boxed, timeout::TransportTimeout},
        upgrade::Version,
    },
    identity::Keypair,
    noise, quic, tcp, yamux,
};
use thiserror::Error;

use super::{door, keeper::Keeper, pace::Paced};
use std::time::Duration;

/// How long a dial or an inbound handshake may take, gate exchange included.
const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(15);
/// How long somebody who comes may take to prove a key, so that half-open handshakes do not keep
/// others from the door for long.
const PROOF_DEADLINE: Duration = Duration::from_secs(5);
/// How often QUIC probes a silent connection.
const QUIC_KEEP_ALIVE: Duration = Duration::from_secs(10);
/// After how long without a byte QUIC gives a connection up, in milliseconds.
const QUIC_IDLE_MS: u32 = 30_000;

/// A transport whose every connection has passed the gate.
pub(crate) struct Gated(Boxed<(PeerId, StreamMuxerBox)>);

/// Why the transports could not be set up.
#[derive(Debug, Error)]
pub enum TransportError {
    /// The key is not usable for a handshake.
    #[error("the node key is not usable for a handshake")]
    Key,
}

impl Gated {
    /// Puts the door behind TCP (Noise, Yamux) and QUIC.
    pub(crate) fn new(keypair: &Keypair, keeper: Arc<Keeper>) -> Result<Self, TransportError> {
        let noise = noise::Config::new(keypair).map_err(|_| TransportError::Key)?;
        let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
            .upgrade(Version::V1Lazy)
            .authenticate(noise)
            .multiplex(yamux::Config::default())
            .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
        let mut config = quic::Config::new(keypair);
        config.keep_alive_interval = QUIC_KEEP_ALIVE;
        config.max_idle_timeout = QUIC_IDLE_MS;
        let quic = quic::tokio::Transport::new(config)
            .map(|(peer, connection), _| (peer, StreamMuxerBox::new(connection)));
        let both = quic.or_transport(tcp).map(|either, _| match either {
            Either::Left(output) | Either::Right(output) => output,
        });
        let proved = TransportTimeout::with_ingoing_timeout(both, PROOF_DEADLINE);
        let proved = Paced::new(proved.boxed());
        let guarded = proved.and_then(move |(peer, muxer), point| {
            let address = point.get_remote_address().clone();
            door::pass(keeper.clone(), peer, muxer, point.is_dialer(), address).boxed()
        });
        Ok(Self(
            TransportTimeout::new(guarded, HANDSHAKE_DEADLINE).boxed(),
        ))
    }

    /// Hands the transport to the swarm.
    pub(crate) fn into_inner(self) -> Boxed<(PeerId, StreamMuxerBox)> {
        self.0
    }
}
