//! Secrets in a file sealed with a passphrase, for machines without a keyring.

use std::path::{Path, PathBuf};

use streembit_identity::Passphrase;
use streembit_identity::backup::{self, OpenError, SealError};

use crate::{Secrets, VaultError, disk};

/// Returns where the sealed file lies in a data folder.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("secrets.age")
}

/// Seals the secrets of a new profile and opens them again.
pub(crate) fn store(
    folder: &Path,
    passphrase: &Passphrase,
    secrets: &Secrets,
) -> Result<(), VaultError> {
    disk::write_new(&path(folder), &seal(passphrase, secrets)?)
}

/// Opens the secrets of a profile.
pub(crate) fn load(folder: &Path, passphrase: &Passphrase) -> Result<Secrets, VaultError> {
    let path = path(folder);
    let damaged = || VaultError::damaged(path.display().to_string());
    let sealed = disk::read(&path)?.ok_or_else(damaged)?;
    let text = backup::open(passphrase, &sealed).map_err(|error| match error {
        OpenError::WrongPassphrase => VaultError::WrongPassphrase,
        OpenError::Damaged
        | OpenError::NotSealed
        | OpenError::OtherRecipient
        | OpenError::TooLarge => damaged(),
    })?;
    Secrets::read(&text).ok_or_else(damaged)
}

/// Seals the secrets with another passphrase; until that is done, the old one opens them.
pub(crate) fn reseal(
    folder: &Path,
    passphrase: &Passphrase,
    secrets: &Secrets,
) -> Result<(), VaultError> {
    disk::replace(&path(folder), &seal(passphrase, secrets)?)
}

fn seal(passphrase: &Passphrase, secrets: &Secrets) -> Result<Vec<u8>, VaultError> {
    backup::seal(passphrase, secrets.write().as_bytes()).map_err(|error| match error {
        SealError::Empty => VaultError::PassphraseNeeded,
        SealError::Encrypt(_) | SealError::Passphrase(_) | SealError::TooLarge => {
            VaultError::damaged("the sealed form of the keys")
        }
    })
}
