//! The exports of `src/js` in real browsers, driven as the facade drives them.
#![cfg(target_family = "wasm")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod answers;
mod exports;
mod face;
mod local;
mod remote;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
