//! Why something with a device did not work out.

use streembit_gate::{Denied, GrantError};
use streembit_store::StoreError;
use streembit_things::{Problem, ProblemKind, ThingUrlError};
use thiserror::Error;

use crate::ask::AskError;

/// An operation on a device failed because …
#[derive(Debug, Error)]
pub enum DeviceError {
    /// the device or this node is busy.
    #[error("the device is busy: try again in a moment")]
    Busy,
    /// the state does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// the host does not grant it.
    #[error("the device does not let you do this: {0}")]
    Denied(String),
    /// a code or a request has run out.
    #[error("{0}")]
    Expired(String),
    /// this node is at fault.
    #[error("{0}")]
    Internal(String),
    /// an argument is wrong.
    #[error("{0}")]
    Invalid(String),
    /// there is no such device, thing or affordance.
    #[error("{0}")]
    NotFound(String),
    /// the profile could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// no answer came in time.
    #[error("no answer came in time: whether the device has acted is not known")]
    Timeout,
    /// too much for one message.
    #[error("{0}")]
    TooLarge(String),
    /// the host cannot be reached, or the device behind it.
    #[error("{0}")]
    Unreachable(String),
    /// the device does not do such things.
    #[error("{0}")]
    Unsupported(String),
}

impl DeviceError {
    /// Returns the stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Conflict(_) => "conflict",
            Self::Denied(_) => "denied",
            Self::Expired(_) => "expired",
            Self::Internal(_) => "internal",
            Self::Invalid(_) => "invalid_arguments",
            Self::NotFound(_) => "not_found",
            Self::Store(_) => "storage",
            Self::Timeout => "timeout",
            Self::TooLarge(_) => "too_large",
            Self::Unreachable(_) => "unreachable",
            Self::Unsupported(_) => "unsupported",
        }
    }
}

impl From<Problem> for DeviceError {
    fn from(problem: Problem) -> Self {
        let text = problem
            .detail
            .clone()
            .unwrap_or_else(|| problem.title.clone());
        match problem.kind {
            ProblemKind::BadRequest | ProblemKind::InvalidValue => Self::Invalid(text),
            ProblemKind::Conflict => Self::Conflict(text),
            ProblemKind::Forbidden => Self::Denied(text),
            ProblemKind::Internal => Self::Internal(text),
            ProblemKind::NotFound => Self::NotFound(text),
            ProblemKind::RateLimited => Self::Busy,
            ProblemKind::Timeout => Self::Timeout,
            ProblemKind::Unavailable => Self::Unreachable(text),
            ProblemKind::Unsupported => Self::Unsupported(text),
        }
    }
}

impl From<AskError> for DeviceError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Busy => Self::Busy,
            AskError::Denied => Self::Denied("it does not talk to this account".to_owned()),
            AskError::Invalid | AskError::Seal(_) => Self::Internal(error.to_string()),
            AskError::Stopped => Self::Unreachable("the network is not running".to_owned()),
            AskError::Timeout => Self::Timeout,
            AskError::Unreachable => {
                Self::Unreachable("the device does not answer: it may be off".to_owned())
            }
            AskError::Unsupported => Self::Unsupported("this peer hosts no things".to_owned()),
        }
    }
}

impl From<ThingUrlError> for DeviceError {
    fn from(error: ThingUrlError) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// What a host tells of a decision against somebody: the same for every reason to deny.
pub(crate) fn forbidden(denied: Denied) -> Problem {
    Problem::because(ProblemKind::Forbidden, denied.to_string())
}

/// What a host tells when rights stay as they are.
pub(crate) fn ungranted(error: GrantError) -> Problem {
    let kind = match error {
        GrantError::Full => ProblemKind::RateLimited,
        GrantError::Invalid(_) => ProblemKind::BadRequest,
        GrantError::NotAllowed => ProblemKind::Forbidden,
        GrantError::NotFound => ProblemKind::NotFound,
        GrantError::Owned | GrantError::Owner => ProblemKind::Conflict,
    };
    Problem::because(kind, error.to_string())
}

/// What a host tells when its own store fails: nothing about it.
pub(crate) fn broken(error: &StoreError) -> Problem {
    tracing::warn!(%error, "A request failed at the store");
    Problem::new(ProblemKind::Internal)
}
