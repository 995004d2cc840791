//! Text between two accounts: stored before it is sent, sent until it is signed for.
//!
//! What is on its way is decided by the pure outbox of `streembit-delivery`, one for each network;
//! this module stores, seals, carries and shows.

mod act;
pub(crate) mod body;
mod choices;
mod courier;
pub(crate) mod emoji;
mod error;
mod gaps;
mod receive;
mod rows;
mod send;
mod typing;

use std::time::Duration;

use streembit_delivery::Destination;
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId};
use streembit_store::{OutboxItem, StoreError};
use tracing::warn;

pub use self::act::MessageRef;
pub(crate) use self::act::{on_delete, on_edit, on_react};
pub(crate) use self::courier::Chat;
pub use self::error::ChatError;
pub(crate) use self::error::store_code;
pub(crate) use self::gaps::on_gaps;
pub(crate) use self::receive::{linked, not_now, on_read, on_text, receipt, tell};
pub(crate) use self::rows::short;
pub use self::rows::{ChangeState, ConversationView, MessageView, ReactionView};
pub(crate) use self::typing::on_typing;
use crate::{files, node::Node};

/// Longest text, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;

/// How long indexing waits when the store has too much to do.
const INDEX_PAUSE: Duration = Duration::from_secs(1);

/// Takes up what waited when the node stopped.
pub(crate) async fn start(node: &Node) {
    for network in node.networks() {
        courier::reload(node, network.id()).await;
    }
    node.spawn(index_history(node.clone()));
    node.spawn(gaps::ask_forever(node.clone()));
}

/// Takes what was said before there was an index into it, a few messages at a time.
async fn index_history(node: Node) {
    loop {
        match node.store().index_messages().await {
            Ok(true) => {}
            Ok(false) | Err(StoreError::Stopped) => return,
            Err(StoreError::Busy) => tokio::time::sleep(INDEX_PAUSE).await,
            Err(error) => return warn!(%error, "Could not index older messages"),
        }
    }
}

/// A node of `account` is connected: whatever waits for it goes out.
pub(crate) fn on_connected(node: &Node, network: NetworkId, account: AccountId, remote: NodeId) {
    courier::found(node, network, Destination::at(account, remote));
    files::on_connected(node, network, account);
    courier::spread(node, network, Destination::at(account, remote));
}

/// A node was revoked: what waits for it is given up.
pub(crate) fn revoke(node: &Node, network: NetworkId, revoked: NodeId) {
    courier::revoke(node, network, revoked);
}

/// A connection to a node of `account` is gone.
pub(crate) fn on_disconnected(node: &Node, network: NetworkId, account: AccountId, remote: NodeId) {
    courier::lost(node, network, Destination::at(account, remote));
}

/// Gives up whatever waits for `account`.
pub(crate) fn abandon(node: &Node, network: NetworkId, account: AccountId) {
    courier::abandon(node, network, account);
    files::abandon(node, network, account);
}

/// Gives up what waits for those who are no longer members of a private network.
pub(crate) fn on_members_changed(node: &Node, network: NetworkId) {
    let Some(live) = node.network(&network) else {
        return;
    };
    for account in node.0.chat.recipients(network) {
        if !live.has_member(&account) {
            abandon(node, network, account);
        }
    }
}

/// Tells whether something is on its way to `account`.
pub(crate) fn waits_for(node: &Node, network: NetworkId, account: AccountId) -> bool {
    node.0.chat.recipients(network).contains(&account)
}

/// A node of `by` signed that it has `id`, which it found in a mailbox.
pub(crate) fn acknowledged(
    node: &Node,
    network: NetworkId,
    by: AccountId,
    remote: NodeId,
    id: MessageId,
) {
    courier::acknowledged(node, network, Destination::at(by, remote), id);
}

/// A node found `id` in a mailbox and could not read it: it is sent anew.
pub(crate) fn came_back(
    node: &Node,
    network: NetworkId,
    by: AccountId,
    remote: NodeId,
    id: MessageId,
) {
    courier::came_back(node, network, Destination::at(by, remote), id);
}

/// A mailbox is connected: what can be left there is left.
pub(crate) fn mailbox_found(node: &Node, network: NetworkId) {
    courier::mailbox_found(node, network);
}

/// Takes an item that was just stored in the outbox on its way.
pub(crate) fn post(node: &Node, item: &OutboxItem) {
    courier::post(node, item);
}

#[cfg(test)]
mod tests;
