//! Mailboxes: sealed copies kept for those who are away, left for them, and collected.
//!
//! What is kept, for whom and how much is decided by the pure shelf of `streembit-delivery`; what
//! comes out of a mailbox goes the same way as what a peer hands over itself.

pub(crate) mod body;
mod collect;
mod deposit;
mod keep;
mod letter;
mod receipt;
mod rounds;
mod show;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use streembit_delivery::mailbox::Shelf;
use streembit_gate::Role;
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

pub(crate) use self::collect::on_waits;
pub(crate) use self::deposit::{NotKept, deposit};
pub(crate) use self::keep::{
    load, on_collect, on_deposit, on_done, on_members_changed, tidy_forever,
};
pub(crate) use self::receipt::on_receipt;
use self::rounds::Rounds;
pub use self::show::{KeeperView, KeptView, MailboxesView};
use crate::{chat, networks::Network, node::Node};

/// What this node keeps for others, and how far it is with collecting its own.
#[derive(Debug, Default)]
pub(crate) struct Mailboxes {
    shelves: Mutex<BTreeMap<NetworkId, Shelf>>,
    notices: Mutex<std::collections::BTreeSet<(NetworkId, NodeId)>>,
    rounds: Rounds,
    /// Why the last copy that was to be left was kept nowhere.
    trouble: Mutex<BTreeMap<NetworkId, (NotKept, Timestamp)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A node is connected: if it keeps anything for this one, it is asked for that.
pub(crate) fn on_connected(node: &Node, network: NetworkId, account: AccountId, remote: NodeId) {
    let Some(live) = node.network(&network) else {
        return;
    };
    if is_hub(&live, &account) {
        collect::begin(node, network, remote);
        chat::mailbox_found(node, network);
    }
}

/// Whether `account` keeps for every member of its private network.
fn is_hub(network: &Network, account: &AccountId) -> bool {
    network.role_of(account) == Some(Role::Hub)
}
