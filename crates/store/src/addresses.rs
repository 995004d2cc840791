//! Where nodes were last reached: a bounded cache, so that a restart needs no search.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Addresses that are kept for one node; the one unused longest gives way.
pub const MAX_ADDRESSES_PER_NODE: usize = 16;

/// Addresses that are kept at all; the one unused longest gives way.
pub const MAX_ADDRESSES: usize = 8192;

/// An address that worked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CachedAddress {
    /// The node that was reached.
    pub node: NodeId,
    /// Its account, once that was proven.
    pub account: Option<AccountId>,
    /// The multiaddress.
    pub address: String,
    /// When it last worked.
    pub last_ok: Timestamp,
}

impl Store {
    /// Returns every cached address of a network, the latest used first.
    pub async fn addresses(&self, network: NetworkId) -> Result<Vec<CachedAddress>, StoreError> {
        self.read("read cached addresses", move |db| {
            db.all(
                concat!(select!(), " WHERE network = ?1 ORDER BY last_ok DESC"),
                [Sql(network)],
                from_row,
            )
        })
        .await
    }

    /// Returns the cached addresses of an account's nodes, the latest used first.
    pub async fn addresses_of(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<Vec<CachedAddress>, StoreError> {
        self.read("read the cached addresses of an account", move |db| {
            db.all(
                concat!(
                    select!(),
                    " WHERE network = ?1 AND account = ?2 ORDER BY last_ok DESC"
                ),
                params![Sql(network), Sql(account)],
                from_row,
            )
        })
        .await
    }

    /// Remembers that an address worked.
    pub async fn put_address(
        &self,
        network: NetworkId,
        address: CachedAddress,
    ) -> Result<(), StoreError> {
        self.write("cache an address", move |db| put(db, network, &address))
            .await
    }

    /// Forgets what is cached of a node.
    pub async fn remove_addresses(
        &self,
        network: NetworkId,
        node: NodeId,
    ) -> Result<(), StoreError> {
        self.write("forget the addresses of a node", move |db| {
            db.change(
                "DELETE FROM addresses WHERE network = ?1 AND node = ?2",
                params![Sql(network), Sql(node)],
            )?;
            Ok(())
        })
        .await
    }
}

macro_rules! select {
    () => {
        "SELECT node, account, address, last_ok FROM addresses"
    };
}
use select;

fn from_row(row: &Row<'_>) -> rusqlite::Result<CachedAddress> {
    Ok(CachedAddress {
        node: row.id(0)?,
        account: row.maybe_id(1)?,
        address: row.get(2)?,
        last_ok: row.time(3)?,
    })
}

fn put(db: &Connection, network: NetworkId, cached: &CachedAddress) -> Result<(), Fault> {
    db.change(
        "INSERT INTO addresses (network, node, address, account, last_ok) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET account = coalesce(excluded.account, account),
                                   last_ok = max(excluded.last_ok, last_ok)",
        params![
            Sql(network),
            Sql(cached.node),
            cached.address,
            cached.account.map(Sql),
            millis(cached.last_ok)
        ],
    )?;
    db.change(
        "DELETE FROM addresses WHERE network = ?1 AND node = ?2 AND address IN (
             SELECT address FROM addresses WHERE network = ?1 AND node = ?2
             ORDER BY last_ok DESC, address LIMIT -1 OFFSET ?3)",
        params![
            Sql(network),
            Sql(cached.node),
            MAX_ADDRESSES_PER_NODE as i64
        ],
    )?;
    let excess = db.number("SELECT count(*) FROM addresses", [])? - MAX_ADDRESSES as i64;
    if excess > 0 {
        db.change(
            "DELETE FROM addresses WHERE (network, node, address) IN (
                 SELECT network, node, address FROM addresses ORDER BY last_ok LIMIT ?1)",
            [excess],
        )?;
    }
    Ok(())
}
