//! What was done with this host's things and by whom, the latest ten thousand.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::page::Page;

/// Entries that are kept; the oldest gives way.
pub const MAX_AUDIT: u64 = 10_000;

/// Something that was done, or tried.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEntry {
    /// Its place: higher is later. Ignored when it is added.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub peer: AccountId,
    /// With which thing.
    pub thing: String,
    /// What: the operation's name.
    pub operation: String,
    /// The property, action or event.
    pub affordance: Option<String>,
    /// How it ended.
    pub outcome: String,
}

impl Store {
    /// Adds to the audit and returns the place.
    pub async fn add_audit(&self, entry: AuditEntry) -> Result<u64, StoreError> {
        self.write("add to the audit", move |db| put(db, &entry))
            .await
    }

    /// Returns the audit, newest first.
    pub async fn audit(&self, page: Page<u64>) -> Result<Vec<AuditEntry>, StoreError> {
        self.read("read the audit", move |db| {
            let before = page
                .before
                .map_or(i64::MAX, |id| i64::try_from(id).unwrap_or(i64::MAX));
            db.all(
                "SELECT id, at, peer, thing, operation, affordance, outcome FROM audit
                 WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
                params![before, page.rows()],
                from_row,
            )
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.get::<_, i64>(0)?.unsigned_abs(),
        at: row.time(1)?,
        peer: row.id(2)?,
        thing: row.get(3)?,
        operation: row.get(4)?,
        affordance: row.get(5)?,
        outcome: row.get(6)?,
    })
}

fn put(db: &Connection, entry: &AuditEntry) -> Result<u64, Fault> {
    db.change(
        "INSERT INTO audit (at, peer, thing, operation, affordance, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            millis(entry.at),
            Sql(entry.peer),
            entry.thing,
            entry.operation,
            entry.affordance,
            entry.outcome
        ],
    )?;
    let id = db.last_insert_rowid();
    db.change(
        "DELETE FROM audit WHERE id <= ?1",
        [id.saturating_sub_unsigned(MAX_AUDIT)],
    )?;
    Ok(id.unsigned_abs())
}
