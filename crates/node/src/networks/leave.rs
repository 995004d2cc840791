//! Leaving a private network: the members are told, then everything of it is forgotten here.

use std::sync::Arc;

use streembit_identity::NetworkId;
use tracing::debug;

use super::{Network, NetworkError, members::tell};
use crate::{event::Event, net::keeper::Learning, node::Node};

impl Node {
    /// Leaves a network and forgets everything of it on this node.
    ///
    /// This account's own removal is signed and told to whoever is connected. Where nobody is, the
    /// others go on listing it until an admin removes it.
    ///
    /// # Errors
    /// [`NetworkError::LastAdmin`] for the only admin of others; see [`NetworkError`].
    pub async fn network_leave(&self, id: NetworkId) -> Result<(), NetworkError> {
        if id == NetworkId::PUBLIC {
            return Err(NetworkError::Invalid(
                "the public network cannot be left".to_owned(),
            ));
        }
        let network = self.network(&id).ok_or(NetworkError::NotFound(
            "this profile is not in that network",
        ))?;
        self.take_leave(&network).await?;
        self.network_forget(id).await
    }

    /// Forgets everything of a network on this node and tells nobody.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_forget(&self, id: NetworkId) -> Result<(), NetworkError> {
        self.stop_network(&id);
        self.drop_claims_for(id).await?;
        self.store().remove_network(id).await?;
        self.0.groups.forget(id);
        self.0.marks.forget(&id);
        self.emit(Event::Network { network: id });
        Ok(())
    }

    /// Tells the members that this account leaves, if it is one and not the only one.
    async fn take_leave(&self, network: &Arc<Network>) -> Result<(), NetworkError> {
        let (me, Some(ledger)) = (self.me().account, network.ledger()) else {
            return Ok(());
        };
        let roster = ledger.roster();
        let others = roster.members.len().saturating_sub(1);
        if roster.member(me).is_none() || others == 0 {
            return Ok(());
        }
        if roster.is_last_admin(me) {
            return Err(NetworkError::LastAdmin);
        }
        let key = &self.me().account_key;
        match ledger.author_leave(key, network.keeper().now()) {
            Ok(farewell) => {
                // It does not count here: the connections over which it is told would end.
                let farewell = Learning {
                    operations: vec![farewell],
                    ..Learning::default()
                };
                tell(self, network, &farewell).await;
            }
            Err(error) => debug!(%error, "Leaving without a word"),
        }
        Ok(())
    }
}
