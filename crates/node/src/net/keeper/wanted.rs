//! Whom this node dials, and whose connections it keeps.

use std::{collections::BTreeSet, sync::PoisonError};

use streembit_identity::{AccountId, NetworkId, NodeId};

use super::{Keeper, MAX_REFUSED};

impl Keeper {
    /// Remembers what is stored of the nodes of removed accounts, as before the last stop.
    pub(crate) fn recall(&self, nodes: impl IntoIterator<Item = (NodeId, AccountId)>) {
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        former.extend(nodes.into_iter().take(MAX_REFUSED));
    }

    /// Whether `node` was one of an account that is removed now.
    fn is_of_removed(&self, node: &NodeId) -> bool {
        let former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        former.get(node).is_some_and(|account| {
            let ledger = self.ledger();
            ledger.is_some_and(|ledger| ledger.roster().removed.contains_key(account))
        })
    }

    /// Expects to dial `node`: a link or the person names it. A removed member's never is.
    pub(crate) fn expect(&self, node: NodeId) {
        if self.is_of_removed(&node) {
            return;
        }
        let mut expected = self
            .expected
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if expected.len() < MAX_REFUSED {
            expected.insert(node);
        }
    }

    /// Whether a packet may leave for `node`.
    pub(crate) fn may_dial(&self, node: &NodeId) -> bool {
        let is_expected = || {
            let expected = self.expected.read();
            expected
                .unwrap_or_else(PoisonError::into_inner)
                .contains(node)
        };
        let may = || self.rules().may_dial(*node) || is_expected();
        self.hooks.gate_off || (!self.is_banned(node) && may())
    }

    /// Keeps connections to these accounts open although nothing is said.
    pub(crate) fn keep(&self, accounts: BTreeSet<AccountId>) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = accounts;
    }

    /// Whether the connection to `node` is to be kept open.
    pub(crate) fn keeps(&self, node: &NodeId) -> bool {
        if self.network != NetworkId::PUBLIC {
            return true;
        }
        self.expected
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(node)
            || self.account_of(node).is_some_and(|account| {
                self.kept
                    .read()
                    .unwrap_or_else(PoisonError::into_inner)
                    .contains(&account)
            })
    }
}
