//! One-time invites at the door: the one that this node holds, and who decides on those shown to it.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use libp2p::Multiaddr;
use streembit_gate::{
    RefusalReason,
    exchange::{Redeeming, Ticket},
};
use streembit_identity::{NodeId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::{Keeper, News};

/// Guests who wait for a decision at the same time.
const WAITING: usize = 16;

/// The invites of one network.
#[derive(Default)]
pub(super) struct Desk {
    deciding: OnceLock<mpsc::Sender<Asked>>,
    held: Mutex<Option<Held>>,
}

/// A guest whose invite is to be decided upon.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) redeeming: Redeeming,
    pub(crate) answer: oneshot::Sender<Result<(), RefusalReason>>,
}

/// The invite by which this node wants to come in.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Where that node listens.
    pub(crate) addresses: Vec<Multiaddr>,
    /// Until when it is good.
    pub(crate) expires: Timestamp,
    /// What became of it.
    pub(crate) fate: Fate,
    /// Whether a command waits for its fate.
    pub(crate) is_watched: bool,
    /// What its issuer is called.
    pub(crate) issuer: String,
    /// The only node that honours it.
    pub(crate) node: NodeId,
    /// What is shown at the door.
    pub(crate) ticket: Ticket,
}

/// What became of an invite that was shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fate {
    /// Nobody has decided yet.
    Open,
    /// This account is listed now.
    Redeemed,
    /// It was refused for good.
    Refused(RefusalReason),
}

impl Keeper {
    /// Returns the guests to decide upon; there is one who decides.
    pub(crate) fn guests(&self) -> mpsc::Receiver<Asked> {
        let (deciding, asked) = mpsc::channel(WAITING);
        let _ = self.invites.deciding.set(deciding);
        asked
    }

    /// Has the node decide on an invite; whoever cannot be heard now may come again.
    pub(crate) async fn decide(&self, redeeming: Redeeming) -> Result<(), RefusalReason> {
        let deciding = self.invites.deciding.get().ok_or(RefusalReason::Timeout)?;
        let (answer, decision) = oneshot::channel();
        let asked = Asked { redeeming, answer };
        deciding
            .try_send(asked)
            .map_err(|_| RefusalReason::Timeout)?;
        decision.await.unwrap_or(Err(RefusalReason::Timeout))
    }

    /// Shows this invite from now on, in the place of any other.
    pub(crate) fn hold(&self, invite: Held) {
        *self.held_mut() = Some(invite);
    }

    /// Returns the invite that this node holds.
    pub(crate) fn held(&self) -> Option<Held> {
        self.held_mut().clone()
    }

    /// Returns what to show to `remote`, if an open invite is for it.
    pub(super) fn ticket_for(&self, remote: &NodeId) -> Option<Ticket> {
        let held = self.held_mut();
        let held = held.as_ref().filter(|held| held.fate == Fate::Open)?;
        (held.node == *remote).then(|| held.ticket.clone())
    }

    /// Notes that `remote` has listed this account.
    pub(crate) fn was_redeemed(&self, remote: &NodeId) {
        if let Some(held) = self.held_mut().as_mut()
            && held.node == *remote
        {
            held.fate = Fate::Redeemed;
        }
    }

    /// Whether `remote` has listed this account on its invite.
    pub(crate) fn is_redeemed(&self, remote: &NodeId) -> bool {
        let held = self.held_mut();
        let held = held.as_ref().filter(|held| held.node == *remote);
        held.is_some_and(|held| held.fate == Fate::Redeemed)
    }

    /// Notes why the invite is worth nothing any more, and tells the node, once.
    pub(crate) fn invite_failed(&self, remote: &NodeId, reason: RefusalReason) {
        if !reason.ends_invite() {
            return;
        }
        let is_watched = match self.held_mut().as_mut() {
            Some(held) if held.node == *remote && held.fate == Fate::Open => {
                held.fate = Fate::Refused(reason);
                held.is_watched
            }
            Some(_) | None => return,
        };
        self.tell(News::InviteFailed { is_watched, reason });
    }

    /// Notes that no command waits for the fate of the invite any more.
    pub(crate) fn unwatch(&self) {
        if let Some(held) = self.held_mut().as_mut() {
            held.is_watched = false;
        }
    }

    fn held_mut(&self) -> MutexGuard<'_, Option<Held>> {
        self.invites
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
