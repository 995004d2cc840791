//! Hosts of things that this account may use.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Hosts that are kept for one network at most.
const MAX_HOSTS: i64 = 1024;

/// One host.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Host {
    /// The network in which it is reached.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// Its account.
    #[serde(with = "crate::wire::text")]
    pub host: AccountId,
    /// What it is called.
    pub title: String,
    /// What we may do there, as it last told us.
    pub level: Option<String>,
    /// When it was claimed, or shared with us.
    #[serde(with = "crate::wire::time")]
    pub added_at: Timestamp,
    /// When it was last heard of.
    #[serde(with = "crate::wire::maybe_time")]
    pub last_seen: Option<Timestamp>,
}

impl Store {
    /// Returns the hosts of one network, or of all, oldest first.
    pub async fn hosts(&self, network: Option<NetworkId>) -> Result<Vec<Host>, StoreError> {
        self.read("read the hosts", move |db| {
            let mut hosts = all(db)?;
            hosts.retain(|host| network.is_none_or(|network| host.network == network));
            Ok(hosts)
        })
        .await
    }

    /// Adds a host, or replaces what is known of it.
    pub async fn put_host(&self, host: Host) -> Result<(), StoreError> {
        self.write("keep a host", move |db| put(db, &host)).await
    }

    /// Moves forward when a host and its things were last heard of.
    pub async fn set_host_seen(
        &self,
        network: NetworkId,
        host: AccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("note a host's presence", move |db| {
            let key = params![Sql(network), Sql(host), millis(at)];
            db.change(
                "UPDATE hosts SET last_seen = max(coalesce(last_seen, 0), ?3) WHERE network = ?1 AND host = ?2",
                key,
            )?;
            db.change(
                "UPDATE things SET last_seen = max(coalesce(last_seen, 0), ?3) WHERE network = ?1 AND host = ?2",
                key,
            )?;
            Ok(())
        })
        .await
    }

    /// Forgets a host and its things; tells whether it was there.
    pub async fn remove_host(
        &self,
        network: NetworkId,
        host: AccountId,
    ) -> Result<bool, StoreError> {
        self.write("forget a host", move |db| {
            let key = params![Sql(network), Sql(host)];
            db.change("DELETE FROM things WHERE network = ?1 AND host = ?2", key)?;
            Ok(db.change("DELETE FROM hosts WHERE network = ?1 AND host = ?2", key)? > 0)
        })
        .await
    }
}

/// Reads every host.
pub(crate) fn all(db: &Connection) -> Result<Vec<Host>, Fault> {
    db.all(
        "SELECT network, host, title, level, added_at, last_seen FROM hosts ORDER BY added_at, host",
        [],
        |row| {
            Ok(Host {
                network: row.id(0)?,
                host: row.id(1)?,
                title: row.get(2)?,
                level: row.get(3)?,
                added_at: row.time(4)?,
                last_seen: row.maybe_time(5)?,
            })
        },
    )
}

/// Adds or replaces a host.
pub(crate) fn put(db: &Connection, host: &Host) -> Result<(), Fault> {
    db.change(
        "INSERT OR REPLACE INTO hosts (network, host, title, level, added_at, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            Sql(host.network),
            Sql(host.host),
            host.title,
            host.level,
            millis(host.added_at),
            host.last_seen.map(millis)
        ],
    )?;
    if db.number(
        "SELECT count(*) FROM hosts WHERE network = ?1",
        [Sql(host.network)],
    )? > MAX_HOSTS
    {
        return Err(Fault::TooMany("hosts"));
    }
    Ok(())
}
