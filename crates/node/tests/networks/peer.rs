//! Nodes for tests: throw-away keys, a store in memory, sockets on loopback.

use std::time::Duration;

use futures::StreamExt;
use streembit_identity::{
    AccountId, AccountKey, Certificate, NetworkId, NodeKey, PeerKind, Purpose, Timestamp,
};
use streembit_node::{Config, Event, LocalIdentity, Node};
use streembit_store::Store;
use tokio_stream::wrappers::BroadcastStream;
use zeroize::Zeroizing;

/// How long a test waits for what it expects.
const DEADLINE: Duration = Duration::from_secs(20);

/// A running node and its store.
pub(crate) struct Peer {
    pub(crate) node: Node,
}

impl Peer {
    /// Starts a node that listens at one loopback address.
    pub(crate) async fn start(name: &str, kind: PeerKind, listen: &str) -> Self {
        Self::start_with(name, kind, listen, Config::default()).await
    }

    /// Starts a node with more settings than where it listens.
    pub(crate) async fn start_with(
        name: &str,
        kind: PeerKind,
        listen: &str,
        config: Config,
    ) -> Self {
        let listen = vec![listen.parse().expect("a multiaddress")];
        let config = Config { listen, ..config };
        let store = Store::in_memory().await.expect("a store");
        let node = Node::start(identity(name, kind), store, config)
            .await
            .expect("a node");
        Self { node }
    }

    pub(crate) fn account(&self) -> AccountId {
        self.node.me().account
    }

    pub(crate) fn addresses(&self, network: &NetworkId) -> Vec<String> {
        self.node
            .networks_list()
            .into_iter()
            .find(|view| view.network == *network)
            .map(|view| view.addresses)
            .unwrap_or_default()
    }

    /// The connected accounts of a network.
    pub(crate) fn connected(&self, network: &NetworkId) -> Vec<AccountId> {
        let network = self.node.network(network).expect("a running network");
        let mut accounts: Vec<_> = network
            .net()
            .peers()
            .into_iter()
            .map(|link| link.account)
            .collect();
        accounts.dedup();
        accounts
    }

    /// Waits for an event, from now on, whenever the returned future is awaited.
    pub(crate) fn expect(&self, wanted: fn(&Event) -> bool) -> impl Future<Output = ()> + use<> {
        let mut events = self.node.subscribe();
        async move {
            let wait = async { while !wanted(&events.recv().await.expect("an event")) {} };
            tokio::time::timeout(DEADLINE, wait)
                .await
                .expect("the event in time");
        }
    }

    pub(crate) async fn stop(self) {
        self.node.stop().await;
    }
}

fn identity(name: &str, kind: PeerKind) -> LocalIdentity {
    let mut seeds = [Zeroizing::new([0; 32]), Zeroizing::new([0; 32])];
    for seed in &mut seeds {
        getrandom::fill(seed.as_mut_slice()).expect("randomness");
    }
    let [account, node] = seeds;
    let (account_key, node_key) = (AccountKey::from_seed(&account), NodeKey::from_seed(&node));
    let now = now();
    let expires = now.plus(Certificate::LIFETIME);
    let certificate = Certificate::issue(&account_key, node_key.id(), Purpose::Full, now, expires)
        .expect("a certificate");
    LocalIdentity {
        account: account_key.id(),
        account_key,
        certificate,
        kind,
        name: name.parse().expect("a name"),
        node: node_key.id(),
        node_key,
    }
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(since.expect("a clock past 1970").as_millis() as u64)
}

/// Waits until `holds` does, looking again at each event of `peers`, or fails with `what`.
pub(crate) async fn eventually(peers: &[&Peer], what: &str, holds: impl Fn() -> bool) {
    let mut events: Vec<_> = peers
        .iter()
        .map(|peer| BroadcastStream::new(peer.node.subscribe()))
        .collect();
    let wait = async {
        while !holds() {
            futures::future::select_all(events.iter_mut().map(StreamExt::next)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait)
        .await
        .unwrap_or_else(|_| panic!("in time: {what}"));
}
