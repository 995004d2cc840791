//! Who was refused, by us or by the peer.

use std::sync::PoisonError;

use libp2p::Multiaddr;
use streembit_gate::RefusalReason;
use streembit_identity::{AccountId, NodeId};

use super::{Keeper, MAX_REFUSED, News};
use crate::{event::Refused, net::strip_peer};

impl Keeper {
    /// Records a refusal, ours or the peer's.
    pub(crate) fn refuse(
        &self,
        node: Option<NodeId>,
        peer: Option<AccountId>,
        address: &Multiaddr,
        dialer: bool,
        reason: RefusalReason,
    ) {
        let now = self.now();
        if let Some(node) = node {
            self.observe("refused", &node);
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            if refused.len() >= MAX_REFUSED {
                refused.pop_first();
            }
            refused.insert(node, now);
        }
        self.tell(News::Refused(Refused {
            address: strip_peer(address.clone()).to_string(),
            at: now,
            inbound: !dialer,
            network: self.network,
            node,
            peer,
            reason,
        }));
    }

    /// Notes that the transport broke before an outcome.
    pub(crate) fn broke(&self, node: NodeId, dialer: bool) {
        if dialer {
            self.refused
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&node);
        }
    }

    /// Whether the last exchange with `node` ended in a refusal.
    pub(crate) fn was_refused(&self, node: &NodeId) -> bool {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(node)
    }
}
