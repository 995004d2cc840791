//! What a `streembit:` link is and would do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NetworkKey, Node, Peer, Time};

/// What a link is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Makes a device one's own.
    Claim,
    /// Meets a person.
    Invite,
    /// Joins a private network.
    Network,
    /// Links another computer of the same person.
    Node,
    /// Adds a seed.
    Seed,
}

/// A link that was read and not acted upon.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LinkInspection {
    /// What it is for.
    pub kind: LinkKind,
    /// The account that it is from.
    pub peer: Option<Peer>,
    /// The fingerprint of that account.
    pub fingerprint: Option<String>,
    /// The node that it leads to.
    pub node: Option<Node>,
    /// The network that it is about.
    pub network: Option<NetworkKey>,
    /// The name of the person, network or device in it.
    pub name: Option<String>,
    /// Where it leads.
    pub addresses: Vec<String>,
    /// When it stops working.
    pub expires_at: Option<Time>,
    /// Whether it has stopped working.
    pub expired: bool,
    /// Whether the person, network, device or seed is known already.
    pub known: bool,
    /// What accepting it would do, in a sentence.
    pub effect: String,
}
