//! Public corpora at the layer where they apply. They are no part of this repository: `folder.rs` says where they lie.
//! What we judge otherwise than a corpus is a row with its reason, and a row that no longer holds fails.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[path = "../data/mod.rs"]
mod data;
#[path = "../host/mod.rs"]
mod host;
#[path = "../oracle/mod.rs"]
mod oracle;

mod base64url;
mod cookbook;
mod folder;
mod json;
mod json_checker;
mod merge_patch;
mod naughty_strings;
mod rsa_signatures;
mod urls;
mod wycheproof_jwk;
mod wycheproof_jws;
