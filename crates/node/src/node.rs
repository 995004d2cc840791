//! The running peer: the identity, the store, and one swarm for each network it is in.
//!
//! Everything else of this crate is written as `impl Node` in the file of its concern.

use std::{
    collections::BTreeMap,
    fmt,
    future::Future,
    sync::{Arc, OnceLock, RwLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use streembit_identity::{
    AccountId, AccountKey, Certificate, MessageId, Name, NetworkId, NodeId, NodeKey, PeerKind,
    Timestamp,
};
use streembit_store::Store;
use thiserror::Error;
use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::warn;

use crate::{
    chat::Chat,
    config::Config,
    contacts::Contacts,
    devices::Devices,
    event::Event,
    files::Files,
    groups::Groups,
    hooks,
    mailbox::Mailboxes,
    networks::{Network, marks::Marks},
    own::link::Linking,
    sealed::Ratchets,
};

/// Events kept for a listener that lags; it is told how many it missed.
const EVENTS: usize = 1_024;
/// How long a clean stop may take.
const STOP_DEADLINE: Duration = Duration::from_secs(5);
/// Longest sleep towards a point in time: what a set clock or a suspended machine costs.
const NAP: Duration = Duration::from_hours(1);

/// Who this node is.
pub struct LocalIdentity {
    /// The account, as others know it.
    pub account: AccountId,
    /// Signs certificates, records, membership operations.
    pub account_key: AccountKey,
    /// This node's certificate, signed by the account.
    pub certificate: Certificate,
    /// What kind of peer the account is.
    pub kind: PeerKind,
    /// What the account is called.
    pub name: Name,
    /// This node, as the transport proves it.
    pub node: NodeId,
    /// Signs envelopes and handshakes.
    pub node_key: NodeKey,
}

impl fmt::Debug for LocalIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalIdentity")
            .field("account", &self.account)
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

/// A running peer. Cheap to clone; it stops when [`Node::stop`] is called.
#[derive(Clone)]
pub struct Node(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) chat: Chat,
    pub(crate) config: Config,
    pub(crate) contacts: Contacts,
    pub(crate) devices: Devices,
    pub(crate) mailboxes: Mailboxes,
    events: broadcast::Sender<Event>,
    pub(crate) files: Files,
    pub(crate) groups: Groups,
    pub(crate) linking: Linking,
    pub(crate) marks: Arc<Marks>,
    me: LocalIdentity,
    name: RwLock<Name>,
    networks: RwLock<BTreeMap<NetworkId, Arc<Network>>>,
    pub(crate) ratchets: Ratchets,
    /// When another computer of the account said that this one was revoked.
    pub(crate) removed: OnceLock<Timestamp>,
    stop: CancellationToken,
    store: Store,
    tasks: TaskTracker,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("me", &self.0.me)
            .finish_non_exhaustive()
    }
}

