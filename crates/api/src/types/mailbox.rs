//! Mailboxes: who keeps messages for whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Peer, Time};

/// The mailboxes of one network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Mailboxes {
    /// Who keeps sealed copies for this account while it is away.
    pub keepers: Vec<MailKeeper>,
    /// What this node keeps for others; left out where it keeps for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub kept: Option<MailKept>,
    /// Why the last message that was to be left in a mailbox was kept nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub trouble: Option<MailTrouble>,
}

/// Somebody who keeps messages for this account.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailKeeper {
    /// The account.
    pub peer: Peer,
    /// What it is called.
    pub name: Option<String>,
    /// Whether it is connected now.
    pub online: bool,
}

/// How much a mailbox keeps, and may keep.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailKept {
    /// Copies.
    pub copies: u32,
    /// Their bytes, with what each costs besides.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    /// Copies that may be kept.
    pub max_copies: u32,
    /// Bytes that may be kept.
    #[cfg_attr(test, ts(type = "number"))]
    pub max_bytes: u64,
}

/// Why a mailbox kept nothing.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailTrouble {
    /// `full`, `denied`, `too_large`, `no_keys`, `no_mailbox` or `unreachable`.
    pub code: String,
    /// When that was.
    pub at: Time,
}
