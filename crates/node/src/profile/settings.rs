//! The settings of a profile: values under keys, which the api gives a shape.

use std::collections::BTreeMap;

use serde_json::Value;
use streembit_store::StoreError;

use crate::node::Node;

impl Node {
    /// Returns the settings.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn settings(&self) -> Result<BTreeMap<String, Value>, StoreError> {
        self.store().settings().await
    }

    /// Sets some settings; what is left out stays.
    ///
    /// # Errors
    /// When they cannot be stored.
    pub async fn set_settings(&self, values: BTreeMap<String, Value>) -> Result<(), StoreError> {
        let concerns_records = values.contains_key("findable");
        self.store().set_settings(values).await?;
        if concerns_records {
            self.republish();
        }
        Ok(())
    }
}
