//! One libp2p swarm for each network, behind a handle.
//!
//! Owns connections, requests and the raw DHT; knows nothing of contacts, messages or devices.

mod actor;
mod admissions;
mod announcements;
mod behaviour;
pub(crate) mod codec;
mod connections;
mod crowd;
mod dials;
mod door;
mod guard;
pub(crate) mod keeper;
pub(crate) mod link;
mod pace;
pub(crate) mod peer_id;
mod queries;
mod sessions;
pub(crate) mod streams;
#[cfg(test)]
mod tests;
mod transport;

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};

use libp2p::{Multiaddr, Stream, Swarm, kad, multiaddr::Protocol, swarm};
use streembit_identity::{AccountId, NetworkId, NodeId, NodeKey};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

pub(crate) use self::connections::strip_peer;
use self::{
    actor::{Actor, Sight},
    dials::Dials,
    keeper::Keeper,
    link::{Command, NetEvent},
    sessions::Sessions,
    streams::{Incoming, StreamError, Streams},
    transport::Gated,
};
pub use self::{
    link::{DialError, PeerLink, PutError, RequestError},
    transport::TransportError,
};

/// Orders waiting for the actor.
const COMMANDS: usize = 1_024;
/// Events waiting for the node.
const EVENTS: usize = 512;
/// How long a connection nobody wants kept stays open.
const IDLE: Duration = Duration::from_secs(60);

/// A network could not be started because …
#[derive(Debug, Error)]
pub enum NetError {
    /// an address is not one that this node can listen at.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address.
        address: Multiaddr,
        /// What the transport said.
        #[source]
        source: libp2p::TransportError<std::io::Error>,
    },
    /// the transports could not be set up.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// A handle on a running swarm; the swarm stops with its token.
#[derive(Clone, Debug)]
pub struct Net {
    network: NetworkId,
    streams: Streams,
    commands: mpsc::Sender<Command>,
    sight: Arc<Sight>,
}

impl Net {
    /// Starts a swarm on the current runtime; the gate is in force before it listens.
    ///
    /// # Errors
    /// See [`NetError`].
    pub(crate) fn start(
        key: &NodeKey,
        keeper: Arc<Keeper>,
        listen: &[Multiaddr],
        serve_dht: bool,
        stop: CancellationToken,
    ) -> Result<
        (
            Self,
            mpsc::Receiver<NetEvent>,
            impl Future<Output = ()> + Send + use<>,
        ),
        NetError,
    > {
        let keypair = peer_id::keypair(key).ok_or(TransportError::Key)?;
        let network = keeper.network();
        let transport = Gated::new(&keypair, keeper.clone())?;
        let behaviour = behaviour::Behaviour::new(&network, &keypair, keeper.clone());
        let config = swarm::Config::with_tokio_executor()
            .with_idle_connection_timeout(IDLE)
            .with_max_negotiating_inbound_streams(128);
        let mut swarm = Swarm::new(
            transport.into_inner(),
            behaviour,
            keypair.public().to_peer_id(),
            config,
        );
        let mode = if serve_dht {
            kad::Mode::Server
        } else {
            kad::Mode::Client
        };
        swarm.behaviour_mut().kad.set_mode(Some(mode));
        for address in listen {
            swarm
                .listen_on(address.clone())
                .map_err(|source| NetError::Listen {
                    address: address.clone(),
                    source,
                })?;
        }
        let streams = Streams::new(&network, swarm.behaviour().streams.new_control());
        let (commands, orders) = mpsc::channel(COMMANDS);
        let (events, happened) = mpsc::channel(EVENTS);
        let sight = Arc::new(Sight::default());
        let actor = Actor {
            swarm,
            keeper,
            sight: sight.clone(),
            events,
            commands: orders,
            to_self: commands.clone(),
            sessions: Sessions::default(),
            answering: HashSet::new(),
            answered_at: None,
            requests: HashMap::new(),
            dials: Dials::default(),
            announced: None,
            searches: HashMap::new(),
            lookups: HashMap::new(),
            puts: HashMap::new(),
            serves_dht: serve_dht,
            routable: false,
        };
        Ok((
            Self {
                network,
                streams,
                commands,
                sight,
            },
            happened,
            actor.run(stop),
        ))
    }

