//! Replays every corpus, so that a broken decoder or target is noticed without a fuzzer.

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use streembit_fuzz::{TARGETS, find};

    fn corpus() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
    }

    fn entries(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn decoders_survive_their_corpora() {
        for target in TARGETS {
            let inputs = entries(&corpus().join(target.name));
            assert!(!inputs.is_empty(), "{} has a corpus", target.name);
            for input in inputs {
                println!("{}", input.display());
                (target.run)(&fs::read(input).unwrap());
            }
        }
    }

    #[test]
    fn each_corpus_has_a_target() {
        for folder in entries(&corpus()) {
            let name = folder.file_name().and_then(|name| name.to_str()).unwrap();
            assert!(find(name).is_some(), "nothing replays {name}");
        }
    }
}
