//! What a stopped node remembers, opened with its keys and changed behind its back.

use anyhow::{Context, bail};
use streembit_identity::{NetworkId, Passphrase};
use streembit_store::{DatabaseKey, Options, Store};
use streembit_vault::{Keyring, Vault};

use crate::node::Draft;
use crate::place::PASSPHRASE;

impl Draft {
    /// Opens the database of a node that does not run.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub async fn open_store(&self) -> anyhow::Result<Store> {
        let vault = Vault::find(&self.folder(), Keyring::system())?.context("a profile")?;
        let secrets = vault.unlock(&Passphrase::new(PASSPHRASE.to_owned()))?;
        let key = DatabaseKey::new(*secrets.database);
        Ok(Store::open(&vault.database(), &key, Options::default()).await?)
    }

    /// Erases every address that the node remembers of others in the public network.
    ///
    /// # Errors
    /// When the database cannot be opened, or some are left.
    pub async fn forget_places(&self) -> anyhow::Result<()> {
        let store = self.open_store().await?;
        for cached in store.addresses(NetworkId::PUBLIC).await? {
            store
                .remove_addresses(NetworkId::PUBLIC, cached.node)
                .await?;
        }
        if !store.addresses(NetworkId::PUBLIC).await?.is_empty() {
            bail!("some addresses are still remembered");
        }
        store.close().await;
        Ok(())
    }
}
