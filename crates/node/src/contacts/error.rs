//! Why something about a contact could not be done.

use streembit_gate::ContactError as RuleError;
use streembit_identity::{SealError, link::LinkError};
use streembit_store::StoreError;
use thiserror::Error;

use crate::chat::{ChatError, store_code};

/// A contact operation failed because …
#[derive(Debug, Error)]
pub enum ContactError {
    /// the invite has expired.
    #[error("the invite has expired: ask for a new one")]
    Expired,
    /// too much waits already.
    #[error("too many messages are waiting to be sent")]
    Full,
    /// an argument is not what it should be.
    #[error("{0}")]
    Invalid(&'static str),
    /// the link is not what it should be.
    #[error("the link cannot be used: {0}")]
    Link(#[from] LinkError),
    /// something named is not there.
    #[error("{0}")]
    NotFound(&'static str),
    /// it has no place in how the two stand.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// the message could not be sealed.
    #[error("the request could not be sealed")]
    Seal(#[from] SealError),
    /// how the two stand changed meanwhile.
    #[error("the contact changed meanwhile: look again")]
    Stale,
    /// the store failed.
    #[error("it could not be kept: {0}")]
    Store(#[from] StoreError),
    /// nobody answered in time.
    #[error("nobody answered in time")]
    Timeout,
    /// members of a private network are managed by its admin.
    #[error("in a private network the admin decides who is in it")]
    Unsupported,
}

impl ContactError {
    /// Returns the code of the stable surface.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Full => "full",
            Self::Invalid(_) | Self::Link(_) => "invalid_arguments",
            Self::NotFound(_) => "not_found",
            Self::Rule(RuleError::Already) => "exists",
            Self::Rule(RuleError::Blocked | RuleError::Nothing) | Self::Stale => "conflict",
            Self::Seal(_) => "internal",
            Self::Store(error) => store_code(error),
            Self::Timeout => "timeout",
            Self::Unsupported => "unsupported",
        }
    }
}

impl From<ChatError> for ContactError {
    fn from(error: ChatError) -> Self {
        match error {
            ChatError::Full(_) => Self::Full,
            ChatError::NotFound(what) => Self::NotFound(what),
            ChatError::Seal(error) => Self::Seal(error),
            ChatError::Store(error) => Self::Store(error),
            ChatError::Stopped => Self::Store(StoreError::Stopped),
            ChatError::Ambiguous
            | ChatError::Deleted
            | ChatError::Denied
            | ChatError::Empty
            | ChatError::Gone
            | ChatError::NotAnEmoji(_)
            | ChatError::NotOwn
            | ChatError::TooLarge
            | ChatError::TooOften => Self::Invalid("the request cannot be sent"),
        }
    }
}
