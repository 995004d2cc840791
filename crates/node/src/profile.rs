//! A data folder and its one profile: opening, creating, restoring, deleting.
//!
//! Brings vault, store and node together. Nothing that exists is ever overwritten.

pub(crate) mod backup;
mod certificate;
mod create;
mod delete;
mod error;
mod guest;
mod link;
mod restore;
mod settings;

use std::path::{Path, PathBuf};

use streembit_identity::{AccountId, Name, NodeId, Passphrase, PeerKind, RecoveryPhrase};
use streembit_store::{DatabaseKey, Options, Store};
pub use streembit_vault::KeyStoreKind;
use streembit_vault::{FolderLock, Keyring, LockError, Secrets, State, Vault, VaultError};

pub use self::{
    error::ProfileError,
    guest::{Guest, GuestSeed},
    link::{Joining, LinkWish},
    restore::Restore,
};
use crate::{
    config::Config,
    node::{LocalIdentity, Node, now},
};

/// The sealed backup while another installation fetches it, in the data folder.
pub const LINK_FILE: &str = "link.sealed";

/// A data folder that belongs to this process until it is dropped.
#[derive(Debug)]
pub struct Profile {
    folder: PathBuf,
    keyring: Keyring,
    _lock: FolderLock,
}

/// What is known of an account without its keys.
#[derive(Clone, Debug)]
pub struct Description {
    /// The account.
    pub account: AccountId,
    /// Where its keys lie.
    pub key_store: KeyStoreKind,
    /// What kind of participant it is.
    pub kind: PeerKind,
    /// What it is called.
    pub name: Name,
    /// Which installation this is, where the profile file tells.
    pub node: Option<NodeId>,
}

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Where to keep its keys.
    pub key_store: KeyStoreKind,
    /// What kind of participant it is.
    pub kind: PeerKind,
    /// What it is called.
    pub name: Name,
    /// The passphrase of the sealed file.
    pub passphrase: Option<Passphrase>,
    /// The words of the account to bring back; a new one where left out.
    pub phrase: Option<RecoveryPhrase>,
}

/// The keys of a profile, read from where they are kept.
#[derive(Clone, Debug)]
pub struct Keys(Secrets);

impl Keys {
    /// Returns the account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.0.account.id()
    }

    /// Returns this installation.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.0.node.id()
    }

    /// Returns the words that restore the account.
    #[must_use]
    pub fn phrase(&self) -> RecoveryPhrase {
        RecoveryPhrase::of(&self.0.account)
    }

    fn database(&self) -> DatabaseKey {
        DatabaseKey::new(*self.0.database)
    }
}

/// Describes the account of a folder without taking the folder; `None` where there is none.
///
/// # Errors
/// When the folder says something that makes no sense.
pub fn describe(folder: &Path) -> Result<Option<Description>, ProfileError> {
    let found = Vault::find(folder, Keyring::system())?;
    Ok(found.map(|vault| Description {
        account: vault.profile().account,
        key_store: vault.profile().key_store,
        kind: vault.profile().kind,
        name: vault.profile().name.clone(),
        node: vault.profile().node,
    }))
}

impl Profile {
    /// Takes a data folder, making it where it is missing.
    ///
    /// # Errors
    /// [`ProfileError::InUse`] while another process has it.
    pub fn open(folder: &Path) -> Result<Self, ProfileError> {
        Self::open_with(folder, Keyring::system())
    }

