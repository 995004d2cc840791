//! Bringing a profile back from its sealed backup.

use std::path::PathBuf;

use streembit_identity::Passphrase;

use super::{KeyStoreKind, Keys, NewAccount, Profile, ProfileError, backup};

/// A backup file, and where the keys in it are to be kept.
#[derive(Clone, Debug)]
pub struct Restore {
    /// Where to keep the keys.
    pub key_store: KeyStoreKind,
    /// The backup's passphrase.
    pub passphrase: Passphrase,
    /// The file.
    pub path: PathBuf,
    /// The passphrase of the sealed file that keeps the keys.
    pub store_passphrase: Option<Passphrase>,
}

impl Profile {
    /// Brings account, contacts, networks, devices and history back into an empty folder.
    ///
    /// # Errors
    /// [`ProfileError::Exists`] where there is an account; nothing is left behind after an error.
    pub async fn restore(&self, restore: Restore) -> Result<Keys, ProfileError> {
        if self.describe()?.is_some() {
            return Err(ProfileError::Exists);
        }
        let opened = backup::open(restore.path, restore.passphrase).await?;
        let account = NewAccount {
            key_store: restore.key_store,
            kind: opened.kind,
            name: opened.name,
            passphrase: restore.store_passphrase,
            phrase: Some(opened.phrase),
        };
        self.create_with(account, Some(opened.profile)).await
    }
}
