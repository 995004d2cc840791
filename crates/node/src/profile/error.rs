//! Why a profile could not be used, in words that say what to do.

use std::io;

use streembit_identity::{PhraseError, backup};
use streembit_store::{ImportError, OpenError, StoreError};
use streembit_vault::VaultError;
use thiserror::Error;

use crate::node::StartError;

/// A profile could not be used because …
#[derive(Debug, Error)]
pub enum ProfileError {
    /// the backup could not be opened.
    #[error("the backup could not be opened: {0}")]
    Backup(#[from] backup::OpenError),
    /// the database could not be opened.
    #[error("{0}{advice}", advice = advice(.0))]
    Database(#[source] OpenError),
    /// the database is not where it was.
    #[error(
        "the database of this profile is missing: put streembit.db back, or restore the account \
         from a backup into a new folder"
    )]
    DatabaseMissing,
    /// there is an account already.
    #[error("this data folder has an account already: nothing was changed")]
    Exists,
    /// the file to write is there already.
    #[error("there is a file of that name already: choose another name")]
    FileExists,
    /// the file to read is not there.
    #[error("there is no file of that name")]
    FileMissing,
    /// the disk is full.
    #[error("the disk is full: make room and try again; nothing was lost")]
    Full,
    /// another process has the folder.
    #[error("another Streembit is using this data folder: end it and try again")]
    InUse,
    /// a file or folder could not be used.
    #[error("the data folder cannot be used: {0}")]
    Io(#[source] io::Error),
    /// the other computer does not want it.
    #[error(
        "the other computer does not take part: the link was used or has ended, or the codes \
         were not the same; nothing was handed over"
    )]
    LinkRefused,
    /// the other computer could not be reached.
    #[error(
        "the other computer could not be reached: both have to be on, and one has to see the other"
    )]
    LinkUnreachable,
    /// there is no account.
    #[error("there is no account in this data folder yet: create one")]
    NoAccount,
    /// what the backup holds makes no sense.
    #[error("this file is not a backup of Streembit")]
    NotABackup,
    /// the text is no link of another computer.
    #[error(
        "this is not the link that your other computer shows under \u{201c}Your computers\u{201d}"
    )]
    NotALink,
    /// the words are not a recovery phrase.
    #[error("{0}")]
    Phrase(#[from] PhraseError),
    /// the backup could not be put back.
    #[error("the backup could not be put back: {0}")]
    Restore(#[source] ImportError),
    /// the backup could not be sealed.
    #[error("the backup could not be sealed: {0}")]
    Seal(#[from] backup::SealError),
    /// the certificate of this installation could not be signed.
    #[error("this installation's certificate could not be signed: {0}")]
    Sign(#[from] streembit_identity::IssueError),
    /// the node did not start.
    #[error("the node did not start: {0}")]
    Start(#[from] StartError),
    /// the database did not do what was asked.
    #[error("{0}")]
    Store(#[source] StoreError),
    /// the keys could not be kept or read.
    #[error("{0}")]
    Vault(#[source] VaultError),
}

/// Says what to do about a database that cannot be opened.
fn advice(error: &OpenError) -> &'static str {
    match error {
        OpenError::WrongKey => {
            ": the database belongs to other keys; put the right streembit.db back, or restore \
             from a backup into a new folder"
        }
        OpenError::Damaged
        | OpenError::Full
        | OpenError::Io(_)
        | OpenError::Locked
        | OpenError::Newer { .. }
        | OpenError::Sql(_) => "",
    }
}

impl ProfileError {
    /// Returns the code that programs decide by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Backup(backup::OpenError::WrongPassphrase) => "denied",
            Self::Backup(_) | Self::NotABackup | Self::NotALink | Self::Phrase(_) => {
                "invalid_arguments"
            }
            Self::Seal(backup::SealError::Empty) => "invalid_arguments",
            Self::Database(_)
            | Self::DatabaseMissing
            | Self::Io(_)
            | Self::Restore(_)
            | Self::Store(_) => "storage",
            Self::Exists | Self::FileExists => "exists",
            Self::FileMissing => "not_found",
            Self::Full => "full",
            Self::InUse => "busy",
            Self::LinkRefused => "denied",
            Self::LinkUnreachable => "unreachable",
            Self::NoAccount => "no_account",
            Self::Seal(_) | Self::Sign(_) | Self::Start(_) => "internal",
            Self::Vault(error) => error.code(),
        }
    }
}

impl From<OpenError> for ProfileError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Full => Self::Full,
            OpenError::Locked => Self::InUse,
            OpenError::Damaged
            | OpenError::Io(_)
            | OpenError::Newer { .. }
            | OpenError::Sql(_)
            | OpenError::WrongKey => Self::Database(error),
        }
    }
}

impl From<StoreError> for ProfileError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Full) {
            Self::Full
        } else {
            Self::Store(error)
        }
    }
}

impl From<ImportError> for ProfileError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(StoreError::Full) => Self::Full,
            ImportError::Newer { .. } | ImportError::NotEmpty | ImportError::Store(_) => {
                Self::Restore(error)
            }
        }
    }
}

impl From<VaultError> for ProfileError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<io::Error> for ProfileError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error)
        }
    }
}
