//! Why a database was not opened.

use std::io;

use thiserror::Error;

use crate::error::{is_damage, is_full};

/// Why a database was not opened; the file is left as it was.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The key fits, but what it opens makes no sense.
    #[error("the database is damaged; restore it from a backup")]
    Damaged,
    /// There is no room for what opening has to write.
    #[error("the disk is full; make room and start again")]
    Full,
    /// The folder or the file cannot be used.
    #[error("the database file cannot be used; its folder must exist and be writable")]
    Io(#[source] io::Error),
    /// Another process has it open.
    #[error("another Streembit is using this database; close that one first")]
    Locked,
    /// A later version wrote it.
    #[error("the database has form {found}, this version knows {known}; install a newer Streembit")]
    Newer {
        /// The form of the file.
        found: u32,
        /// The last form known here.
        known: u32,
    },
    /// A statement failed for another reason.
    #[error("the database could not be opened")]
    Sql(#[source] rusqlite::Error),
    /// Another key wrote it.
    #[error("the key does not open this database, which was left as it is")]
    WrongKey,
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        if is_full(&error) {
            Self::Full
        } else if is_damage(&error) {
            Self::Damaged
        } else {
            Self::Sql(error)
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error)
        }
    }
}
