//! Replays the fuzz corpus of this crate's decoders.

#![expect(unreachable_pub, reason = "shared with the fuzz targets")]

#[cfg(test)]
#[path = "../../../fuzz/decoders/gate.rs"]
mod gate;
#[cfg(test)]
#[path = "../../../fuzz/decoders/signed.rs"]
mod signed;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::gate;

    #[test]
    fn decoders_survive_their_corpus() {
        replay("operation", gate::operation);
        replay("ledger", gate::ledger);
        replay("list", gate::list);
        replay("exchange", gate::exchange);
    }

    fn replay(target: &str, decoder: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz/corpus")
            .join(target);
        let inputs: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert!(!inputs.is_empty(), "{target} has a corpus");
        for input in inputs {
            decoder(&fs::read(input).unwrap());
        }
    }
}
