//! A profile's vault: made once, opened often, deleted whole.

use std::fs;
use std::path::{Path, PathBuf};

use streembit_identity::{Name, Passphrase};

use crate::{
    KeyStoreKind, Keyring, Marks, NewProfile, ProfileFile, ProfileId, Secrets, VaultError, disk,
    sealed,
};

/// Name of the database in a data folder.
pub const DATABASE: &str = "streembit.db";

/// Everything else that a profile leaves in its folder; the profile file itself goes last.
const REMAINS: [&str; 5] = [
    DATABASE,
    "streembit.db-wal",
    "streembit.db-shm",
    "streembit.db-journal",
    "control.sock",
];

/// The profile of a data folder and the way to its secrets.
#[derive(Clone, Debug)]
pub struct Vault {
    folder: PathBuf,
    profile: ProfileFile,
    keyring: Keyring,
}

/// What a data folder holds.
#[derive(Debug)]
pub enum State {
    /// A profile whose keys are sealed with a passphrase.
    Locked(Vault),
    /// No profile.
    None,
    /// A profile and its keys.
    Ready(Vault, Box<Secrets>),
}

impl Vault {
    /// Makes the profile of a folder that has none.
    ///
    /// # Errors
    ///
    /// Refuses a folder with anything of a profile in it, a sealed file without a passphrase, and
    /// a keyring that does not answer; after an error nothing of the profile is left behind.
    pub fn create(
        folder: &Path,
        keyring: Keyring,
        key_store: KeyStoreKind,
        passphrase: Option<&Passphrase>,
        profile: NewProfile,
        secrets: &Secrets,
    ) -> Result<Self, VaultError> {
        let taken = [
            ProfileFile::path(folder),
            sealed::path(folder),
            folder.join(DATABASE),
        ];
        if let Some(path) = taken.into_iter().find(|path| disk::is_taken(path)) {
            return Err(VaultError::Exists(path));
        }
        let NewProfile { name, kind } = profile;
        let id = ProfileId::random()?;
        let profile = ProfileFile {
            id,
            key_store,
            name,
            kind,
            account: secrets.account.id(),
            node: Some(secrets.node.id()),
        };
        let vault = Self {
            folder: folder.to_path_buf(),
            profile,
            keyring,
        };

        disk::make_folder(folder)?;
        match (key_store, passphrase) {
            (KeyStoreKind::Keyring, None) => vault.keyring.store(&vault.profile.id, secrets)?,
            (KeyStoreKind::Keyring, Some(_)) => return Err(VaultError::PassphraseUseless),
            (KeyStoreKind::File, Some(passphrase)) => sealed::store(folder, passphrase, secrets)?,
            (KeyStoreKind::File, None) => return Err(VaultError::PassphraseNeeded),
        }
        vault.profile.write_new(folder).inspect_err(|_| {
            // The first error is the one that helps; a forgotten entry under a random name is inert.
            let _ = vault.forget_secrets();
        })?;
        Ok(vault)
    }

    /// Looks what a folder holds, and loads the keys if that needs no passphrase.
    ///
    /// # Errors
    ///
    /// A keyring that is locked, unreachable or without the entry is an error, never "no profile".
    pub fn open(folder: &Path, keyring: Keyring) -> Result<State, VaultError> {
        let Some(vault) = Self::find(folder, keyring)? else {
            return Ok(State::None);
        };
        match vault.profile.key_store {
            KeyStoreKind::File => Ok(State::Locked(vault)),
            KeyStoreKind::Keyring => {
                let secrets = vault.keyring.load(&vault.profile.id)?;
                let secrets = vault.checked(secrets)?;
                Ok(State::Ready(vault, Box::new(secrets)))
            }
        }
    }

    /// Finds the profile of a folder without asking for its keys.
    ///
    /// # Errors
    ///
    /// Refuses a profile file that cannot be read or is of a later version.
    pub fn find(folder: &Path, keyring: Keyring) -> Result<Option<Self>, VaultError> {
        let folder = folder.to_path_buf();
        let profile = ProfileFile::read(&folder)?;
        Ok(profile.map(|profile| Self {
            folder,
            profile,
            keyring,
        }))
    }

    /// Opens the sealed keys.
    ///
    /// # Errors
    ///
    /// Tells a wrong passphrase from a damaged file.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<Secrets, VaultError> {
        match self.profile.key_store {
            KeyStoreKind::File => self.checked(sealed::load(&self.folder, passphrase)?),
            KeyStoreKind::Keyring => Err(VaultError::PassphraseUseless),
        }
    }

    /// Seals the keys with another passphrase; the keys stay the same.
    ///
    /// # Errors
    ///
    /// Leaves everything as it was unless the old passphrase is right and the new file is written.
    pub fn change_passphrase(&self, old: &Passphrase, new: &Passphrase) -> Result<(), VaultError> {
        let secrets = self.unlock(old)?;
        sealed::reseal(&self.folder, new, &secrets)
    }

    /// Writes another name into the profile file.
    ///
    /// # Errors
    ///
    /// Leaves the old file if the new one cannot be written.
    pub fn rename(&mut self, name: Name) -> Result<(), VaultError> {
        let profile = ProfileFile {
            name,
            ..self.profile.clone()
        };
        profile.replace(&self.folder)?;
        self.profile = profile;
        Ok(())
    }

    /// Deletes the keys and everything of the profile in its folder.
    ///
    /// # Errors
    ///
    /// Deletes no file while the keyring will not delete its entry; may be repeated after an error.
    pub fn delete(&self) -> Result<(), VaultError> {
        self.marks().delete()?;
        self.forget_secrets()?;
        for name in REMAINS {
            disk::remove(&self.folder.join(name))?;
        }
        disk::remove(&ProfileFile::path(&self.folder))?;
        // A folder that holds anything else, such as the lock, stays.
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }

    /// Returns what the profile must not fall back behind.
    pub fn marks(&self) -> Marks {
        match self.profile.key_store {
            KeyStoreKind::File => Marks::beside(&self.folder),
            KeyStoreKind::Keyring => Marks::in_keyring(self.keyring.clone(), &self.profile.id),
        }
    }

    /// Returns the content of the profile file.
    pub const fn profile(&self) -> &ProfileFile {
        &self.profile
    }

    /// Returns the data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns where the database lies.
    pub fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    fn forget_secrets(&self) -> Result<(), VaultError> {
        match self.profile.key_store {
            KeyStoreKind::File => disk::remove(&sealed::path(&self.folder)),
            KeyStoreKind::Keyring => self.keyring.delete(self.profile.id.as_str()),
        }
    }

    /// Makes sure that the keys are those of the account that the profile file names.
    fn checked(&self, secrets: Secrets) -> Result<Secrets, VaultError> {
        if secrets.account.id() == self.profile.account {
            Ok(secrets)
        } else {
            Err(VaultError::damaged(
                "the profile, whose keys are those of another account,",
            ))
        }
    }
}
