//! Who may do what with a device, and who did.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Peer, ThingUrl, Time};

/// How much an account may do with a device.
#[derive(
    Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Read and observe.
    View,
    /// Write and invoke.
    Operate,
    /// Rename and arrange.
    Manage,
    /// Give and take rights.
    Admin,
    /// Everything; there is one.
    Owner,
}

/// Gives an account a right on a device.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct DeviceGrant {
    /// The device's host.
    pub device: Peer,
    /// Who gets the right.
    pub peer: Peer,
    /// How much it may do.
    pub level: Level,
    /// When the right ends.
    pub expires_at: Option<Time>,
    /// The one thing it is narrowed to.
    pub thing: Option<ThingUrl>,
    /// The properties and actions it is narrowed to.
    pub affordances: Option<Vec<String>>,
}

/// A right on a device.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Grant {
    /// Who holds it.
    pub peer: Peer,
    /// The name it is shown by.
    pub name: Option<String>,
    /// How much it may do.
    pub level: Level,
    /// When it ends.
    pub expires_at: Option<Time>,
    /// Who gave it.
    pub issued_by: Peer,
    /// When it was given.
    pub issued_at: Time,
    /// The one thing it is narrowed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub thing: Option<ThingUrl>,
    /// The properties and actions it is narrowed to; all where empty.
    pub affordances: Vec<String>,
}

/// Takes an account's right on a device.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct DeviceRevoke {
    /// The device's host.
    pub device: Peer,
    /// Whose right ends.
    pub peer: Peer,
}

/// Pages through what was done with a device.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct AuditPage {
    /// The device's host.
    pub device: Peer,
    /// Only what is older than this entry.
    pub before: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Something that was done with a device, or refused.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuditEntry {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Time,
    /// Who.
    pub peer: Peer,
    /// With which thing.
    pub thing: Option<ThingUrl>,
    /// What.
    pub operation: String,
    /// With which property, action or event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub affordance: Option<String>,
    /// How it ended, as a code.
    pub outcome: String,
}
