//! The gate as a behaviour: refuses dials to the unlisted and closes connections whose peer lost
//! its place.
//!
//! First field of the composed behaviour, so that a refusal comes before any other protocol takes
//! notice of the connection. Also keeps the connections alive that the node wants kept.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    task::{Context, Poll},
};

use libp2p::{
    Multiaddr, PeerId,
    core::{Endpoint, transport::PortUse, upgrade::DeniedUpgrade},
    multiaddr::Protocol,
    swarm::{
        CloseConnection, ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId,
        FromSwarm, NetworkBehaviour, SubstreamProtocol, THandler, THandlerInEvent,
        THandlerOutEvent, ToSwarm, handler::ConnectionEvent,
    },
};
use streembit_identity::NodeId;

use super::{keeper::Keeper, peer_id};

/// Connections from one address that may be at the door at once, so that nobody fills it alone.
const MAX_PENDING: usize = 16;

/// The gate's part in the swarm.
pub(crate) struct Guard {
    keeper: Arc<Keeper>,
    connected: HashMap<PeerId, usize>,
    closing: VecDeque<PeerId>,
    /// Inbound connections that have not passed the door yet, by where they come from.
    pending: HashMap<ConnectionId, IpAddr>,
    seen_version: u64,
}

impl Guard {
    pub(crate) fn new(keeper: Arc<Keeper>) -> Self {
        Self {
            keeper,
            connected: HashMap::new(),
            closing: VecDeque::new(),
            pending: HashMap::new(),
            seen_version: 0,
        }
    }

    /// Asks the rules in force once more: they may have changed since the door opened.
    fn admit(&self, peer: &PeerId) -> Result<Keep, ConnectionDenied> {
        let node = peer_id::to_node(peer).ok_or_else(|| ConnectionDenied::new(NotListed))?;
        if !self.keeper.still_admits(&node) {
            return Err(ConnectionDenied::new(NotListed));
        }
        Ok(Keep {
            keeper: self.keeper.clone(),
            node,
        })
    }

    /// Notes that somebody comes from `address`, unless too many from there are at the door.
    fn knock(&mut self, id: ConnectionId, address: &Multiaddr) -> Result<(), ConnectionDenied> {
        let Some(origin) = origin(address) else {
            return Ok(());
        };
        let same = self.pending.values().filter(|other| **other == origin);
        if same.count() >= MAX_PENDING {
            return Err(ConnectionDenied::new(Crowded));
        }
        self.pending.insert(id, origin);
        Ok(())
    }

    /// Queues every connection that the rules no longer allow.
    fn review(&mut self) {
        for peer in self.connected.keys() {
            let allowed =
                peer_id::to_node(peer).is_some_and(|node| self.keeper.still_admits(&node));
            if !allowed {
                self.closing.push_back(*peer);
            }
        }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("connected", &self.connected.len())
            .finish_non_exhaustive()
    }
}

/// The rules do not list the peer.
#[derive(Debug, thiserror::Error)]
#[error("the gate does not list this peer")]
pub(crate) struct NotListed;

/// Too many are at the door from the same address.
#[derive(Debug, thiserror::Error)]
#[error("too many connections from this address are at the door")]
struct Crowded;

/// Where a connection comes from: an address, or the network of an IPv6 one, which has many.
///
/// Nothing for this machine itself.
fn origin(address: &Multiaddr) -> Option<IpAddr> {
    let ip = address.iter().find_map(|part| {
        if let Protocol::Ip4(ip) = part {
            Some(IpAddr::V4(ip))
        } else if let Protocol::Ip6(ip) = part {
            Some(ip.to_canonical())
        } else {
            None
        }
    });
    match ip.filter(|ip| !ip.is_loopback())? {
        IpAddr::V6(ip) => Some(IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64))),
        ip @ IpAddr::V4(_) => Some(ip),
    }
}

impl NetworkBehaviour for Guard {
    type ConnectionHandler = Keep;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.knock(id, remote)
    }

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.admit(&peer)
    }

    fn handle_pending_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: Option<PeerId>,
        _: &[Multiaddr],
        _: Endpoint,
    ) -> Result<Vec<Multiaddr>, ConnectionDenied> {
        // A dial without a peer id cannot be checked before a packet leaves: it is refused.
        let node = peer.as_ref().and_then(peer_id::to_node);
        match node {
            Some(node) if self.keeper.may_dial(&node) => Ok(Vec::new()),
            Some(_) | None => Err(ConnectionDenied::new(NotListed)),
        }
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.admit(&peer)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "FromSwarm is non-exhaustive"
    )]
    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(established) => {
                self.pending.remove(&established.connection_id);
                if let Some(node) = peer_id::to_node(&established.peer_id) {
                    self.keeper.arrived(&node);
                }
                *self.connected.entry(established.peer_id).or_default() += 1;
            }
            FromSwarm::ConnectionClosed(closed) if closed.remaining_established == 0 => {
                self.connected.remove(&closed.peer_id);
            }
            FromSwarm::ListenFailure(failed) => {
                self.pending.remove(&failed.connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        self.keeper.register(cx.waker());
        let version = self.keeper.version();
        if version != self.seen_version {
            self.seen_version = version;
            self.review();
        }
        match self.closing.pop_front() {
            Some(peer_id) => Poll::Ready(ToSwarm::CloseConnection {
                peer_id,
                connection: CloseConnection::All,
            }),
            None => Poll::Pending,
        }
    }
}

/// Keeps one connection alive while the node wants it kept; speaks no protocol.
pub(crate) struct Keep {
    keeper: Arc<Keeper>,
    node: NodeId,
}

impl fmt::Debug for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keep")
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

impl ConnectionHandler for Keep {
    type FromBehaviour = Infallible;
    type ToBehaviour = Infallible;
    type InboundProtocol = DeniedUpgrade;
    type OutboundProtocol = DeniedUpgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(DeniedUpgrade, ())
    }

    fn connection_keep_alive(&self) -> bool {
        self.keeper.keeps(&self.node)
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, (), Self::ToBehaviour>> {
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, event: Self::FromBehaviour) {
        match event {}
    }

    fn on_connection_event(
        &mut self,
        _: ConnectionEvent<'_, Self::InboundProtocol, Self::OutboundProtocol>,
    ) {
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<IpAddr> {
        origin(&text.parse().expect("a multiaddress"))
    }

    #[test]
    fn crowds_are_told_apart_by_where_they_come_from() {
        let mapped = at("/ip6/::ffff:192.0.2.1/tcp/1");

        assert_eq!(at("/ip4/192.0.2.1/tcp/1"), mapped);
        assert_ne!(at("/ip4/192.0.2.2/tcp/1"), mapped);
        assert_eq!(
            at("/ip6/2001:db8::1/udp/1/quic-v1"),
            at("/ip6/2001:db8::2:3/tcp/9"),
            "one site has many addresses"
        );
        assert_ne!(
            at("/ip6/2001:db8::1/tcp/1"),
            at("/ip6/2001:db8:0:1::1/tcp/1")
        );
        assert_eq!(at("/ip4/127.0.0.1/tcp/1"), None, "this machine");
        assert_eq!(at("/ip6/::1/tcp/1"), None, "this machine");
    }
}
