//! Why the program did not do what it was asked, and its exit code.

use std::{io, process::ExitCode};

use serde_json::json;
use streembit_api::{Code, Error, control::CallError};
use streembit_node::profile::ProfileError;

use crate::output;

/// A failure that ends the program.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A command failed, or the program could not do its own part of it.
    Command(Error),
    /// No node runs on the data folder.
    NotRunning,
    /// Whoever reads the output went away.
    Unread,
}

impl Failure {
    /// Makes a failure of `code` that says `message`.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self::Command(Error::new(code, message))
    }

    /// Tells why on standard error and returns the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Command(error) => {
                output::complain(&error);
                ExitCode::from(1)
            }
            Self::NotRunning => {
                let message =
                    "no node runs on this data folder: start one with `streembit-node run`";
                output::complain(&json!({ "code": Code::NotRunning, "message": message }));
                ExitCode::from(2)
            }
            Self::Unread => ExitCode::SUCCESS,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Command(error)
    }
}

impl From<ProfileError> for Failure {
    fn from(error: ProfileError) -> Self {
        Self::Command(error.into())
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Command(error) => Self::Command(error),
            CallError::Connection(source) => Self::new(
                Code::NotRunning,
                format!("the connection to the node broke: {source}"),
            ),
            CallError::NotRunning => Self::NotRunning,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Unread
        } else {
            Self::new(Code::Storage, error.to_string())
        }
    }
}
