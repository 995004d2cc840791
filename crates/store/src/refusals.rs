//! Attempts that the gate turned away, the latest ten thousand.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::page::Page;

/// Refusals that are kept; the oldest gives way.
pub const MAX_REFUSALS: u64 = 10_000;

/// An attempt that was turned away.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RefusedAttempt {
    /// When.
    pub at: Timestamp,
    /// From which network.
    pub network: NetworkId,
    /// The account that was claimed, if one was.
    pub account: Option<AccountId>,
    /// The node, if its key was proven.
    pub node: Option<NodeId>,
    /// Where it came from, or where it was to go.
    pub address: String,
    /// `inbound` or `outbound`.
    pub direction: String,
    /// The gate's reason, as its code.
    pub reason: String,
}

/// A refusal with its place in the log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// Its place: higher is later.
    pub id: u64,
    /// What was refused.
    pub attempt: RefusedAttempt,
}

impl Store {
    /// Adds to the log of refusals and returns the place.
    pub async fn add_refusal(&self, attempt: RefusedAttempt) -> Result<u64, StoreError> {
        self.write("log a refusal", move |db| put(db, &attempt))
            .await
    }

    /// Returns refusals of one network, or of all, newest first.
    pub async fn refusals(
        &self,
        network: Option<NetworkId>,
        page: Page<u64>,
    ) -> Result<Vec<Refusal>, StoreError> {
        self.read("read the log of refusals", move |db| {
            let before = page
                .before
                .map_or(i64::MAX, |id| i64::try_from(id).unwrap_or(i64::MAX));
            db.all(
                "SELECT id, at, network, account, node, address, direction, reason FROM refusals
                 WHERE id < ?1 AND (?2 IS NULL OR network = ?2) ORDER BY id DESC LIMIT ?3",
                params![before, network.map(Sql), page.rows()],
                from_row,
            )
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Refusal> {
    Ok(Refusal {
        id: row.get::<_, i64>(0)?.unsigned_abs(),
        attempt: RefusedAttempt {
            at: row.time(1)?,
            network: row.id(2)?,
            account: row.maybe_id(3)?,
            node: row.maybe_id(4)?,
            address: row.get(5)?,
            direction: row.get(6)?,
            reason: row.get(7)?,
        },
    })
}

fn put(db: &Connection, attempt: &RefusedAttempt) -> Result<u64, Fault> {
    db.change(
        "INSERT INTO refusals (at, network, account, node, address, direction, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            millis(attempt.at),
            Sql(attempt.network),
            attempt.account.map(Sql),
            attempt.node.map(Sql),
            attempt.address,
            attempt.direction,
            attempt.reason,
        ],
    )?;
    let id = db.last_insert_rowid();
    db.change(
        "DELETE FROM refusals WHERE id <= ?1",
        [id.saturating_sub_unsigned(MAX_REFUSALS)],
    )?;
    Ok(id.unsigned_abs())
}
