//! Who has to stay outside for a while because of what it sent: in the public network, where
//! nobody else decides who may be there.

use std::sync::PoisonError;

use streembit_identity::{NetworkId, NodeId};
use tracing::info;

use super::Keeper;

impl Keeper {
    /// Notes that `node` sent something that cannot be verified; too much of it ends its
    /// connections and closes the door for a while.
    pub(crate) fn note_unverifiable(&self, node: &NodeId) {
        if self.network != NetworkId::PUBLIC {
            return;
        }
        let is_out = self
            .bans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .note(*node, self.now());
        if is_out {
            info!(%node, "Closed the door to a node that sends what cannot be verified");
            self.review();
        }
    }

    /// Whether `node` has to stay outside for now.
    pub(crate) fn is_banned(&self, node: &NodeId) -> bool {
        self.bans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_out(*node, self.now())
    }
}
