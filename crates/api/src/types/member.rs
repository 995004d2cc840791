//! The members of a private network.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NetworkKey, Node, Peer, Role, Time};

/// A member of a private network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Member {
    /// The account.
    pub peer: Peer,
    /// Its name in the network.
    pub name: String,
    /// What it is in the network.
    pub role: Role,
    /// When it was added.
    pub added_at: Time,
    /// Who added it.
    pub added_by: Peer,
    /// Whether it is connected now.
    pub online: bool,
    /// When it was last connected.
    pub last_seen: Option<Time>,
    /// Its installations that are known.
    pub nodes: Vec<Node>,
}

/// Asks to let an account into a private network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MemberAdd {
    /// The network.
    pub network: NetworkKey,
    /// The account.
    pub peer: Peer,
    /// Its name in the network.
    pub name: String,
    /// What it becomes; a member unless said otherwise.
    pub role: Option<Role>,
}

/// A member that was added, and the link to hand over.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MemberAdded {
    /// The member.
    pub member: Member,
    /// The secret-free link by which it finds the network.
    pub link: String,
}

/// Names a member.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MemberRef {
    /// The network.
    pub network: NetworkKey,
    /// The account.
    pub peer: Peer,
}

/// What a removal did at once, and when it is certain.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MemberRemoved {
    /// How many members cut the account off: this one, and each that has confirmed it.
    pub disconnected: u32,
    /// The names of those that have confirmed it.
    pub disconnected_names: Vec<String>,
    /// How many members that are away will refuse it when they return.
    pub pending: u32,
    /// Their names.
    pub pending_names: Vec<String>,
    /// When even a member that stays away accepts it no more.
    pub certain_by: Option<Time>,
}

/// Asks to give a member another role.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MemberSetRole {
    /// The network.
    pub network: NetworkKey,
    /// The account.
    pub peer: Peer,
    /// What it becomes.
    pub role: Role,
}
