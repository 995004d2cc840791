//! What can go wrong with agreeing on a mailbox.

use streembit_store::StoreError;
use thiserror::Error;

use crate::chat::store_code;

/// An agreement on a mailbox was not changed because …
#[derive(Debug, Error)]
pub enum MailboxError {
    /// the peer does not want it.
    #[error("they do not keep messages for you")]
    Denied,
    /// there is no room.
    #[error("there is no room for another mailbox")]
    Full,
    /// there is no such network.
    #[error("no such network")]
    NoNetwork,
    /// only contacts and members can agree.
    #[error("only contacts, and members of the network, can keep messages for each other")]
    NotTogether,
    /// it is this account.
    #[error("this is your own account")]
    Own,
    /// the store failed.
    #[error("it could not be kept: {0}")]
    Store(#[from] StoreError),
}

impl MailboxError {
    /// The word for it that people's programs know.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Denied | Self::NotTogether => "denied",
            Self::Full => "full",
            Self::NoNetwork => "not_found",
            Self::Own => "invalid_arguments",
            Self::Store(error) => store_code(error),
        }
    }
}
