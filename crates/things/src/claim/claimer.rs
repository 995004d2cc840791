//! The claimer's side: what to send, and what an answer, or none, means.

use streembit_identity::{AccountId, LinkSecret, Name, prove};

use super::message::{
    Attempt, ClaimCommit, ClaimDone, ClaimOffer, ClaimRefusal, ClaimRequest, Offer, decode,
};
use crate::problem::Problem;

/// Why a claim goes no further. Neither side holds anything of it.
#[derive(Debug, thiserror::Error)]
pub enum ClaimerError {
    /// The host answered with something else.
    #[error("the device answered in a way that this version does not understand: {0}")]
    Answer(#[from] Problem),
    /// The host said no.
    #[error(transparent)]
    Refused(#[from] ClaimRefusal),
}

/// What became of a commit.
#[derive(Debug)]
pub enum ClaimAnswer {
    /// The host is ours, and can be reached at these addresses: take effect.
    Done(Vec<String>),
    /// It never will be by this attempt: forget it.
    Never(ClaimerError),
}

/// One attempt to claim a host.
#[derive(Clone, Debug)]
pub struct Claimer {
    me: AccountId,
    host: AccountId,
    attempt: Attempt,
}

impl Claimer {
    /// Begins an attempt, or takes up one that was persisted.
    pub fn new(me: AccountId, host: AccountId, attempt: Attempt) -> Self {
        Self { me, host, attempt }
    }

    /// The first message.
    pub fn request(&self, secret: &LinkSecret, name: Name) -> ClaimRequest {
        let proof = prove(secret, self.me, self.host).into();
        ClaimRequest {
            attempt: self.attempt,
            proof,
            name,
        }
    }

    /// Reads the answer to the request.
    ///
    /// # Errors
    /// The host said no, or something that is not an answer.
    pub fn offer(&self, body: &[u8]) -> Result<Offer, ClaimerError> {
        match decode(body)? {
            ClaimOffer::Offer(offer) => Ok(offer),
            ClaimOffer::Refused(refusal) => Err(refusal.into()),
        }
    }

    /// Says whether `commit` is of this attempt.
    pub fn is_mine(&self, commit: &ClaimCommit) -> bool {
        commit.attempt == self.attempt
    }

    /// Reads the answer to the commit. Without an answer nothing is decided: ask again.
    pub fn answer(&self, body: &[u8]) -> Option<ClaimAnswer> {
        match decode(body).ok()? {
            ClaimDone::Done(attempt, addresses) => {
                (attempt == self.attempt).then_some(ClaimAnswer::Done(addresses))
            }
            ClaimDone::Refused(refusal) => Some(ClaimAnswer::Never(refusal.into())),
        }
    }
}
