//! The keeper of one network's gate: the rules in force, and who came in under them.
//!
//! Shared by the door, the guard and the node. Rules are replaced as a whole; what the exchange
//! learns is stored before it takes effect.

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
use libp2p::Multiaddr;
use streembit_gate::{
    Admission, Certificates, InsertError, Inserted, Ledger, RefusalReason, Rules,
    exchange::{Exchange, Local, Session},
};
use streembit_identity::{
    AccountId, Certificate, NetworkId, NodeId, NodeRevocation, Timestamp, Unverified,
};
use streembit_store::{Store, StoreError, StoredCertificate};
use tokio::sync::mpsc;

use super::{admissions::Admissions, strip_peer};
use crate::{
    event::Refused,
    hooks::Hooks,
    node::{LocalIdentity, fill, now},
};

/// Nodes remembered as having refused us or been refused.
const MAX_REFUSED: usize = 1_024;
/// News waiting for the node.
const NEWS: usize = 256;

/// What the keeper tells the node.
#[derive(Debug)]
pub(crate) enum News {
    /// This was new; it is stored and in force.
    Learned(Learning),
    /// Somebody was refused.
    Refused(Refused),
}

/// What a member may tell about its network: each item is signed and proves itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Learning {
    /// Certificates of members' nodes.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// Membership operations, in order.
    pub(crate) operations: Vec<Vec<u8>>,
    /// Revocations of members' nodes.
    pub(crate) revocations: Vec<Vec<u8>>,
}

impl Learning {
    fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.operations.is_empty() && self.revocations.is_empty()
    }
}

/// The rules in force and what they were made from.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) certificates: Arc<Certificates>,
    pub(crate) ledger: Option<Arc<Ledger>>,
    pub(crate) rules: Arc<Rules>,
}

