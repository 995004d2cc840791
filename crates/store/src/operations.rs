//! The signed operations that make up each private network's membership.

use rusqlite::{Connection, params};
use streembit_identity::NetworkId;

use crate::actor::Store;
use crate::backup::OperationBackup;
use crate::columns::{Sql, Statements};
use crate::error::{Fault, StoreError};

/// Operations that are kept for one network at most: the genesis beside all that count.
pub const MAX_OPERATIONS: usize = 16_385;

impl Store {
    /// Returns the operations of a network in the order in which they came.
    pub async fn operations(&self, network: NetworkId) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read("read the operations of a network", move |db| {
            all(db, network)
        })
        .await
    }

    /// Keeps operations, each under its id, and tells how many are new.
    pub async fn put_operations(
        &self,
        network: NetworkId,
        operations: Vec<([u8; 32], Vec<u8>)>,
    ) -> Result<usize, StoreError> {
        self.write("keep operations of a network", move |db| {
            put_counted(db, network, &operations)
        })
        .await
    }
}

impl Store {
    /// Keeps these operations of a network, in this order, and forgets all others.
    pub async fn replace_operations(
        &self,
        network: NetworkId,
        operations: Vec<([u8; 32], Vec<u8>)>,
    ) -> Result<(), StoreError> {
        self.write("put a seal in the place of operations", move |db| {
            db.change("DELETE FROM operations WHERE network = ?1", [Sql(network)])?;
            put(db, network, &operations)
        })
        .await
    }
}

/// Reads a network's operations.
pub(crate) fn all(db: &Connection, network: NetworkId) -> Result<Vec<Vec<u8>>, Fault> {
    db.all(
        "SELECT bytes FROM operations WHERE network = ?1 ORDER BY position",
        [Sql(network)],
        |row| row.get(0),
    )
}

/// Reads a network's operations as a backup holds them.
pub(crate) fn with_ids(db: &Connection, network: NetworkId) -> Result<Vec<OperationBackup>, Fault> {
    db.all(
        "SELECT operation, bytes FROM operations WHERE network = ?1 ORDER BY position",
        [Sql(network)],
        |row| {
            Ok(OperationBackup {
                id: row.get(0)?,
                bytes: row.get(1)?,
            })
        },
    )
}

/// Keeps operations that are not there yet.
pub(crate) fn put(
    db: &Connection,
    network: NetworkId,
    operations: &[([u8; 32], Vec<u8>)],
) -> Result<(), Fault> {
    put_counted(db, network, operations).map(drop)
}

fn put_counted(
    db: &Connection,
    network: NetworkId,
    operations: &[([u8; 32], Vec<u8>)],
) -> Result<usize, Fault> {
    let mut added = 0;
    for (id, bytes) in operations {
        added += db.change(
            "INSERT INTO operations (network, operation, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![Sql(network), id, bytes],
        )?;
    }
    let kept = db.number(
        "SELECT count(*) FROM operations WHERE network = ?1",
        [Sql(network)],
    )?;
    if kept > MAX_OPERATIONS as i64 {
        return Err(Fault::TooMany("operations"));
    }
    Ok(added)
}
