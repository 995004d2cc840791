//! Keys in a sealed file: the passphrase opens it, and only the passphrase changes.

use std::fs;

use streembit_identity::Passphrase;
use streembit_vault::{KeyStoreKind, Keyring, State, Vault, VaultError};

use crate::fixtures::*;

#[test]
fn opens_with_the_right_passphrase_after_any_number_of_wrong_ones() {
    let (folder, secrets) = (folder(), secrets());
    in_file(folder.path(), "right", &secrets).unwrap();
    let before = snapshot(folder.path());
    let vault = locked(folder.path());

    for wrong in ["wrong", "Right", "right "] {
        let refusal = vault.unlock(&Passphrase::from(wrong)).unwrap_err();
        assert!(matches!(refusal, VaultError::WrongPassphrase));
        assert_eq!(refusal.code(), "denied");
    }

    let kept = vault.unlock(&Passphrase::from("right")).unwrap();
    assert_eq!(kept.account.id(), secrets.account.id());
    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn another_passphrase_opens_the_same_keys() {
    let (folder, secrets) = (folder(), secrets());
    in_file(folder.path(), "old", &secrets).unwrap();
    let vault = locked(folder.path());
    let (old, new) = (Passphrase::from("old"), Passphrase::from("new"));

    assert!(matches!(
        vault.change_passphrase(&new, &old),
        Err(VaultError::WrongPassphrase)
    ));
    assert!(matches!(
        vault.change_passphrase(&old, &Passphrase::from("")),
        Err(VaultError::PassphraseNeeded)
    ));
    vault.change_passphrase(&old, &new).unwrap();

    assert!(matches!(
        vault.unlock(&old),
        Err(VaultError::WrongPassphrase)
    ));
    let kept = vault.unlock(&new).unwrap();
    assert_eq!(kept.account.id(), secrets.account.id());
    assert_eq!(kept.node.id(), secrets.node.id());
    assert_eq!(kept.database, secrets.database);
}

#[test]
fn says_when_the_file_is_damaged_or_gone_and_leaves_it() {
    let folder = folder();
    in_file(folder.path(), "right", &secrets()).unwrap();
    let path = folder.path().join("secrets.age");
    let good = fs::read(&path).unwrap();
    let vault = locked(folder.path());
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;

    for damaged in [&flipped[..], &good[..good.len() / 2], b"", &vec![0; 70_000]] {
        fs::write(&path, damaged).unwrap();
        let refusal = vault.unlock(&Passphrase::from("right")).unwrap_err();
        assert!(matches!(refusal, VaultError::Damaged { .. }), "{refusal:?}");
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(
        vault.unlock(&Passphrase::from("right")),
        Err(VaultError::Damaged { .. })
    ));
    assert!(!path.exists());
}

#[test]
fn needs_a_passphrase() {
    let folder = folder();
    let keyring = Keyring::other(memory());

    let refusal = Vault::create(
        folder.path(),
        keyring,
        KeyStoreKind::File,
        None,
        profile(),
        &secrets(),
    );

    assert!(matches!(refusal, Err(VaultError::PassphraseNeeded)));
    assert!(matches!(
        in_file(folder.path(), "", &secrets()),
        Err(VaultError::PassphraseNeeded)
    ));
    assert!(snapshot(folder.path()).is_empty());
}

#[test]
fn never_asks_the_keyring() {
    let folder = folder();
    let untouched = broken(|| keyring_core::Error::NoDefaultStore);
    let keyring = Keyring::other(untouched.clone());
    let passphrase = Passphrase::from("right");

    let vault = Vault::create(
        folder.path(),
        keyring,
        KeyStoreKind::File,
        Some(&passphrase),
        profile(),
        &secrets(),
    )
    .unwrap();
    vault.unlock(&passphrase).unwrap();
    vault.delete().unwrap();

    assert_eq!(untouched.asked(), 0);
    assert!(!folder.path().join("secrets.age").exists());
}

#[cfg(unix)]
#[test]
fn is_for_the_owner_only_also_after_a_change() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    in_file(folder.path(), "old", &secrets()).unwrap();
    let path = folder.path().join("secrets.age");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);

    locked(folder.path())
        .change_passphrase(&"old".into(), &"new".into())
        .unwrap();

    assert_eq!(mode(), 0o600);
    assert_eq!(snapshot(folder.path()).len(), 2, "no draft is left behind");
}

fn locked(folder: &std::path::Path) -> Vault {
    match Vault::open(folder, Keyring::other(memory())).unwrap() {
        State::Locked(vault) => vault,
        State::None | State::Ready(..) => panic!("a sealed file is locked"),
    }
}
