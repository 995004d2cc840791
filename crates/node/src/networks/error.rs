//! Why something about a network could not be done.

use streembit_gate::{
    AuthorError, BundleError, InsertError, InviteError, LoadError, RefusalReason, list::ListError,
};
use streembit_identity::{SealError, link::LinkError};
use streembit_store::StoreError;
use thiserror::Error;

use crate::{net::NetError, node::StartError};

/// A network operation failed because …
#[derive(Debug, Error)]
pub enum NetworkError {
    /// a file holds no network.
    #[error("the file cannot be used: {0}")]
    Bundle(#[from] BundleError),
    /// the network is not in a state for it.
    #[error("{0}")]
    Conflict(&'static str),
    /// only an admin may do this.
    #[error("only an admin of this network may do this")]
    Denied,
    /// it is there already.
    #[error("{0}")]
    Exists(String),
    /// a file could not be read or written.
    #[error("{path} could not be read or written: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// an argument is not what it should be.
    #[error("{0}")]
    Invalid(String),
    /// the only admin leaves others behind.
    #[error("make somebody else an admin first: a network needs one")]
    LastAdmin,
    /// an invite cannot be made or taken back.
    #[error("{0}")]
    Invite(#[from] InviteError),
    /// the invite does not let anybody in, or not this account.
    #[error("{}", why_not(*.0))]
    InviteRefused(RefusalReason),
    /// a link is not what it should be.
    #[error("the link cannot be used: {0}")]
    Link(#[from] LinkError),
    /// a list cannot be read.
    #[error("the list cannot be used: {0}")]
    List(#[from] ListError),
    /// what a link brings begins no network.
    #[error("the link names no network: {0}")]
    Load(#[from] LoadError),
    /// it is not there.
    #[error("{0}")]
    NotFound(&'static str),
    /// the change could not be signed.
    #[error("the change could not be signed: {0}")]
    Sign(AuthorError),
    /// the network could not be started.
    #[error(transparent)]
    Start(#[from] NetError),
    /// the store failed.
    #[error("the change could not be kept: {0}")]
    Store(#[from] StoreError),
}

impl NetworkError {
    /// Returns the code of the stable surface.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Exists(_) => "exists",
            Self::Conflict(_) | Self::LastAdmin => "conflict",
            Self::Bundle(BundleError::Large) => "too_large",
            Self::Bundle(_) | Self::Invalid(_) | Self::Link(_) | Self::List(_) | Self::Load(_) => {
                "invalid_arguments"
            }
            Self::Invite(InviteError::Closed) | Self::InviteRefused(RefusalReason::InviteUsed) => {
                "conflict"
            }
            Self::Invite(InviteError::Full) => "full",
            Self::Invite(InviteError::Known) => "exists",
            Self::InviteRefused(RefusalReason::InviteExpired) => "expired",
            Self::InviteRefused(_) => "denied",
            Self::NotFound(_) | Self::Invite(InviteError::Unknown) => "not_found",
            Self::File { .. } | Self::Store(_) => "storage",
            Self::Sign(AuthorError::Seal(SealError::TooLarge)) => "too_large",
            Self::Sign(_) | Self::Start(_) => "internal",
        }
    }
}

/// Says why an invite lets nobody in any more.
pub(super) fn why_not(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::InviteExpired => "the invite has expired: ask for a new one",
        RefusalReason::InviteRevoked => "the invite was taken back: ask for a new one",
        RefusalReason::InviteUsed => "the invite was used already: ask for a new one",
        RefusalReason::Removed => {
            "this account was removed from the network: only an admin can add it again"
        }
        RefusalReason::BadCertificate
        | RefusalReason::BadFrame
        | RefusalReason::Banned
        | RefusalReason::Blocked
        | RefusalReason::Expired
        | RefusalReason::NotListed
        | RefusalReason::RulesUnreadable
        | RefusalReason::Stale
        | RefusalReason::Timeout
        | RefusalReason::Unwanted
        | RefusalReason::Version
        | RefusalReason::WrongNetwork => "the invite was not honoured",
    }
}

impl From<StartError> for NetworkError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Network(error) => Self::Start(error),
            StartError::Store(error) => Self::Store(error),
        }
    }
}

impl From<AuthorError> for NetworkError {
    fn from(error: AuthorError) -> Self {
        match error {
            AuthorError::Refused(InsertError::NotAdmin) => Self::Denied,
            AuthorError::Refused(InsertError::LastAdmin) => Self::LastAdmin,
            AuthorError::Refused(InsertError::NotMember) => {
                Self::NotFound("this account is not a member")
            }
            AuthorError::Refused(refused) => Self::Exists(refused.to_string()),
            AuthorError::Genesis | AuthorError::Seal(_) => Self::Sign(error),
        }
    }
}
