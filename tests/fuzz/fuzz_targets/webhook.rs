#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| hanko_edge_fuzz::webhook(input));
