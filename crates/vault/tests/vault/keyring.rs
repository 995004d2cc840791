//! Keys in a keyring: one entry a profile, and silence is never "no key".

use std::fs;
use std::time::Duration;

use keyring_core::Error;
use keyring_core::api::CredentialStoreApi as _;
use streembit_identity::Passphrase;
use streembit_vault::{KeyStoreKind, Keyring, MAX_MARKS, ProfileFile, State, Vault, VaultError};

use crate::fixtures::*;

#[test]
fn gives_back_the_keys_it_was_given() {
    let (folder, store, secrets) = (folder(), memory(), secrets());
    let keyring = Keyring::other(store);
    Vault::create(
        folder.path(),
        keyring.clone(),
        KeyStoreKind::Keyring,
        None,
        profile(),
        &secrets,
    )
    .unwrap();

    let State::Ready(vault, kept) = Vault::open(folder.path(), keyring).unwrap() else {
        panic!("a keyring needs no passphrase");
    };

    assert_eq!(kept.account.id(), secrets.account.id());
    assert_eq!(kept.node.id(), secrets.node.id());
    assert_eq!(kept.database, secrets.database);
    assert_eq!(vault.profile().name.as_str(), "Ada");
    assert_eq!(vault.profile().key_store, KeyStoreKind::Keyring);
}

#[test]
fn an_empty_folder_holds_no_profile() {
    let folder = folder();

    let state = Vault::open(folder.path(), Keyring::other(memory())).unwrap();

    assert!(matches!(state, State::None));
    assert!(
        snapshot(folder.path()).is_empty(),
        "looking changes nothing"
    );
}

#[test]
fn two_profiles_share_no_entry() {
    let (one, other, store) = (folder(), folder(), memory());
    let first = in_keyring(one.path(), &store).unwrap();
    let second = in_keyring(other.path(), &store).unwrap();
    assert_ne!(first.profile().id, second.profile().id);

    first.delete().unwrap();

    let state = Vault::open(other.path(), Keyring::other(store)).unwrap();
    assert!(
        matches!(state, State::Ready(..)),
        "the other profile lives on"
    );
}

