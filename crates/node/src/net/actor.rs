//! The event loop of one network: owns the swarm, obeys commands, reports events.
//!
//! It never waits for anybody: replies go through oneshots, events through a bounded channel that
//! answers `busy` to peers when it is full.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, RwLock},
    time::Duration,
};

use futures::StreamExt;
use libp2p::{
    Multiaddr, PeerId, Swarm,
    kad::{QueryId, RecordKey},
    request_response::{Event as FrameEvent, InboundRequestId, OutboundRequestId},
    swarm::{
        ConnectionId, SwarmEvent,
        dial_opts::{DialOpts, PeerCondition},
    },
};
use streembit_identity::NodeId;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{
    announcements::Search,
    behaviour::{Behaviour, BehaviourEvent},
    dials::{Dials, Joined},
    keeper::Keeper,
    link::{Command, DialError, NetEvent, PeerLink, PutError, RequestError, WayBack},
    peer_id,
    sessions::Sessions,
};

/// Requests waiting for an answer in one network.
const MAX_REQUESTS: usize = 2_048;
/// How long the last answers may take to leave when a network stops.
const LAST_ANSWERS: Duration = Duration::from_secs(2);
/// How long a peer has to read an answer before its connection may be closed: nothing on the wire
/// says when it has, and what it has not read is lost with the connection.
const LINGER: Duration = Duration::from_millis(200);
/// How long peers may take to part when a network stops.
const PARTING: Duration = Duration::from_millis(500);
/// DHT queries under way.
pub(super) const MAX_QUERIES: usize = 128;

/// What the rest of the node may read without asking the actor.
#[derive(Debug, Default)]
pub(crate) struct Sight {
    pub(crate) links: RwLock<HashMap<NodeId, PeerLink>>,
    pub(crate) listening: RwLock<Vec<Multiaddr>>,
    /// As whom peers see this node, one address a peer.
    pub(crate) observed: RwLock<Vec<(NodeId, Multiaddr)>>,
}

/// A lookup that collects answers.
pub(super) struct Lookup {
    pub(super) found: Vec<(Option<NodeId>, Vec<u8>)>,
    pub(super) reply: oneshot::Sender<Vec<(Option<NodeId>, Vec<u8>)>>,
}

/// The owner of one swarm.
pub(crate) struct Actor {
    pub(super) swarm: Swarm<Behaviour>,
    pub(super) keeper: Arc<Keeper>,
    pub(super) sight: Arc<Sight>,
    pub(super) events: mpsc::Sender<NetEvent>,
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) to_self: mpsc::Sender<Command>,
    pub(super) sessions: Sessions<PeerId, ConnectionId>,
    /// Answers on their way to whoever asked; as many as requests may come in at once.
    pub(super) answering: HashSet<InboundRequestId>,
    /// When the last of them had left.
    pub(super) answered_at: Option<Instant>,
    pub(super) requests: HashMap<OutboundRequestId, oneshot::Sender<Result<Vec<u8>, RequestError>>>,
    pub(super) dials: Dials,
    /// The key under which this node is announced.
    pub(super) announced: Option<RecordKey>,
    pub(super) searches: HashMap<QueryId, Search>,
    pub(super) lookups: HashMap<QueryId, Lookup>,
    pub(super) puts: HashMap<QueryId, oneshot::Sender<Result<(), PutError>>>,
    pub(super) serves_dht: bool,
    pub(super) routable: bool,
}

