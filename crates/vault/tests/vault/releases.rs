//! Profiles of earlier releases, kept as they were written: each must open for ever.

use std::fs;
use std::path::Path;

use streembit_identity::{Passphrase, PeerKind};
use streembit_vault::{KeyStoreKind, Keyring, State, Vault};

use crate::fixtures::*;

#[test]
fn opens_a_sealed_profile_of_format_1() {
    let copy = folder();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vault/releases/1");
    for name in ["profile.toml", "secrets.age"] {
        fs::copy(kept.join(name), copy.path().join(name)).unwrap();
    }

    let State::Locked(vault) = Vault::open(copy.path(), Keyring::other(memory())).unwrap() else {
        panic!("a sealed file is locked");
    };
    let secrets = vault
        .unlock(&Passphrase::from("a passphrase of format 1"))
        .unwrap();

    assert_eq!(vault.profile().name.as_str(), "Zoë");
    assert_eq!(vault.profile().kind, PeerKind::Hub);
    assert_eq!(vault.profile().key_store, KeyStoreKind::File);
    assert_eq!(*secrets.account.seed(), [1; 32]);
    assert_eq!(*secrets.node.seed(), [2; 32]);
    assert_eq!(*secrets.database, [3; 32]);
}
