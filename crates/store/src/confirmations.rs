//! How recently each private network's members were confirmed, and what its clock has reached.

use rusqlite::params;
use streembit_identity::{NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::StoreError;

/// The newest confirmation of a network's members that this installation has seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredConfirmation {
    /// The signed statement; none where the network came before there were any.
    pub bytes: Option<Vec<u8>>,
    /// When the members count as confirmed.
    pub at: Timestamp,
    /// Below which the network's clock never falls.
    pub clock: Timestamp,
}

impl Store {
    /// Returns what is known of a network's freshness.
    pub async fn confirmation(
        &self,
        network: NetworkId,
    ) -> Result<Option<StoredConfirmation>, StoreError> {
        self.read("read the confirmation of a network", move |db| {
            db.first(
                "SELECT bytes, at, clock FROM confirmations WHERE network = ?1",
                [Sql(network)],
                |row| {
                    Ok(StoredConfirmation {
                        bytes: row.get(0)?,
                        at: row.time(1)?,
                        clock: row.time(2)?,
                    })
                },
            )
        })
        .await
    }

    /// Keeps a network's newest confirmation; neither it nor the clock ever goes back.
    pub async fn put_confirmation(
        &self,
        network: NetworkId,
        confirmation: StoredConfirmation,
    ) -> Result<(), StoreError> {
        self.write("keep the confirmation of a network", move |db| {
            db.change(
                "INSERT INTO confirmations (network, bytes, at, clock) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (network) DO UPDATE SET
                     bytes = excluded.bytes, at = excluded.at, clock = max(clock, excluded.clock)",
                params![
                    Sql(network),
                    confirmation.bytes,
                    millis(confirmation.at),
                    millis(confirmation.clock)
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// Keeps what a network's clock has reached; it never goes back.
    pub async fn put_clock(&self, network: NetworkId, clock: Timestamp) -> Result<(), StoreError> {
        self.write("keep the clock of a network", move |db| {
            db.change(
                "UPDATE confirmations SET clock = max(clock, ?2) WHERE network = ?1",
                params![Sql(network), millis(clock)],
            )?;
            Ok(())
        })
        .await
    }
}