    /// Returns the network's id.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.network
    }

    /// Sends `frame` to a connected node and returns its answer.
    ///
    /// # Errors
    /// See [`RequestError`]; after `Closed` and `Timeout` the node may have acted all the same.
    pub async fn request(
        &self,
        node: NodeId,
        frame: Vec<u8>,
        deadline: Duration,
    ) -> Result<Vec<u8>, RequestError> {
        let (reply, answer) = oneshot::channel();
        let command = Command::Request { frame, node, reply };
        self.commands
            .send(command)
            .await
            .map_err(|_| RequestError::Stopped)?;
        match tokio::time::timeout(deadline, answer).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(RequestError::Stopped),
            Err(_) => Err(RequestError::Timeout),
        }
    }

    /// Opens a stream for bytes to a connected node.
    ///
    /// # Errors
    /// See [`StreamError`].
    pub(crate) async fn open_stream(&self, node: &NodeId) -> Result<Stream, StreamError> {
        let is_connected = self
            .sight
            .links
            .read()
            .is_ok_and(|links| links.contains_key(node));
        if !is_connected {
            return Err(StreamError::Unreachable);
        }
        self.streams.open(node).await
    }

    /// Takes the streams that others open, with the node that did; none when somebody does already.
    pub(crate) fn incoming_streams(&self) -> Option<Incoming> {
        self.streams.incoming()
    }

    /// Connects to `node`, at `addresses` and whatever else is known of it.
    ///
    /// # Errors
    /// See [`DialError`].
    pub async fn dial(&self, node: NodeId, addresses: Vec<Multiaddr>) -> Result<(), DialError> {
        let (reply, outcome) = oneshot::channel();
        let command = Command::Dial {
            addresses,
            node,
            reply,
        };
        self.commands
            .send(command)
            .await
            .map_err(|_| DialError::Stopped)?;
        outcome.await.unwrap_or(Err(DialError::Stopped))
    }

    /// Puts a record into the DHT; at least one other peer took it.
    ///
    /// # Errors
    /// See [`PutError`].
    pub async fn put(
        &self,
        key: [u8; 32],
        value: Vec<u8>,
        expires_in: Duration,
    ) -> Result<(), PutError> {
        let (reply, outcome) = oneshot::channel();
        let command = Command::Put {
            expires_in,
            key,
            reply,
            value,
        };
        self.commands
            .send(command)
            .await
            .map_err(|_| PutError::Stopped)?;
        outcome.await.unwrap_or(Err(PutError::Stopped))
    }

    /// Holds a record again that was held before the last stop.
    pub(crate) async fn hold(&self, key: [u8; 32], value: Vec<u8>) {
        // A stopped network holds nothing.
        let _ = self.commands.send(Command::Hold { key, value }).await;
    }

    /// Looks a record up; every answer with who gave it (`None`: this node's own shelf).
    pub async fn get(&self, key: [u8; 32]) -> Vec<(Option<NodeId>, Vec<u8>)> {
        let (reply, found) = oneshot::channel();
        if self
            .commands
            .send(Command::Get { key, reply })
            .await
            .is_err()
        {
            return Vec::new();
        }
        found.await.unwrap_or_default()
    }

    /// Announces this node under `key` in the DHT and under no other key; under none for `None`.
    pub async fn announce(&self, key: Option<[u8; 32]>) {
        // A stopped network announces nothing.
        let _ = self.commands.send(Command::Announce { key }).await;
    }

    /// Returns nodes that announced themselves under `key`, which proves nothing else of them.
    pub async fn announced(&self, key: [u8; 32]) -> Vec<NodeId> {
        let (reply, found) = oneshot::channel();
        if self
            .commands
            .send(Command::Seek { key, reply })
            .await
            .is_err()
        {
            return Vec::new();
        }
        found.await.unwrap_or_default()
    }

    /// Listens at a further address; failures are logged.
    pub async fn listen(&self, address: Multiaddr) {
        // A stopped network listens nowhere.
        let _ = self.commands.send(Command::Listen { address }).await;
    }

    /// Lists the live connections, one for each node.
    #[must_use]
    pub fn peers(&self) -> Vec<PeerLink> {
        let mut links: Vec<PeerLink> = self
            .sight
            .links
            .read()
            .map(|links| links.values().cloned().collect())
            .unwrap_or_default();
        links.sort_by_key(|link| (link.since, link.node));
        links
    }

    /// Returns the connected nodes of `account`.
    #[must_use]
    pub fn nodes_of(&self, account: &AccountId) -> Vec<NodeId> {
        self.peers()
            .into_iter()
            .filter(|link| link.account == *account)
            .map(|link| link.node)
            .collect()
    }

    /// Returns every address at which this node listens.
    #[must_use]
    pub fn listening(&self) -> Vec<Multiaddr> {
        self.sight
            .listening
            .read()
            .map(|list| list.clone())
            .unwrap_or_default()
    }

    /// Returns the addresses at which others may reach this node, the most useful ones first.
    ///
    /// Loopback addresses are left out as soon as there are others.
    #[must_use]
    pub fn addresses(&self) -> Vec<Multiaddr> {
        let mut all = self.listening();
        let observed = self.sight.observed.read().map(|list| list.clone());
        for (_, observed) in observed.unwrap_or_default() {
            if !all.contains(&observed) && shares_port(&all, &observed) {
                all.push(observed);
            }
        }
        let outside: Vec<Multiaddr> = all
            .iter()
            .filter(|address| !is_loopback(address) && !is_zoned(address))
            .cloned()
            .collect();
        let mut best = if outside.is_empty() { all } else { outside };
        best.sort_by_key(|address| (is_private(address), address.to_string()));
        best.truncate(16);
        best
    }
}

