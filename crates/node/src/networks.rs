//! The networks this node is in: one swarm, one gate, one set of ports each; they share nothing.

mod bundles;
mod confirm;
mod connect;
mod create;
mod entering;
mod error;
mod hear;
mod invites;
mod leave;
mod links;
mod lists;
mod log;
pub(crate) mod marks;
mod members;
mod policy;
mod ports;
mod recover;
mod refusals;
mod rows;
mod run;
pub(crate) mod sync;
mod tidy;

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use streembit_gate::{Ledger, Role};
use streembit_identity::{AccountId, NetworkId, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub(crate) use self::{create::hue, run::public_row};
pub use self::{
    create::{CreatedNetwork, JoinedNetwork, NetworkDraft},
    error::NetworkError,
    invites::NewInvite,
    lists::ListChange,
    log::{LogChange, LogEntry},
    members::{MemberView, RemovedMember},
    rows::{Inbound, NetworkState, NetworkView, PeerView},
};
use crate::net::{Net, keeper::Keeper};

/// Accounts whose fresh addresses are remembered.
const MAX_FRESH: usize = 4_096;

/// A running network.
pub struct Network {
    /// Rings when the members may have been confirmed anew.
    confirmed: Notify,
    fresh: RwLock<HashMap<AccountId, Timestamp>>,
    id: NetworkId,
    /// Whether it lives on this computer alone.
    is_local: bool,
    keeper: Arc<Keeper>,
    look: Notify,
    name: String,
    net: Net,
    publication: Notify,
    published: AtomicU64,
    refusals: refusals::Refusals,
    stop: CancellationToken,
    wake: Notify,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Network {
    /// Returns the id.
    #[must_use]
    pub fn id(&self) -> NetworkId {
        self.id
    }

    /// Returns what the network is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether anyone may join.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.id == NetworkId::PUBLIC
    }

    /// Returns the swarm.
    #[must_use]
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// Returns the gate's keeper.
    pub(crate) fn keeper(&self) -> &Arc<Keeper> {
        &self.keeper
    }

    /// Returns the membership, in a private network.
    pub(crate) fn ledger(&self) -> Option<Arc<Ledger>> {
        self.keeper.ledger()
    }

    /// Returns the role of `account`, when it is a live member.
    #[must_use]
    pub fn role_of(&self, account: &AccountId) -> Option<Role> {
        let ledger = self.ledger()?;
        ledger.roster().member(*account).map(|member| member.role)
    }

    /// Whether messages may go to `account` here without a contact.
    #[must_use]
    pub fn has_member(&self, account: &AccountId) -> bool {
        self.role_of(account).is_some()
    }

    /// Wakes whoever keeps the connections: someone new is wanted, or the network changed.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Lets whoever keeps the connections look again, without forgetting how long to wait.
    pub(crate) fn look(&self) {
        self.look.notify_one();
    }

    pub(crate) fn publication(&self) -> &Notify {
        &self.publication
    }

    /// Returns when the own records were last published and seen at another peer.
    #[must_use]
    pub fn published_at(&self) -> Option<Timestamp> {
        let at = self.published.load(Ordering::Relaxed);
        (at > 0).then_some(Timestamp(at))
    }

    pub(crate) fn note_publication(&self, at: Timestamp) {
        self.published.store(at.0, Ordering::Relaxed);
    }

    pub(crate) fn stop_token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Notes that a signed address of `account` is valid until `expires`.
    pub(crate) fn note_address(&self, account: AccountId, expires: Timestamp) {
        let mut fresh = self.fresh.write().unwrap_or_else(PoisonError::into_inner);
        if fresh.len() < MAX_FRESH || fresh.contains_key(&account) {
            fresh.insert(account, expires);
        }
    }

    /// Whether a signed address of `account` is still valid.
    pub(crate) fn has_fresh_address(&self, account: &AccountId, now: Timestamp) -> bool {
        let fresh = self.fresh.read().unwrap_or_else(PoisonError::into_inner);
        fresh.get(account).is_some_and(|expires| *expires > now)
    }
}

#[cfg(test)]
mod tests;
