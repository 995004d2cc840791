//! What can go wrong with a profile's secrets, in words that say what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a vault could not do what it was asked.
#[derive(Debug, Error)]
pub enum VaultError {
    /// More than one entry of the keyring claims to be this profile's.
    #[error(
        "the keyring holds more than one entry for this profile: remove the foreign one with your \
         keyring program, then try again"
    )]
    Ambiguous,
    /// What is kept cannot be read; it was not touched.
    #[error(
        "{what} is damaged: restore the account from the 24 words or a backup into a new folder"
    )]
    Damaged {
        /// What cannot be read.
        what: String,
    },
    /// The person or the system said no.
    #[error("access to the keyring was refused: allow it when your system asks, then try again")]
    Denied,
    /// The folder holds a profile, or what is left of one.
    #[error(
        "{} holds a profile already and was left as it is: use it, or choose another data folder",
        .0.display()
    )]
    Exists(PathBuf),
    /// No room on the disk.
    #[error("the disk is full: free some space, then try again; nothing was changed")]
    Full,
    /// The file system failed.
    #[error("{} could not be used: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The keyring is there, but locked.
    #[error("the keyring is locked: unlock it, then try again")]
    Locked,
    /// The keyring answered that it has no entry for this profile.
    #[error(
        "the keyring holds no key for this profile: if another keyring was in use, switch back to \
         it; otherwise restore the account from the 24 words or a backup into a new folder"
    )]
    Missing,
    /// The folder was written by a later version; it was not touched.
    #[error("the profile was written by a newer version ({found}): update Streembit")]
    Newer {
        /// Version of the format that was found.
        found: u32,
    },
    /// There is no profile where one was expected.
    #[error("there is no account in {}: create or restore one first", .0.display())]
    NoProfile(PathBuf),
    /// A sealed file needs a passphrase.
    #[error("the keys are sealed with a passphrase: enter it")]
    PassphraseNeeded,
    /// A keyring needs none.
    #[error("the keys of this profile are in the system keyring, which needs no passphrase here")]
    PassphraseUseless,
    /// The keyring did not answer in time; it may be asking something.
    #[error(
        "the keyring did not answer within 20 seconds: look for its window, answer it, then try again"
    )]
    Timeout,
    /// No keyring answers.
    #[error(
        "no system keyring answers: start or install one (such as gnome-keyring or KWallet) and \
         start Streembit again, or choose a file sealed with a passphrase"
    )]
    Unreachable,
    /// Not the passphrase that sealed the keys.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
}

impl VaultError {
    /// Returns the code under which programs know the error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Exists(_) => "exists",
            Self::NoProfile(_) => "no_account",
            Self::PassphraseNeeded => "locked",
            Self::PassphraseUseless => "invalid_arguments",
            Self::WrongPassphrase => "denied",
            Self::Damaged { .. } | Self::Io { .. } | Self::Newer { .. } => "storage",
            Self::Full => "full",
            Self::Ambiguous
            | Self::Denied
            | Self::Locked
            | Self::Missing
            | Self::Timeout
            | Self::Unreachable => "keyring",
        }
    }

    /// Explains a failure of the file system at `path`.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| {
            let kinds_of_full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
            if kinds_of_full.contains(&source.kind()) {
                Self::Full
            } else {
                Self::Io { path, source }
            }
        }
    }

    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_called_so() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            assert!(matches!(VaultError::io("x")(kind.into()), VaultError::Full));
        }
        assert!(matches!(
            VaultError::io("x")(io::ErrorKind::Other.into()),
            VaultError::Io { .. }
        ));
    }
}
