//! What went wrong with a request, as problem details (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::violation::Violation;

/// The kinds of trouble, each with its URN.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum ProblemKind {
    /// The request cannot be read, or does not fit its operation.
    #[serde(rename = "urn:streembit:err:bad-request")]
    BadRequest,
    /// Someone else was faster, or the state does not allow it.
    #[serde(rename = "urn:streembit:err:conflict")]
    Conflict,
    /// The host does not grant this to the sender.
    #[serde(rename = "urn:streembit:err:forbidden")]
    Forbidden,
    /// The host failed.
    #[serde(rename = "urn:streembit:err:internal")]
    Internal,
    /// The value departs from the schema.
    #[serde(rename = "urn:streembit:err:invalid-value")]
    InvalidValue,
    /// No such thing, property, action or event.
    #[serde(rename = "urn:streembit:err:not-found")]
    NotFound,
    /// Too many at once.
    #[serde(rename = "urn:streembit:err:rate-limited")]
    RateLimited,
    /// The device behind the host did not answer in time.
    #[serde(rename = "urn:streembit:err:timeout")]
    Timeout,
    /// The device behind the host cannot be used now.
    #[serde(rename = "urn:streembit:err:unavailable")]
    Unavailable,
    /// The host does not do such things.
    #[serde(rename = "urn:streembit:err:unsupported")]
    Unsupported,
}

impl ProblemKind {
    /// The status number that goes with it.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::InvalidValue => 422,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Unsupported => 501,
            Self::Unavailable => 503,
            Self::Timeout => 504,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::BadRequest => "The request cannot be read",
            Self::Conflict => "The state does not allow it",
            Self::Forbidden => "You have no right to do this",
            Self::Internal => "The host failed",
            Self::InvalidValue => "The value is not allowed",
            Self::NotFound => "There is no such thing here",
            Self::RateLimited => "Too many requests",
            Self::Timeout => "The device did not answer in time",
            Self::Unavailable => "The device cannot be used now",
            Self::Unsupported => "The host does not support this",
        }
    }
}

/// One fault of a value, with its place.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct InvalidParam {
    /// Where, as a JSON Pointer.
    pub name: String,
    /// What.
    pub reason: String,
}

/// Problem details: why a request was not carried out.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[error("{title}{}", detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default())]
pub struct Problem {
    /// The kind, as a URN.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// The kind in words.
    pub title: String,
    /// The status number.
    pub status: u16,
    /// This very case in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The faults of a value.
    #[serde(
        default,
        rename = "invalid-params",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub invalid_params: Vec<InvalidParam>,
}

impl Problem {
    /// A problem of that kind, with nothing more to say.
    pub fn new(kind: ProblemKind) -> Self {
        let (title, status) = (kind.title().to_owned(), kind.status());
        Self {
            kind,
            title,
            status,
            detail: None,
            invalid_params: Vec::new(),
        }
    }

    /// A problem of that kind, with this case in words.
    pub fn because(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..Self::new(kind)
        }
    }

    /// A value that departs from its schema.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        let detail = violations.first().map(Violation::to_string);
        let name = |fault: Violation| InvalidParam {
            name: fault.path,
            reason: fault.message,
        };
        let invalid_params = violations.into_iter().map(name).collect();
        Self {
            detail,
            invalid_params,
            ..Self::new(ProblemKind::InvalidValue)
        }
    }
}
