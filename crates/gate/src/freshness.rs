//! How recently a network's members were confirmed: signed by an admin or a hub, for everybody.
//!
//! A node that is cut off cannot know of a removal. That the newest statement it has seen grows old
//! bounds how long it may go on letting in whoever was removed meanwhile.

use std::sync::Arc;
use std::time::Duration;

use minicbor::{Decode, Encode};
use streembit_identity::{
    AccountId, AccountKey, ParseError, Payload, SignatureError, Timestamp, Unverified, seal,
};
use thiserror::Error;

use crate::operation::{MAX_HEADS, is_ascending};
use crate::{AuthorError, InsertError, Inserted, Ledger, Mark, OperationId, Policy, Roster};

const DAY: Duration = Duration::from_hours(24);

/// "At that time, these were all the heads that I knew."
///
/// Signed for the network by an admin or a hub of it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Statement {
    /// The heads, ascending.
    #[n(0)]
    pub heads: Vec<OperationId>,
    /// When it was made.
    #[n(1)]
    pub at: Timestamp,
}

impl Payload for Statement {
    const DOMAIN: &'static str = "statement";
    const MAX_BYTES: usize = 1_024;

    fn check(&self) -> Result<(), &'static str> {
        if self.heads.is_empty() {
            Err("there are no heads")
        } else if self.heads.len() > MAX_HEADS {
            Err("too many heads")
        } else if is_ascending(&self.heads) {
            Ok(())
        } else {
            Err("heads are not ascending")
        }
    }
}

/// Why a statement does not count here.
#[derive(Debug, Error)]
pub enum ConfirmError {
    /// It is dated later than any clock may be.
    #[error("the statement is dated in the future")]
    Ahead,
    /// Operations are missing here that were here before.
    #[error("this node has fallen back behind what it knew")]
    Behind,
    /// Its author is neither an admin nor a hub.
    #[error("its author may not confirm the members")]
    NotAllowed,
    /// It cannot be read.
    #[error("the statement cannot be read")]
    Parse(#[from] ParseError),
    /// It is not signed by whom it names, or for another network.
    #[error("the statement is not signed for this network by its author")]
    Signature(#[from] SignatureError),
    /// It names operations that are not here.
    #[error("the statement is about operations that are missing here")]
    UnknownHeads,
}

/// The newest confirmation of a network's members. The default is that there was none.
#[derive(Clone, Debug, Default)]
pub struct Freshness {
    at: Option<Timestamp>,
    signed: Option<Signed>,
    /// What the ledger has to reach before anything counts.
    behind: Option<Arc<Mark>>,
}

#[derive(Clone, Debug)]
struct Signed {
    bytes: Arc<[u8]>,
    by: AccountId,
}

impl Freshness {
    /// Counts the members as confirmed at `at`, without a statement: networks from before there
    /// were any, for the time until their admins make the first.
    pub const fn granted(at: Timestamp) -> Self {
        Self {
            at: Some(at),
            signed: None,
            behind: None,
        }
    }

    /// Counts the members as never confirmed, and no statement until the ledger reaches the mark:
    /// for a node whose memory was put back to an earlier state.
    pub fn behind(mark: Mark) -> Self {
        Self {
            at: None,
            signed: None,
            behind: Some(Arc::new(mark)),
        }
    }

    /// Returns whether the ledger lacks what this node knew before.
    pub fn is_behind(&self, ledger: &Ledger) -> bool {
        let mark = self.behind.as_ref();
        mark.is_some_and(|mark| !mark.is_reached_by(ledger))
    }

    /// Takes a statement, if it is newer than what is known; times after `latest` are refused.
    ///
    /// # Errors
    ///
    /// Refuses what is malformed, forged, dated in the future, by whoever may not confirm, or about
    /// operations that the ledger lacks; everything while the ledger is behind. What was known then stays.
    pub fn confirm(
        &mut self,
        bytes: &[u8],
        ledger: &Ledger,
        latest: Timestamp,
    ) -> Result<Inserted, ConfirmError> {
        let statement = Unverified::<Statement>::parse(bytes)?;
        let at = statement.peek().at;
        if self.at >= Some(at) {
            return Ok(Inserted::Known);
        }
        if at > latest {
            return Err(ConfirmError::Ahead);
        }
        if self.is_behind(ledger) {
            return Err(ConfirmError::Behind);
        }
        let by = AccountId::from(statement.signer());
        if !ledger.roster().may_confirm(by) {
            return Err(ConfirmError::NotAllowed);
        }
        if !ledger.covers(&statement.peek().heads) {
            return Err(ConfirmError::UnknownHeads);
        }
        let statement = statement.verify(&ledger.network())?;
        self.at = Some(at);
        self.signed = Some(Signed {
            bytes: statement.bytes().into(),
            by,
        });
        Ok(Inserted::New)
    }

    /// Forgets a statement whose author is neither admin nor hub any more.
    pub fn recheck(&mut self, roster: &Roster) {
        let is_void = self
            .signed
            .as_ref()
            .is_some_and(|signed| !roster.may_confirm(signed.by));
        if is_void {
            self.at = None;
            self.signed = None;
        }
    }

    /// Returns when the members were confirmed last.
    pub const fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// Returns who confirmed them.
    pub fn by(&self) -> Option<AccountId> {
        self.signed.as_ref().map(|signed| signed.by)
    }

    /// Returns the signed statement.
    pub fn statement(&self) -> Option<&[u8]> {
        self.signed.as_ref().map(|signed| &*signed.bytes)
    }

    /// Returns the time of the signed statement.
    pub(crate) fn signed_at(&self) -> Option<Timestamp> {
        self.signed.as_ref().and(self.at)
    }

    /// Returns from when on the members count as stale; `None` where they were never confirmed.
    pub fn stale_at(&self, policy: &Policy) -> Option<Timestamp> {
        let limit = DAY * u32::from(policy.stale_after_days);
        Some(self.at?.plus(limit))
    }

    /// Returns whether the members have not been confirmed for too long.
    pub fn is_stale(&self, policy: &Policy, now: Timestamp) -> bool {
        self.stale_at(policy).is_none_or(|end| now > end)
    }

    /// Returns when nobody may connect any more; `None` where the policy only warns.
    ///
    /// Members who were never confirmed, as after a restore from a backup, are more than old: then
    /// nobody may connect, whatever the policy.
    pub(crate) fn ends(&self, policy: &Policy) -> Option<Timestamp> {
        match self.stale_at(policy) {
            Some(end) => policy.cuts_off.then_some(end),
            None => Some(Timestamp::ZERO),
        }
    }
}

impl Ledger {
    /// Signs that everything this ledger holds is all that its author knows.
    ///
    /// # Errors
    ///
    /// Refuses whoever is neither an admin nor a hub.
    pub fn author_statement(
        &self,
        key: &AccountKey,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        if !self.roster().may_confirm(key.id()) {
            return Err(InsertError::NotAdmin.into());
        }
        let mut heads = self.heads();
        heads.truncate(MAX_HEADS);
        Ok(seal(&Statement { heads, at: now }, &self.network(), key)?)
    }
}

#[cfg(test)]
mod tests;
