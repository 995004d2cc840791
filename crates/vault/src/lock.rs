//! The claim of one process on a data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{VaultError, disk};

/// The lock of a data folder, held until it is dropped or the process ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// Why a data folder cannot be locked.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("{} is in use by another Streembit: close that one first", .0.display())]
    Busy(PathBuf),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] VaultError),
    /// The lock cannot be taken.
    #[error("{} cannot be locked: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl FolderLock {
    /// Takes the lock, making the folder if need be.
    ///
    /// # Errors
    ///
    /// Fails at once while another process holds it.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        disk::make_folder(folder)?;
        let path = folder.join("lock");
        let failed = |source| LockError::Io {
            path: path.clone(),
            source,
        };
        let file = options().open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Busy(folder.to_path_buf())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_a_folder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path()).unwrap();

        assert!(matches!(
            FolderLock::take(folder.path()),
            Err(LockError::Busy(_))
        ));

        drop(first);
        assert!(FolderLock::take(folder.path()).is_ok());
    }
}
