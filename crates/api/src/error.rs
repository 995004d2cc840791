//! The one error that hosts pass on: a code to decide by, a message to read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use streembit_store::StoreError;

/// What a program decides by.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// It could mean several things.
    Ambiguous,
    /// Too much is going on; try again.
    Busy,
    /// Something else came first.
    Conflict,
    /// It is not allowed.
    Denied,
    /// It is there already.
    Exists,
    /// Its time is over.
    Expired,
    /// There is no room left.
    Full,
    /// A defect of this program.
    Internal,
    /// The arguments do not fit the command.
    InvalidArguments,
    /// The keyring did not do what was asked.
    Keyring,
    /// The keys cannot be read yet.
    Locked,
    /// There is no account.
    NoAccount,
    /// There is no such thing.
    NotFound,
    /// No node runs on the folder.
    NotRunning,
    /// The database or a file did not do what was asked.
    Storage,
    /// It took too long.
    Timeout,
    /// It is larger than is allowed.
    TooLarge,
    /// There is no such command.
    UnknownCommand,
    /// Nobody could be reached.
    Unreachable,
    /// This version or the other side cannot do it.
    Unsupported,
}

impl Code {
    /// Returns the code of that name; a name that is none is a defect.
    #[must_use]
    pub fn of(name: &str) -> Self {
        serde_json::from_value(Value::from(name)).unwrap_or(Self::Internal)
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[error("{message}")]
pub struct Error {
    /// What a program decides by.
    pub code: Code,
    /// What a person reads.
    pub message: String,
    /// More, for a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "Record<string, unknown>"))]
    pub details: Option<Value>,
}

impl Error {
    /// Makes an error of `code` that says `message`.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: None,
        }
    }

    /// Adds details for a program.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

/// Errors of the node say their code by name.
macro_rules! from_node {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::new(Code::of(error.code()), error.to_string())
            }
        })+
    };
}

from_node!(
    streembit_node::ChatError,
    streembit_node::ContactError,
    streembit_node::DeviceError,
    streembit_node::FileError,
    streembit_node::GroupError,
    streembit_node::LinkError,
    streembit_node::MailboxError,
    streembit_node::NetworkError,
    streembit_node::RevokeError,
    streembit_node::profile::ProfileError,
);

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Busy => Code::Busy,
            StoreError::Full | StoreError::TooMany { .. } => Code::Full,
            StoreError::Stopped => Code::NotRunning,
            StoreError::Damaged { .. }
            | StoreError::Invalid { .. }
            | StoreError::Refused
            | StoreError::Sql { .. } => Code::Storage,
        };
        Self::new(code, error.to_string())
    }
}
