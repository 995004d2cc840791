//! Encrypting what waits: the state moves on and the encrypted bytes are stored in one step, before
//! anything leaves.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements};
use crate::error::{Fault, StoreError};
use crate::ratchets::{self, RatchetKey, State};

/// Something that waits and is not encrypted for the node that it is to go to.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its id.
    pub id: MessageId,
    /// The network in which it goes.
    pub network: NetworkId,
    /// To whom.
    pub peer: AccountId,
    /// Its kind's number.
    pub kind: u16,
    /// What it says; none for what is only signed, and for what an earlier release queued.
    pub body: Option<Vec<u8>>,
    /// The signed bytes of those two.
    pub envelope: Vec<u8>,
    /// Since when it waits.
    pub queued_at: Timestamp,
}

/// What becomes of something that waits.
#[derive(Debug)]
pub enum Sealing {
    /// It goes as it lies there.
    AsItIs,
    /// It was encrypted.
    Done(Box<Encrypted>),
}

/// Something that was encrypted.
#[derive(Debug)]
pub struct Encrypted {
    /// What it says, to be encrypted anew when that is needed.
    pub body: Vec<u8>,
    /// The bytes to send.
    pub envelope: Vec<u8>,
    /// The id of the session.
    pub session: [u8; 32],
    /// The state of the pair afterwards.
    pub state: State,
}

impl Store {
    /// Returns the bytes to send to a node, encrypting them first if they are not: by `seal`, which
    /// gets the state of the pair. None for what waits no longer; `seal` may refuse.
    pub async fn outgoing<E: Send + 'static>(
        &self,
        id: MessageId,
        key: RatchetKey,
        at: Timestamp,
        seal: impl FnOnce(&Waiting, Option<&[u8]>) -> Result<Sealing, E> + Send + 'static,
    ) -> Result<Option<Result<Vec<u8>, E>>, StoreError> {
        self.write("encrypt a message", move |db| {
            let Some(row) = find(db, id, &key)? else {
                return Ok(None);
            };
            let waiting = row.waiting;
            if row.sealed_to == Some(key.node) {
                return Ok(Some(Ok(waiting.envelope)));
            }
            let state = ratchets::state(db, &key)?;
            match seal(&waiting, state.as_ref().map(|bytes| bytes.as_slice())) {
                Ok(Sealing::AsItIs) => Ok(Some(Ok(waiting.envelope))),
                Ok(Sealing::Done(done)) => {
                    keep(db, id, &key, &done, at)?;
                    Ok(Some(Ok(done.envelope)))
                }
                Err(refused) => Ok(Some(Err(refused))),
            }
        })
        .await
    }

    /// The other node cannot read `session`: `retire` changes the state of the pair, and whatever
    /// was encrypted in it and still waits is encrypted anew.
    pub async fn reset_session(
        &self,
        key: RatchetKey,
        session: [u8; 32],
        at: Timestamp,
        retire: impl FnOnce(&[u8]) -> Option<State> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write("give a session up", move |db| {
            let state = ratchets::state(db, &key)?;
            if let Some(next) = state.and_then(|state| retire(&state)) {
                ratchets::put(db, &key, &next, at)?;
            }
            db.change(
                "UPDATE outbox SET envelope = x'', sealed_to = NULL, session = NULL
                 WHERE network = ?1 AND sealed_to = ?2 AND session = ?3",
                params![Sql(key.network), Sql(key.node), session],
            )?;
            Ok(())
        })
        .await
    }
}

/// Something that waits, and the node that it is encrypted for.
struct Queued {
    waiting: Waiting,
    sealed_to: Option<NodeId>,
}

fn find(db: &Connection, id: MessageId, key: &RatchetKey) -> Result<Option<Queued>, Fault> {
    db.first(
        "SELECT id, network, peer, kind, body, envelope, queued_at, sealed_to FROM outbox
         WHERE id = ?1 AND peer = ?2 AND node IN (?3, x'')",
        params![Sql(id), Sql(key.account), Sql(key.node)],
        from_row,
    )
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Queued> {
    let waiting = Waiting {
        id: row.id(0)?,
        network: row.id(1)?,
        peer: row.id(2)?,
        kind: row.get(3)?,
        body: row.get(4)?,
        envelope: row.get(5)?,
        queued_at: row.time(6)?,
    };
    Ok(Queued {
        waiting,
        sealed_to: row.maybe_id(7)?,
    })
}

fn keep(
    db: &Connection,
    id: MessageId,
    key: &RatchetKey,
    done: &Encrypted,
    at: Timestamp,
) -> Result<(), Fault> {
    ratchets::put(db, key, &done.state, at)?;
    db.change(
        "UPDATE outbox SET body = ?2, envelope = ?3, sealed_to = ?4, session = ?5
         WHERE id = ?1 AND peer = ?6 AND node IN (?4, x'')",
        params![
            Sql(id),
            done.body,
            done.envelope,
            Sql(key.node),
            done.session,
            Sql(key.account)
        ],
    )?;
    Ok(())
}
