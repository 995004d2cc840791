//! Fuzzes `phrase`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| streembit_fuzz::identity::phrase(data));
