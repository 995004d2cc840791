//! The state of end-to-end encryption: secret, changed in one step with what it was changed by, and
//! in no backup.
//!
//! What the bytes mean is known above: whoever calls hands over how they change, and it happens on
//! the thread that writes, so that no two changes start from the same state.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Timestamp};
use zeroize::Zeroizing;

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::seen;

/// Pairs of nodes that are remembered; the one not used for longest makes room.
pub const MAX_RATCHETS: usize = 2_000;

/// Secret state, as bytes.
pub type State = Zeroizing<Vec<u8>>;

/// Returns the state as it is after a step, or nothing if the step cannot be made from there.
pub type Step = Box<dyn FnOnce(Option<&[u8]>) -> Option<State> + Send>;

/// A node of ours and one of somebody else, in a network.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RatchetKey {
    /// The network.
    pub network: NetworkId,
    /// Ours.
    pub own: NodeId,
    /// Theirs.
    pub node: NodeId,
    /// Whose it is.
    pub account: AccountId,
}

/// The step that opens one sealed envelope.
pub struct Opening {
    /// The pair.
    pub key: RatchetKey,
    /// The id of the envelope; one that was seen makes no step.
    pub id: MessageId,
    /// Now.
    pub at: Timestamp,
    /// Opens it once more, from the state as it is then.
    pub step: Step,
}

/// What is known before an envelope is opened.
#[derive(Debug)]
pub struct BeforeOpening {
    /// It was taken in before.
    pub is_seen: bool,
    /// The state of the pair.
    pub state: Option<State>,
}

/// A step that waits to be made together with the next change.
#[derive(Clone)]
pub(crate) struct First(Arc<Mutex<Option<Opening>>>);