impl Actor {
    /// Runs until `stop`; closes every connection before it returns.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(command) = self.commands.recv() => self.on_command(command),
                event = self.swarm.select_next_some() => self.on_swarm_event(event).await,
            }
        }
        self.close().await;
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Dial {
                addresses,
                node,
                reply,
            } => self.dial(&node, addresses, reply),
            Command::Announce { key } => self.announce(key),
            Command::Seek { key, reply } => self.seek(key, reply),
            Command::Hold { key, value } => self.hold_again(key, value),
            Command::Get { key, reply } => self.get(key, reply),
            Command::Put {
                expires_in,
                key,
                reply,
                value,
            } => {
                self.put(key, value, expires_in, reply);
            }
            Command::Request { frame, node, reply } => self.request(&node, frame, reply),
            Command::Respond { frame, way } => self.respond(way, frame),
            Command::Listen { address } => {
                if let Err(error) = self.swarm.listen_on(address) {
                    warn!(%error, "Could not listen");
                }
            }
        }
    }

    fn dial(
        &mut self,
        node: &NodeId,
        addresses: Vec<Multiaddr>,
        reply: oneshot::Sender<Result<(), DialError>>,
    ) {
        let Some(peer) = peer_id::from_node(node) else {
            let _ = reply.send(Err(DialError::Unreachable));
            return;
        };
        if self.swarm.is_connected(&peer) {
            let _ = reply.send(Ok(()));
            return;
        }
        let (addresses, is_first) = match self.dials.join(peer, addresses, reply) {
            Joined::First(addresses) => (addresses, true),
            Joined::More(addresses) => (addresses, false),
            Joined::Waits => return,
        };
        let options = DialOpts::peer_id(peer)
            .addresses(addresses.clone())
            .condition(PeerCondition::Disconnected);
        let options = if is_first {
            options.extend_addresses_through_behaviour().build()
        } else {
            options.build()
        };
        let connection = options.connection_id();
        self.dials.begin(peer, connection, addresses);
        if let Err(error) = self.swarm.dial(options) {
            debug!(%node, %error, "Could not dial");
            self.dials.failed(&peer, connection, outcome(&error));
        }
    }

    fn request(
        &mut self,
        node: &NodeId,
        frame: Vec<u8>,
        reply: oneshot::Sender<Result<Vec<u8>, RequestError>>,
    ) {
        let peer = peer_id::from_node(node).filter(|peer| self.swarm.is_connected(peer));
        let Some(peer) = peer else {
            let _ = reply.send(Err(RequestError::Unreachable));
            return;
        };
        if self.requests.len() >= MAX_REQUESTS {
            let _ = reply.send(Err(RequestError::Busy));
            return;
        }
        let frames = &mut self.swarm.behaviour_mut().frames;
        let id = frames.send_request(&peer, frame.into());
        self.requests.insert(id, reply);
    }

    pub(super) fn respond(&mut self, way: WayBack, frame: Vec<u8>) {
        let frames = &mut self.swarm.behaviour_mut().frames;
        // Where the connection is gone the peer will ask again.
        if frames.send_response(way.channel, frame).is_ok() {
            self.answering.insert(way.request);
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "SwarmEvent is non-exhaustive"
    )]
    async fn on_swarm_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour_event(event),
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                ..
            } => {
                self.established(peer_id, connection_id, &endpoint);
                tokio::task::yield_now().await;
            }
            SwarmEvent::ConnectionClosed {
                peer_id,
                connection_id,
                num_established,
                cause,
                ..
            } => {
                self.sessions.closed(&peer_id, &connection_id);
                if num_established == 0 {
                    self.closed(peer_id, cause.map(|cause| cause.to_string()));
                }
            }
            SwarmEvent::OutgoingConnectionError {
                peer_id: Some(peer),
                connection_id,
                error,
            } => {
                debug!(%peer, %error, "Dial failed");
                let refused =
                    peer_id::to_node(&peer).is_some_and(|node| self.keeper.was_refused(&node));
                let outcome = if refused {
                    DialError::Refused
                } else {
                    outcome(&error)
                };
                self.dials.failed(&peer, connection_id, outcome);
            }
            SwarmEvent::NewListenAddr { address, .. } => {
                info!(%address, "Listening");
                self.listening();
            }
            SwarmEvent::ExpiredListenAddr { .. } | SwarmEvent::ListenerClosed { .. } => {
                self.listening();
            }
            SwarmEvent::ListenerError { error, .. } => warn!(%error, "A listener failed"),
            _ => {}
        }
    }

    fn listening(&mut self) {
        let mut addresses: Vec<Multiaddr> = self.swarm.listeners().cloned().collect();
        addresses.sort_by_key(ToString::to_string);
        if let Ok(mut seen) = self.sight.listening.write() {
            *seen = addresses;
        }
        self.report(NetEvent::Listening);
    }

    /// Reports `event`; a consumer that lags loses it, since it can read `Sight` at any time.
    pub(super) fn report(&self, event: NetEvent) {
        if self.events.try_send(event).is_err() {
            warn!("Event queue of a network is full");
        }
    }

    async fn close(&mut self) {
        // Answers that were given before the stop still go out: the peer acts on them.
        while let Ok(command) = self.commands.try_recv() {
            if matches!(command, Command::Respond { .. }) {
                self.on_command(command);
            }
        }
        let answered = async {
            while !self.answering.is_empty() {
                self.next_last_event().await;
            }
        };
        let _ = timeout(LAST_ANSWERS, answered).await;
        if let Some(read) = self.answered_at.map(|at| at + LINGER) {
            let lingering = async {
                loop {
                    self.next_last_event().await;
                }
            };
            let _: Result<(), _> = timeout_at(read, lingering).await;
        }
        let peers: Vec<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let drained = async {
            while self.swarm.network_info().num_peers() > 0 {
                self.swarm.select_next_some().await;
            }
        };
        // Peers that do not take the goodbye notice by themselves.
        let _ = timeout(PARTING, drained).await;
    }

    /// While the network stops nothing new begins; requests that still come are not answered.
    async fn next_last_event(&mut self) {
        if let SwarmEvent::Behaviour(BehaviourEvent::Frames(
            FrameEvent::ResponseSent { request_id, .. }
            | FrameEvent::InboundFailure { request_id, .. },
        )) = self.swarm.select_next_some().await
        {
            self.answered(request_id);
        }
    }

    /// An answer has left, or never will.
    pub(super) fn answered(&mut self, request: InboundRequestId) {
        self.answering.remove(&request);
        self.answered_at = Some(Instant::now());
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "DialError is non-exhaustive"
)]
fn outcome(error: &libp2p::swarm::DialError) -> DialError {
    match error {
        libp2p::swarm::DialError::Denied { .. } => DialError::Refused,
        libp2p::swarm::DialError::NoAddresses => DialError::NoAddress,
        _ => DialError::Unreachable,
    }
}
