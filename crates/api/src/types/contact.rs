//! People of the public network and members of private ones, as contacts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Level, NetworkKey, Peer, Role, ThingUrl, Time};

/// How far two accounts know each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// Both may write.
    Accepted,
    /// Refused at the connection.
    Blocked,
    /// It has asked.
    Incoming,
    /// It was asked.
    Requested,
}

/// What is known of where an account is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Nothing was heard.
    Offline,
    /// Connected now.
    Online,
    /// It has a fresh signed address, and no connection.
    Reachable,
}

/// A right that a contact holds on a device of this profile.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactGrant {
    /// The device's host.
    pub device: Peer,
    /// The one thing it is narrowed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub thing: Option<ThingUrl>,
    /// How much it may do.
    pub level: Level,
}

/// Another account.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Contact {
    /// The account.
    pub peer: Peer,
    /// The name it is shown by.
    pub name: String,
    /// The network it is known in.
    pub network: NetworkKey,
    /// How far the two know each other.
    pub state: ContactState,
    /// What is known of where it is.
    pub presence: Presence,
    /// When it was last connected.
    pub last_seen: Option<Time>,
    /// Whether the safety numbers were compared.
    pub verified: bool,
    /// Since when it is in this state.
    pub since: Time,
    /// The rights it holds on devices of this profile.
    pub grants: Vec<ContactGrant>,
    /// The fingerprint of its account key, in groups.
    pub fingerprint: String,
    /// What kind of participant it is, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub kind: Option<Kind>,
    /// What it is in the private network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub role: Option<Role>,
    /// Since when the account is no more: its owner deleted it, and nothing reaches it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub gone_since: Option<Time>,
}

/// Looks for people by name in the public network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ContactFind {
    /// The name to look for; the case of its letters makes no difference.
    pub name: String,
}

/// Someone who goes by a name; several may.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactFound {
    /// The account.
    pub peer: Peer,
    /// Its name, as it writes it.
    pub name: String,
    /// The fingerprint of its account key, in groups.
    pub fingerprint: String,
}

/// Asks to know someone, by invite link or by key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ContactAdd {
    /// An invite link.
    pub link: Option<String>,
    /// An account.
    pub peer: Option<Peer>,
    /// The name to show it by.
    pub name: Option<String>,
}

/// Names a contact.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ContactRef {
    /// The account.
    pub peer: Peer,
    /// The network it is known in; the public one where left out.
    pub network: Option<NetworkKey>,
}

/// Shows a contact by another name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ContactRename {
    /// The account.
    pub peer: Peer,
    /// The name to show it by.
    pub name: String,
    /// The network it is known in; the public one where left out.
    pub network: Option<NetworkKey>,
}

/// A number that both sides see alike.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SafetyNumber {
    /// 60 digits in groups of 5.
    pub number: String,
    /// The same as a QR code, an SVG document.
    pub qr: String,
}

/// Notes that the safety numbers were compared, or takes it back.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ContactVerify {
    /// The account.
    pub peer: Peer,
    /// Whether they were alike.
    pub verified: bool,
    /// The network it is known in; the public one where left out.
    pub network: Option<NetworkKey>,
}
