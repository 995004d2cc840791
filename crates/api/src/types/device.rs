//! Devices, the things they host, and what is done with them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Level, NetworkKey, Peer, ThingUrl, Time};

/// Whether a device answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Not connected.
    Offline,
    /// Connected.
    Online,
    /// It has no owner yet.
    Unclaimed,
}

/// A thing and the device that hosts it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Device {
    /// The host's account.
    pub device: Peer,
    /// The thing.
    pub thing: ThingUrl,
    /// What it is shown by.
    pub title: String,
    /// The network it is reached in.
    pub network: NetworkKey,
    /// Whether it answers.
    pub state: DeviceState,
    /// Why it does not answer.
    pub reason: Option<String>,
    /// When it was last connected.
    pub last_seen: Option<Time>,
    /// How much this account may do.
    pub level: Option<Level>,
    /// The room it is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub room: Option<String>,
    /// Its semantic types, of the Thing Description's `@type`.
    #[serde(default)]
    pub types: Vec<String>,
    /// The last known values of its properties.
    #[serde(default)]
    #[cfg_attr(test, ts(type = "Record<string, PropertyState>"))]
    pub values: BTreeMap<String, PropertyState>,
}

/// Claims a device for a network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct DeviceClaim {
    /// The claim link that the device shows.
    pub link: String,
    /// The network it becomes a member of.
    pub network: NetworkKey,
}

/// Names a thing.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ThingRef {
    /// The thing.
    pub thing: ThingUrl,
}

/// Names a device.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct DeviceRef {
    /// The host's account.
    pub device: Peer,
}

/// Opens the claim window of this node's own device again.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct DevicePairing {
    /// The host's account.
    pub device: Peer,
    /// For how long; 5 minutes where left out.
    pub minutes: Option<u32>,
}

/// A W3C Thing Description 1.1.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThingDescription(#[cfg_attr(test, ts(type = "Record<string, unknown>"))] pub Value);

/// Names a property.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PropertyRef {
    /// The thing.
    pub thing: ThingUrl,
    /// The property's name.
    pub property: String,
}

/// Asks for another value.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PropertyWrite {
    /// The thing.
    pub thing: ThingUrl,
    /// The property's name.
    pub property: String,
    /// The value asked for.
    #[cfg_attr(test, ts(type = "unknown"))]
    pub value: Value,
}

/// What a property is, and what it was asked to be.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PropertyState {
    /// What the device last said it is.
    #[cfg_attr(test, ts(type = "unknown"))]
    pub reported: Value,
    /// What it was asked to be, and is not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub target: Option<Value>,
    /// Since when it was asked to be another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub pending_since: Option<Time>,
    /// When the device said so.
    pub at: Time,
}

/// Starts an action.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ActionInvoke {
    /// The thing.
    pub thing: ThingUrl,
    /// The action's name.
    pub action: String,
    /// Its input.
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub input: Option<Value>,
}

/// Names an action that was started.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ActionRef {
    /// The thing.
    pub thing: ThingUrl,
    /// The id that starting it gave.
    pub action_id: String,
}

/// How far an action got.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// It was stopped on request.
    Cancelled,
    /// It is done.
    Completed,
    /// It did not succeed.
    Failed,
    /// It was accepted and waits.
    Pending,
    /// It is under way.
    Running,
}

/// An action that was started.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ActionStatus {
    /// Its id.
    pub action_id: String,
    /// How far it got.
    pub state: ActionState,
    /// How much is done, from 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub progress: Option<u8>,
    /// What it gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub output: Option<Value>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub error: Option<String>,
}

/// Shows a thing by another title.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct DeviceRename {
    /// The thing.
    pub thing: ThingUrl,
    /// What it is shown by from now on.
    pub title: String,
}

/// Puts a thing into a room.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct DeviceRoom {
    /// The thing.
    pub thing: ThingUrl,
    /// The room; empty takes it out.
    pub room: String,
}
