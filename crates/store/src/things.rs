//! Things: their descriptions as their hosts gave them, and what we call them ourselves.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Things that are kept for one host at most.
pub const MAX_THINGS_PER_HOST: usize = 1024;

/// One thing.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Thing {
    /// The network in which it is reached.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// Its host.
    #[serde(with = "crate::wire::text")]
    pub host: AccountId,
    /// Its URL.
    pub url: String,
    /// Its Thing Description, as the host's JSON.
    pub td: String,
    /// What we call it, instead of its own title.
    pub title: Option<String>,
    /// The room that we put it in.
    pub room: Option<String>,
    /// Whether we want it at hand.
    pub is_favourite: bool,
    /// What we may do with it, as its host last told us.
    pub level: Option<String>,
    /// When its description last changed.
    #[serde(with = "crate::wire::time")]
    pub updated_at: Timestamp,
    /// When it was last heard of.
    #[serde(with = "crate::wire::maybe_time")]
    pub last_seen: Option<Timestamp>,
}

/// What a host says of one of its things.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ThingDescription {
    /// Its URL.
    pub url: String,
    /// Its Thing Description as JSON.
    pub td: String,
    /// What we may do with it.
    pub level: Option<String>,
}

impl Store {
    /// Returns the things of one network, or of all, by URL.
    pub async fn things(&self, network: Option<NetworkId>) -> Result<Vec<Thing>, StoreError> {
        self.read("read the things", move |db| {
            db.all(
                concat!(
                    select!(),
                    " WHERE ?1 IS NULL OR network = ?1 ORDER BY url, network"
                ),
                [network.map(Sql)],
                from_row,
            )
        })
        .await
    }

    /// Returns the networks' things with this URL; more than one when a host is in several.
    pub async fn things_at(&self, url: &str) -> Result<Vec<Thing>, StoreError> {
        let url = url.to_owned();
        self.read("read a thing", move |db| {
            db.all(
                concat!(select!(), " WHERE url = ?1 ORDER BY network"),
                [url],
                from_row,
            )
        })
        .await
    }

    /// Replaces what is known of a host's things; what we call them stays, and what it no longer
    /// has goes.
    pub async fn replace_things(
        &self,
        network: NetworkId,
        host: AccountId,
        things: Vec<ThingDescription>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("keep a host's things", move |db| {
            replace(db, network, host, &things, now)
        })
        .await
    }

    /// Calls a thing something else, or by its own title; tells whether there is such a thing.
    pub async fn set_thing_title(
        &self,
        url: &str,
        title: Option<String>,
    ) -> Result<bool, StoreError> {
        let url = url.to_owned();
        self.write("rename a thing", move |db| {
            Ok(db.change(
                "UPDATE things SET title = ?2 WHERE url = ?1",
                params![url, title],
            )? > 0)
        })
        .await
    }

    /// Puts a thing into a room, or into none; tells whether there is such a thing.
    pub async fn set_thing_room(
        &self,
        url: &str,
        room: Option<String>,
    ) -> Result<bool, StoreError> {
        let url = url.to_owned();
        self.write("put a thing into a room", move |db| {
            Ok(db.change(
                "UPDATE things SET room = ?2 WHERE url = ?1",
                params![url, room],
            )? > 0)
        })
        .await
    }

    /// Keeps a thing at hand, or not; tells whether there is such a thing.
    pub async fn set_thing_favourite(
        &self,
        url: &str,
        is_favourite: bool,
    ) -> Result<bool, StoreError> {
        let url = url.to_owned();
        self.write("mark a thing", move |db| {
            Ok(db.change(
                "UPDATE things SET is_favourite = ?2 WHERE url = ?1",
                params![url, is_favourite],
            )? > 0)
        })
        .await
    }
}

macro_rules! select {
    () => {
        "SELECT network, host, url, td, title, room, is_favourite, level, updated_at, last_seen FROM things"
    };
}
use select;

fn from_row(row: &Row<'_>) -> rusqlite::Result<Thing> {
    Ok(Thing {
        network: row.id(0)?,
        host: row.id(1)?,
        url: row.get(2)?,
        td: row.get(3)?,
        title: row.get(4)?,
        room: row.get(5)?,
        is_favourite: row.get(6)?,
        level: row.get(7)?,
        updated_at: row.time(8)?,
        last_seen: row.maybe_time(9)?,
    })
}

/// Reads every thing.
pub(crate) fn all(db: &Connection) -> Result<Vec<Thing>, Fault> {
    db.all(concat!(select!(), " ORDER BY network, url"), [], from_row)
}

/// Adds a thing, as a backup has it.
pub(crate) fn put(db: &Connection, thing: &Thing) -> Result<(), Fault> {
    db.change(
        "INSERT INTO things
         (network, host, url, td, title, room, is_favourite, level, updated_at, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            Sql(thing.network),
            Sql(thing.host),
            thing.url,
            thing.td,
            thing.title,
            thing.room,
            thing.is_favourite,
            thing.level,
            millis(thing.updated_at),
            thing.last_seen.map(millis),
        ],
    )?;
    let key = params![Sql(thing.network), Sql(thing.host)];
    let kept = db.number(
        "SELECT count(*) FROM things WHERE network = ?1 AND host = ?2",
        key,
    )?;
    if kept > MAX_THINGS_PER_HOST as i64 {
        return Err(Fault::TooMany("things"));
    }
    Ok(())
}

fn replace(
    db: &Connection,
    network: NetworkId,
    host: AccountId,
    things: &[ThingDescription],
    now: Timestamp,
) -> Result<(), Fault> {
    if things.len() > MAX_THINGS_PER_HOST {
        return Err(Fault::TooMany("things"));
    }
    let known: Vec<String> = db.all(
        "SELECT url FROM things WHERE network = ?1 AND host = ?2",
        params![Sql(network), Sql(host)],
        |row| row.get(0),
    )?;
    for url in known
        .iter()
        .filter(|url| things.iter().all(|thing| thing.url != **url))
    {
        db.change(
            "DELETE FROM things WHERE network = ?1 AND url = ?2",
            params![Sql(network), url],
        )?;
    }
    for thing in things {
        db.change(
            "INSERT INTO things (network, host, url, td, level, updated_at, last_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT DO UPDATE SET
                 updated_at = CASE WHEN td = excluded.td THEN updated_at ELSE excluded.updated_at END,
                 td = excluded.td, level = excluded.level, last_seen = excluded.last_seen
             WHERE host = excluded.host",
            params![Sql(network), Sql(host), thing.url, thing.td, thing.level, millis(now)],
        )?;
    }
    Ok(())
}
