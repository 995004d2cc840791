//! Fuzzes `link`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| streembit_fuzz::identity::link(data));