    /// Takes a data folder whose keys are in `keyring`.
    fn open_with(folder: &Path, keyring: Keyring) -> Result<Self, ProfileError> {
        let lock = FolderLock::take(folder).map_err(|error| match error {
            LockError::Busy(_) => ProfileError::InUse,
            LockError::Folder(error) => error.into(),
            LockError::Io { source, .. } => source.into(),
        })?;
        // Absolute, so that it stays the same folder whatever becomes of the working directory.
        let folder = folder.canonicalize()?;
        Ok(Self {
            folder,
            keyring,
            _lock: lock,
        })
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Describes the account; `None` where there is none.
    ///
    /// # Errors
    /// When the folder says something that makes no sense.
    pub fn describe(&self) -> Result<Option<Description>, ProfileError> {
        describe(&self.folder)
    }

    /// Reads the keys from where they are kept.
    ///
    /// # Errors
    /// [`VaultError`] in words that say what to do; nothing is changed.
    pub async fn unlock(&self, passphrase: Option<Passphrase>) -> Result<Keys, ProfileError> {
        let (folder, keyring) = (self.folder.clone(), self.keyring.clone());
        blocking(move || match Vault::open(&folder, keyring)? {
            State::None => Err(ProfileError::NoAccount),
            State::Ready(_, secrets) => Ok(Keys(*secrets)),
            State::Locked(vault) => match passphrase {
                Some(passphrase) => Ok(Keys(vault.unlock(&passphrase)?)),
                None => Err(VaultError::PassphraseNeeded.into()),
            },
        })
        .await
    }

    /// Opens the database and starts the node.
    ///
    /// # Errors
    /// See [`ProfileError`]; nothing keeps running after one.
    pub async fn start(&self, keys: &Keys, config: Config) -> Result<Node, ProfileError> {
        let Some(description) = self.describe()? else {
            return Err(ProfileError::NoAccount);
        };
        if !self.vault()?.database().try_exists()? {
            return Err(ProfileError::DatabaseMissing);
        }
        let store = self.store(keys, &config).await?;
        let config = Config {
            marks: Some(self.vault()?.marks()),
            ..config
        };
        for left in [LINK_FILE, link::PART] {
            // A power cut while another computer was linked may have left what was handed over.
            let _ = std::fs::remove_file(self.folder.join(left));
        }
        begin(keys, (description.kind, description.name), store, config).await
    }

    /// Changes the passphrase of the sealed file; the keys stay the same.
    ///
    /// # Errors
    /// See [`ProfileError`]; nothing is changed after one.
    pub async fn change_passphrase(
        &self,
        old: Passphrase,
        new: Passphrase,
    ) -> Result<(), ProfileError> {
        let vault = self.vault()?;
        blocking(move || Ok(vault.change_passphrase(&old, &new)?)).await
    }

    /// Gives the account another name, here and in what `node` publishes.
    ///
    /// # Errors
    /// See [`ProfileError`]; nothing is changed after one.
    pub async fn rename(&self, node: &Node, name: Name) -> Result<(), ProfileError> {
        let (mut vault, written) = (self.vault()?, name.clone());
        blocking(move || Ok(vault.rename(written)?)).await?;
        node.set_name(name);
        Ok(())
    }

    async fn store(&self, keys: &Keys, config: &Config) -> Result<Store, ProfileError> {
        let options = Options {
            hook: config.hooks.write_point.clone(),
            ..Options::default()
        };
        let store = Store::open(&self.vault()?.database(), &keys.database(), options).await?;
        Ok(store)
    }

    /// Finds the vault of an account that is there.
    fn vault(&self) -> Result<Vault, ProfileError> {
        Vault::find(&self.folder, self.keyring.clone())?.ok_or(ProfileError::NoAccount)
    }
}

/// Starts the node of `keys` on its open database, which is closed again after an error.
async fn begin(
    keys: &Keys,
    called: (PeerKind, Name),
    store: Store,
    config: Config,
) -> Result<Node, ProfileError> {
    match identity(keys, called, &store).await {
        Ok(me) => Ok(Node::start(me, store, config).await?),
        Err(error) => {
            store.close().await;
            Err(error)
        }
    }
}

async fn identity(
    keys: &Keys,
    (kind, name): (PeerKind, Name),
    store: &Store,
) -> Result<LocalIdentity, ProfileError> {
    let now = store.observe_time(now()).await?;
    let Secrets { account, node, .. } = keys.0.clone();
    let certificate = certificate::ensure(store, &account, node.id(), now).await?;
    Ok(LocalIdentity {
        account: account.id(),
        account_key: account,
        certificate,
        kind,
        name,
        node: node.id(),
        node_key: node,
    })
}

/// Runs what may block, such as a keyring that asks its person, off the async threads.
async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, ProfileError> + Send + 'static,
) -> Result<T, ProfileError> {
    tokio::task::spawn_blocking(act)
        .await
        .map_err(std::io::Error::from)?
}
