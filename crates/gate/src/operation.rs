//! The signed operations that make up a network's membership, in their final encoding.
//!
//! What a set of them means is the ledger's matter. Numbers of actions and fields never change.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use streembit_identity::{AccountId, Digest, Name, NetworkId, NodeId, Payload, Timestamp};
use thiserror::Error;

/// Most operations that one operation names as its direct predecessors.
pub(crate) const MAX_HEADS: usize = 16;

/// What a member is in its network.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// A person.
    #[n(0)]
    Member,
    /// A node that serves the others.
    #[n(1)]
    Hub,
    /// A host of things.
    #[n(2)]
    Device,
    /// A person who adds and removes others.
    #[n(3)]
    Admin,
}

/// A text that names no role.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a role is member, hub, device or admin")]
pub struct RoleError;

impl Role {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Hub => "hub",
            Self::Device => "device",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        [Self::Member, Self::Hub, Self::Device, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(RoleError)
    }
}

/// Names an operation: the hash of what was signed, never of the signature.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(transparent)]
pub struct OperationId(#[n(0)] Digest);

impl OperationId {
    /// Takes an id as it was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Digest::from_bytes(bytes))
    }

    /// Returns the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl From<Digest> for OperationId {
    fn from(digest: Digest) -> Self {
        Self(digest)
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// One change to a network, signed by the account that makes it.
///
/// The genesis is signed for no network, all others for the network that it began.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Operation {
    /// All heads that the author knew, ascending.
    #[n(0)]
    pub heads: Vec<OperationId>,
    /// When the author says it was made; shown, never decided on.
    #[n(1)]
    pub at: Timestamp,
    /// What changes.
    #[n(2)]
    pub action: Action,
    /// The seal that it builds on, in a network that has one.
    #[n(3)]
    pub seal: Option<SealRef>,
}

/// Names a seal. Of several the greater one counts: the later generation, then the lower id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct SealRef {
    /// How many times the network had begun anew.
    #[n(0)]
    pub generation: u32,
    /// The seal's id.
    #[n(1)]
    pub id: OperationId,
}

impl Ord for SealRef {
    fn cmp(&self, other: &Self) -> Ordering {
        let generations = self.generation.cmp(&other.generation);
        generations.then(other.id.cmp(&self.id))
    }
}

impl PartialOrd for SealRef {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// An account under its name and role.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Binding {
    /// Whom it lists.
    #[n(0)]
    pub account: AccountId,
    /// The name that it goes by in this network.
    #[n(1)]
    pub name: Name,
    /// What it is here.
    #[n(2)]
    pub role: Role,
}

/// How old the newest confirmation of the members may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Policy {
    /// Days after which the members count as stale.
    #[n(0)]
    pub stale_after_days: u16,
    /// Whether stale members are cut off, or only warned.
    #[n(1)]
    pub cuts_off: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            stale_after_days: 7,
            cuts_off: true,
        }
    }
}

/// The whole state at the heads that an operation names.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Snapshot {
    /// The members, ascending by account.
    #[n(0)]
    pub members: Vec<Binding>,
    /// Every account that was removed and not added again, ascending.
    #[n(1)]
    pub removed: Vec<AccountId>,
    /// Every node that was revoked, ascending.
    #[n(2)]
    pub revoked: Vec<NodeId>,
    /// The policy in force.
    #[n(3)]
    pub policy: Policy,
}

/// A member as a seal lists it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Listed {
    /// Its account, name and role.
    #[n(0)]
    pub binding: Binding,
    /// When it was added.
    #[n(1)]
    pub since: Timestamp,
    /// Who added it, by its place among the members; none if that one is no member any more.
    #[n(2)]
    pub by: Option<u16>,
    /// The removals of this account that it has outlived, ascending.
    #[n(3)]
    pub outlived: Vec<OperationId>,
}

/// A former member as a seal lists it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Former {
    /// Its account.
    #[n(0)]
    pub account: AccountId,
    /// When it was removed.
    #[n(1)]
    pub at: Timestamp,
    /// The removals of it that are known, ascending.
    #[n(2)]
    pub removals: Vec<OperationId>,
}

