//! What a patch makes of metadata, against what real Hanko servers stored (`vectors/hanko-merge-server`) and against the
//! library that they merge with (`vectors/json-patch`). Where this package judges otherwise, a row says why, and a row that
//! no longer holds fails. RFC 7396 is among the corpora.
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

mod admin;
mod flow;
mod hostile;
mod javascript;
mod library;
mod limits;

use hanko_edge::error::Code;
use hanko_edge::metadata::{preview, Preview};
use serde_json::Value;

/// A preview that must succeed.
pub(crate) fn previewed(current: Option<&str>, patch: &str) -> Preview {
    preview(current, Some(patch)).unwrap_or_else(|error| panic!("{patch:.200}: {error}"))
}

/// Why a preview was refused, where it was.
pub(crate) fn refusal(current: Option<&str>, patch: &str) -> Option<Code> {
    preview(current, Some(patch)).err().map(|error| error.code())
}

/// Whether two texts hold the same value; the order of members and the spelling do not count.
pub(crate) fn same_value(left: &str, right: &str) -> bool {
    left == right || value(left).zip(value(right)).is_some_and(|(left, right)| left == right)
}

fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Every row of a table must have come up, and each with its own outcome.
pub(crate) fn assert_rows(found: &[String], table: &[(&str, &str)]) {
    let named: Vec<&str> = table.iter().map(|(id, _)| *id).collect();
    assert_eq!(found, named, "those that differ, and those that a row names");
}
