//! What is never silent about computers: that a contact has a new one, and that this one was revoked.

use streembit_gate::ContactState;
use streembit_identity::{AccountId, NetworkId, NodeId};
use streembit_store::{Computer, StoreError};
use tracing::{info, warn};

use crate::{contacts, event::Event, node::Node};

/// Notes which computers a contact or member has, and says so when one came after others.
pub(crate) async fn note_computers(node: &Node, network: NetworkId, account: AccountId) {
    if account == node.me().account {
        return;
    }
    if let Err(error) = try_note(node, network, account).await {
        warn!(%account, %error, "Could not note the computers of an account");
    }
}

async fn try_note(node: &Node, network: NetworkId, account: AccountId) -> Result<(), StoreError> {
    if contacts::state(node, network, account).await? != ContactState::Accepted {
        return Ok(());
    }
    let nodes = node.nodes_of(network, account).await?;
    if nodes.is_empty() {
        return Ok(());
    }
    let noted = node
        .store()
        .note_computers(network, account, nodes, node.now());
    let added = noted.await?;
    if added.is_empty() {
        return Ok(());
    }
    info!(%account, count = added.len(), "A contact has a new computer");
    if let Some(name) = contacts::name_of(node, network, account).await {
        node.emit(Event::Notice {
            code: "new_computer",
            text: format!("{name} uses a new computer."),
        });
    }
    node.emit(Event::Contact {
        network,
        peer: account,
    });
    Ok(())
}

/// A node refused this one as revoked: true when it is another computer of this account, which
/// would know.
pub(crate) async fn on_removed(node: &Node, by: NodeId) {
    let own = match node.store().own_nodes().await {
        Ok(own) => own,
        Err(error) => return warn!(%error, "Could not read the own nodes"),
    };
    if own.iter().any(|one| one.node == by) && node.0.removed.set(node.now()).is_ok() {
        warn!(%by, "This computer was removed from its account");
        node.emit(Event::Account);
    }
}

impl Node {
    /// Lists the computers of an account in a network as they became known, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn computers_of(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<Vec<Computer>, StoreError> {
        self.store().computers(network, account).await
    }
}
