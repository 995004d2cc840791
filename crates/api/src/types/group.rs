//! Groups within a private network.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GroupKey, NetworkKey, Peer, Time};

/// A group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Group {
    /// Its id, which stands wherever the other side of a conversation does.
    pub group: GroupKey,
    /// Its network.
    pub network: NetworkKey,
    /// What it is called.
    pub title: String,
    /// Whether this account is in it; what was written before can still be read.
    pub member: bool,
    /// Whether this account may change it.
    pub admin: bool,
    /// Who belongs to it.
    pub members: Vec<GroupMember>,
}

/// Somebody in a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GroupMember {
    /// Who.
    pub peer: Peer,
    /// What it is called.
    pub name: String,
    /// Whether it may change the group.
    pub admin: bool,
    /// Since when it belongs to it.
    pub since: Time,
}

/// Begins a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct GroupCreate {
    /// The private network.
    pub network: NetworkKey,
    /// What it is called.
    pub title: String,
    /// Members of the network, at most 49.
    pub peers: Vec<Peer>,
}

/// Names a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct GroupRef {
    /// The group.
    pub group: GroupKey,
}

/// Gives a group another title.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct GroupRename {
    /// The group.
    pub group: GroupKey,
    /// What it is called from now on.
    pub title: String,
}

/// Adds members of the network to a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct GroupAdd {
    /// The group.
    pub group: GroupKey,
    /// Who.
    pub peers: Vec<Peer>,
}

/// Removes somebody from a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct GroupRemove {
    /// The group.
    pub group: GroupKey,
    /// Who.
    pub peer: Peer,
}

/// Makes a member of a group an admin, or one no longer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct GroupAdmin {
    /// The group.
    pub group: GroupKey,
    /// Who.
    pub peer: Peer,
    /// Whether it is to be one.
    pub admin: bool,
}
