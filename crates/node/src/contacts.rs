//! Who this account knows: invites, requests and answers, blocks, and what is shown of them.
//!
//! In the public network two accounts become contacts by a request and its answer; in a private one
//! every member is one. How the two stand moves only by the table in `streembit-gate`; requests
//! and answers travel through the outbox like texts.

mod answer;
mod block;
pub(crate) mod body;
mod change;
mod error;
mod farewell;
mod find;
mod invite;
mod invites;
mod limit;
mod receive;
mod request;
mod rows;
mod verify;

use std::collections::BTreeSet;

use streembit_gate::{ContactState, Rules};
use streembit_identity::{AccountId, NetworkId, NodeId};
use streembit_store::{Contact, Relation, StoreError};
use tokio::sync::{Mutex, MutexGuard};
use tracing::warn;

pub use self::error::ContactError;
pub(crate) use self::farewell::{is_gone, on_tombstone};
pub use self::find::FoundPeer;
pub use self::invite::InviteView;
pub(crate) use self::receive::{on_contact_answer, on_contact_request, on_request_refused};
pub use self::rows::ContactView;
pub use self::verify::SafetyNumber;
use crate::{chat, event::Event, node::Node};

/// What the contacts keep in memory.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    enforcing: Mutex<()>,
    repeated: limit::Repeated,
    strangers: limit::Strangers,
}

/// Returns how `account` stands to us in a network.
pub(crate) async fn state(
    node: &Node,
    network: NetworkId,
    account: AccountId,
) -> Result<ContactState, StoreError> {
    if account == node.me().account && network == NetworkId::PUBLIC {
        return Ok(ContactState::Accepted);
    }
    if network != NetworkId::PUBLIC {
        let is_member = node
            .network(&network)
            .is_some_and(|live| live.has_member(&account));
        return Ok(if is_member {
            ContactState::Accepted
        } else {
            ContactState::None
        });
    }
    Ok(standing(
        node.store().contact(network, account).await?.as_ref(),
    ))
}

fn standing(contact: Option<&Contact>) -> ContactState {
    match contact.map(|contact| contact.relation) {
        None => ContactState::None,
        Some(Relation::Requested) => ContactState::Requested,
        Some(Relation::Incoming) => ContactState::Incoming,
        Some(Relation::Accepted) => ContactState::Accepted,
        Some(Relation::Blocked) => ContactState::Blocked,
    }
}

/// Returns the rules of the public network: everybody but the blocked, of whom no node that is known
/// is dialled either.
pub(crate) async fn rules(node: &Node) -> Result<Rules, StoreError> {
    let contacts = node.store().contacts(Some(NetworkId::PUBLIC)).await?;
    let blocked: BTreeSet<AccountId> = contacts
        .into_iter()
        .filter(|contact| contact.relation == Relation::Blocked)
        .map(|contact| contact.account)
        .collect();
    let places = node.store().addresses(NetworkId::PUBLIC).await?;
    let of_blocked = |account| blocked.contains(&account);
    let nodes: BTreeSet<NodeId> = places
        .into_iter()
        .filter(|place| place.account.is_some_and(of_blocked))
        .map(|place| place.node)
        .collect();
    let revoked = node.store().revoked_nodes().await?.into_iter();
    let revoked = revoked.map(|one| (one.account, one.node));
    Ok(Rules::public(blocked)
        .blocking_nodes(nodes)
        .revoking(revoked))
}

/// Returns with whom a connection is to be kept.
pub(crate) async fn wanted(node: &Node, network: NetworkId) -> Vec<AccountId> {
    let contacts = match node.store().contacts(Some(network)).await {
        Ok(contacts) => contacts,
        Err(error) => {
            warn!(%error, "Could not read the contacts");
            return Vec::new();
        }
    };
    contacts
        .into_iter()
        .filter(|contact| match contact.relation {
            Relation::Accepted | Relation::Requested => contact.tombstone.is_none(),
            Relation::Blocked | Relation::Incoming => false,
        })
        .map(|contact| contact.account)
        .collect()
}

/// Returns what `account` is called here.
pub(crate) async fn name_of(node: &Node, network: NetworkId, account: AccountId) -> Option<String> {
    let contact = node.store().contact(network, account).await.ok()??;
    Some(rows::shown_name(&contact)).filter(|name| !name.is_empty())
}

/// Waits until no other reading of the blocks is on its way into force: none overtakes a later one.
pub(crate) async fn order(node: &Node) -> MutexGuard<'_, ()> {
    node.0.contacts.enforcing.lock().await
}

/// Puts the blocks into force: live connections of the blocked are closed.
pub(crate) async fn enforce(node: &Node) -> Result<(), StoreError> {
    let _order = order(node).await;
    let rules = rules(node).await?;
    if let Some(public) = node.network(&NetworkId::PUBLIC) {
        let mut standing = public.keeper().standing();
        standing.rules = std::sync::Arc::new(rules);
        public.keeper().enforce(standing);
    }
    Ok(())
}

/// A node of `account` is connected.
pub(crate) async fn on_connected(node: &Node, network: NetworkId, account: AccountId) {
    note_presence(node, network, account).await;
}

/// The last node of `account` may be gone.
pub(crate) async fn on_disconnected(node: &Node, network: NetworkId, account: AccountId) {
    note_presence(node, network, account).await;
}

/// Keeps when a contact was last heard of; strangers are not kept.
async fn note_presence(node: &Node, network: NetworkId, account: AccountId) {
    if let Err(error) = node
        .store()
        .set_contact_seen(network, account, node.now())
        .await
    {
        warn!(%account, %error, "Could not note a contact's presence");
    }
}

/// The members of a private network changed: its contacts are its members.
pub(crate) fn on_members_changed(node: &Node, network: NetworkId, concerned: &BTreeSet<AccountId>) {
    chat::on_members_changed(node, network);
    crate::mailbox::on_members_changed(node, network);
    forget_sessions(node, network, concerned);
    for peer in concerned {
        node.emit(Event::Contact {
            network,
            peer: *peer,
        });
    }
}

/// Whoever is no member any more is encrypted for no more.
fn forget_sessions(node: &Node, network: NetworkId, concerned: &BTreeSet<AccountId>) {
    let Some(live) = node.network(&network) else {
        return;
    };
    for account in concerned
        .iter()
        .filter(|one| !live.has_member(one))
        .copied()
    {
        let node = node.clone();
        node.clone().spawn(async move {
            if let Err(error) = node.store().forget_ratchets(network, account).await {
                warn!(%account, %error, "Could not forget sessions");
            }
        });
    }
}

/// Forgets sessions with whoever was removed while that could not be written down.
pub(crate) async fn forget_sessions_with_strangers(node: Node, network: NetworkId) {
    let accounts = match node.store().ratchet_accounts(network).await {
        Ok(accounts) => accounts,
        Err(error) => return warn!(%error, "Could not read with whom there are sessions"),
    };
    for account in accounts {
        let is_known = account == node.me().account
            || match state(&node, network, account).await {
                Ok(state) => state == ContactState::Accepted,
                Err(_) => true, // the next start looks again
            };
        if !is_known && let Err(error) = node.store().forget_ratchets(network, account).await {
            warn!(%account, %error, "Could not forget sessions");
        }
    }
}

#[cfg(test)]
mod tests;
