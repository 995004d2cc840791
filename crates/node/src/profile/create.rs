//! Creating an account, new or from its words.

use streembit_store::Backup;
use streembit_vault::{KeyStoreKind, NewProfile, Secrets, Vault, VaultError};

use super::{Keys, NewAccount, Profile, ProfileError, blocking};
use crate::{config::Config, node::now};

impl Profile {
    /// Creates an account in a folder that has none.
    ///
    /// # Errors
    /// [`ProfileError::Exists`] where there is one; nothing is left behind after an error.
    pub async fn create(&self, account: NewAccount) -> Result<Keys, ProfileError> {
        self.create_with(account, None).await
    }

    /// Creates an account, and puts what a backup holds into its database.
    pub(super) async fn create_with(
        &self,
        account: NewAccount,
        backup: Option<Backup>,
    ) -> Result<Keys, ProfileError> {
        let keys = self.create_vault(account).await?;
        if let Err(error) = self.create_store(&keys, backup).await {
            // What was made a moment ago holds nothing yet.
            let _ = self.wipe().await;
            return Err(error);
        }
        Ok(keys)
    }

    async fn create_vault(&self, account: NewAccount) -> Result<Keys, ProfileError> {
        let (folder, keyring) = (self.folder.clone(), self.keyring.clone());
        blocking(move || {
            let secrets = match &account.phrase {
                Some(phrase) => Secrets::for_account(phrase.account_key())?,
                None => Secrets::generate()?,
            };
            let profile = NewProfile {
                name: account.name,
                kind: account.kind,
            };
            let passphrase = match account.key_store {
                KeyStoreKind::File => account.passphrase.as_ref(),
                KeyStoreKind::Keyring => None,
            };
            Vault::create(
                &folder,
                keyring,
                account.key_store,
                passphrase,
                profile,
                &secrets,
            )
            .map_err(|error| {
                if matches!(error, VaultError::Exists(_)) {
                    ProfileError::Exists
                } else {
                    error.into()
                }
            })?;
            Ok(Keys(secrets))
        })
        .await
    }

    /// Makes the database, so that one that is missing later is known to be lost.
    async fn create_store(&self, keys: &Keys, backup: Option<Backup>) -> Result<(), ProfileError> {
        let store = self.store(keys, &Config::default()).await?;
        let imported = match backup {
            Some(backup) => store
                .import(backup, now())
                .await
                .map_err(ProfileError::from),
            None => Ok(()),
        };
        store.close().await;
        imported
    }
}
