//! Folders, keyrings and profiles to try.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error, mock};
use streembit_identity::{Passphrase, PeerKind};
use streembit_vault::{KeyStoreKind, Keyring, NewProfile, Secrets, Vault, VaultError};
use tempfile::TempDir;

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub(crate) fn profile() -> NewProfile {
    NewProfile {
        name: "Ada".parse().unwrap(),
        kind: PeerKind::Human,
    }
}

pub(crate) fn secrets() -> Secrets {
    Secrets::generate().unwrap()
}

pub(crate) fn memory() -> Arc<mock::Store> {
    mock::Store::new().unwrap()
}

pub(crate) fn in_keyring(folder: &Path, store: &Arc<mock::Store>) -> Result<Vault, VaultError> {
    let keyring = Keyring::other(store.clone());
    Vault::create(
        folder,
        keyring,
        KeyStoreKind::Keyring,
        None,
        profile(),
        &secrets(),
    )
}

pub(crate) fn in_file(
    folder: &Path,
    passphrase: &str,
    secrets: &Secrets,
) -> Result<Vault, VaultError> {
    let passphrase = Passphrase::from(passphrase);
    let keyring = Keyring::other(broken(|| Error::NoDefaultStore));
    Vault::create(
        folder,
        keyring,
        KeyStoreKind::File,
        Some(&passphrase),
        profile(),
        secrets,
    )
}

/// Every file of a folder with its content.
pub(crate) fn snapshot(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// A keyring that answers everything with one error.
pub(crate) fn broken(error: fn() -> Error) -> Arc<Broken> {
    Arc::new(Broken {
        error,
        asked: Mutex::new(0),
    })
}

pub(crate) struct Broken {
    error: fn() -> Error,
    asked: Mutex<usize>,
}

impl Broken {
    pub(crate) fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

impl CredentialStoreApi for Broken {
    fn vendor(&self) -> String {
        "broken".into()
    }

    fn id(&self) -> String {
        "broken".into()
    }

    fn build(
        &self,
        _: &str,
        _: &str,
        _: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        *self.asked.lock().unwrap() += 1;
        Err((self.error)())
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
