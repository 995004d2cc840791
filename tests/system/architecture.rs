//! The drawing in docs/ARCHITECTURE.md, compared with the manifests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each crate may build on, besides what is not ours.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("identity", &[]),
    ("gate", &["identity"]),
    ("delivery", &["identity"]),
    ("ratchet", &["identity"]),
    ("things", &["identity"]),
    ("drivers", &["identity", "things"]),
    ("store", &["delivery", "identity"]),
    ("vault", &["identity"]),
    (
        "node",
        &[
            "delivery", "drivers", "gate", "identity", "ratchet", "store", "things", "vault",
        ],
    ),
    (
        "api",
        &[
            "delivery", "gate", "identity", "node", "store", "things", "vault",
        ],
    ),
    ("cli", &["api", "gate", "identity", "node", "things"]),
];

/// Crates that do no I/O and read no clock.
const PURE: [&str; 5] = ["identity", "gate", "delivery", "ratchet", "things"];

/// What a pure crate has no business with.
const IMPURE: [&str; 8] = [
    "tokio",
    "libp2p",
    "rusqlite",
    "keyring",
    "tauri",
    "getrandom",
    "directories",
    "tracing-subscriber",
];

/// Calls that reach outside.
const REACHES_OUTSIDE: [&str; 6] = [
    "SystemTime::now",
    "Instant::now",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
];

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The names under `[dependencies]` in a crate's manifest.
fn dependencies(krate: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("crates").join(krate).join("Cargo.toml"))
        .unwrap_or_default();
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let name = |line: &str| {
        line.split(['.', ' ', '='])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    section
        .lines()
        .map(name)
        .filter(|name| !name.is_empty())
        .collect()
}

/// The sources below `folder`, file by file.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push((path, text));
        }
    }
}

/// The modules that are compiled for tests only.
fn test_modules(sources: &[(PathBuf, String)]) -> BTreeSet<String> {
    let declared = sources
        .iter()
        .flat_map(|(_, text)| text.split("#[cfg(test)]").skip(1));
    let name = |after: &str| {
        let line = after.trim_start().lines().next()?;
        let name = line.split("mod ").nth(1)?.strip_suffix(';')?;
        Some(name.to_owned())
    };
    declared.filter_map(name).collect()
}

/// What a crate is compiled from outside its tests.
fn compiled(krate: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&root().join("crates").join(krate).join("src"), &mut found);
    let tests = test_modules(&found);
    let is_test = |path: &Path| {
        let stem = path.with_extension("");
        stem.iter()
            .any(|part| tests.contains(part.to_string_lossy().as_ref()))
    };
    found.retain(|(path, _)| !is_test(path));
    for (_, text) in &mut found {
        if let Some(end) = text.find("#[cfg(test)]\nmod tests {") {
            text.truncate(end);
        }
    }
    found
}

#[test]
fn dependencies_point_one_way() {
    for (krate, may) in MAY_USE {
        for name in dependencies(krate) {
            let Some(ours) = name.strip_prefix("streembit-") else {
                continue;
            };
            assert!(may.contains(&ours), "{krate} must not build on {ours}");
        }
    }
}

#[test]
fn every_crate_has_its_place_in_the_drawing() {
    let drawn: BTreeSet<&str> = MAY_USE.iter().map(|(krate, _)| *krate).collect();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            drawn.contains(name.as_str()),
            "{name} is not in the drawing"
        );
    }
}

#[test]
fn pure_crates_depend_on_nothing_that_reaches_outside() {
    for krate in PURE {
        for name in dependencies(krate) {
            assert!(
                !IMPURE.contains(&name.as_str()),
                "{krate} is pure and depends on {name}"
            );
        }
    }
}

#[test]
fn pure_crates_read_no_clock_and_open_nothing() {
    for krate in PURE {
        for (file, text) in compiled(krate) {
            for call in REACHES_OUTSIDE {
                assert!(
                    !text.contains(call),
                    "{} is in a pure crate and calls {call}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn only_the_shell_knows_tauri_and_only_the_store_speaks_sql() {
    for (krate, _) in MAY_USE {
        let names = dependencies(krate);
        assert!(
            !names.iter().any(|name| name.starts_with("tauri")),
            "{krate} knows Tauri"
        );
        assert!(
            krate == "store" || !names.contains("rusqlite"),
            "{krate} speaks SQL"
        );
        assert!(
            krate == "vault" || !names.contains("keyring"),
            "{krate} touches the keyring"
        );
    }
}
