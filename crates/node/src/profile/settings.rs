//! The settings of a profile: values under keys, which the api gives a shape.

use std::collections::BTreeMap;

use serde_json::Value;
use streembit_store::StoreError;

use crate::node::Node;

/// What settings of the window are kept under, so that they meet no other keys.
const PREFIX: &str = "app.";

impl Node {
    /// Returns the settings.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn settings(&self) -> Result<BTreeMap<String, Value>, StoreError> {
        let all = self.store().settings().await?;
        let own = |(key, value): (String, Value)| Some((key.strip_prefix(PREFIX)?.to_owned(), value));
        Ok(all.into_iter().filter_map(own).collect())
    }

    /// Sets some settings; what is left out stays.
    ///
    /// # Errors
    /// When they cannot be stored.
    pub async fn set_settings(&self, values: BTreeMap<String, Value>) -> Result<(), StoreError> {
        let values = values.into_iter().map(|(key, value)| (format!("{PREFIX}{key}"), value));
        self.store().set_settings(values.collect()).await
    }
}
