//! The gate as a behaviour: refuses dials to the unlisted and closes connections whose peer lost
//! its place.
//!
//! First field of the composed behaviour, so that a refusal comes before any other protocol takes
//! notice of the connection. Also keeps the connections alive that the node wants kept.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use libp2p::{
    Multiaddr, PeerId,
    core::{Endpoint, transport::PortUse, upgrade::DeniedUpgrade},
    swarm::{
        CloseConnection, ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId,
        FromSwarm, NetworkBehaviour, SubstreamProtocol, THandler, THandlerInEvent,
        THandlerOutEvent, ToSwarm, handler::ConnectionEvent,
    },
};
use streembit_identity::NodeId;
use tokio::time::{Instant, Sleep};

use super::{crowd::Crowd, keeper::Keeper, peer_id};
use crate::node::nap;

/// The gate's part in the swarm.
pub(crate) struct Guard {
    /// Rings when the first of those connected may stay no longer.
    alarm: Option<Pin<Box<Sleep>>>,
    keeper: Arc<Keeper>,
    connected: HashMap<PeerId, usize>,
    closing: VecDeque<PeerId>,
    crowd: Crowd,
    seen_version: u64,
}

impl Guard {
    pub(crate) fn new(keeper: Arc<Keeper>) -> Self {
        Self {
            alarm: None,
            keeper,
            connected: HashMap::new(),
            closing: VecDeque::new(),
            crowd: Crowd::default(),
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

    /// Queues every connection that is no longer allowed, and waits for the next to end.
    fn review(&mut self) {
        self.alarm = None;
        let connected: Vec<PeerId> = self.connected.keys().copied().collect();
        for peer in connected {
            match peer_id::to_node(&peer).filter(|node| self.keeper.still_admits(node)) {
                Some(node) => self.wait_for_end(&node),
                None => self.closing.push_back(peer),
            }
        }
    }

    /// Sets the alarm to when `node` may stay no longer, if that comes before all others.
    fn wait_for_end(&mut self, node: &NodeId) {
        let end = self.keeper.stays_until(node);
        let Some(end) = end.filter(|_| !self.keeper.gate_is_off()) else {
            return;
        };
        let end = Instant::now() + nap(end.plus(Duration::from_millis(1)));
        if !matches!(&self.alarm, Some(alarm) if alarm.deadline() <= end) {
            self.alarm = Some(Box::pin(tokio::time::sleep_until(end)));
        }
    }

    fn alarm_rings(&mut self, cx: &mut Context<'_>) -> bool {
        let alarm = self.alarm.as_mut();
        alarm.is_some_and(|alarm| alarm.as_mut().poll(cx).is_ready())
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

impl NetworkBehaviour for Guard {
    type ConnectionHandler = Keep;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.crowd.knock(id, remote).map_err(ConnectionDenied::new)
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
                self.crowd.leave(established.connection_id);
                if let Some(node) = peer_id::to_node(&established.peer_id) {
                    self.keeper.arrived(&node);
                    self.wait_for_end(&node);
                }
                *self.connected.entry(established.peer_id).or_default() += 1;
            }
            FromSwarm::ConnectionClosed(closed) if closed.remaining_established == 0 => {
                self.connected.remove(&closed.peer_id);
            }
            FromSwarm::ListenFailure(failed) => {
                self.crowd.leave(failed.connection_id);
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
        let mut is_due = version != self.seen_version;
        self.seen_version = version;
        // Asked again after each review, so that a new alarm wakes this task.
        while std::mem::take(&mut is_due) || self.alarm_rings(cx) {
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
