//! Published Thing Descriptions from other hands: valid ones pass, invalid ones are refused.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Description, DescriptionError};

/// The descriptions lie beside the repository and are not part of it.
fn folder(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("../shared/data/td").join(name);
    if !folder.is_dir() {
        eprintln!("notice: skipped, because {} is absent", folder.display());
        return None;
    }
    Some(folder)
}

fn verdicts(name: &str) -> Vec<(String, Vec<u8>, Result<Description, DescriptionError>)> {
    let Some(folder) = folder(name) else {
        return Vec::new();
    };
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        let verdict = Description::parse(&bytes);
        (
            path.file_name().unwrap().to_string_lossy().into_owned(),
            bytes,
            verdict,
        )
    };
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| read(entry.unwrap().path()))
        .collect()
}

#[test]
fn accepts_valid_descriptions_unchanged() {
    for folder in ["valid", "warning", "notValidYet"] {
        for (name, bytes, verdict) in verdicts(folder) {
            let description = verdict.unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));

            let before: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let after = serde_json::to_string(description.document()).unwrap();
            assert_eq!(
                after,
                before.to_string(),
                "{folder}/{name} keeps members and order"
            );
        }
    }
}

#[test]
fn refuses_invalid_descriptions_and_says_why() {
    for (name, _, verdict) in verdicts("invalid") {
        let Err(error) = verdict else {
            panic!("{name} was accepted");
        };
        assert!(!error.violations().is_empty(), "{name} needs a reason");
    }
}
