//! Revoking one of the account's own nodes: signed by the account, for good.

use streembit_identity::{NetworkId, NodeId, NodeRevocation, SealError, seal};
use streembit_store::StoreError;
use thiserror::Error;

use super::set;
use crate::{net::keeper::Learning, node::Node};

/// A node was not revoked because …
#[derive(Debug, Error)]
pub enum RevokeError {
    /// the account has no such node.
    #[error("this account has no such computer")]
    NotFound,
    /// the revocation could not be signed.
    #[error("the revocation could not be signed")]
    Seal(#[from] SealError),
    /// the store failed.
    #[error("it could not be kept: {0}")]
    Store(#[from] StoreError),
    /// it is the node itself.
    #[error("this is the computer that you are using: unlink it instead")]
    This,
}

impl RevokeError {
    /// Returns the code that programs decide by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Seal(_) => "internal",
            Self::Store(_) => "storage",
            Self::This => "conflict",
        }
    }
}

impl Node {
    /// Revokes one of the account's other nodes: its sessions end, and whoever hears of it closes
    /// the door to it.
    ///
    /// # Errors
    /// See [`RevokeError`]; nothing is revoked then.
    pub async fn node_revoke(&self, own: NodeId) -> Result<(), RevokeError> {
        if own == self.me().node {
            return Err(RevokeError::This);
        }
        let known = self.store().own_nodes().await?;
        let mut is_known = known.iter().any(|one| one.node == own);
        for network in self.networks() {
            is_known |= self.siblings(network.id()).await.contains(&own);
        }
        if !is_known {
            return Err(RevokeError::NotFound);
        }
        self.revoke(own).await
    }

    async fn revoke(&self, own: NodeId) -> Result<(), RevokeError> {
        let me = self.me();
        let revocation = NodeRevocation {
            node: own,
            revoked_at: self.now(),
        };
        let bytes = seal(&revocation, &NetworkId::NONE, &me.account_key)?;
        // The others hear of it before the door closes: the revoked one among them, when it can.
        set::take_revocation(self, me.account, &bytes)
            .await
            .map_err(|_| StoreError::Stopped)?;
        for network in self.networks() {
            let told = Learning {
                revocations: vec![bytes.clone()],
                ..Learning::default()
            };
            network.keeper().learn(told).await?;
        }
        set::tell_contacts(self).await;
        self.republish();
        Ok(())
    }
}