/// One network's gate.
pub(crate) struct Keeper {
    admissions: Mutex<Admissions>,
    certificate: Vec<u8>,
    expected: RwLock<BTreeSet<NodeId>>,
    /// The nodes of those who were removed, as long as anybody may name them in a link.
    former: Mutex<BTreeMap<NodeId, AccountId>>,
    hooks: Hooks,
    kept: RwLock<BTreeSet<AccountId>>,
    learning: tokio::sync::Mutex<()>,
    network: NetworkId,
    news: mpsc::Sender<News>,
    refused: Mutex<BTreeMap<NodeId, Timestamp>>,
    session: Session,
    standing: RwLock<Standing>,
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
        store: Store,
        hooks: Hooks,
    ) -> (Arc<Self>, mpsc::Receiver<News>) {
        let (news, receiver) = mpsc::channel(NEWS);
        let keeper = Self {
            admissions: Mutex::default(),
            certificate: me.certificate.bytes().to_vec(),
            expected: RwLock::default(),
            former: Mutex::default(),
            hooks,
            kept: RwLock::default(),
            learning: tokio::sync::Mutex::default(),
            network,
            news,
            refused: Mutex::default(),
            session: new_session(),
            standing: RwLock::new(standing),
            store,
            version: AtomicU64::new(1),
            waker: AtomicWaker::new(),
        };
        (Arc::new(keeper), receiver)
    }

    pub(crate) fn network(&self) -> NetworkId {
        self.network
    }

    #[expect(
        clippy::unused_self,
        reason = "the clock may become part of the keeper"
    )]
    pub(crate) fn now(&self) -> Timestamp {
        now()
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

    /// Returns what is in force. A poisoned lock means nobody gets in.
    pub(crate) fn standing(&self) -> Standing {
        match self.standing.read() {
            Ok(standing) => standing.clone(),
            Err(_) => Standing {
                certificates: Arc::default(),
                ledger: None,
                rules: Arc::new(Rules::nobody()),
            },
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
            session: self.session,
            remote,
        };
        if dialer {
            Exchange::dialer(local)
        } else {
            Exchange::listener(local)
        }
    }

    /// Takes what a listed peer told or an admin here decided: stored first, then in force.
    ///
    /// What does not verify is left out; returns whether anything was new. It comes to its end even
    /// if nobody waits for it any more: nothing is stored that is not in force.
    pub(crate) async fn learn(self: &Arc<Self>, told: Learning) -> Result<bool, StoreError> {
        let keeper = Arc::clone(self);
        let work = tokio::spawn(async move { keeper.take(told).await });
        work.await.unwrap_or(Err(StoreError::Stopped))
    }

    async fn take(&self, told: Learning) -> Result<bool, StoreError> {
        let _one_at_a_time = self.learning.lock().await;
        let standing = self.standing();
        let Some(ledger) = &standing.ledger else {
            return Ok(false);
        };
        let mut ledger = Ledger::clone(ledger);
        let mut known = Certificates::clone(&standing.certificates);
        let news = sift(told, &mut ledger, &mut known, self.now());
        if news.is_empty() {
            return Ok(false);
        }
        // Its place is kept first: a flood of refusals must not keep a removal from being passed on.
        let place = self.news.reserve().await;
        self.persist(&ledger, &news).await?;
        self.part_from_removed(&standing.certificates, &ledger);
        let rules = Arc::new(Rules::private(&ledger, &known));
        self.enforce(Standing {
            certificates: Arc::new(known),
            ledger: Some(Arc::new(ledger)),
            rules,
        });
        if let Ok(place) = place {
            place.send(News::Learned(news));
        }
        Ok(true)
    }

    /// Remembers what is stored of the nodes of removed accounts, as before the last stop.
    pub(crate) fn recall(&self, nodes: impl IntoIterator<Item = (NodeId, AccountId)>) {
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        former.extend(nodes.into_iter().take(MAX_REFUSED));
    }

    /// Remembers the nodes of whoever is removed now: a link that names them leads nowhere.
    fn part_from_removed(&self, known: &Certificates, ledger: &Ledger) {
        let removed = &ledger.roster().removed;
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        let mut expected = self
            .expected
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for (account, node) in known
            .iter()
            .filter(|(account, _)| removed.contains_key(account))
        {
            expected.remove(&node);
            if former.len() < MAX_REFUSED {
                former.insert(node, account);
            }
        }
    }

    /// Whether `node` was one of an account that is removed now.
    fn is_of_removed(&self, node: &NodeId) -> bool {
        let former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        former.get(node).is_some_and(|account| {
            let ledger = self.ledger();
            ledger.is_some_and(|ledger| ledger.roster().removed.contains_key(account))
        })
    }

    async fn persist(&self, ledger: &Ledger, news: &Learning) -> Result<(), StoreError> {
        let rows = ledger
            .operations()
            .filter(|(_, operation)| news.operations.iter().any(|new| new == operation.bytes()))
            .map(|(id, operation)| (*id.as_bytes(), operation.bytes().to_vec()))
            .collect();
        self.store.put_operations(self.network, rows).await?;
        let certified = news.certificates.iter().filter_map(|bytes| {
            let certificate = Certificate::parse(bytes).ok()?;
            let (account, node) = (certificate.account(), certificate.node());
            Some(StoredCertificate {
                account,
                node,
                bytes: bytes.clone(),
            })
        });
        // A revocation takes the place of the certificate it ends.
        let revoked = news.revocations.iter().filter_map(|bytes| {
            let revocation = Unverified::<NodeRevocation>::parse(bytes).ok()?;
            let (account, node) = (revocation.signer().into(), revocation.peek().node);
            Some(StoredCertificate {
                account,
                node,
                bytes: bytes.clone(),
            })
        });
        let rows: Vec<StoredCertificate> = certified.chain(revoked).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.store
            .put_certificates(self.network, rows, self.now())
            .await
    }

    /// Notes that the door let `remote` in, unless the rules have changed meanwhile.
    pub(crate) fn admit(
        &self,
        remote: NodeId,
        admission: Admission,
        session: Session,
    ) -> Result<(), RefusalReason> {
        self.rules().admit(&admission.certificate, self.now())?;
        self.observe("admitted", &remote);
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .enter(admission, session, Instant::now())?;
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&remote);
        Ok(())
    }

    /// Whether `node` came through the door and the rules still allow it.
    pub(crate) fn still_admits(&self, node: &NodeId) -> bool {
        if self.hooks.gate_off {
            return true;
        }
        self.certificate_of(node)
            .is_some_and(|certificate| self.rules().admit(&certificate, self.now()).is_ok())
    }

    /// Returns the certificate with which `node` came in.
    pub(crate) fn certificate_of(&self, node: &NodeId) -> Option<Certificate> {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .certificate_of(node)
    }

    /// Notes that a connection to `node` is up.
    pub(crate) fn arrived(&self, node: &NodeId) {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .arrived(node);
    }

    /// Returns since when `node` runs, which came through the door.
    pub(crate) fn session_of(&self, node: &NodeId) -> Option<Session> {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .session_of(node)
    }

    /// Returns the account of `node`, which came through the door.
    pub(crate) fn account_of(&self, node: &NodeId) -> Option<AccountId> {
        self.certificate_of(node)
            .map(|certificate| certificate.account())
    }

    /// Forgets `node` when its last connection has ended.
    pub(crate) fn forget(&self, node: &NodeId) {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .forget(node);
    }

    /// Expects to dial `node`: a link or the person names it. A removed member's never is.
    pub(crate) fn expect(&self, node: NodeId) {
        if self.is_of_removed(&node) {
            return;
        }
        let mut expected = self
            .expected
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if expected.len() < MAX_REFUSED {
            expected.insert(node);
        }
    }

    /// Whether a packet may leave for `node`.
    pub(crate) fn may_dial(&self, node: &NodeId) -> bool {
        self.hooks.gate_off
            || self.rules().may_dial(*node)
            || self
                .expected
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(node)
    }

    /// Keeps connections to these accounts open although nothing is said.
    pub(crate) fn keep(&self, accounts: BTreeSet<AccountId>) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = accounts;
    }

    /// Whether the connection to `node` is to be kept open.
    pub(crate) fn keeps(&self, node: &NodeId) -> bool {
        if self.network != NetworkId::PUBLIC {
            return true;
        }
        self.expected
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(node)
            || self.account_of(node).is_some_and(|account| {
                self.kept
                    .read()
                    .unwrap_or_else(PoisonError::into_inner)
                    .contains(&account)
            })
    }

    /// Records a refusal, ours or the peer's.
    pub(crate) fn refuse(
        &self,
        node: Option<NodeId>,
        peer: Option<AccountId>,
        address: &Multiaddr,
        dialer: bool,
        reason: RefusalReason,
    ) {
        let now = self.now();
        if let Some(node) = node {
            self.observe("refused", &node);
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            if refused.len() >= MAX_REFUSED {
                refused.pop_first();
            }
            refused.insert(node, now);
        }
        self.tell(News::Refused(Refused {
            address: strip_peer(address.clone()).to_string(),
            at: now,
            inbound: !dialer,
            network: self.network,
            node,
            peer,
            reason,
        }));
    }

    /// Notes that the transport broke before an outcome.
    pub(crate) fn broke(&self, node: NodeId, dialer: bool) {
        if dialer {
            self.refused
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&node);
        }
    }

    /// Whether the last exchange with `node` ended in a refusal.
    pub(crate) fn was_refused(&self, node: &NodeId) -> bool {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(node)
    }

    /// Tells the node; when it lags the news is dropped, and the state can still be read.
    fn tell(&self, news: News) {
        let _ = self.news.try_send(news);
    }
}

