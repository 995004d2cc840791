//! The one-time invites that this node handed out for one network, and who may still use them.
//!
//! What is not known, open, and in time lets nobody in.

use std::collections::BTreeMap;

use streembit_identity::{AccountId, InviteId, Name, NodeId, Timestamp};
use thiserror::Error;

use crate::{RefusalReason, Role};

/// Most invites of one network that are open at a time.
pub const MAX_OPEN_INVITES: usize = 256;

/// One invite, as its issuer remembers it; the secret is in the link only.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invite {
    /// Names it.
    pub id: InviteId,
    /// What the guest is to be called; its own name where nobody said.
    pub name: Option<Name>,
    /// What the guest becomes.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// Who used it.
    pub used: Option<Used>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// The one use of an invite.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Used {
    /// By whom.
    pub by: AccountId,
    /// At which of its nodes.
    pub node: NodeId,
    /// When.
    pub at: Timestamp,
}

/// Whether an invite is good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InviteState {
    /// Its time is over, and nobody used it.
    Expired,
    /// It can be used.
    Open,
    /// It was taken back before anybody used it.
    Revoked,
    /// Somebody used it.
    Used,
}

/// Why something cannot be done with an invite.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum InviteError {
    /// It is not open any more.
    #[error("the invite is not open any more")]
    Closed,
    /// There are as many open ones as there may be.
    #[error("there are {MAX_OPEN_INVITES} open invites already: take one back first")]
    Full,
    /// There is one of that id already.
    #[error("there is such an invite already")]
    Known,
    /// There is none.
    #[error("there is no such invite")]
    Unknown,
}

impl Invite {
    /// Returns whether it is good at `now`.
    pub fn state(&self, now: Timestamp) -> InviteState {
        if self.used.is_some() {
            InviteState::Used
        } else if self.revoked_at.is_some() {
            InviteState::Revoked
        } else if now < self.expires_at {
            InviteState::Open
        } else {
            InviteState::Expired
        }
    }
}

/// The invites of one network.
#[derive(Clone, Debug, Default)]
pub struct Invites(BTreeMap<InviteId, Invite>);

impl Invites {
    /// Takes the invites as they were kept.
    pub fn load(kept: impl IntoIterator<Item = Invite>) -> Self {
        Self(kept.into_iter().map(|kept| (kept.id, kept)).collect())
    }

    /// Returns all of them, whatever became of them.
    pub fn iter(&self) -> impl Iterator<Item = &Invite> {
        self.0.values()
    }

    /// Adds a new one.
    ///
    /// # Errors
    ///
    /// Refuses one too many, and an id that is taken.
    pub fn issue(&mut self, invite: Invite, now: Timestamp) -> Result<(), InviteError> {
        if self.0.contains_key(&invite.id) {
            return Err(InviteError::Known);
        }
        let open = self.iter().filter(|it| it.state(now) == InviteState::Open);
        if open.count() >= MAX_OPEN_INVITES {
            return Err(InviteError::Full);
        }
        self.0.insert(invite.id, invite);
        Ok(())
    }

    /// Decides whether `by` may use an invite now, or has used it before.
    ///
    /// # Errors
    ///
    /// Says why not; of an invite that is not known, no more than to any stranger.
    pub fn redeem(
        &self,
        id: InviteId,
        by: AccountId,
        now: Timestamp,
    ) -> Result<&Invite, RefusalReason> {
        let invite = self.0.get(&id).ok_or(RefusalReason::NotListed)?;
        match invite.state(now) {
            InviteState::Open => Ok(invite),
            // What began with its use may have been cut off: it is brought to its end.
            InviteState::Used if invite.used.is_some_and(|used| used.by == by) => Ok(invite),
            InviteState::Used => Err(RefusalReason::InviteUsed),
            InviteState::Revoked => Err(RefusalReason::InviteRevoked),
            InviteState::Expired => Err(RefusalReason::InviteExpired),
        }
    }

    /// Notes who has used an invite; the guest is called `name` unless the issuer said otherwise.
    ///
    /// # Errors
    ///
    /// Says why nobody, or not that account, can use it.
    pub fn note_use(&mut self, id: InviteId, used: Used, name: &Name) -> Result<(), RefusalReason> {
        self.redeem(id, used.by, used.at)?;
        if let Some(invite) = self.0.get_mut(&id).filter(|invite| invite.used.is_none()) {
            invite.used = Some(used);
            invite.name.get_or_insert_with(|| name.clone());
        }
        Ok(())
    }

    /// Takes an open invite back; one that is over may be taken back too.
    ///
    /// # Errors
    ///
    /// Refuses what is not there, and what was used.
    pub fn revoke(&mut self, id: InviteId, now: Timestamp) -> Result<(), InviteError> {
        let invite = self.0.get_mut(&id).ok_or(InviteError::Unknown)?;
        if invite.used.is_some() {
            return Err(InviteError::Closed);
        }
        invite.revoked_at.get_or_insert(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
