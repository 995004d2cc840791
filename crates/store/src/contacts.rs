//! Contacts: who this account knows in a network, and how the two stand.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis, named};
use crate::error::{Fault, StoreError};
use crate::ratchets;

/// Contacts that are kept for one network at most.
const MAX_CONTACTS: i64 = 10_000;

named! {
    /// How an account stands to us.
    pub enum Relation {
        /// We asked, and wait for an answer.
        Requested = "requested",
        /// They asked, and wait for ours.
        Incoming = "incoming",
        /// Both agreed.
        Accepted = "accepted",
        /// We want nothing from them.
        Blocked = "blocked",
    }
}

/// One contact.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Contact {
    /// The network in which we know each other.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// Who it is.
    #[serde(with = "crate::wire::text")]
    pub account: AccountId,
    /// The name that they gave themselves.
    pub name: String,
    /// Human, device or hub.
    pub kind: String,
    /// The name that we gave them.
    pub alias: Option<String>,
    /// How we stand.
    pub relation: Relation,
    /// Since when we stand so.
    #[serde(with = "crate::wire::time")]
    pub since: Timestamp,
    /// Whether the safety numbers were compared.
    pub is_verified: bool,
    /// When they were last heard of.
    #[serde(with = "crate::wire::maybe_time")]
    pub last_seen: Option<Timestamp>,
    /// Their signed farewell, once they deleted their account.
    #[serde(with = "crate::wire::maybe_bytes")]
    pub tombstone: Option<Vec<u8>>,
}

impl Store {
    /// Returns the contacts of one network, or of all.
    pub async fn contacts(&self, network: Option<NetworkId>) -> Result<Vec<Contact>, StoreError> {
        self.read("read the contacts", move |db| match network {
            None => all(db),
            Some(network) => db.all(
                concat!(select!(), " WHERE network = ?1 ORDER BY account"),
                [Sql(network)],
                from_row,
            ),
        })
        .await
    }

    /// Returns one contact.
    pub async fn contact(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<Option<Contact>, StoreError> {
        self.read("read a contact", move |db| find(db, network, account))
            .await
    }

    /// Gives a contact a name of our own, or takes it away; tells whether there is such a contact.
    pub async fn set_contact_alias(
        &self,
        network: NetworkId,
        account: AccountId,
        alias: Option<String>,
    ) -> Result<bool, StoreError> {
        self.write("rename a contact", move |db| {
            let changed = db.change(
                "UPDATE contacts SET alias = ?3 WHERE network = ?1 AND account = ?2",
                params![Sql(network), Sql(account), alias],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Keeps the name and kind that a contact's own signed record gives.
    pub async fn set_contact_profile(
        &self,
        network: NetworkId,
        account: AccountId,
        name: String,
        kind: String,
    ) -> Result<bool, StoreError> {
        self.write("keep a contact's own name", move |db| {
            let changed = db.change(
                "UPDATE contacts SET name = ?3, kind = ?4 WHERE network = ?1 AND account = ?2
                 AND (name <> ?3 OR kind <> ?4)",
                params![Sql(network), Sql(account), name, kind],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Records whether the safety numbers were compared.
    pub async fn set_contact_verified(
        &self,
        network: NetworkId,
        account: AccountId,
        is_verified: bool,
    ) -> Result<bool, StoreError> {
        self.write("verify a contact", move |db| {
            let changed = db.change(
                "UPDATE contacts SET is_verified = ?3 WHERE network = ?1 AND account = ?2",
                params![Sql(network), Sql(account), is_verified],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Moves forward when a contact was last heard of.
    pub async fn set_contact_seen(
        &self,
        network: NetworkId,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("note a contact's presence", move |db| {
            db.change(
                "UPDATE contacts SET last_seen = max(coalesce(last_seen, 0), ?3)
                 WHERE network = ?1 AND account = ?2",
                params![Sql(network), Sql(account), millis(at)],
            )?;
            Ok(())
        })
        .await
    }

    /// Keeps the signed farewell of a contact in every network where we know it.
    pub async fn set_contact_tombstone(
        &self,
        account: AccountId,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        self.write("keep a contact's farewell", move |db| {
            db.change(
                "UPDATE contacts SET tombstone = ?2 WHERE account = ?1",
                params![Sql(account), bytes],
            )?;
            Ok(())
        })
        .await
    }

    /// Forgets a contact, its nodes and what waits to be sent to it; the history stays.
    pub async fn remove_contact(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<bool, StoreError> {
        self.write("forget a contact", move |db| {
            for statement in [
                "DELETE FROM certificates WHERE network = ?1 AND account = ?2",
                "DELETE FROM addresses WHERE network = ?1 AND account = ?2",
                "DELETE FROM mail_terms WHERE network = ?1 AND account = ?2",
                "DELETE FROM computers WHERE network = ?1 AND account = ?2",
                "DELETE FROM outbox WHERE network = ?1 AND peer = ?2",
                "UPDATE messages SET state = 'failed', failure = 'contact removed'
                 WHERE network = ?1 AND peer = ?2 AND direction = 'out' AND state IN ('queued', 'sent')",
            ] {
                db.change(statement, params![Sql(network), Sql(account)])?;
            }
            ratchets::forget(db, network, account)?;
            let gone = db.change(
                "DELETE FROM contacts WHERE network = ?1 AND account = ?2",
                params![Sql(network), Sql(account)],
            )?;
            Ok(gone > 0)
        })
        .await
    }
}

macro_rules! select {
    () => {
        "SELECT network, account, name, kind, alias, relation, since, is_verified, last_seen, tombstone
         FROM contacts"
    };
}
use select;

fn from_row(row: &Row<'_>) -> rusqlite::Result<Contact> {
    Ok(Contact {
        network: row.id(0)?,
        account: row.id(1)?,
        name: row.get(2)?,
        kind: row.get(3)?,
        alias: row.get(4)?,
        relation: row.get(5)?,
        since: row.time(6)?,
        is_verified: row.get(7)?,
        last_seen: row.maybe_time(8)?,
        tombstone: row.get(9)?,
    })
}

/// Reads every contact.
pub(crate) fn all(db: &Connection) -> Result<Vec<Contact>, Fault> {
    db.all(
        concat!(select!(), " ORDER BY network, account"),
        [],
        from_row,
    )
}

/// Reads one contact.
pub(crate) fn find(
    db: &Connection,
    network: NetworkId,
    account: AccountId,
) -> Result<Option<Contact>, Fault> {
    db.first(
        concat!(select!(), " WHERE network = ?1 AND account = ?2"),
        params![Sql(network), Sql(account)],
        from_row,
    )
}

/// Adds or replaces a contact.
pub(crate) fn put(db: &Connection, contact: &Contact) -> Result<(), Fault> {
    db.change(
        "INSERT OR REPLACE INTO contacts
         (network, account, name, kind, alias, relation, since, is_verified, last_seen, tombstone)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            Sql(contact.network),
            Sql(contact.account),
            contact.name,
            contact.kind,
            contact.alias,
            contact.relation,
            millis(contact.since),
            contact.is_verified,
            contact.last_seen.map(millis),
            contact.tombstone,
        ],
    )?;
    if db.number(
        "SELECT count(*) FROM contacts WHERE network = ?1",
        [Sql(contact.network)],
    )? > MAX_CONTACTS
    {
        return Err(Fault::TooMany("contacts"));
    }
    Ok(())
}
