//! Which mailboxes are being asked: each by one round at a time, however often there is news.

use std::{collections::BTreeMap, sync::Mutex};

use streembit_identity::{NetworkId, NodeId};

use super::lock;

/// The rounds under way; true for those that are to begin anew when they end.
#[derive(Debug, Default)]
pub(super) struct Rounds(Mutex<BTreeMap<(NetworkId, NodeId), bool>>);

impl Rounds {
    /// True if a round is to begin; otherwise the one under way goes on for longer.
    pub(super) fn begin(&self, network: NetworkId, mailbox: NodeId) -> bool {
        let mut rounds = lock(&self.0);
        match rounds.get_mut(&(network, mailbox)) {
            Some(again) => {
                *again = true;
                false
            }
            None => {
                rounds.insert((network, mailbox), false);
                true
            }
        }
    }

    /// True if there was news meanwhile; otherwise the round is over.
    pub(super) fn goes_on(&self, network: NetworkId, mailbox: NodeId) -> bool {
        let mut rounds = lock(&self.0);
        match rounds.get_mut(&(network, mailbox)) {
            Some(again) if *again => {
                *again = false;
                true
            }
            Some(_) | None => {
                rounds.remove(&(network, mailbox));
                false
            }
        }
    }

    /// Ends a round, whatever news there was.
    pub(super) fn end(&self, network: NetworkId, mailbox: NodeId) {
        lock(&self.0).remove(&(network, mailbox));
    }
}
