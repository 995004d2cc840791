//! Mailboxes: who keeps messages for whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NetworkKey, Peer, Time};

/// The mailboxes of one network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Mailboxes {
    /// Who keeps sealed copies for this account while it is away.
    pub keepers: Vec<MailKeeper>,
    /// With whom this node has terms of its own: hubs keep for every member besides.
    pub agreements: Vec<MailAgreement>,
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
    /// How far this account has got with it.
    pub state: KeeperState,
}

/// How far this account has got with somebody who might keep messages for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeeperState {
    /// They keep.
    Agreed,
    /// They were asked and have not agreed yet.
    Asked,
    /// They are to keep no longer, or are not wanted.
    Declined,
    /// They offer it.
    Offered,
}

/// Somebody for whom this node keeps messages, or might.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailAgreement {
    /// The account.
    pub peer: Peer,
    /// What it is called.
    pub name: Option<String>,
    /// How far both are.
    pub state: AgreementState,
}

/// How far this node has got with somebody it might keep messages for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AgreementState {
    /// It keeps for them.
    Agreed,
    /// They asked, and this person has not decided.
    Asked,
    /// It was offered to them.
    Offered,
}

/// Asks somebody to keep messages, or no longer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MailboxAsk {
    /// The account.
    pub peer: Peer,
    /// The network; the public one where left out.
    pub network: Option<NetworkKey>,
    /// Whether it is to keep messages for this account.
    pub wanted: bool,
}

/// Offers to keep messages for somebody, or no longer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MailboxOffer {
    /// The account.
    pub peer: Peer,
    /// The network; the public one where left out.
    pub network: Option<NetworkKey>,
    /// Whether this node is willing to keep messages for it.
    pub willing: bool,
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
