//! Mailboxes: sealed copies kept for those who are away, left for them, and collected.
//!
//! What is kept, for whom and how much is decided by the pure shelf of `streembit-delivery`; what
//! comes out of a mailbox goes the same way as what a peer hands over itself.

pub(crate) mod body;
mod collect;
mod deposit;
mod error;
mod keep;
mod keepers;
mod letter;
mod receipt;
mod rounds;
mod show;
mod terms;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use streembit_delivery::mailbox::{Agreements, Keepers, Shelf};
use streembit_gate::{ContactState, Role};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

pub(crate) use self::collect::{look_again, on_waits};
pub(crate) use self::deposit::{NotKept, deposit};
pub use self::error::MailboxError;
pub(crate) use self::keep::{
    load, on_collect, on_deposit, on_done, on_members_changed, tidy_forever,
};
pub(crate) use self::keepers::{named, on_copy, on_terms, tell_own};
pub(crate) use self::receipt::on_receipt;
use self::rounds::Rounds;
pub use self::show::{AgreementView, KeeperView, KeptView, MailboxesView};
pub(crate) use self::terms::{on_ask, part};
use crate::{chat, contacts, networks::Network, node::Node};

/// What this node keeps for others, and how far it is with collecting its own.
#[derive(Debug, Default)]
pub(crate) struct Mailboxes {
    agreements: Mutex<BTreeMap<NetworkId, Agreements>>,
    keepers: Mutex<BTreeMap<NetworkId, Keepers>>,
    shelves: Mutex<BTreeMap<NetworkId, Shelf>>,
    notices: Mutex<std::collections::BTreeSet<(NetworkId, NodeId)>>,
    rounds: Rounds,
    /// Why the last copy that was to be left was kept nowhere.
    trouble: Mutex<BTreeMap<NetworkId, (NotKept, Timestamp)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A node is connected: if it keeps anything for this one, it is asked for that; and both hear how
/// they stand.
pub(crate) async fn on_connected(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    remote: NodeId,
) {
    let Some(live) = node.network(&network) else {
        return;
    };
    if is_keeper(node, &live, account, remote) {
        collect::begin(node, network, remote);
    }
    // Whose mailbox a contact is, its record does not say.
    chat::mailbox_found(node, network);
    terms::on_connected(node, &live, account, remote);
    keepers::on_connected(node, &live, account, remote).await;
}

/// Whether a node may have something for this one.
fn is_keeper(node: &Node, live: &Network, account: AccountId, remote: NodeId) -> bool {
    is_hub(live, &account) || keepers::may_keep(node, live.id(), account, remote)
}

/// Refuses an agreement with somebody who is neither a contact nor a member.
async fn check_partner(node: &Node, live: &Network, peer: AccountId) -> Result<(), MailboxError> {
    if peer == node.me().account {
        return Err(MailboxError::Own);
    }
    let are_together = if live.is_public() {
        contacts::state(node, live.id(), peer).await? == ContactState::Accepted
    } else {
        live.has_member(&peer)
    };
    are_together.then_some(()).ok_or(MailboxError::NotTogether)
}

/// Whether `account` keeps for every member of its private network.
fn is_hub(network: &Network, account: &AccountId) -> bool {
    network.role_of(account) == Some(Role::Hub)
}
