//! Seeds: the addresses at which the public network is entered.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use streembit_identity::Timestamp;

use crate::actor::Store;
use crate::columns::{Columns, Statements, millis};
use crate::error::{Fault, StoreError};

/// Seeds that are kept at most.
pub const MAX_SEEDS: usize = 64;

/// One way into the public network.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Seed {
    /// The full multiaddress, ending in the seed's id.
    pub address: String,
    /// When it was added.
    #[serde(with = "crate::wire::time")]
    pub added_at: Timestamp,
}

impl Store {
    /// Returns the seeds, oldest first.
    pub async fn seeds(&self) -> Result<Vec<Seed>, StoreError> {
        self.read("read the seeds", all).await
    }

    /// Adds a seed and tells whether it is new.
    pub async fn add_seed(&self, seed: Seed) -> Result<bool, StoreError> {
        self.write("add a seed", move |db| put(db, &seed)).await
    }

    /// Removes a seed and tells whether it was there.
    pub async fn remove_seed(&self, address: &str) -> Result<bool, StoreError> {
        let address = address.to_owned();
        self.write("remove a seed", move |db| {
            Ok(db.change("DELETE FROM seeds WHERE address = ?1", [address])? > 0)
        })
        .await
    }
}

/// Reads every seed.
pub(crate) fn all(db: &Connection) -> Result<Vec<Seed>, Fault> {
    db.all(
        "SELECT address, added_at FROM seeds ORDER BY added_at, address",
        [],
        |row| {
            Ok(Seed {
                address: row.get(0)?,
                added_at: row.time(1)?,
            })
        },
    )
}

/// Adds a seed unless it is known.
pub(crate) fn put(db: &Connection, seed: &Seed) -> Result<bool, Fault> {
    let added = db.change(
        "INSERT INTO seeds (address, added_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![seed.address, millis(seed.added_at)],
    )?;
    if db.number("SELECT count(*) FROM seeds", [])? > MAX_SEEDS as i64 {
        return Err(Fault::TooMany("seeds"));
    }
    Ok(added > 0)
}
