//! Fuzzes `body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| streembit_fuzz::node::body(data));
