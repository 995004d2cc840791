//! Composes the protocols of one network; every protocol name carries the network's id.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use libp2p::{
    StreamProtocol,
    connection_limits::{self, ConnectionLimits},
    identify,
    identity::Keypair,
    kad, ping, request_response,
    swarm::NetworkBehaviour,
};
use streembit_identity::NetworkId;

use super::{codec::Frames, guard::Guard, keeper::Keeper};
use crate::dht::shelf::Shelf;

/// How long an unanswered request is kept, a little above the longest deadline of a caller.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(35);
/// Requests open at once on one connection.
const MAX_STREAMS: usize = 128;
/// How long a DHT query may take.
const QUERY_TIMEOUT: Duration = Duration::from_secs(20);
/// Peers a DHT query asks at once (Kademlia's alpha).
const ALPHA: NonZeroUsize = NonZeroUsize::new(3).expect("3 is not zero");
/// How often a peer is asked for a sign of life: a second one in a row that does not come ends the
/// connection, within a minute, without waking an idle machine often.
const PING_INTERVAL: Duration = Duration::from_secs(15);
/// How long a sign of life may take.
const PING_TIMEOUT: Duration = Duration::from_secs(15);

/// All protocols of one network. The guard comes first: it decides before the others take notice.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    pub(crate) guard: Guard,
    pub(crate) limits: connection_limits::Behaviour,
    pub(crate) identify: identify::Behaviour,
    pub(crate) ping: ping::Behaviour,
    pub(crate) kad: kad::Behaviour<Shelf>,
    pub(crate) frames: request_response::Behaviour<Frames>,
    pub(crate) streams: libp2p_stream::Behaviour,
}

impl Behaviour {
    pub(crate) fn new(network: &NetworkId, keypair: &Keypair, keeper: Arc<Keeper>) -> Self {
        let peer = keypair.public().to_peer_id();
        let identify = identify::Config::new(name(network, "id"), keypair.public())
            .with_agent_version(format!("streembit/{}", env!("CARGO_PKG_VERSION")))
            .with_interval(Duration::from_secs(3600))
            .with_push_listen_addr_updates(true)
            .with_cache_size(0);
        Self {
            guard: Guard::new(keeper),
            limits: connection_limits::Behaviour::new(limits()),
            identify: identify::Behaviour::new(identify),
            ping: ping::Behaviour::new(
                ping::Config::new()
                    .with_interval(PING_INTERVAL)
                    .with_timeout(PING_TIMEOUT),
            ),
            kad: kad::Behaviour::with_config(peer, Shelf::new(peer), kad_config(network)),
            frames: request_response::Behaviour::with_codec(
                Frames::default(),
                [(
                    protocol(network, "msg"),
                    request_response::ProtocolSupport::Full,
                )],
                request_response::Config::default()
                    .with_request_timeout(REQUEST_TIMEOUT)
                    .with_max_concurrent_streams(MAX_STREAMS),
            ),
            streams: libp2p_stream::Behaviour::new(),
        }
    }
}

fn kad_config(network: &NetworkId) -> kad::Config {
    let mut config = kad::Config::new(protocol(network, "kad"));
    config
        .set_query_timeout(QUERY_TIMEOUT)
        .set_parallelism(ALPHA)
        .disjoint_query_paths(true)
        .set_record_ttl(Some(Duration::from_secs(30 * 24 * 3600)))
        .set_record_filtering(kad::StoreInserts::FilterBoth)
        .set_publication_interval(None)
        .set_provider_publication_interval(None)
        .set_kbucket_inserts(kad::BucketInserts::Manual)
        .set_periodic_bootstrap_interval(Some(Duration::from_secs(30 * 60)))
        .set_caching(kad::Caching::Disabled)
        .set_max_packet_size(16 * 1024);
    config
}

/// Connections of one network, counted after the gate; those at the door are as many as the pace
/// of strangers and the deadlines there allow.
fn limits() -> ConnectionLimits {
    ConnectionLimits::default()
        .with_max_pending_incoming(Some(640))
        .with_max_pending_outgoing(Some(64))
        .with_max_established_incoming(Some(512))
        .with_max_established_outgoing(Some(512))
        .with_max_established_per_peer(Some(4))
}

/// Returns the protocol `part` of `network`.
pub(crate) fn protocol(network: &NetworkId, part: &str) -> StreamProtocol {
    // The name starts with a slash by construction, which is all that `try_from_owned` checks.
    StreamProtocol::try_from_owned(name(network, part))
        .unwrap_or(StreamProtocol::new("/streembit/none"))
}

fn name(network: &NetworkId, part: &str) -> String {
    format!("/streembit/{}/{part}/1", network.short())
}
