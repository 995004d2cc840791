//! Fuzzes `record`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| streembit_fuzz::identity::record(data));
