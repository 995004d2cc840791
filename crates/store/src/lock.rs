//! The right to be the only process with a database, and the files that lie beside it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::open::OpenError;

/// The right, held until it is dropped or the process ends.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the right, or tells who is in the way.
    pub(crate) fn take(path: &Path) -> Result<Self, OpenError> {
        let file = private(&beside(path, ".lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// The file beside the database at `path` with this ending.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens a file for its owner only, making it when there is none.
///
/// What SQLite puts beside the database takes its permissions from it.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
