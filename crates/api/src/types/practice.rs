//! The practice network on this computer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NetworkKey;

/// A practice network that was made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DemoStarted {
    /// Its id.
    pub network: NetworkKey,
    /// Its name.
    pub name: String,
}

/// How far the practice network is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DemoState {
    /// There is none.
    None,
    /// It is there, and everybody in it runs.
    Running,
    /// It comes up.
    Starting,
}

/// The practice network as it is now.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DemoStatus {
    /// How far it is.
    pub state: DemoState,
    /// Its id, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub network: Option<NetworkKey>,
}
