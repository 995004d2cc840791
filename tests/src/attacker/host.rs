//! An attacker who waits to be dialled.

use std::time::Duration;

use anyhow::{Context, bail};
use futures::StreamExt;
use libp2p::core::Transport;
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{Boxed, ListenerId, TransportEvent};
use libp2p::{Multiaddr, PeerId};

use super::{Attacker, Wire, wire};
use crate::within;

/// A listener on this machine.
pub struct Host {
    transport: Boxed<(PeerId, StreamMuxerBox)>,
    address: Multiaddr,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Attacker {
    /// Listens on a port of `transport`, which is an address with port 0.
    ///
    /// # Errors
    /// When it cannot listen.
    pub async fn listen(&self, transport: &str) -> anyhow::Result<Host> {
        let mut swarm = wire::transport(&self.keypair()?)?;
        swarm.listen_on(ListenerId::next(), transport.parse()?)?;
        let listening = async {
            loop {
                if let Some(TransportEvent::NewAddress { listen_addr, .. }) = swarm.next().await {
                    return listen_addr;
                }
            }
        };
        let address = within(Duration::from_secs(5), "an address", listening).await?;
        Ok(Host {
            transport: swarm,
            address,
        })
    }
}

impl Host {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &Multiaddr {
        &self.address
    }

    /// Waits for somebody who dials and completes the handshake.
    ///
    /// # Errors
    /// When nobody does within `limit`, or the listener fails.
    pub async fn visitor(&mut self, limit: Duration) -> anyhow::Result<Wire> {
        let transport = &mut self.transport;
        let waiting = async {
            loop {
                match transport.next().await.context("the listener ended")? {
                    TransportEvent::Incoming { upgrade, .. } => {
                        if let Ok((remote, muxer)) = upgrade.await {
                            return Ok(Wire::over(remote, muxer));
                        }
                    }
                    TransportEvent::ListenerClosed { .. } => bail!("the listener closed"),
                    TransportEvent::ListenerError { error, .. } => return Err(error.into()),
                    TransportEvent::NewAddress { .. } | TransportEvent::AddressExpired { .. } => {}
                }
            }
        };
        within(limit, "a visitor", waiting).await?
    }
}