#[test]
fn refuses_a_folder_that_has_a_profile() {
    let (folder, store) = (folder(), memory());
    in_keyring(folder.path(), &store).unwrap();
    let before = snapshot(folder.path());

    assert!(matches!(
        in_keyring(folder.path(), &store),
        Err(VaultError::Exists(_))
    ));
    assert!(matches!(
        in_file(folder.path(), "x", &secrets()),
        Err(VaultError::Exists(_))
    ));

    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn refuses_a_folder_that_has_only_the_database_of_one() {
    let folder = folder();
    fs::write(folder.path().join("streembit.db"), b"history").unwrap();

    assert!(matches!(
        in_keyring(folder.path(), &memory()),
        Err(VaultError::Exists(_))
    ));

    assert_eq!(
        fs::read(folder.path().join("streembit.db")).unwrap(),
        b"history"
    );
}

type IsExpected = fn(&VaultError) -> bool;

#[test]
fn a_keyring_in_trouble_is_never_one_without_a_key() {
    let (folder, store) = (folder(), memory());
    in_keyring(folder.path(), &store).unwrap();
    let before = snapshot(folder.path());
    let table: [(fn() -> Error, IsExpected); 6] = [
        (
            || Error::NoStorageAccess("SS Error: object locked".into()),
            |e| matches!(e, VaultError::Locked),
        ),
        (
            || Error::NoStorageAccess("SS error: prompt dismissed".into()),
            |e| matches!(e, VaultError::Denied),
        ),
        (
            || Error::PlatformFailure("no bus".into()),
            |e| matches!(e, VaultError::Unreachable),
        ),
        (
            || Error::NoDefaultStore,
            |e| matches!(e, VaultError::Unreachable),
        ),
        (|| Error::NoEntry, |e| matches!(e, VaultError::Missing)),
        (
            || Error::Ambiguous(vec![]),
            |e| matches!(e, VaultError::Ambiguous),
        ),
    ];
    for (error, is_expected) in table {
        let trouble = broken(error);
        let refusal = Vault::open(folder.path(), Keyring::other(trouble.clone())).unwrap_err();
        assert!(is_expected(&refusal), "{refusal:?}");
        assert_eq!(refusal.code(), "keyring");
        assert_eq!(
            trouble.asked(),
            1,
            "asked once, and nothing was stored in its place"
        );
        assert_eq!(snapshot(folder.path()), before);
    }
    assert!(matches!(
        Vault::open(folder.path(), Keyring::other(store)),
        Ok(State::Ready(..))
    ));
}

#[test]
fn a_profile_that_could_not_be_made_leaves_nothing() {
    let folder = folder();
    let keyring = Keyring::other(broken(|| Error::NoDefaultStore));

    let refusal = Vault::create(
        folder.path(),
        keyring,
        KeyStoreKind::Keyring,
        None,
        profile(),
        &secrets(),
    );

    assert!(matches!(refusal, Err(VaultError::Unreachable)));
    assert!(snapshot(folder.path()).is_empty());
}

#[test]
fn gives_up_on_a_keyring_that_does_not_answer() {
    let folder = folder();
    let stuck = broken(|| {
        std::thread::park_timeout(Duration::from_secs(60));
        Error::NoDefaultStore
    });
    let keyring = Keyring::other(stuck).with_deadline(Duration::from_millis(50));

    let refusal = Vault::create(
        folder.path(),
        keyring,
        KeyStoreKind::Keyring,
        None,
        profile(),
        &secrets(),
    );

    assert!(matches!(refusal, Err(VaultError::Timeout)));
    assert!(snapshot(folder.path()).is_empty());
}

#[test]
fn says_when_the_entry_is_not_what_it_was() {
    let (folder, store) = (folder(), memory());
    let vault = in_keyring(folder.path(), &store).unwrap();
    let entry = store
        .build("streembit", vault.profile().id.as_str(), None)
        .unwrap();

    entry.set_password("something else").unwrap();

    let refusal = Vault::open(folder.path(), Keyring::other(store)).unwrap_err();
    assert!(matches!(refusal, VaultError::Damaged { .. }));
    assert_eq!(
        entry.get_password().unwrap(),
        "something else",
        "left as it was"
    );
}

#[test]
fn refuses_the_keys_of_another_account() {
    let (one, other, store) = (folder(), folder(), memory());
    let first = in_keyring(one.path(), &store).unwrap();
    let second = in_keyring(other.path(), &store).unwrap();
    let entry = |vault: &Vault| {
        store
            .build("streembit", vault.profile().id.as_str(), None)
            .unwrap()
    };

    entry(&first)
        .set_secret(&entry(&second).get_secret().unwrap())
        .unwrap();

    let refusal = Vault::open(one.path(), Keyring::other(store.clone())).unwrap_err();
    assert!(matches!(refusal, VaultError::Damaged { .. }));
}

#[test]
fn deletes_keys_and_files_of_the_profile() {
    let (folder, store) = (folder(), memory());
    let vault = in_keyring(folder.path(), &store).unwrap();
    for name in ["streembit.db", "streembit.db-wal", "streembit.db-shm"] {
        fs::write(folder.path().join(name), b"history").unwrap();
    }
    fs::write(folder.path().join("holiday.jpg"), b"not ours").unwrap();

    vault.delete().unwrap();

    let left: Vec<_> = snapshot(folder.path())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(left, ["holiday.jpg"]);
    let entry = store
        .build("streembit", vault.profile().id.as_str(), None)
        .unwrap();
    assert!(matches!(entry.get_secret(), Err(Error::NoEntry)));
    vault.delete().unwrap();
}

#[test]
fn keeps_marks_apart_from_the_folder_until_the_profile_is_deleted() {
    let (folder, store) = (folder(), memory());
    let marks = in_keyring(folder.path(), &store).unwrap().marks();
    let before = snapshot(folder.path());
    assert_eq!(marks.read().unwrap(), None);

    marks.write("far").unwrap();
    marks.write("farther").unwrap();
    assert!(marks.write(&"x".repeat(MAX_MARKS + 1)).is_err());

    assert_eq!(
        snapshot(folder.path()),
        before,
        "the folder knows nothing of it"
    );
    let keyring = Keyring::other(store);
    let vault = Vault::find(folder.path(), keyring).unwrap().unwrap();
    assert_eq!(vault.marks().read().unwrap().as_deref(), Some("farther"));
    vault.delete().unwrap();
    assert_eq!(vault.marks().read().unwrap(), None);
}

#[test]
fn a_keyring_in_trouble_is_never_one_without_marks() {
    let (folder, store) = (folder(), memory());
    in_keyring(folder.path(), &store).unwrap();
    let locked = broken(|| Error::NoStorageAccess("locked".into()));
    let vault = Vault::find(folder.path(), Keyring::other(locked))
        .unwrap()
        .unwrap();

    assert!(matches!(vault.marks().read(), Err(VaultError::Locked)));
}

#[test]
fn deletes_no_file_while_the_keyring_refuses() {
    let (folder, store) = (folder(), memory());
    in_keyring(folder.path(), &store).unwrap();
    let before = snapshot(folder.path());
    let locked = broken(|| Error::NoStorageAccess("locked".into()));
    let vault = Vault::find(folder.path(), Keyring::other(locked))
        .unwrap()
        .unwrap();

    assert!(matches!(vault.delete(), Err(VaultError::Locked)));

    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn takes_no_passphrase() {
    let (folder, store) = (folder(), memory());
    let vault = in_keyring(folder.path(), &store).unwrap();

    assert!(matches!(
        vault.unlock(&Passphrase::from("x")),
        Err(VaultError::PassphraseUseless)
    ));
}

#[test]
fn renames_without_touching_the_keys() {
    let (folder, store) = (folder(), memory());
    let mut vault = in_keyring(folder.path(), &store).unwrap();

    vault.rename("Countess".parse().unwrap()).unwrap();

    let State::Ready(vault, _) = Vault::open(folder.path(), Keyring::other(store)).unwrap() else {
        panic!("still there");
    };
    assert_eq!(vault.profile().name.as_str(), "Countess");
}

#[test]
fn refuses_profiles_that_are_newer_or_damaged_and_leaves_them() {
    let (folder, store) = (folder(), memory());
    in_keyring(folder.path(), &store).unwrap();
    let path = ProfileFile::path(folder.path());
    let good = fs::read_to_string(&path).unwrap();
    let newer = format!(
        "{}\nnew = \"thing\"\n",
        good.replace("version = 1", "version = 2")
    );
    let open = || Vault::open(folder.path(), Keyring::other(store.clone())).map(|_| ());

    fs::write(&path, &newer).unwrap();
    assert!(matches!(open(), Err(VaultError::Newer { found: 2 })));
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);

    let huge = format!("{good}# {}", "x".repeat(70_000));
    let id = good.lines().find(|line| line.starts_with("id")).unwrap();
    let escaping = good.replace(id, "id = \"../../etc\"");
    for damaged in [
        "",
        "version = 1",
        "\0\0\0",
        &good.replace("human", "ghost"),
        &escaping,
        &huge,
    ] {
        fs::write(&path, damaged).unwrap();
        assert!(
            matches!(open(), Err(VaultError::Damaged { .. })),
            "{damaged:.80}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }

    fs::write(&path, good).unwrap();
    assert!(open().is_ok());
}

#[cfg(unix)]
#[test]
fn closes_the_folder_and_its_files_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let (parent, store) = (folder(), memory());
    let folder = parent.path().join("deep/er");
    in_keyring(&folder, &store).unwrap();

    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&ProfileFile::path(&folder)), 0o600);
}