impl First {
    /// Takes the step, once.
    pub(crate) fn take(&self) -> Option<Opening> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Opening {
    /// Makes the step, unless its envelope was seen: then it was made before.
    pub(crate) fn run(self, db: &Connection) -> Result<(), Fault> {
        if seen::is_marked(db, self.key.account, self.id)? {
            return Ok(());
        }
        let state = state(db, &self.key)?;
        let next = (self.step)(state.as_ref().map(|bytes| bytes.as_slice()));
        put(db, &self.key, &next.ok_or(Fault::Stale)?, self.at)
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening")
            .field("key", &self.key)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Returns the secret keys of a node of ours.
    pub async fn device_keys(&self, own: NodeId) -> Result<Option<State>, StoreError> {
        self.read("read the node's keys", move |db| {
            db.first(
                "SELECT state FROM device_keys WHERE node = ?1",
                [Sql(own)],
                |row| row.get(0).map(Zeroizing::new),
            )
        })
        .await
    }

    /// Keeps the secret keys of a node of ours.
    pub async fn put_device_keys(&self, own: NodeId, state: State) -> Result<(), StoreError> {
        self.write("keep the node's keys", move |db| {
            put_device_keys(db, own, &state)
        })
        .await
    }

    /// Keeps new secret keys of a node of ours, and gives up what was begun with other ones.
    pub async fn begin_device_keys(&self, own: NodeId, state: State) -> Result<(), StoreError> {
        self.write("begin with new keys", move |db| {
            put_device_keys(db, own, &state)?;
            db.change("DELETE FROM ratchets WHERE own = ?1", [Sql(own)])?;
            db.change(
                "UPDATE outbox SET envelope = x'', sealed_to = NULL, session = NULL
                 WHERE sealed_to IS NOT NULL",
                [],
            )?;
            Ok(())
        })
        .await
    }

    /// Looks at what is needed to open an envelope of the other node.
    pub async fn before_opening(
        &self,
        key: RatchetKey,
        id: MessageId,
    ) -> Result<BeforeOpening, StoreError> {
        self.read("read a session", move |db| {
            Ok(BeforeOpening {
                is_seen: seen::is_marked(db, key.account, id)?,
                state: state(db, &key)?,
            })
        })
        .await
    }

    /// Returns a store whose next change happens together with the step that opens an envelope:
    /// either both are stored or neither.
    #[must_use]
    pub fn opening(&self, opening: Opening) -> Self {
        let first = First(Arc::new(Mutex::new(Some(opening))));
        self.with_first(first)
    }

    /// Makes the step now if no change has taken it along, and marks its envelope as seen.
    pub async fn finish_opening(&self) -> Result<(), StoreError> {
        let Some(opening) = self.first().and_then(First::take) else {
            return Ok(());
        };
        self.write("keep a session", move |db| {
            let state = state(db, &opening.key)?;
            match (opening.step)(state.as_ref().map(|bytes| bytes.as_slice())) {
                Some(next) => {
                    put(db, &opening.key, &next, opening.at)?;
                    seen::mark(db, opening.key.account, opening.id, opening.at).map(drop)
                }
                None => Ok(()), // it was made before
            }
        })
        .await
    }

    /// Returns the accounts with whose nodes there are sessions in a network.
    pub async fn ratchet_accounts(&self, network: NetworkId) -> Result<Vec<AccountId>, StoreError> {
        self.read("read with whom there are sessions", move |db| {
            db.all(
                "SELECT DISTINCT account FROM ratchets WHERE network = ?1",
                [Sql(network)],
                |row| row.id(0),
            )
        })
        .await
    }

    /// Forgets the sessions with the nodes of an account.
    pub async fn forget_ratchets(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<(), StoreError> {
        self.write("forget sessions", move |db| forget(db, network, account))
            .await
    }
}

fn put_device_keys(db: &Connection, own: NodeId, state: &[u8]) -> Result<(), Fault> {
    db.change(
        "INSERT INTO device_keys (node, state) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET state = excluded.state",
        params![Sql(own), state],
    )?;
    Ok(())
}

/// Reads the state of a pair.
pub(crate) fn state(db: &Connection, key: &RatchetKey) -> Result<Option<State>, Fault> {
    db.first(
        "SELECT state FROM ratchets WHERE network = ?1 AND own = ?2 AND node = ?3",
        params![Sql(key.network), Sql(key.own), Sql(key.node)],
        |row| row.get(0).map(Zeroizing::new),
    )
}

/// Stores the state of a pair.
pub(crate) fn put(
    db: &Connection,
    key: &RatchetKey,
    state: &[u8],
    at: Timestamp,
) -> Result<(), Fault> {
    let changed = db.change(
        "UPDATE ratchets SET state = ?4, used_at = ?5, account = ?6
         WHERE network = ?1 AND own = ?2 AND node = ?3",
        params![
            Sql(key.network),
            Sql(key.own),
            Sql(key.node),
            state,
            millis(at),
            Sql(key.account)
        ],
    )?;
    if changed > 0 {
        return Ok(());
    }
    db.change(
        "INSERT INTO ratchets (network, own, node, account, state, used_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            Sql(key.network),
            Sql(key.own),
            Sql(key.node),
            Sql(key.account),
            state,
            millis(at)
        ],
    )?;
    db.change(
        "DELETE FROM ratchets WHERE (network, own, node) IN (
             SELECT network, own, node FROM ratchets ORDER BY used_at DESC LIMIT -1 OFFSET ?1)",
        [MAX_RATCHETS as i64],
    )?;
    Ok(())
}

/// Forgets the sessions with the nodes of an account, and what was encrypted in them.
pub(crate) fn forget(db: &Connection, network: NetworkId, account: AccountId) -> Result<(), Fault> {
    db.change(
        "DELETE FROM ratchets WHERE network = ?1 AND account = ?2",
        params![Sql(network), Sql(account)],
    )?;
    db.change(
        "UPDATE outbox SET envelope = x'', sealed_to = NULL, session = NULL
         WHERE network = ?1 AND peer = ?2 AND sealed_to IS NOT NULL",
        params![Sql(network), Sql(account)],
    )?;
    Ok(())
}
