//! A disk that is really full: a small tmpfs in a mount namespace of its own.

use std::path::Path;
use std::process::Command;

use streembit_identity::Passphrase;
use streembit_vault::{Keyring, Vault, VaultError};

use crate::fixtures::*;

/// Tells the inner test which folder has no room.
const FOLDER: &str = "STREEMBIT_TEST_FULL_DISK";

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_changes_nothing() {
    let mount = folder();
    let script = "mount -t tmpfs -o size=64k none \"$1\" && exec \"$2\" --exact full_disk::inside --nocapture";
    let outcome = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(mount.path())
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER, mount.path())
        .output();

    match outcome {
        Ok(output) if String::from_utf8_lossy(&output.stdout).contains("running 1 test") => {
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stdout)
            );
        }
        Ok(_) | Err(_) => println!("SKIPPED: this system allows no mount namespaces"),
    }
}

/// Runs only inside the namespace that the test above makes.
#[test]
fn inside() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let secrets = secrets();
    let vault = in_file(&folder.join("made before"), "old", &secrets).unwrap();
    let before = snapshot(vault.folder());
    std::fs::create_dir(folder.join("made after")).unwrap();
    fill(&folder.join("filling"));

    let change = vault
        .change_passphrase(&"old".into(), &"new".into())
        .unwrap_err();
    assert!(matches!(change, VaultError::Full), "{change:?}");
    assert_eq!(snapshot(vault.folder()), before);
    assert!(vault.unlock(&Passphrase::from("old")).is_ok());

    let creation = in_file(&folder.join("made after"), "x", &secrets).unwrap_err();
    assert!(matches!(creation, VaultError::Full), "{creation:?}");
    assert!(snapshot(&folder.join("made after")).is_empty());

    std::fs::remove_file(folder.join("filling")).unwrap();
    assert!(
        Vault::find(vault.folder(), Keyring::other(memory()))
            .unwrap()
            .is_some()
    );
    vault
        .change_passphrase(&"old".into(), &"new".into())
        .unwrap();
}

fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
}
