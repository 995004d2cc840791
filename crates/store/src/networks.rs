//! Networks that this account is in, or waits to be let into.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, json, millis, named};
use crate::error::{Fault, StoreError};

/// Networks that are kept at most.
const MAX_NETWORKS: i64 = 256;

named! {
    /// Who may be in a network.
    pub enum NetworkKind {
        /// Anyone.
        Public = "public",
        /// Its members.
        Private = "private",
    }
}

/// One network.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Network {
    /// Its id.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// Its name, as its genesis or its link gives it.
    pub name: String,
    /// Who may be in it.
    pub kind: NetworkKind,
    /// The signed genesis of a private network.
    #[serde(with = "crate::wire::maybe_bytes", default)]
    pub genesis: Option<Vec<u8>>,
    /// Where it listens: ports that stay the same across restarts.
    #[serde(default)]
    pub listen: Vec<String>,
    /// Where it is entered: full addresses from its link.
    #[serde(default)]
    pub bootstrap: Vec<String>,
    /// When it was joined, or asked to be.
    #[serde(with = "crate::wire::time")]
    pub joined_at: Timestamp,
    /// Whether it was not yet seen that an admin added this account.
    #[serde(default)]
    pub is_waiting: bool,
    /// The admin who is to add this account.
    #[serde(with = "crate::wire::maybe_text", default)]
    pub waiting_for: Option<AccountId>,
    /// The colour that the app gives it, 0 to 359.
    #[serde(default)]
    pub hue: Option<u16>,
}

impl Store {
    /// Returns every network, in the order in which they were joined.
    pub async fn networks(&self) -> Result<Vec<Network>, StoreError> {
        self.read("read the networks", all).await
    }

    /// Returns one network.
    pub async fn network(&self, network: NetworkId) -> Result<Option<Network>, StoreError> {
        self.read("read a network", move |db| {
            db.first(
                concat!(select!(), " WHERE network = ?1"),
                [Sql(network)],
                from_row,
            )
        })
        .await
    }

    /// Adds a network, or replaces what is known of it.
    pub async fn put_network(&self, network: Network) -> Result<(), StoreError> {
        self.write("keep a network", move |db| put(db, &network))
            .await
    }

    /// Adds a network together with operations and certificates, or nothing of it.
    ///
    /// `certificates` are (account, node, bytes) as in [`Store::put_certificates`].
    pub async fn put_network_whole(
        &self,
        network: Network,
        operations: Vec<([u8; 32], Vec<u8>)>,
        certificates: Vec<crate::StoredCertificate>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("keep a network with its members", move |db| {
            put(db, &network)?;
            crate::operations::put(db, network.network, &operations)?;
            crate::certificates::put(db, network.network, &certificates, now)
        })
        .await
    }

    /// Records that an admin has added this account; the invite, if there was one, is forgotten.
    pub async fn set_network_joined(&self, network: NetworkId) -> Result<(), StoreError> {
        self.write("end the wait for a network", move |db| {
            db.change(
                "UPDATE networks SET is_waiting = 0, waiting_for = NULL, redeem = NULL WHERE network = ?1",
                [Sql(network)],
            )?;
            Ok(())
        })
        .await
    }

    /// Keeps the addresses at which a network listens.
    pub async fn set_network_listen(
        &self,
        network: NetworkId,
        listen: Vec<String>,
    ) -> Result<(), StoreError> {
        self.write("keep the addresses of a network", move |db| {
            db.change(
                "UPDATE networks SET listen = ?2 WHERE network = ?1",
                params![Sql(network), json(&listen)],
            )?;
            Ok(())
        })
        .await
    }

    /// Forgets a network and everything that belongs to it; tells whether it was there.
    pub async fn remove_network(&self, network: NetworkId) -> Result<bool, StoreError> {
        self.write("forget a network", move |db| {
            for statement in BELONGINGS {
                db.change(statement, [Sql(network)])?;
            }
            Ok(db.change("DELETE FROM networks WHERE network = ?1", [Sql(network)])? > 0)
        })
        .await
    }
}

/// What goes with a network. Ids of received messages stay: they keep replays out.
const BELONGINGS: [&str; 26] = [
    "DELETE FROM operations WHERE network = ?1",
    "DELETE FROM certificates WHERE network = ?1",
    "DELETE FROM confirmations WHERE network = ?1",
    "DELETE FROM network_invites WHERE network = ?1",
    "DELETE FROM contacts WHERE network = ?1",
    "DELETE FROM records WHERE network = ?1",
    "DELETE FROM addresses WHERE network = ?1",
    "DELETE FROM computers WHERE network = ?1",
    "DELETE FROM messages WHERE network = ?1",
    "DELETE FROM chains WHERE network = ?1",
    "DELETE FROM conversations WHERE network = ?1",
    "DELETE FROM conversation_choices WHERE network = ?1",
    "DELETE FROM early_acts WHERE network = ?1",
    "DELETE FROM outbox WHERE network = ?1",
    "DELETE FROM files WHERE network = ?1",
    "DELETE FROM ratchets WHERE network = ?1",
    "DELETE FROM refusals WHERE network = ?1",
    "DELETE FROM things WHERE network = ?1",
    "DELETE FROM hosts WHERE network = ?1",
    "DELETE FROM kept_copies WHERE network = ?1",
    "DELETE FROM kept_numbers WHERE network = ?1",
    "DELETE FROM mail_terms WHERE network = ?1",
    "DELETE FROM groups WHERE network = ?1",
    "DELETE FROM group_operations WHERE network = ?1",
    "DELETE FROM group_sessions WHERE network = ?1",
    "DELETE FROM group_receipts WHERE network = ?1",
];

macro_rules! select {
    () => {
        "SELECT network, name, kind, genesis, listen, bootstrap, joined_at, is_waiting, waiting_for, hue
         FROM networks"
    };
}
use select;

fn from_row(row: &Row<'_>) -> rusqlite::Result<Network> {
    Ok(Network {
        network: row.id(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        genesis: row.get(3)?,
        listen: row.list(4)?,
        bootstrap: row.list(5)?,
        joined_at: row.time(6)?,
        is_waiting: row.get(7)?,
        waiting_for: row.maybe_id(8)?,
        hue: row.get(9)?,
    })
}

/// Reads every network.
pub(crate) fn all(db: &Connection) -> Result<Vec<Network>, Fault> {
    db.all(
        concat!(select!(), " ORDER BY joined_at, network"),
        [],
        from_row,
    )
}

/// Adds or replaces a network.
pub(crate) fn put(db: &Connection, network: &Network) -> Result<(), Fault> {
    db.change(
        "INSERT OR REPLACE INTO networks
         (network, name, kind, genesis, listen, bootstrap, joined_at, is_waiting, waiting_for, hue)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            Sql(network.network),
            network.name,
            network.kind,
            network.genesis,
            json(&network.listen),
            json(&network.bootstrap),
            millis(network.joined_at),
            network.is_waiting,
            network.waiting_for.map(Sql),
            network.hue,
        ],
    )?;
    if db.number("SELECT count(*) FROM networks", [])? > MAX_NETWORKS {
        return Err(Fault::TooMany("networks"));
    }
    Ok(())
}
