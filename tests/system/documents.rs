//! What the documents say, compared with what is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The names of all functions that are marked as tests below `folder`.
fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            tests_below(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            tests_in(&text, found);
        }
    }
}

/// Each attribute `#[test]`, whatever it is called in full, and the function after it.
fn tests_in(text: &str, found: &mut BTreeSet<String>) {
    let mut is_marked = false;
    for line in text.lines().map(str::trim) {
        is_marked |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let Some(name) = line
            .trim_start_matches("async ")
            .strip_prefix("fn ")
            .filter(|_| is_marked)
        else {
            continue;
        };
        is_marked = false;
        found.extend(name.split('(').next().map(str::to_owned));
    }
}

/// What stands between backticks and looks like the name of a test.
fn names_in(document: &str) -> BTreeSet<String> {
    let quoted = document.split('`').skip(1).step_by(2);
    let is_name = |word: &&str| {
        let mut letters = word.chars();
        word.contains('_') && letters.all(|it| it == '_' || it.is_ascii_lowercase())
    };
    quoted.filter(is_name).map(str::to_owned).collect()
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let document = fs::read_to_string(root().join("docs/threat-model.md")).unwrap();
    let mut tests = BTreeSet::new();
    tests_below(&root().join("crates"), &mut tests);
    tests_below(&root().join("tests"), &mut tests);

    let named = names_in(&document);

    let missing: Vec<&String> = named.difference(&tests).collect();
    assert!(missing.is_empty(), "there are no such tests: {missing:?}");
    assert!(named.len() > 50, "only {} are named", named.len());
}
