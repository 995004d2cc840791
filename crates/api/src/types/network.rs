//! Networks, their members, their connections and what the gate refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NetworkKey, Node, Peer, Time};

/// Whether anyone may join.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NetworkKind {
    /// Only listed members connect.
    Private,
    /// Anyone may join.
    Public,
}

/// How a network is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NetworkState {
    /// Listening, and nobody is connected.
    Alone,
    /// Somebody is connected.
    Connected,
    /// The membership statement is too old.
    Stale,
    /// Not listening yet.
    Starting,
}

/// Who can open a connection to this node.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reachability {
    /// Machines of the same local network.
    Local,
    /// Anyone: somebody from outside has connected.
    Reachable,
    /// Not known yet.
    Unknown,
}

/// What a member is in a private network.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May add and remove members.
    Admin,
    /// A host of things.
    Device,
    /// An always-on node.
    Hub,
    /// A person.
    Member,
}

/// A network that this profile is in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Network {
    /// `public` or its id.
    pub network: NetworkKey,
    /// Its name.
    pub name: String,
    /// Whether anyone may join.
    pub kind: NetworkKind,
    /// How it is doing.
    pub state: NetworkState,
    /// What this account is in it.
    pub role: Option<Role>,
    /// How many accounts are connected now.
    pub peers: u32,
    /// The addresses that this node listens on, ending in `/p2p/<node>`.
    pub addresses: Vec<String>,
    /// Who can open a connection to this node.
    pub reachability: Reachability,
    /// When the members of a private network were confirmed last, by an admin or a hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub confirmed_at: Option<Time>,
    /// Who confirmed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub confirmed_by: Option<Peer>,
    /// How many changes of its members a private network remembers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub history: Option<History>,
    /// Whether less is known here of the members than was known before, as after an old copy of the
    /// database was put in place: then nobody is let in until another member has told the rest.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub is_behind: bool,
    /// When the members of a private network count as stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub stale_at: Option<Time>,
    /// How long the members of a private network count as confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub policy: Option<Policy>,
    /// Who is to let this account in by its invite, as long as that has not happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub waiting_for: Option<String>,
}

/// How many changes of its members a private network remembers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct History {
    /// So many.
    pub operations: u32,
    /// So many at most; `network_tidy` puts them together.
    pub limit: u32,
}

/// How long a private network's members count as confirmed, and what happens then.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Policy {
    /// Days after which the members count as stale, 1 to 365.
    pub stale_after_days: u16,
    /// Whether nobody may connect then; otherwise people are only warned.
    pub cuts_off: bool,
}

/// Asks for another policy.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NetworkSetPolicy {
    /// The network.
    pub network: NetworkKey,
    /// Days after which the members count as stale, 1 to 365.
    pub stale_after_days: u16,
    /// Whether nobody may connect then; otherwise people are only warned.
    pub cuts_off: bool,
}

/// Brings the recovery words of a network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NetworkRecover {
    /// The network.
    pub network: NetworkKey,
    /// The 24 words that were shown when it was created.
    pub phrase: String,
}

/// Names a network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NetworkRef {
    /// `public` or its id.
    pub network: NetworkKey,
}

/// Narrows a list to one network.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct NetworkFilter {
    /// `public` or a private network's id; all of them where left out.
    pub network: Option<NetworkKey>,
}

/// Asks for a private network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NetworkCreate {
    /// Its name.
    pub name: String,
}

/// A private network that was created.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkCreated {
    /// Its id.
    pub network: NetworkKey,
    /// Its name.
    pub name: String,
    /// The words that can appoint an admin when none is left.
    pub recovery: String,
}

/// A link.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LinkText {
    /// The `streembit:` link.
    pub link: String,
    /// When it stops working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub expires_at: Option<Time>,
    /// The link as a QR code, an SVG document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub qr: Option<String>,
}

/// Names a link.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct LinkRef {
    /// The `streembit:` link.
    pub link: String,
}

/// How far joining got.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JoinState {
    /// This account is a member and the members were met.
    Joined,
    /// Nobody has let this account in yet.
    Waiting,
}

/// A network that was joined, or will be.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkJoined {
    /// Its id.
    pub network: NetworkKey,
    /// Its name.
    pub name: String,
    /// How far it got.
    pub state: JoinState,
    /// What it waits for, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub waiting_for: Option<String>,
}

/// Asks for a one-time invite into a private network.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct NetworkInviteWish {
    /// The network.
    pub network: NetworkKey,
    /// What the guest is to be called there; its own name where left out.
    pub name: Option<String>,
    /// What the guest becomes; a member unless said otherwise.
    pub role: Option<Role>,
    /// For how many seconds it is good: 7 days unless said otherwise, 30 at most.
    pub expires_in_s: Option<u64>,
}

