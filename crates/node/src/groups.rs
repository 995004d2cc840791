//! Groups within a private network: who belongs to them, and what is written in them.
//!
//! Membership is the signed set of `streembit-gate`, sealing that of `streembit-ratchet`; what is
//! written travels as an envelope for each reader by the same outbox as everything else.

mod apply;
mod ask;
pub(crate) mod body;
mod change;
mod error;
mod hear;
mod read;
mod renew;
mod rows;
mod send;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use streembit_gate::Group;
use streembit_identity::{AccountId, GroupId, NetworkId, NodeId};
use streembit_store::StoreError;
use tracing::warn;

pub use self::error::GroupError;
pub(crate) use self::hear::{on_ask, on_keyed, on_message, on_operations};
pub(crate) use self::renew::renew;
pub use self::rows::{GroupMemberView, GroupView, NoteView};
pub(crate) use self::rows::{is_note, title};
use crate::node::Node;

/// The groups that this node knows, in all networks.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    known: Mutex<BTreeMap<(NetworkId, GroupId), Arc<Group>>>,
    /// Who is being asked apart from everything else.
    asking: Mutex<BTreeSet<ask::Teller>>,
    /// Held while a group is changed.
    changing: tokio::sync::Mutex<()>,
}

impl Groups {
    fn known(&self) -> MutexGuard<'_, BTreeMap<(NetworkId, GroupId), Arc<Group>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asking(&self) -> MutexGuard<'_, BTreeSet<ask::Teller>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a group, also one that this account is in no longer.
    pub(crate) fn find(&self, network: NetworkId, group: GroupId) -> Option<Arc<Group>> {
        self.known().get(&(network, group)).cloned()
    }

    /// How many groups of a network somebody has begun.
    fn begun_by(&self, network: NetworkId, creator: AccountId) -> usize {
        let known = self.known();
        let own = known.values().filter(|group| group.within() == network);
        own.filter(|group| group.creator() == creator).count()
    }

    fn put(&self, group: Arc<Group>) {
        self.known().insert((group.within(), group.id()), group);
    }

    /// Forgets the groups of a network that was left.
    pub(crate) fn forget(&self, network: NetworkId) {
        self.known().retain(|(within, _), _| *within != network);
    }
}

/// Reads the groups that are stored.
pub(crate) async fn load(node: &Node) -> Result<(), StoreError> {
    for stored in node.store().groups().await? {
        match Group::load(stored.network, &stored.operations) {
            Ok(group) => node.0.groups.put(Arc::new(group)),
            Err(error) => warn!(group = %stored.group, %error, "Could not read a group"),
        }
    }
    Ok(())
}

/// The network that a group belongs to.
pub(crate) fn network_of(node: &Node, group: GroupId) -> Option<NetworkId> {
    let known = node.0.groups.known();
    let mut found = known.keys().filter(|(_, id)| *id == group);
    found.next().map(|(network, _)| *network)
}

/// Those of a group who read what this node writes: each with the nodes that are known.
///
/// The account's own other nodes are among them; whoever left the network is not.
async fn readers(node: &Node, group: &Group) -> Result<Vec<(AccountId, Vec<NodeId>)>, StoreError> {
    let (network, me) = (group.within(), node.me().account);
    let Some(live) = node.network(&network) else {
        return Ok(Vec::new());
    };
    let mut readers = Vec::new();
    for account in group.roster().members.keys().copied() {
        if account == me {
            let siblings = node.siblings(network).await;
            if !siblings.is_empty() {
                readers.push((me, siblings));
            }
        } else if live.has_member(&account) {
            readers.push((account, node.nodes_of(network, account).await?));
        }
    }
    Ok(readers)
}

#[cfg(test)]
mod tests;
