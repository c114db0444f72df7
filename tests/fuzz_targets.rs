//! Every fuzz target over its seeds, without a fuzzer.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[allow(unreachable_pub, reason = "it is a package of its own as well")]
#[path = "fuzz/src/lib.rs"]
mod fuzz;

use std::path::Path;

use fuzz::seeds;

/// Runs a target over at least so many seeds of this repository, and over those of the public corpora where they are.
fn run(name: &str, target: fn(&[u8]), least: usize) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = seeds::of_vectors(name, repository);
    let public = seeds::of_corpora(name, repository);
    println!("{name}: {} seeds, {} more of public corpora", own.len(), public.len());
    assert!(own.len() >= least, "seeds are missing");
    own.iter().chain(&public).for_each(|seed| target(seed));
}

#[test]
fn token() {
    run("token", fuzz::token, 850);
}

#[test]
fn key_document() {
    run("key_document", fuzz::key_document, 40);
}

#[test]
fn cookie_header() {
    run("cookie_header", fuzz::cookie_header, 130);
}

#[test]
fn authorization_header() {
    run("authorization_header", fuzz::authorization_header, 400);
}

#[test]
fn validate_answer() {
    run("validate_answer", fuzz::validate_answer, 140);
}

#[test]
fn claims() {
    run("claims", fuzz::claims, 600);
}

#[test]
fn metadata() {
    run("metadata", fuzz::metadata, 330);
}

#[test]
fn user_answer() {
    run("user_answer", fuzz::user_answer, 200);
}

#[test]
fn admin_answer() {
    run("admin_answer", fuzz::admin_answer, 990);
}

#[test]
fn flow_answer() {
    run("flow_answer", fuzz::flow_answer, 590);
}

#[test]
fn webhook() {
    run("webhook", fuzz::webhook, 90);
}

#[test]
fn what_the_fuzzing_found_is_among_the_seeds() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = seeds::found("validate_answer", repository);
    assert!(!found.is_empty() && found.is_subset(&seeds::of_vectors("validate_answer", repository)));
    assert!(seeds::found("no such target", repository).is_empty());
}
