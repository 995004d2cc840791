//! What this installation remembers of its own account, secrets excepted.

use rusqlite::{Connection, params};
use streembit_identity::Timestamp;

use crate::actor::Store;
use crate::columns::{Columns, Statements, millis};
use crate::error::{Fault, StoreError};

/// The own account's row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnAccount {
    /// The highest sequence that a record of ours was published with.
    pub record_sequence: u64,
    /// Whether its person has written the phrase down.
    pub is_phrase_confirmed: bool,
    /// The certificate of this installation's node.
    pub certificate: Option<Vec<u8>>,
    /// The latest time that was ever known here; clocks that fall behind it are wrong.
    pub latest_time: Timestamp,
}

impl Store {
    /// Returns the own account's row.
    pub async fn own_account(&self) -> Result<OwnAccount, StoreError> {
        self.read("read the own account", own).await
    }

    /// Takes a sequence for a record: above every earlier one and not below `floor`.
    ///
    /// A floor that grows with time keeps a restored installation ahead of what it had published.
    pub async fn next_record_sequence(&self, floor: u64) -> Result<u64, StoreError> {
        self.write("take a record sequence", move |db| {
            let floor = i64::try_from(floor).unwrap_or(i64::MAX);
            let taken = db.number(
                "UPDATE account SET record_sequence = max(record_sequence + 1, ?1) RETURNING record_sequence",
                [floor],
            )?;
            Ok(taken.unsigned_abs())
        })
        .await
    }

    /// Records that the phrase was written down, or that it was not.
    pub async fn set_phrase_confirmed(&self, is_confirmed: bool) -> Result<(), StoreError> {
        self.write("confirm the phrase", move |db| {
            db.change("UPDATE account SET phrase_confirmed = ?1", [is_confirmed])?;
            Ok(())
        })
        .await
    }

    /// Keeps the certificate of this installation's node.
    pub async fn set_own_certificate(&self, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.write("keep the own certificate", move |db| {
            db.change("UPDATE account SET certificate = ?1", [bytes])?;
            Ok(())
        })
        .await
    }

    /// Moves the latest known time forward, never back, and returns it.
    pub async fn observe_time(&self, now: Timestamp) -> Result<Timestamp, StoreError> {
        self.write("keep the time", move |db| {
            let latest = db.first(
                "UPDATE account SET latest_time = max(latest_time, ?1) RETURNING latest_time",
                params![millis(now)],
                |row| row.time(0),
            )?;
            Ok(latest.unwrap_or(now))
        })
        .await
    }
}

/// Reads the own account's row.
pub(crate) fn own(db: &Connection) -> Result<OwnAccount, Fault> {
    let row = db.first(
        "SELECT record_sequence, phrase_confirmed, certificate, latest_time FROM account",
        [],
        |row| {
            Ok(OwnAccount {
                record_sequence: row.get::<_, i64>(0)?.unsigned_abs(),
                is_phrase_confirmed: row.get(1)?,
                certificate: row.get(2)?,
                latest_time: row.time(3)?,
            })
        },
    )?;
    row.ok_or(Fault::Sql(rusqlite::Error::QueryReturnedNoRows))
}
