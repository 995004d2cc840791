//! The newest signed peer record seen of each account: none older is believed again.

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, NetworkId};

use crate::actor::Store;
use crate::columns::{Sql, Statements};
use crate::error::{Fault, StoreError};

/// Pinned records that are kept for one network at most.
pub const MAX_RECORDS: usize = 8192;

impl Store {
    /// Returns the pinned record of an account.
    pub async fn record(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("read a pinned record", move |db| {
            db.first(
                "SELECT bytes FROM records WHERE network = ?1 AND account = ?2",
                params![Sql(network), Sql(account)],
                |row| row.get(0),
            )
        })
        .await
    }

    /// Returns the pinned records of a network.
    pub async fn records(&self, network: NetworkId) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read("read the pinned records", move |db| {
            db.all(
                "SELECT bytes FROM records WHERE network = ?1",
                [Sql(network)],
                |row| row.get(0),
            )
        })
        .await
    }

    /// Pins a record when its sequence is above the pinned one, and tells whether it was.
    pub async fn pin_record(
        &self,
        network: NetworkId,
        account: AccountId,
        sequence: u64,
        bytes: Vec<u8>,
    ) -> Result<bool, StoreError> {
        self.write("pin a record", move |db| {
            pin(db, network, account, sequence, &bytes)
        })
        .await
    }
}

fn pin(
    db: &Connection,
    network: NetworkId,
    account: AccountId,
    sequence: u64,
    bytes: &[u8],
) -> Result<bool, Fault> {
    let sequence = i64::try_from(sequence).unwrap_or(i64::MAX);
    let pinned = db.change(
        "INSERT INTO records (network, account, sequence, bytes) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET sequence = excluded.sequence, bytes = excluded.bytes
         WHERE excluded.sequence > sequence",
        params![Sql(network), Sql(account), sequence, bytes],
    )?;
    let kept = db.number(
        "SELECT count(*) FROM records WHERE network = ?1",
        [Sql(network)],
    )?;
    if kept > MAX_RECORDS as i64 {
        return Err(Fault::TooMany("records"));
    }
    Ok(pinned > 0)
}