/// Whether an invite is good.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum InviteState {
    /// Its time is over, and nobody used it.
    Expired,
    /// It can be used.
    Open,
    /// It was taken back.
    Revoked,
    /// Somebody used it.
    Used,
}

/// A one-time invite that this installation gave out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkInvite {
    /// Its id.
    pub id: String,
    /// What the guest is called.
    pub name: Option<String>,
    /// What the guest becomes.
    pub role: Role,
    /// When it was made.
    pub created_at: Time,
    /// When it stops being good.
    pub expires_at: Time,
    /// Whether it is good now.
    pub state: InviteState,
    /// Who used it.
    pub used_by: Option<Peer>,
    /// When it was used.
    pub used_at: Option<Time>,
}

/// Names an invite.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NetworkInviteRef {
    /// The network.
    pub network: NetworkKey,
    /// The invite, as `network_invites` gives it.
    pub id: String,
}

/// Asks for the plain list of a network's members in a file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NetworkExport {
    /// The network.
    pub network: NetworkKey,
    /// The TOML file to write.
    pub path: String,
}

/// Makes a network's members those of a plain list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct NetworkImport {
    /// The network; may be left out where this profile is in one private network.
    pub network: Option<NetworkKey>,
    /// The TOML file to read.
    pub path: String,
    /// Only tell what would change.
    pub dry_run: Option<bool>,
}

/// Asks for a private network in a file, for a device that is offline.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NetworkBundle {
    /// The network.
    pub network: NetworkKey,
    /// The file to write.
    pub path: String,
}

/// A private network that was written to a file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BundleWritten {
    /// Where it lies.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// A member of a plain list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ListedMember {
    /// The account.
    pub peer: Peer,
    /// Its name.
    pub name: String,
    /// What it is in the network.
    pub role: Role,
}

/// What an import or export changed, or would change.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ListChange {
    /// Who comes in; on export, who was written.
    pub added: Vec<ListedMember>,
    /// Who goes out.
    pub removed: Vec<ListedMember>,
    /// Whose name or role becomes another.
    pub changed: Vec<ListedMember>,
}

/// How bytes travel to a peer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// QUIC over UDP.
    Quic,
    /// Noise over TCP.
    Tcp,
}

/// A live connection.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkPeer {
    /// The account.
    pub peer: Peer,
    /// The installation.
    pub node: Node,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Where it is.
    pub address: String,
    /// How bytes travel.
    pub transport: Transport,
    /// Whether a relay stands between.
    pub relayed: bool,
    /// The last measured round trip.
    pub rtt_ms: Option<u64>,
    /// When it connected.
    pub since: Time,
}

/// Pages through what a network's admins did.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct NetworkLogPage {
    /// The network.
    pub network: NetworkKey,
    /// Only what is older than this entry.
    pub before: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// What an operation on the membership did.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// An account became a member.
    Add,
    /// The recovery words made an account an admin.
    Appoint,
    /// The whole state was stated anew.
    Checkpoint,
    /// The network began.
    Genesis,
    /// A member left by itself.
    Leave,
    /// How long members count as confirmed became another.
    Policy,
    /// A member was removed.
    Remove,
    /// The network got another name.
    Rename,
    /// An installation was cut off.
    RevokeNode,
    /// The history before was put together.
    Seal,
    /// A member got another name or role.
    SetRole,
}

/// A signed operation on the membership.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkOperation {
    /// Its id.
    pub id: String,
    /// When its author says it was made.
    pub at: Time,
    /// Who signed it.
    pub author: Peer,
    /// What its author is called, where it is known.
    pub author_name: Option<String>,
    /// What it did.
    pub operation: OperationKind,
    /// Whom it is about.
    pub peer: Option<Peer>,
    /// Which installation it is about.
    pub node: Option<Node>,
    /// The name in it.
    pub name: Option<String>,
    /// The role in it.
    pub role: Option<Role>,
    /// The policy in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub policy: Option<Policy>,
    /// The operations that its author knew.
    pub heads: Vec<String>,
}

/// Pages through what the gate refused.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct GateLogPage {
    /// One network; all of them where left out.
    pub network: Option<NetworkKey>,
    /// Only what is older than this entry.
    pub before: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Who opened a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The other side.
    Inbound,
    /// This node.
    Outbound,
}

/// A connection or request that the gate refused.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Refusal {
    /// Its id.
    pub id: String,
    /// When it happened.
    pub at: Time,
    /// In which network.
    pub network: NetworkKey,
    /// The account, where one was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub peer: Option<Peer>,
    /// The node, where the transport proved one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub node: Option<Node>,
    /// Where it came from.
    pub address: String,
    /// Who opened it.
    pub direction: Direction,
    /// Why, as a code: `not_listed`, `removed`, `blocked`, ….
    pub reason: String,
}
