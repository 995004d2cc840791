//! The standard `age` tool opens our sealed files, and we open its.

use std::path::Path;
use std::process::{Command, Output};

use streembit_identity::Passphrase;
use streembit_identity::backup::{open, seal};

const PASSPHRASE: &str = "correct horse battery staple";

#[test]
fn age_opens_what_we_seal() {
    if !is_installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (sealed, opened) = (
        folder.path().join("backup.age"),
        folder.path().join("backup"),
    );
    let content = b"everything that matters\n".repeat(10_000);
    std::fs::write(
        &sealed,
        seal(&Passphrase::from(PASSPHRASE), &content).unwrap(),
    )
    .unwrap();

    let output = age(PASSPHRASE, &["--decrypt", "--output"], &opened, &sealed);

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(std::fs::read(&opened).unwrap(), content);
}

#[test]
fn age_refuses_another_passphrase() {
    if !is_installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (sealed, opened) = (
        folder.path().join("backup.age"),
        folder.path().join("backup"),
    );
    std::fs::write(
        &sealed,
        seal(&Passphrase::from(PASSPHRASE), b"secret").unwrap(),
    )
    .unwrap();

    let output = age("wrong", &["--decrypt", "--output"], &opened, &sealed);

    assert!(!output.status.success());
    assert!(!opened.exists());
}

#[test]
fn we_open_what_age_seals() {
    if !is_installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (plain, sealed) = (
        folder.path().join("plain"),
        folder.path().join("sealed.age"),
    );
    std::fs::write(&plain, b"from another program").unwrap();

    let output = age(
        PASSPHRASE,
        &["--encrypt", "--passphrase", "--output"],
        &sealed,
        &plain,
    );

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let sealed = std::fs::read(&sealed).unwrap();
    let content = open(&Passphrase::from(PASSPHRASE), &sealed).unwrap();
    assert_eq!(content.as_slice(), b"from another program");
}

fn age(passphrase: &str, options: &[&str], output: &Path, input: &Path) -> Output {
    Command::new("python3")
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/judges/passphrase.py"
        ))
        .args([passphrase, "age"])
        .args(options)
        .args([output, input])
        .output()
        .unwrap()
}

fn is_installed() -> bool {
    for program in ["age", "python3"] {
        if Command::new(program).arg("--version").output().is_err() {
            println!("SKIPPED: {program} is not installed");
            return false;
        }
    }
    true
}
