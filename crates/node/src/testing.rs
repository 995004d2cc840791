//! Nodes inside one test: real swarms on loopback, stores in memory, keys from numbers.

use std::time::Duration;

use streembit_identity::{
    Accepted, AccountId, AccountKey, Certificate, Envelope, Kind, MessageId, NetworkId, NodeKey,
    PeerKind, Purpose, Timestamp, Unverified, seal,
};
use streembit_store::Store;
use zeroize::Zeroizing;

use crate::{
    config::Config,
    dispatch::Arrival,
    node::{LocalIdentity, Node, message_id, now},
};

/// What everything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A person with one node, made from a number.
pub(crate) struct Person {
    pub(crate) account: AccountKey,
    pub(crate) key: NodeKey,
    pub(crate) certificate: Certificate,
}

impl Person {
    pub(crate) fn new(seed: u8) -> Self {
        let account = AccountKey::from_seed(&Zeroizing::new([seed; 32]));
        let key = NodeKey::from_seed(&Zeroizing::new([seed ^ 0x80; 32]));
        let since = Timestamp(now().0 - 60_000);
        let expires = since.plus(Duration::from_secs(24 * 3_600));
        let certificate =
            Certificate::issue(&account, key.id(), Purpose::default(), since, expires).unwrap();
        Self {
            account,
            key,
            certificate,
        }
    }

    pub(crate) fn id(&self) -> AccountId {
        self.account.id()
    }

    /// Starts this person's node with an empty store.
    pub(crate) async fn start(self, name: &str) -> Node {
        let store = Store::in_memory().await.unwrap();
        self.start_with(name, store).await
    }

    /// What this person's node knows of itself.
    pub(crate) fn identity(self, name: &str) -> LocalIdentity {
        LocalIdentity {
            account: self.account.id(),
            account_key: self.account,
            certificate: self.certificate,
            kind: PeerKind::Human,
            name: name.parse().unwrap(),
            node: self.key.id(),
            node_key: self.key,
        }
    }

    pub(crate) async fn start_with(self, name: &str, store: Store) -> Node {
        let me = self.identity(name);
        let config = Config {
            listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
            ..Config::default()
        };
        let node = Node::start(me, store, config).await.unwrap();
        until(&node, "it listens", async |node| {
            node.network(&NetworkId::PUBLIC)
                .is_some_and(|net| !net.net().addresses().is_empty())
        })
        .await;
        node
    }

    /// An envelope of this person's, as the dispatcher hands it to a handler of `to`.
    pub(crate) fn sends(&self, to: &Node, kind: Kind, body: Vec<u8>) -> Arrival {
        self.sends_as(to, message_id(now()), kind, body)
    }

    pub(crate) fn sends_as(&self, to: &Node, id: MessageId, kind: Kind, body: Vec<u8>) -> Arrival {
        let network = NetworkId::PUBLIC;
        let me = to.me().account;
        let envelope = Envelope::new(id, self.id(), me, now(), kind, body);
        let bytes = seal(&envelope, &network, &self.key).unwrap();
        let envelope: Accepted = Unverified::<Envelope>::parse(&bytes)
            .unwrap()
            .verify(&network)
            .unwrap()
            .accept(&self.certificate, me, now())
            .unwrap();
        Arrival {
            party: self.id().into(),
            body: envelope.body.clone(),
            envelope,
            from: self.id(),
            network,
            node: self.key.id(),
            is_kept: false,
            store: to.store().clone(),
        }
    }
}

/// Waits until `claim` holds; looks again at each event of the node.
pub(crate) async fn until(node: &Node, what: &str, claim: impl AsyncFn(&Node) -> bool) {
    let mut events = node.subscribe();
    let end = tokio::time::Instant::now() + PATIENCE;
    while !claim(node).await {
        // A change may come without an event, so a quiet second also makes it look again.
        let second = Duration::from_secs(1);
        let _ = tokio::time::timeout(second, events.recv()).await;
        assert!(
            tokio::time::Instant::now() < end,
            "still waiting until {what}"
        );
    }
}
