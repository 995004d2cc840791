//! The keeper of one network's gate: the rules in force, and who came in under them.
//!
//! Shared by the door, the guard and the node. Rules are replaced as a whole; what the exchange
//! learns is stored before it takes effect.

mod admitted;
mod banned;
mod clock;
mod invites;
mod learning;
mod refused;
mod wanted;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    task::Waker,
    time::Instant,
};

use futures::task::AtomicWaker;
use streembit_gate::{
    Bans, Certificates, Clock, Freshness, Ledger, RefusalReason, Rules,
    exchange::{Action, Exchange, Local, Session},
};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};
use streembit_store::Store;
use tokio::sync::mpsc;

pub(crate) use self::{
    invites::{Asked, Fate, Held},
    learning::Learning,
};
use super::admissions::Admissions;
use crate::{
    event::Refused,
    hooks::Hooks,
    networks::marks::Marks,
    node::{LocalIdentity, fill},
};

/// Nodes remembered as having refused us or been refused.
const MAX_REFUSED: usize = 1_024;
/// News waiting for the node.
const NEWS: usize = 256;

/// What the keeper tells the node.
#[derive(Debug)]
pub(crate) enum News {
    /// A peer record is held for the DHT.
    Held {
        account: AccountId,
        sequence: u64,
        value: Vec<u8>,
    },
    /// The invite that this node holds is worth nothing any more.
    InviteFailed {
        /// Whether a command waits for its fate, and will tell.
        is_watched: bool,
        /// Why.
        reason: RefusalReason,
    },
    /// This was new; it is stored and in force.
    Learned(Learning),
    /// Somebody was refused.
    Refused(Refused),
    /// A node that was dialled says that the account of this one has revoked it.
    Removed(NodeId),
}

/// The rules in force and what they were made from.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) certificates: Arc<Certificates>,
    pub(crate) freshness: Arc<Freshness>,
    pub(crate) ledger: Option<Arc<Ledger>>,
    pub(crate) rules: Arc<Rules>,
}

impl Standing {
    /// Rules that are unreadable or not yet there.
    pub(crate) fn nobody() -> Self {
        Self::without_members(Rules::nobody())
    }

    /// Rules of a network that lists nobody.
    pub(crate) fn without_members(rules: Rules) -> Self {
        Self {
            certificates: Arc::default(),
            freshness: Arc::default(),
            ledger: None,
            rules: Arc::new(rules),
        }
    }

    /// The rules of a private network.
    pub(crate) fn private(
        ledger: Ledger,
        certificates: Certificates,
        freshness: Freshness,
    ) -> Self {
        Self {
            rules: Arc::new(Rules::private(&ledger, &certificates, &freshness)),
            certificates: Arc::new(certificates),
            freshness: Arc::new(freshness),
            ledger: Some(Arc::new(ledger)),
        }
    }
}

/// One network's gate.
pub(crate) struct Keeper {
    admissions: Mutex<Admissions>,
    bans: Mutex<Bans>,
    certificate: Vec<u8>,
    clock: Mutex<Clock>,
    expected: RwLock<BTreeSet<NodeId>>,
    /// The nodes of those who were removed, as long as anybody may name them in a link.
    former: Mutex<BTreeMap<NodeId, AccountId>>,
    hooks: Hooks,
    invites: invites::Desk,
    kept: RwLock<BTreeSet<AccountId>>,
    learning: tokio::sync::Mutex<()>,
    marks: Arc<Marks>,
    network: NetworkId,
    news: mpsc::Sender<News>,
    refused: Mutex<BTreeMap<NodeId, Timestamp>>,
    session: Session,
    standing: RwLock<Standing>,
    started: Instant,
    store: Store,
    version: AtomicU64,
    waker: AtomicWaker,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper")
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

impl Keeper {
    pub(crate) fn new(
        me: &LocalIdentity,
        network: NetworkId,
        standing: Standing,
        (store, marks): (Store, Arc<Marks>),
        hooks: Hooks,
    ) -> (Arc<Self>, mpsc::Receiver<News>) {
        let (news, receiver) = mpsc::channel(NEWS);
        if let Some(ledger) = &standing.ledger {
            marks.note(ledger, false);
        }
        let keeper = Self {
            admissions: Mutex::default(),
            bans: Mutex::default(),
            certificate: me.certificate.bytes().to_vec(),
            clock: Mutex::default(),
            expected: RwLock::default(),
            former: Mutex::default(),
            hooks,
            invites: invites::Desk::default(),
            kept: RwLock::default(),
            learning: tokio::sync::Mutex::default(),
            marks,
            network,
            news,
            refused: Mutex::default(),
            session: new_session(),
            standing: RwLock::new(standing),
            started: Instant::now(),
            store,
            version: AtomicU64::new(1),
            waker: AtomicWaker::new(),
        };
        (Arc::new(keeper), receiver)
    }

