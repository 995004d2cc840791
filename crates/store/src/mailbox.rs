//! What this node keeps for others: sealed copies, and nothing that tells what they say.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// A sealed copy, without its bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeptCopy {
    /// The network.
    pub network: NetworkId,
    /// Its number there.
    pub number: u64,
    /// Whom it is for.
    pub account: AccountId,
    /// The node that can open it.
    pub node: NodeId,
    /// Who left it.
    pub depositor: AccountId,
    /// The depositor's word for it.
    pub token: [u8; 16],
    /// Until when it is kept.
    pub until: Timestamp,
    /// How large it is.
    pub bytes: usize,
}

/// Everything that is kept in one network, without the bytes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Kept {
    /// The copies, in the order of their numbers.
    pub copies: Vec<KeptCopy>,
    /// The highest number there ever was.
    pub last: u64,
}

impl Store {
    /// Keeps a copy.
    pub async fn keep_copy(&self, copy: KeptCopy, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.write("keep a copy", move |db| {
            db.change(
                "INSERT INTO kept_copies
                     (network, number, account, node, depositor, token, keep_until, copy)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    Sql(copy.network),
                    place(copy.number),
                    Sql(copy.account),
                    Sql(copy.node),
                    Sql(copy.depositor),
                    copy.token,
                    millis(copy.until),
                    bytes
                ],
            )?;
            db.change(
                "INSERT INTO kept_numbers (network, last) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
                params![Sql(copy.network), place(copy.number)],
            )?;
            Ok(())
        })
        .await
    }

    /// Returns what is kept in a network.
    pub async fn kept(&self, network: NetworkId) -> Result<Kept, StoreError> {
        self.read("read what is kept for others", move |db| {
            let copies = db.all(
                "SELECT network, number, account, node, depositor, token, keep_until, length(copy)
                 FROM kept_copies WHERE network = ?1 ORDER BY number",
                [Sql(network)],
                from_row,
            )?;
            let last = db.first(
                "SELECT last FROM kept_numbers WHERE network = ?1",
                [Sql(network)],
                |row| row.get::<_, i64>(0),
            )?;
            Ok(Kept {
                copies,
                last: last.unwrap_or(0).unsigned_abs(),
            })
        })
        .await
    }

    /// Returns the bytes of these copies, of those that are kept.
    pub async fn kept_bytes(
        &self,
        network: NetworkId,
        numbers: Vec<u64>,
    ) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.read("read copies", move |db| {
            let mut found = Vec::with_capacity(numbers.len());
            for number in numbers {
                let copy = db.first(
                    "SELECT copy FROM kept_copies WHERE network = ?1 AND number = ?2",
                    params![Sql(network), place(number)],
                    |row| row.get(0),
                )?;
                found.extend(copy.map(|copy| (number, copy)));
            }
            Ok(found)
        })
        .await
    }

    /// Deletes copies.
    pub async fn drop_copies(
        &self,
        network: NetworkId,
        numbers: Vec<u64>,
    ) -> Result<(), StoreError> {
        self.write("delete copies", move |db| {
            numbers
                .iter()
                .try_for_each(|number| drop_copy(db, network, *number))
        })
        .await
    }
}

fn drop_copy(db: &Connection, network: NetworkId, number: u64) -> Result<(), Fault> {
    db.change(
        "DELETE FROM kept_copies WHERE network = ?1 AND number = ?2",
        params![Sql(network), place(number)],
    )?;
    Ok(())
}

fn place(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<KeptCopy> {
    Ok(KeptCopy {
        network: row.id(0)?,
        number: row.get::<_, i64>(1)?.unsigned_abs(),
        account: row.id(2)?,
        node: row.id(3)?,
        depositor: row.id(4)?,
        token: row.get(5)?,
        until: row.time(6)?,
        bytes: row.get::<_, u32>(7)? as usize,
    })
}
