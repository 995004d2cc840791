//! The account of a profile and its installations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NetworkKey, Node, Peer, Time};
use crate::Code;

/// What kind of participant a peer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A host of things.
    Device,
    /// An always-on node that serves others.
    Hub,
    /// A person.
    Human,
}

/// Where the secrets of a profile lie.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyStore {
    /// A file sealed with a passphrase.
    File,
    /// The keyring of the operating system.
    Keyring,
}

/// Whether a profile can be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// There is an account, and its keys cannot be read yet.
    Locked,
    /// No account has been created in this folder.
    None,
    /// The node is running.
    Ready,
}

/// Why a profile is locked, and what to do.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// What a program decides by.
    pub code: Code,
    /// What a person reads.
    pub message: String,
}

/// The state of the profile and who it belongs to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AccountStatus {
    /// Whether the profile can be used.
    pub state: AccountState,
    /// The account.
    pub peer: Option<Peer>,
    /// This installation.
    pub node: Option<Node>,
    /// The name that others see.
    pub name: Option<String>,
    /// What kind of participant this is.
    pub kind: Option<Kind>,
    /// Where the secrets lie.
    pub key_store: Option<KeyStore>,
    /// The fingerprint of the account key, in groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub fingerprint: Option<String>,
    /// Why the profile is locked, where it is more than a missing passphrase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub problem: Option<Problem>,
}

/// Asks for a new account.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct AccountCreate {
    /// The name that others see.
    pub name: String,
    /// What kind of participant this is; a person unless said otherwise.
    pub kind: Option<Kind>,
    /// Where to keep the secrets; the keyring unless said otherwise.
    pub key_store: Option<KeyStore>,
    /// The passphrase of the sealed file.
    pub passphrase: Option<String>,
}

/// A new account, with the words that restore it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AccountCreated {
    /// The account.
    pub peer: Peer,
    /// This installation.
    pub node: Node,
    /// The name that others see.
    pub name: String,
    /// The 24 words.
    pub phrase: String,
}

/// Opens the sealed file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountUnlock {
    /// The passphrase.
    pub passphrase: String,
}

/// The 24 words that restore the account.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Phrase {
    /// The words, separated by spaces.
    pub phrase: String,
}

/// Changes the passphrase of the sealed file; the keys stay the same.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PassphraseChange {
    /// The present passphrase.
    pub old: String,
    /// The passphrase from now on.
    pub new: String,
}

/// Changes the name that others see.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountRename {
    /// The new name.
    pub name: String,
}

/// Asks for a sealed backup file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountBackup {
    /// Where to write the file; it must not exist.
    pub path: String,
    /// The passphrase that opens it.
    pub passphrase: String,
}

/// A backup that was written.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BackupWritten {
    /// Where it lies.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// Brings an account back, from the words or from a backup file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct AccountRestore {
    /// The 24 words.
    pub phrase: Option<String>,
    /// The name that others see, where the words are used.
    pub name: Option<String>,
    /// The backup file.
    pub path: Option<String>,
    /// The passphrase of the backup file.
    pub passphrase: Option<String>,
    /// Where to keep the secrets; the keyring unless said otherwise.
    pub key_store: Option<KeyStore>,
    /// The passphrase of the new sealed file; the backup's where left out.
    pub store_passphrase: Option<String>,
}

/// Deletes the account and everything in its folder.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountDelete {
    /// The account's name, typed again.
    pub confirm: String,
}

/// One of the account's own installations.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Installation {
    /// Its PeerId.
    pub node: Node,
    /// Whether it is this one.
    pub this: bool,
    /// When it was certified.
    pub since: Time,
    /// When its certificate ends.
    pub expires_at: Time,
    /// When it was last connected to this one.
    pub last_seen: Option<Time>,
    /// Whether it is connected to this one now.
    pub connected: bool,
    /// When it was revoked: it is nobody's any more.
    pub revoked_at: Option<Time>,
}

/// A link for another computer of the same person.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NodeLinkOffer {
    /// The link, good once.
    pub link: String,
    /// Its QR code, an SVG document; none where it is too long for one.
    pub qr: Option<String>,
    /// When it stops being good.
    pub closes_at: Time,
}

/// How far linking another computer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NodeLinkStage {
    /// No link was made.
    None,
    /// Nobody has come yet.
    Waiting,
    /// Somebody has; both sides show the code.
    Compare,
    /// Everything is being handed over.
    Sending,
    /// The other computer has it all.
    Done,
    /// It is over, and nothing was linked.
    Closed,
}

/// How far linking another computer is, on the one that has the account.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NodeLinkStatus {
    /// How far.
    pub stage: NodeLinkStage,
    /// The code to compare with the one that the other computer shows.
    pub code: Option<String>,
    /// When the link stops being good.
    pub closes_at: Option<Time>,
    /// Bytes that were sent.
    pub sent: u64,
    /// Bytes that there are; none before the code was confirmed.
    pub total: Option<u64>,
}

/// The arguments of `node_link_confirm`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NodeLinkConfirm {
    /// The code that the other computer shows.
    pub code: String,
}

/// The arguments of `node_revoke`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NodeRevoke {
    /// The PeerId of the computer.
    pub node: String,
}

/// The arguments of `contact_nodes`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ContactNodes {
    /// The contact.
    pub peer: Peer,
    /// Its network; the public one where left out.
    #[serde(default)]
    pub network: Option<NetworkKey>,
}

/// A computer of a contact, as it became known.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactComputer {
    /// Its PeerId.
    pub node: Node,
    /// Since when it is known.
    pub since: Time,
    /// Whether the contact had others before.
    pub is_new: bool,
    /// Whether something for the contact is sent to it now.
    pub in_use: bool,
}

/// The arguments of `account_link`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct AccountLink {
    /// The link that the other computer shows.
    pub link: String,
    /// Where to keep the keys; the keyring where left out.
    #[serde(default)]
    pub key_store: Option<KeyStore>,
    /// The passphrase of the sealed file.
    #[serde(default)]
    pub passphrase: Option<String>,
}

/// How far linking this computer is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AccountLinkStatus {
    /// Whether linking is under way.
    pub active: bool,
    /// The code to compare with the one that the other computer shows.
    pub code: Option<String>,
    /// Bytes that have come.
    pub received: u64,
    /// Bytes that there are; none before the code was confirmed.
    pub total: Option<u64>,
}
