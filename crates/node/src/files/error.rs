//! Why something about a file could not be done.

use std::io;

use streembit_store::StoreError;
use thiserror::Error;

use crate::chat::{ChatError, store_code};

/// A file operation failed because …
#[derive(Debug, Error)]
pub enum FileError {
    /// several files have this id.
    #[error("several files have this id: say in which network and with whom")]
    Ambiguous,
    /// the conversation does not allow it.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// it is over already.
    #[error("this file has ended already")]
    Ended,
    /// the path does not do.
    #[error("{0}")]
    Path(&'static str),
    /// there is no such file.
    #[error("there is no such file")]
    NotFound,
    /// the file could not be read or made.
    #[error("the file could not be read or made: {0}")]
    Io(#[from] io::Error),
    /// the store failed.
    #[error("it could not be kept: {0}")]
    Store(#[from] StoreError),
    /// the file is too large.
    #[error("files have at most 4 TiB")]
    TooLarge,
    /// the other side has to do it.
    #[error("only the recipient of a file can do that")]
    NotTheirs,
    /// there is no preview of such a file.
    #[error("there is no preview of this file")]
    NoPreview,
}

impl FileError {
    /// Returns the code of the stable surface.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous => "ambiguous",
            Self::Chat(error) => error.code(),
            Self::Ended => "conflict",
            Self::Path(_) => "invalid_arguments",
            Self::NotFound => "not_found",
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => "not_found",
            Self::Io(_) => "storage",
            Self::Store(error) => store_code(error),
            Self::TooLarge => "too_large",
            Self::NotTheirs => "denied",
            Self::NoPreview => "unsupported",
        }
    }
}
