//! Settings: a value under a key, both the caller's.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::actor::Store;
use crate::columns::{Columns, Statements};
use crate::error::{Fault, StoreError};

/// Settings that are kept at most.
const MAX_SETTINGS: i64 = 1000;

impl Store {
    /// Returns every setting.
    pub async fn settings(&self) -> Result<BTreeMap<String, Value>, StoreError> {
        self.read("read the settings", all).await
    }

    /// Returns one setting.
    pub async fn setting(&self, key: &str) -> Result<Option<Value>, StoreError> {
        let key = key.to_owned();
        self.read("read a setting", move |db| {
            let value = db.first("SELECT value FROM settings WHERE key = ?1", [key], |row| {
                row.maybe_json(0)
            })?;
            Ok(value.flatten())
        })
        .await
    }

    /// Sets some settings; a null removes one.
    pub async fn set_settings(&self, values: BTreeMap<String, Value>) -> Result<(), StoreError> {
        self.write("set the settings", move |db| {
            values
                .iter()
                .try_for_each(|(key, value)| set(db, key, value))
        })
        .await
    }
}

/// Reads every setting.
pub(crate) fn all(db: &Connection) -> Result<BTreeMap<String, Value>, Fault> {
    let rows = db.all("SELECT key, value FROM settings", [], |row| {
        Ok((row.get(0)?, row.maybe_json(1)?.unwrap_or(Value::Null)))
    })?;
    Ok(rows.into_iter().collect())
}

/// Sets one setting, or removes it when `value` is null.
pub(crate) fn set(db: &Connection, key: &str, value: &Value) -> Result<(), Fault> {
    if value.is_null() {
        db.change("DELETE FROM settings WHERE key = ?1", [key])?;
        return Ok(());
    }
    db.change(
        "INSERT INTO settings (key, value) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET value = excluded.value",
        params![key, value.to_string()],
    )?;
    if db.number("SELECT count(*) FROM settings", [])? > MAX_SETTINGS {
        return Err(Fault::TooMany("settings"));
    }
    Ok(())
}