/// Keeps of `told` what verifies and was not known.
fn sift(told: Learning, ledger: &mut Ledger, known: &mut Certificates, now: Timestamp) -> Learning {
    let is_new = |inserted: bool, bytes: Vec<u8>| inserted.then_some(bytes);
    // A refused operation has cost a signature and perhaps a look at the whole history: no honest
    // member sends one, so what follows it is not looked at.
    let mut operations = Vec::new();
    for bytes in told.operations {
        match ledger.insert(&bytes) {
            Ok(Inserted::New) => operations.push(bytes),
            Ok(Inserted::Known) | Err(InsertError::Full | InsertError::UnknownHeads) => {}
            Err(_) => break,
        }
    }
    let roster = ledger.roster().clone();
    let certificates = told
        .certificates
        .into_iter()
        .filter_map(|bytes| {
            is_new(
                matches!(known.insert(&bytes, &roster, now), Ok(Inserted::New)),
                bytes,
            )
        })
        .collect();
    let revocations = told
        .revocations
        .into_iter()
        .filter_map(|bytes| {
            is_new(
                matches!(known.revoke(&bytes, &roster), Ok(Inserted::New)),
                bytes,
            )
        })
        .collect();
    known.retain(&roster, now);
    Learning {
        certificates,
        operations,
        revocations,
    }
}

fn new_session() -> Session {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    Session(u64::from_be_bytes(bytes))
}
