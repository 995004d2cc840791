//! Grants that this host gave: who may do what with its things.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, json, millis};
use crate::error::{Fault, StoreError};

/// Grants that are kept at most.
pub const MAX_GRANTS: usize = 1024;

/// One grant.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct StoredGrant {
    /// To whom.
    #[serde(with = "crate::wire::text")]
    pub peer: AccountId,
    /// How much: `view`, `operate`, `manage`, `admin` or `owner`.
    pub level: String,
    /// Until when, if not for good.
    #[serde(with = "crate::wire::maybe_time")]
    pub expires_at: Option<Timestamp>,
    /// By whom.
    #[serde(with = "crate::wire::text")]
    pub issued_by: AccountId,
    /// When.
    #[serde(with = "crate::wire::time")]
    pub issued_at: Timestamp,
    /// The one thing that it is for, if not for all.
    pub thing: Option<String>,
    /// The affordances that it is for, if not for all.
    pub affordances: Vec<String>,
}

impl Store {
    /// Returns every grant.
    pub async fn grants(&self) -> Result<Vec<StoredGrant>, StoreError> {
        self.read("read the grants", all).await
    }

    /// Keeps a grant in place of an earlier one to the same peer for the same thing.
    pub async fn put_grant(&self, grant: StoredGrant) -> Result<(), StoreError> {
        self.write("keep a grant", move |db| put(db, &grant)).await
    }

    /// Takes every grant of a peer back and tells how many there were.
    pub async fn remove_grants(&self, peer: AccountId) -> Result<usize, StoreError> {
        self.write("take grants back", move |db| {
            db.change("DELETE FROM grants WHERE peer = ?1", [Sql(peer)])
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredGrant> {
    let thing: String = row.get(5)?;
    Ok(StoredGrant {
        peer: row.id(0)?,
        level: row.get(1)?,
        expires_at: row.maybe_time(2)?,
        issued_by: row.id(3)?,
        issued_at: row.time(4)?,
        thing: Some(thing).filter(|thing| !thing.is_empty()),
        affordances: row.list(6)?,
    })
}

/// Reads every grant.
pub(crate) fn all(db: &Connection) -> Result<Vec<StoredGrant>, Fault> {
    db.all(
        "SELECT peer, level, expires_at, issued_by, issued_at, thing, affordances FROM grants
         ORDER BY issued_at, peer, thing",
        [],
        from_row,
    )
}

/// Adds or replaces a grant.
pub(crate) fn put(db: &Connection, grant: &StoredGrant) -> Result<(), Fault> {
    db.change(
        "INSERT OR REPLACE INTO grants (peer, thing, level, expires_at, issued_by, issued_at, affordances)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            Sql(grant.peer),
            grant.thing.as_deref().unwrap_or_default(),
            grant.level,
            grant.expires_at.map(millis),
            Sql(grant.issued_by),
            millis(grant.issued_at),
            json(&grant.affordances),
        ],
    )?;
    if db.number("SELECT count(*) FROM grants", [])? > MAX_GRANTS as i64 {
        return Err(Fault::TooMany("grants"));
    }
    Ok(())
}
