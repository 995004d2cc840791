//! Requests that were carried out, until they expire: a restart must not let one be replayed.

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, Timestamp};

use crate::actor::Store;
use crate::columns::{Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Unexpired requests that are remembered at most; further ones are refused.
pub const MAX_REQUESTS: usize = 100_000;

impl Store {
    /// Remembers a request before it is carried out; false when it was carried out before.
    pub async fn admit_request(
        &self,
        sender: AccountId,
        id: MessageId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write("remember a request", move |db| {
            admit(db, sender, id, expires_at, now)
        })
        .await
    }
}

fn admit(
    db: &Connection,
    sender: AccountId,
    id: MessageId,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool, Fault> {
    db.change("DELETE FROM requests WHERE expires_at < ?1", [millis(now)])?;
    let added = db.change(
        "INSERT INTO requests (sender, id, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![Sql(sender), Sql(id), millis(expires_at)],
    )?;
    if db.number(
        "SELECT count(*) FROM (SELECT 1 FROM requests LIMIT ?1)",
        [MAX_REQUESTS as i64 + 1],
    )? > MAX_REQUESTS as i64
    {
        return Err(Fault::TooMany("requests"));
    }
    Ok(added > 0)
}
