//! The last known values of things' properties: what was reported, and what was asked for.

use rusqlite::{Connection, Row, params};
use serde_json::Value;
use streembit_identity::{NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Properties that are kept for one thing at most.
const MAX_PROPERTIES: i64 = 1024;

/// A property's value; what was asked for is never taken for what is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PropertyValue {
    /// The property.
    pub name: String,
    /// What its host last reported.
    pub reported: Option<Value>,
    /// What was asked for and is not reported yet.
    pub target: Option<Value>,
    /// Since when it is asked for.
    pub pending_since: Option<Timestamp>,
    /// When it was reported.
    pub at: Option<Timestamp>,
}

impl Store {
    /// Returns the known values of a thing, by name.
    pub async fn values(
        &self,
        network: NetworkId,
        thing: &str,
    ) -> Result<Vec<PropertyValue>, StoreError> {
        let thing = thing.to_owned();
        self.read("read the values of a thing", move |db| {
            db.all(
                "SELECT name, reported, target, pending_since, at FROM property_values
                 WHERE network = ?1 AND thing = ?2 ORDER BY name",
                params![Sql(network), thing],
                from_row,
            )
        })
        .await
    }

    /// Keeps values of a thing that is known; of one that is not, nothing is kept.
    pub async fn put_values(
        &self,
        network: NetworkId,
        thing: &str,
        values: Vec<PropertyValue>,
    ) -> Result<(), StoreError> {
        let thing = thing.to_owned();
        self.write("keep the values of a thing", move |db| {
            put(db, network, &thing, &values)
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<PropertyValue> {
    Ok(PropertyValue {
        name: row.get(0)?,
        reported: row.maybe_json(1)?,
        target: row.maybe_json(2)?,
        pending_since: row.maybe_time(3)?,
        at: row.maybe_time(4)?,
    })
}

fn put(
    db: &Connection,
    network: NetworkId,
    thing: &str,
    values: &[PropertyValue],
) -> Result<(), Fault> {
    let key = params![Sql(network), thing];
    if db.number(
        "SELECT count(*) FROM things WHERE network = ?1 AND url = ?2",
        key,
    )? == 0
    {
        return Ok(());
    }
    for value in values {
        db.change(
            "INSERT OR REPLACE INTO property_values (network, thing, name, reported, target, pending_since, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                Sql(network),
                thing,
                value.name,
                value.reported.as_ref().map(Value::to_string),
                value.target.as_ref().map(Value::to_string),
                value.pending_since.map(millis),
                value.at.map(millis),
            ],
        )?;
    }
    if db.number(
        "SELECT count(*) FROM property_values WHERE network = ?1 AND thing = ?2",
        key,
    )? > MAX_PROPERTIES
    {
        return Err(Fault::TooMany("properties"));
    }
    Ok(())
}
