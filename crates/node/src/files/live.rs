//! What is under way right now: how far, how fast, and how it is stopped.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use streembit_identity::{AccountId, NetworkId};
use streembit_store::FileKey;
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{event::Event, node::Node};

/// Files that come in at once.
const MAX_FETCHES: usize = 16;
/// Files that are read to be offered at once.
const MAX_PREPARING: usize = 2;
/// Streams on which files go out at once.
const MAX_SERVED: usize = 16;
/// Those to one account.
const MAX_SERVED_TO_ONE: usize = 6;
/// How often progress is told.
const PACE: Duration = Duration::from_millis(300);

/// Everything that is under way.
#[derive(Debug)]
pub(crate) struct Files {
    /// Held while a group that came, or goes, by mailbox is stored.
    pub(super) pieces: tokio::sync::Mutex<()>,
    live: Mutex<BTreeMap<FileKey, Live>>,
    pub(super) fetches: Arc<Semaphore>,
    pub(super) preparing: Arc<Semaphore>,
    served: Arc<Semaphore>,
    served_to: Mutex<HashMap<AccountId, Arc<Semaphore>>>,
}

/// How far one file is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Standing {
    /// Bytes that are done.
    pub(super) done: u64,
    /// Bytes a second.
    pub(super) rate: u64,
    /// What it does.
    pub(super) doing: Doing,
}

/// What a file that is under way does.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Doing {
    /// It waits for the other side, or for its turn.
    #[default]
    Waiting,
    /// It is read, to be offered or to be gone on with.
    Reading,
    /// Its bytes move.
    Moving,
    /// The disk takes nothing.
    Held,
}

#[derive(Debug)]
struct Live {
    nudge: Arc<Notify>,
    standing: Standing,
    stop: CancellationToken,
    told_at: Option<Instant>,
}

/// Something that is under way, until it is dropped.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: FileKey,
    node: Node,
    pub(super) nudge: Arc<Notify>,
    pub(super) stop: CancellationToken,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            live: Mutex::default(),
            pieces: tokio::sync::Mutex::default(),
            fetches: Arc::new(Semaphore::new(MAX_FETCHES)),
            preparing: Arc::new(Semaphore::new(MAX_PREPARING)),
            served: Arc::new(Semaphore::new(MAX_SERVED)),
            served_to: Mutex::default(),
        }
    }
}

impl Files {
    /// How far a file is that is under way.
    pub(super) fn standing(&self, key: FileKey) -> Option<Standing> {
        lock(&self.live).get(&key).map(|live| live.standing)
    }

    /// Stops what is under way with a file.
    pub(super) fn stop(&self, key: FileKey) {
        if let Some(live) = lock(&self.live).get(&key) {
            live.stop.cancel();
        }
    }

    /// Has a file tried again now.
    pub(super) fn nudge_one(&self, key: FileKey) {
        if let Some(live) = lock(&self.live).get(&key) {
            live.nudge.notify_one();
        }
    }

    pub(super) fn nudge(&self, network: NetworkId, peer: AccountId) {
        for (key, live) in lock(&self.live).iter() {
            if key.network == network && key.peer == peer {
                live.nudge.notify_one();
            }
        }
    }

    pub(super) fn stop_all(&self, network: NetworkId, peer: AccountId) {
        for (key, live) in lock(&self.live).iter() {
            if key.network == network && key.peer == peer {
                live.stop.cancel();
            }
        }
    }

    /// Takes a place for a stream to `account`, as long as it is held.
    pub(super) fn serve(&self, account: AccountId) -> Option<[OwnedSemaphorePermit; 2]> {
        let mut by_account = lock(&self.served_to);
        by_account.retain(|_, own| own.available_permits() < MAX_SERVED_TO_ONE);
        let own = by_account
            .entry(account)
            .or_insert_with(|| Arc::new(Semaphore::new(MAX_SERVED_TO_ONE)));
        let own = own.clone().try_acquire_owned().ok()?;
        Some([own, self.served.clone().try_acquire_owned().ok()?])
    }
}

impl Entry {
    /// Notes that a file is under way; none when it is already.
    pub(super) fn new(node: &Node, key: FileKey, doing: Doing) -> Option<Self> {
        let mut live = lock(&node.0.files.live);
        if live.contains_key(&key) {
            return None;
        }
        let entry = Self {
            key,
            node: node.clone(),
            nudge: Arc::new(Notify::new()),
            stop: node.stop_token(),
        };
        live.insert(
            key,
            Live {
                nudge: entry.nudge.clone(),
                standing: Standing {
                    doing,
                    ..Standing::default()
                },
                stop: entry.stop.clone(),
                told_at: None,
            },
        );
        Some(entry)
    }

    /// Notes how far it is, and tells the listeners now and then.
    pub(super) fn note(&self, standing: Standing) {
        let mut all = lock(&self.node.0.files.live);
        let Some(live) = all.get_mut(&self.key) else {
            return;
        };
        let is_other = live.standing.doing != standing.doing;
        let is_due = live.told_at.is_none_or(|at| at.elapsed() >= PACE);
        let has_changed = live.standing != standing;
        live.standing = standing;
        if has_changed && (is_other || is_due) {
            live.told_at = Some(Instant::now());
            drop(all);
            tell(&self.node, self.key);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        lock(&self.node.0.files.live).remove(&self.key);
    }
}

/// Tells the listeners that a file changed.
pub(super) fn tell(node: &Node, key: FileKey) {
    node.emit(Event::File {
        network: key.network,
        peer: key.peer,
        id: key.id,
    });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