    pub(crate) fn network(&self) -> NetworkId {
        self.network
    }

    pub(crate) fn gate_is_off(&self) -> bool {
        self.hooks.gate_off
    }

    /// Lets a test's observer see what happens on a connection.
    pub(crate) fn observe(&self, what: &'static str, node: &NodeId) {
        if let Some(observer) = &self.hooks.observer {
            observer(what, node);
        }
    }

    /// Lets a test's own binary say something else first; see `Hooks`.
    pub(crate) fn tamper(&self, actions: &mut [Action]) {
        let Some(hook) = &self.hooks.first_frame else {
            return;
        };
        for action in actions {
            if let Action::Send(frame) = action {
                *frame = hook(std::mem::take(frame));
            }
        }
    }

    /// Returns what is in force. A poisoned lock means nobody gets in.
    pub(crate) fn standing(&self) -> Standing {
        match self.standing.read() {
            Ok(standing) => standing.clone(),
            Err(_) => Standing::nobody(),
        }
    }

    pub(crate) fn rules(&self) -> Arc<Rules> {
        self.standing().rules
    }

    pub(crate) fn ledger(&self) -> Option<Arc<Ledger>> {
        self.standing().ledger
    }

    /// Puts new rules in force at once: the guard closes what they no longer allow.
    pub(crate) fn enforce(&self, standing: Standing) {
        match self.standing.write() {
            Ok(mut current) => *current = standing,
            Err(poisoned) => *poisoned.into_inner() = standing,
        }
        self.review();
    }

    /// Has the guard look again at everybody who is connected.
    fn review(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
        self.waker.wake();
    }

    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(crate) fn register(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    /// Starts the exchange with whoever the transport proved to be `remote`.
    pub(crate) fn exchange(&self, remote: NodeId, dialer: bool) -> Exchange {
        let standing = self.standing();
        let expected = self
            .expected
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let rules = if dialer && expected.contains(&remote) {
            Arc::new(Rules::clone(&standing.rules).expecting(expected))
        } else {
            standing.rules
        };
        let local = Local {
            network: self.network,
            certificate: self.certificate.clone(),
            rules,
            ledger: standing.ledger,
            certificates: standing.certificates,
            freshness: standing.freshness,
            latest: self.latest(),
            session: self.session,
            remote,
        };
        match self.ticket_for(&remote).filter(|_| dialer) {
            Some(ticket) => Exchange::redeemer(local, ticket),
            None if dialer => Exchange::dialer(local),
            None => Exchange::listener(local),
        }
    }

    /// Tells the node; when it lags the news is dropped, and the state can still be read.
    /// Notes what a node that was dialled refused this one for.
    ///
    /// The public network removes nobody: there it is the node that was revoked.
    pub(super) fn hear_refusal(&self, remote: NodeId, reason: RefusalReason) {
        if reason == RefusalReason::Removed && self.network == NetworkId::PUBLIC {
            self.tell(News::Removed(remote));
        }
    }

    pub(super) fn tell(&self, news: News) {
        let _ = self.news.try_send(news);
    }
}

fn new_session() -> Session {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    Session(u64::from_be_bytes(bytes))
}