/// The whole state, from which a network goes on without the operations before.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Seal {
    /// Counts the seals of a network, from 1.
    #[n(0)]
    pub generation: u32,
    /// The members, ascending by account.
    #[n(1)]
    pub members: Vec<Listed>,
    /// Every account that was removed and not added again, ascending.
    #[n(2)]
    pub removed: Vec<Former>,
    /// Every node that was revoked, ascending.
    #[n(3)]
    pub revoked: Vec<NodeId>,
    /// The policy in force.
    #[n(4)]
    pub policy: Policy,
    /// The name, if it is another one than in the genesis.
    #[n(5)]
    pub name: Option<Name>,
}

impl Seal {
    /// Returns the member that the seal lists under the account.
    pub(crate) fn listed(&self, account: AccountId) -> Option<&Listed> {
        let at = self
            .members
            .binary_search_by_key(&account, |listed| listed.binding.account)
            .ok()?;
        self.members.get(at)
    }

    /// Returns the removals of the account that the seal knows.
    pub(crate) fn removals_of(&self, account: AccountId) -> &[OperationId] {
        let former = self
            .removed
            .binary_search_by_key(&account, |former| former.account);
        match (self.listed(account), former) {
            (Some(listed), _) => &listed.outlived,
            (None, Ok(at)) => self.removed.get(at).map_or(&[], |former| &former.removals),
            (None, Err(_)) => &[],
        }
    }
}