/// A node could not start because …
#[derive(Debug, Error)]
pub enum StartError {
    /// a network could not be started.
    #[error(transparent)]
    Network(#[from] crate::net::NetError),
    /// what is stored could not be read.
    #[error("the stored state could not be read: {0}")]
    Store(#[from] streembit_store::StoreError),
}

impl Node {
    /// Starts a peer on the current runtime: the public network and every private one it is in.
    ///
    /// # Errors
    /// See [`StartError`]; nothing keeps running after one.
    pub async fn start(
        me: LocalIdentity,
        store: Store,
        config: Config,
    ) -> Result<Self, StartError> {
        let (events, _) = broadcast::channel(EVENTS);
        let marks = Arc::new(Marks::open(config.marks.clone()).await);
        let device = crate::sealed::start(&store, me.node).await?;
        let inner = Inner {
            chat: Chat::default(),
            config,
            contacts: Contacts::default(),
            devices: Devices::default(),
            mailboxes: Mailboxes::default(),
            events,
            files: Files::default(),
            groups: Groups::default(),
            linking: Linking::default(),
            marks,
            name: RwLock::new(me.name.clone()),
            me,
            networks: RwLock::default(),
            ratchets: Ratchets::new(device),
            removed: OnceLock::new(),
            stop: CancellationToken::new(),
            store,
            tasks: TaskTracker::new(),
        };
        let node = Self(Arc::new(inner));
        if let Err(error) = node.start_parts().await {
            node.stop().await;
            return Err(error);
        }
        Ok(node)
    }

    async fn start_parts(&self) -> Result<(), StartError> {
        let marks = self.clone().keep_marks(self.stop_token());
        self.spawn_to_end(marks);
        crate::groups::load(self).await?;
        crate::mailbox::load(self).await?;
        self.start_networks().await?;
        self.spawn(crate::sealed::rotate_forever(self.clone()));
        self.spawn(crate::mailbox::tidy_forever(self.clone()));
        crate::chat::start(self).await;
        crate::files::start(self).await;
        crate::devices::start(self).await;
        crate::own::start(self);
        Ok(())
    }

    /// Stops everything this node started and closes the store, within five seconds.
    pub async fn stop(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        if tokio::time::timeout(STOP_DEADLINE, self.0.tasks.wait())
            .await
            .is_err()
        {
            warn!(left = self.0.tasks.len(), "Some tasks did not end in time");
        }
        self.0.store.close().await;
    }

    /// Returns who this node is.
    #[must_use]
    pub fn me(&self) -> &LocalIdentity {
        &self.0.me
    }

    /// Returns what the account is called now.
    #[must_use]
    pub fn name(&self) -> Name {
        self.0
            .name
            .read()
            .map_or_else(|_| self.0.me.name.clone(), |name| name.clone())
    }

    /// Takes a new name; the next published record carries it.
    pub(crate) fn set_name(&self, name: Name) {
        if let Ok(mut current) = self.0.name.write() {
            *current = name;
        }
        self.emit(Event::Account);
        self.republish();
    }

    /// Follows the events from now on; a slow listener is told how many it missed.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// Returns the store.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// Returns the time.
    #[expect(clippy::unused_self, reason = "the clock may become part of the node")]
    pub(crate) fn now(&self) -> Timestamp {
        now()
    }

    /// Tells the listeners; nobody listening is no error.
    pub(crate) fn emit(&self, event: Event) {
        let _ = self.0.events.send(event);
    }

    /// Runs `future` until it ends or the node stops.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let stop = self.0.stop.clone();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = future => {}
            }
        });
    }

    /// Runs `future` to its end, even while the node stops: it watches a token by itself.
    pub(crate) fn spawn_to_end(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.0.tasks.spawn(future);
    }

    /// Returns a token that is cancelled when the node stops.
    pub(crate) fn stop_token(&self) -> CancellationToken {
        self.0.stop.child_token()
    }

    /// Returns the networks that run, the public one first.
    #[must_use]
    pub fn networks(&self) -> Vec<Arc<Network>> {
        let mut all: Vec<_> = self
            .0
            .networks
            .read()
            .map(|networks| networks.values().cloned().collect())
            .unwrap_or_default();
        all.sort_by_key(|network: &Arc<Network>| !network.is_public());
        all
    }

    /// Returns a running network.
    #[must_use]
    pub fn network(&self, id: &NetworkId) -> Option<Arc<Network>> {
        self.0.networks.read().ok()?.get(id).cloned()
    }

    pub(crate) fn add_network(&self, network: Arc<Network>) {
        if let Ok(mut networks) = self.0.networks.write() {
            networks.insert(network.id(), network);
        }
    }

    pub(crate) fn take_network(&self, id: &NetworkId) -> Option<Arc<Network>> {
        self.0.networks.write().ok()?.remove(id)
    }
}

/// Returns the system's time.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Timestamp(millis.saturating_add_signed(hooks::skew()))
}

/// Returns how long to sleep towards `at` before looking at the clock again.
pub(crate) fn nap(at: Timestamp) -> Duration {
    at.since(now()).min(NAP)
}

/// Makes a new message id at `at`.
pub(crate) fn message_id(at: Timestamp) -> MessageId {
    let mut random = [0; 10];
    fill(&mut random);
    MessageId::new(at, random)
}

/// Makes a new message id at `at` that nobody but `author` can use.
pub(crate) fn message_id_of(author: &AccountId, at: Timestamp) -> MessageId {
    let mut random = [0; 10];
    fill(&mut random);
    MessageId::of_author(author, at, random)
}

/// Fills `bytes` from the system's random source.
///
/// The system's source does not fail once it is seeded; should it, ids repeat and are refused as
/// duplicates, which is why keys are never made here.
pub(crate) fn fill(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        warn!(%error, "The random source failed");
    }
}