/// An observed address is worth telling only when its port is one at which we listen.
fn shares_port(listening: &[Multiaddr], observed: &Multiaddr) -> bool {
    port(observed).is_some_and(|seen| listening.iter().any(|own| port(own) == Some(seen)))
}

/// Returns the port in `address`, and whether it is one of TCP.
pub(crate) fn port(address: &Multiaddr) -> Option<(bool, u16)> {
    address.iter().find_map(|part| {
        if let Protocol::Tcp(port) = part {
            Some((true, port))
        } else if let Protocol::Udp(port) = part {
            Some((false, port))
        } else {
            None
        }
    })
}

pub(crate) fn is_loopback(address: &Multiaddr) -> bool {
    ip(address).is_some_and(|ip| ip.is_loopback())
}

fn is_private(address: &Multiaddr) -> bool {
    ip(address).is_some_and(|ip| ip.is_loopback() || is_near(ip))
}

/// Whether `address` means nothing without the name of an interface, as those of IPv6 link-local.
fn is_zoned(address: &Multiaddr) -> bool {
    matches!(ip(address), Some(IpAddr::V6(ip)) if ip.is_unicast_link_local())
}

/// Whether `ip` is one of a local network.
pub(crate) fn is_near(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// Returns the IP address in `address`.
pub(crate) fn ip(address: &Multiaddr) -> Option<IpAddr> {
    address.iter().find_map(|part| {
        if let Protocol::Ip4(ip) = part {
            Some(IpAddr::V4(ip))
        } else if let Protocol::Ip6(ip) = part {
            Some(IpAddr::V6(ip))
        } else {
            None
        }
    })
}
