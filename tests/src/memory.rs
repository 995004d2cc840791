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

    /// Returns all that is in the database of a node that does not run, decrypted.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub fn decrypted(&self) -> anyhow::Result<Vec<u8>> {
        let vault = Vault::find(&self.folder(), Keyring::system())?.context("a profile")?;
        let secrets = vault.unlock(&Passphrase::new(PASSPHRASE.to_owned()))?;
        let plain = self.folder().join("decrypted.db");
        let db = rusqlite::Connection::open(vault.database())?;
        let key = data_encoding::HEXLOWER.encode(&*secrets.database);
        db.execute_batch(&format!("PRAGMA key = \"x'{key}'\""))?;
        db.execute(
            "ATTACH DATABASE ?1 AS plain KEY ''",
            [plain.to_string_lossy()],
        )?;
        db.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))?;
        db.execute_batch("DETACH DATABASE plain")?;
        let bytes = std::fs::read(&plain)?;
        std::fs::remove_file(plain)?;
        Ok(bytes)
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
