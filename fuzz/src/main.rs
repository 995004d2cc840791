//! Gives libFuzzer the target that its corpus is named after: `fuzz corpus/link` fuzzes `link`.
#![no_main]
#![expect(clippy::panic, reason = "libFuzzer knows no other way to end")]

use std::{env, path::Path, sync::OnceLock};

use streembit_fuzz::Target;

static TARGET: OnceLock<Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let chosen = env::args().skip(1).find_map(|argument| named(&argument));
        let Some(target) = chosen else {
            panic!("name a corpus: corpus/TARGET")
        };
        TARGET.get_or_init(|| target);
    },
    |data: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(data);
        }
    }
);

/// The target whose name is a part of the path.
fn named(path: &str) -> Option<Target> {
    Path::new(path)
        .iter()
        .filter_map(|part| streembit_fuzz::find(part.to_str()?))
        .next_back()
}