/// What an operation changes.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub enum Action {
    /// Begins a network with its signer as the first admin.
    #[n(0)]
    Genesis {
        /// The network's name.
        #[n(0)]
        name: Name,
        /// The first admin's name.
        #[n(1)]
        admin_name: Name,
        /// The key that appoints an admin when none can.
        #[n(2)]
        recovery: AccountId,
        /// Makes the hash, and so the network's id, unique.
        #[cbor(n(3), with = "crate::bytes::string")]
        nonce: Vec<u8>,
        /// What begins is no network, but a group within this one.
        #[n(4)]
        within: Option<NetworkId>,
    },
    /// Lists an account that is not listed.
    #[n(1)]
    Add(#[n(0)] Binding),
    /// Removes a listed account.
    #[n(2)]
    Remove {
        /// Whom it removes.
        #[n(0)]
        account: AccountId,
    },
    /// Gives a listed account another name or role.
    #[n(3)]
    Change(#[n(0)] Binding),
    /// Makes an account an admin; signed by the recovery key alone.
    #[n(4)]
    Appoint {
        /// The new admin.
        #[n(0)]
        account: AccountId,
        /// Its name.
        #[n(1)]
        name: Name,
    },
    /// Cuts off a single node of a member, for ever.
    #[n(5)]
    RevokeNode {
        /// Which node.
        #[n(0)]
        node: NodeId,
    },
    /// Sets the policy.
    #[n(6)]
    SetPolicy(#[n(0)] Policy),
    /// States what everything before amounts to, so that newcomers may start there.
    #[n(7)]
    Checkpoint(#[n(0)] Snapshot),
    /// Begins the network anew with its whole state; signed by the recovery key alone.
    #[n(8)]
    Seal(#[n(0)] Seal),
    /// Gives the network, or the group, another name.
    #[n(9)]
    Rename(#[n(0)] Name),
}

impl Action {
    /// Returns the binding that the action makes, if it makes one.
    pub(crate) fn binding(&self, author: AccountId) -> Option<Binding> {
        match self {
            Self::Genesis { admin_name, .. } => Some(Binding {
                account: author,
                name: admin_name.clone(),
                role: Role::Admin,
            }),
            Self::Add(binding) | Self::Change(binding) => Some(binding.clone()),
            Self::Appoint { account, name } => Some(Binding {
                account: *account,
                name: name.clone(),
                role: Role::Admin,
            }),
            Self::Remove { .. }
            | Self::RevokeNode { .. }
            | Self::SetPolicy(_)
            | Self::Checkpoint(_)
            | Self::Seal(_)
            | Self::Rename(_) => None,
        }
    }

    /// Returns the binding that the action makes of the account, if it makes one.
    pub(crate) fn binding_of(&self, account: AccountId, author: AccountId) -> Option<Binding> {
        if let Self::Seal(seal) = self {
            return Some(seal.listed(account)?.binding.clone());
        }
        let binding = self.binding(author);
        binding.filter(|binding| binding.account == account)
    }

    /// Returns every binding that the action makes.
    pub(crate) fn bindings(&self, author: AccountId) -> Vec<Binding> {
        if let Self::Seal(seal) = self {
            let members = seal.members.iter();
            members.map(|listed| listed.binding.clone()).collect()
        } else {
            self.binding(author).into_iter().collect()
        }
    }

    /// Returns the account that the action of `author` is about, if it is about one.
    pub fn concerns(&self, author: AccountId) -> Option<AccountId> {
        match self {
            Self::Remove { account } => Some(*account),
            Self::Genesis { .. } | Self::Add(_) | Self::Change(_) | Self::Appoint { .. } => {
                Some(self.binding(author)?.account)
            }
            Self::RevokeNode { .. }
            | Self::SetPolicy(_)
            | Self::Checkpoint(_)
            | Self::Seal(_)
            | Self::Rename(_) => None,
        }
    }
}

impl Payload for Operation {
    const DOMAIN: &'static str = "operation";
    const MAX_BYTES: usize = 256 * 1024;

    fn check(&self) -> Result<(), &'static str> {
        if self.heads.len() > MAX_HEADS {
            return Err("too many heads");
        }
        if !is_ascending(&self.heads) {
            return Err("heads are not ascending");
        }
        let is_genesis = matches!(self.action, Action::Genesis { .. });
        if is_genesis != self.heads.is_empty() {
            return Err("only the genesis has no heads");
        }
        if self.seal.is_some() && (is_genesis || matches!(self.action, Action::Seal(_))) {
            return Err("what begins a network builds on no seal");
        }
        match &self.action {
            Action::Genesis { nonce, .. } if nonce.len() != 16 => Err("a nonce has 16 bytes"),
            Action::SetPolicy(policy) => check_policy(policy),
            Action::Checkpoint(snapshot) => check_snapshot(snapshot),
            Action::Seal(seal) => check_seal(seal),
            Action::Genesis { .. }
            | Action::Add(_)
            | Action::Remove { .. }
            | Action::Change(_)
            | Action::Appoint { .. }
            | Action::RevokeNode { .. }
            | Action::Rename(_) => Ok(()),
        }
    }
}

fn check_policy(policy: &Policy) -> Result<(), &'static str> {
    if (1..=365).contains(&policy.stale_after_days) {
        Ok(())
    } else {
        Err("the limit is 1 to 365 days")
    }
}

fn check_snapshot(snapshot: &Snapshot) -> Result<(), &'static str> {
    let accounts: Vec<_> = snapshot
        .members
        .iter()
        .map(|binding| binding.account)
        .collect();
    let is_sorted = is_ascending(&accounts)
        && is_ascending(&snapshot.removed)
        && is_ascending(&snapshot.revoked);
    if !is_sorted {
        return Err("the snapshot is not ascending");
    }
    check_policy(&snapshot.policy)
}

fn check_seal(seal: &Seal) -> Result<(), &'static str> {
    let accounts: Vec<_> = seal
        .members
        .iter()
        .map(|listed| listed.binding.account)
        .collect();
    let former: Vec<_> = seal.removed.iter().map(|former| former.account).collect();
    let is_sorted = is_ascending(&accounts)
        && is_ascending(&former)
        && is_ascending(&seal.revoked)
        && seal.members.iter().all(|it| is_ascending(&it.outlived))
        && seal.removed.iter().all(|it| is_ascending(&it.removals));
    if !is_sorted {
        return Err("the seal is not ascending");
    }
    if seal.generation == 0 {
        return Err("seals are counted from 1");
    }
    check_policy(&seal.policy)
}

pub(crate) fn is_ascending<T: Ord>(items: &[T]) -> bool {
    items
        .iter()
        .zip(items.iter().skip(1))
        .all(|(one, next)| one < next)
}
