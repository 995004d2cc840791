//! Ids of envelopes that were taken in, so that none is taken twice.

use std::time::Duration;

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, Timestamp};

use crate::actor::Store;
use crate::columns::{Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// How long an id is remembered: a day longer than an envelope may live.
pub const SEEN_FOR: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// Forgotten ids cleared away with each new one.
const CLEARED: i64 = 16;

impl Store {
    /// Tells whether an envelope was taken in before.
    pub async fn was_seen(&self, sender: AccountId, id: MessageId) -> Result<bool, StoreError> {
        self.read("look an envelope up", move |db| is_marked(db, sender, id))
            .await
    }
}

/// Tells whether an envelope was taken in before.
pub(crate) fn is_marked(db: &Connection, sender: AccountId, id: MessageId) -> Result<bool, Fault> {
    let found = db.first(
        "SELECT 1 FROM seen WHERE sender = ?1 AND id = ?2",
        params![Sql(sender), Sql(id)],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Remembers an envelope; false when it was there before.
pub(crate) fn mark(
    db: &Connection,
    sender: AccountId,
    id: MessageId,
    now: Timestamp,
) -> Result<bool, Fault> {
    db.change(
        "DELETE FROM seen WHERE (sender, id) IN (
             SELECT sender, id FROM seen WHERE keep_until < ?1 ORDER BY keep_until LIMIT ?2)",
        params![millis(now), CLEARED],
    )?;
    let added = db.change(
        "INSERT INTO seen (sender, id, keep_until) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![Sql(sender), Sql(id), millis(now.plus(SEEN_FOR))],
    )?;
    Ok(added > 0)
}
