//! Deleting an account: its keys, its database and what the window kept.

use std::io;

use streembit_store::Store;

use super::{Profile, ProfileError, blocking};

/// Folders beside the database that belong to the profile: what the window's engine kept.
const REMAINS: &str = "webview";

impl Profile {
    /// Deletes the account's keys and everything of it in the folder.
    ///
    /// The node must have stopped. May be repeated after an error.
    ///
    /// # Errors
    /// No file goes while the keyring will not delete its entry.
    pub async fn wipe(&self) -> Result<(), ProfileError> {
        let vault = self.vault()?;
        blocking(move || {
            let (database, folder) = (vault.database(), vault.folder().to_owned());
            vault.delete()?;
            Store::remove(&database)?;
            match std::fs::remove_dir_all(folder.join(REMAINS)) {
                Ok(()) => Ok(()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }
}
