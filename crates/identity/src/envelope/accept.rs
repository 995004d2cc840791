//! The rules by which a recipient takes an envelope.

use std::ops::Deref;

use thiserror::Error;

use super::Envelope;
use crate::certificate::CLOCK_SKEW;
use crate::{AccountId, Certificate, Timestamp, Verified};

/// An envelope that is signed, meant for this account, from a live node of its sender, and timely.
///
/// Whether it was seen before is for whoever remembers ids to say.
#[derive(Clone, Debug)]
pub struct Accepted(Verified<Envelope>);

/// Why an envelope is not accepted.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum AcceptError {
    /// Its time has passed.
    #[error("it has expired")]
    Expired,
    /// It claims to come from the future.
    #[error("it was sent more than 10 minutes in the future: one of the clocks is wrong")]
    Future,
    /// The sender's certificate is not valid now.
    #[error("the sender's certificate is not valid now")]
    NotLive,
    /// It is for somebody else.
    #[error("it is for another account")]
    NotMine,
    /// It is older than 30 days.
    #[error("it is older than 30 days")]
    Old,
    /// The sender's account is not the certificate's.
    #[error("the sending account is not the one of the certificate")]
    WrongAccount,
    /// The signing node is not the certificate's.
    #[error("the signing node is not the one of the certificate")]
    WrongNode,
}

impl Verified<Envelope> {
    /// Takes the envelope if it is from the node of `sender`, for `me`, and timely at `now`.
    ///
    /// # Errors
    ///
    /// Names the first rule that it breaks.
    pub fn accept(
        self,
        sender: &Certificate,
        me: AccountId,
        now: Timestamp,
    ) -> Result<Accepted, AcceptError> {
        if sender.node() != self.signer() {
            return Err(AcceptError::WrongNode);
        }
        if sender.account() != self.from {
            return Err(AcceptError::WrongAccount);
        }
        if !sender.is_live(now) {
            return Err(AcceptError::NotLive);
        }
        if self.to != me {
            return Err(AcceptError::NotMine);
        }
        if self.sent_at.since(now) > CLOCK_SKEW {
            return Err(AcceptError::Future);
        }
        match self.expires_at {
            Some(expiry) if expiry <= now => Err(AcceptError::Expired),
            None if now.since(self.sent_at) > Envelope::MAX_AGE => Err(AcceptError::Old),
            Some(_) | None => Ok(Accepted(self)),
        }
    }
}

impl Accepted {
    /// Returns the exact bytes of the signed envelope.
    pub fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// Returns the envelope with its signature.
    pub fn into_verified(self) -> Verified<Envelope> {
        self.0
    }
}

impl Deref for Accepted {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        &self.0
    }
}
