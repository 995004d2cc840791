//! Why something could not be read or written.

use std::sync::Arc;

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why the store did not do what it was asked.
///
/// Nothing of a refused job remains: each one happens whole or not at all.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// The queue is full, or something else changed first; trying again later is safe.
    #[error("the store has too much to do")]
    Busy,
    /// The file, or a row in it, does not make sense.
    #[error("the database is damaged ({context})")]
    Damaged {
        /// What was being done.
        context: &'static str,
    },
    /// The disk, or the database's own limit, is reached.
    #[error("the disk is full")]
    Full,
    /// What was handed over makes no sense.
    #[error("{what} is not valid")]
    Invalid {
        /// The part in question.
        what: &'static str,
    },
    /// Whoever asked may not do that.
    #[error("that is not theirs to do")]
    Refused,
    /// A statement failed for another reason.
    #[error("could not {context}")]
    Sql {
        /// What was being done.
        context: &'static str,
        /// What SQLite said.
        source: Arc<rusqlite::Error>,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Stopped,
    /// A kind of row has reached its bound.
    #[error("too many {what}")]
    TooMany {
        /// The rows in question.
        what: &'static str,
    },
}

/// What a job may fail with, before its context is known.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Something that a caller handed over makes no sense.
    Invalid(&'static str),
    /// Whoever asked may not do that.
    Refused,
    /// SQLite, or a value that a column cannot hold.
    Sql(rusqlite::Error),
    /// What it was to change is not as it was when the change was thought of.
    Stale,
    /// A bound is reached.
    TooMany(&'static str),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl Fault {
    /// Names what was being done.
    pub(crate) fn during(self, context: &'static str) -> StoreError {
        match self {
            Self::Invalid(what) => StoreError::Invalid { what },
            Self::Refused => StoreError::Refused,
            Self::Sql(error) => StoreError::of(context, error),
            Self::Stale => StoreError::Busy,
            Self::TooMany(what) => StoreError::TooMany { what },
        }
    }
}

impl StoreError {
    /// Sorts an error of SQLite's into what a caller can act on.
    pub(crate) fn of(context: &'static str, error: rusqlite::Error) -> Self {
        if is_full(&error) {
            return Self::Full;
        }
        if is_damage(&error) {
            tracing::error!(context, %error, "Found the database damaged");
            return Self::Damaged { context };
        }
        Self::Sql {
            context,
            source: Arc::new(error),
        }
    }
}

/// Whether `error` says that nothing more fits.
pub(crate) fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

/// Whether `error` says that what lies on disk is not what was written.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    let is_misread = matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
    );
    // The index of words tells some damage by a message only.
    let is_index_misread = matches!(
        error,
        rusqlite::Error::SqliteFailure(_, Some(message)) if message.starts_with("invalid fts5 file format")
    );
    is_misread
        || is_index_misread
        || matches!(
            code,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        )
}
