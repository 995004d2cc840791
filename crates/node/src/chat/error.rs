//! Why something about a conversation could not be done.

use streembit_delivery::Full;
use streembit_identity::SealError;
use streembit_store::StoreError;
use thiserror::Error;

use super::{body::TextError, emoji::NotAnEmoji};

/// A chat operation failed because …
#[derive(Debug, Error)]
pub enum ChatError {
    /// the peer is known in several networks.
    #[error("the peer is known in several networks: say which one")]
    Ambiguous,
    /// the message was deleted.
    #[error("the message was deleted")]
    Deleted,
    /// the peer may not be written to.
    #[error("only contacts and members can be written to")]
    Denied,
    /// the text is empty.
    #[error("the text is empty")]
    Empty,
    /// too much waits already.
    #[error(transparent)]
    Full(#[from] Full),
    /// the account is no more.
    #[error("this account was deleted: nothing reaches it any more")]
    Gone,
    /// the reaction is not one emoji.
    #[error(transparent)]
    NotAnEmoji(#[from] NotAnEmoji),
    /// something named is not there.
    #[error("{0}")]
    NotFound(&'static str),
    /// another wrote it.
    #[error("only one's own messages can be changed")]
    NotOwn,
    /// the message could not be sealed.
    #[error("the message could not be sealed")]
    Seal(#[from] SealError),
    /// the node is stopping.
    #[error("the node is stopping")]
    Stopped,
    /// the store failed.
    #[error("it could not be kept: {0}")]
    Store(#[from] StoreError),
    /// the text is too long.
    #[error("the text is longer than 64 KiB")]
    TooLarge,
    /// there were too many changes.
    #[error("this was changed too often to be changed again")]
    TooOften,
}

impl ChatError {
    /// Returns the code of the stable surface.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous => "ambiguous",
            Self::Deleted | Self::NotFound(_) => "not_found",
            Self::Denied | Self::Gone | Self::NotOwn => "denied",
            Self::Empty | Self::NotAnEmoji(_) => "invalid_arguments",
            Self::Full(_) | Self::TooOften => "full",
            Self::Seal(_) => "internal",
            Self::Stopped => "not_running",
            Self::Store(error) => store_code(error),
            Self::TooLarge => "too_large",
        }
    }
}

impl From<TextError> for ChatError {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::Empty,
            TextError::Long => Self::TooLarge,
        }
    }
}

/// Returns the code for a failed store.
pub(crate) fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Busy => "busy",
        StoreError::TooMany { .. } => "full",
        StoreError::Full
        | StoreError::Damaged { .. }
        | StoreError::Invalid { .. }
        | StoreError::Refused
        | StoreError::Sql { .. } => "storage",
        StoreError::Stopped => "not_running",
    }
}
