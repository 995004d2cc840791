//! Why something about a group could not be done.

use streembit_gate::{AuthorError, InsertError};
use streembit_store::StoreError;
use thiserror::Error;

use crate::chat::{ChatError, store_code};

/// An operation on a group failed because …
#[derive(Debug, Error)]
pub enum GroupError {
    /// it cannot be queued.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// only an admin of the group may do that.
    #[error("only an admin of the group may do that")]
    Denied,
    /// the group or the network has as much as it may have.
    #[error("a group has 50 members at most, and a network 256 groups")]
    Full,
    /// it is so already.
    #[error("that is so already")]
    Exists,
    /// the only admin cannot leave.
    #[error("somebody else has to be an admin first")]
    LastAdmin,
    /// something named is not there.
    #[error("{0}")]
    NotFound(&'static str),
    /// the node is stopping.
    #[error("the node is stopping")]
    Stopped,
    /// the store failed.
    #[error("it could not be kept: {0}")]
    Store(#[from] StoreError),
    /// there are no groups in the public network.
    #[error("groups are part of a private network")]
    Unsupported,
}

impl GroupError {
    /// Returns the code of the stable surface.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Chat(error) => error.code(),
            Self::Denied => "denied",
            Self::Full => "full",
            Self::Exists | Self::LastAdmin => "conflict",
            Self::NotFound(_) => "not_found",
            Self::Stopped => "not_running",
            Self::Store(error) => store_code(error),
            Self::Unsupported => "unsupported",
        }
    }
}

impl From<AuthorError> for GroupError {
    fn from(error: AuthorError) -> Self {
        match error {
            AuthorError::Genesis | AuthorError::Seal(_) => Self::Denied,
            AuthorError::Refused(refused) => refused.into(),
        }
    }
}

impl From<InsertError> for GroupError {
    fn from(error: InsertError) -> Self {
        match error {
            InsertError::AlreadyMember | InsertError::NameTaken | InsertError::Unchanged => {
                Self::Exists
            }
            InsertError::Full => Self::Full,
            InsertError::LastAdmin => Self::LastAdmin,
            InsertError::NotMember => Self::NotFound("not in this group"),
            InsertError::Ahead
            | InsertError::Backdated
            | InsertError::NotAdmin
            | InsertError::NotOfGroup
            | InsertError::Parse(_)
            | InsertError::RecoveryKey
            | InsertError::RedundantHeads
            | InsertError::SecondGenesis
            | InsertError::Sealed
            | InsertError::Signature(_)
            | InsertError::UnknownHeads
            | InsertError::WrongCheckpoint => Self::Denied,
        }
    }
}
