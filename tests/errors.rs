//! The codes of the contract: each once, each of its kind, and as they cross to JavaScript.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hanko_edge::error::{Code, Error, Kind};
use serde_json::{json, Value};

#[test]
fn every_code_has_a_text_of_its_own() {
    let texts: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!((texts.len(), Code::ALL.len()), (41, 41));
    for text in texts {
        assert!(text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{text}");
    }
}

#[test]
fn the_codes_are_those_that_the_package_declares() {
    let declared = std::fs::read_to_string(root().join("pkg-template/src/error.ts")).expect("the facade's errors");
    assert_eq!(unions(&declared), codes());
}

#[test]
fn the_codes_are_those_of_the_contract() {
    let file = root().join("../shared/contract/index.d.ts");
    match std::fs::read_to_string(&file) {
        Ok(contract) => assert_eq!(unions(&contract), codes()),
        Err(_) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("no contract to compare with"),
        Err(_) => println!("skipped: the contract (../shared/contract/index.d.ts) is not here"),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the core has, by the name of the union in TypeScript.
fn codes() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut unions: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for code in Code::ALL {
        let union = match code.kind() {
            Kind::Denied => "DeniedCode",
            Kind::Unavailable => "UnavailableCode",
            Kind::Misuse => "MisuseCode",
        };
        unions.entry(union).or_default().insert(code.as_str().to_owned());
    }
    unions
}

/// The texts of the three unions in a TypeScript source.
fn unions(source: &str) -> BTreeMap<&'static str, BTreeSet<String>> {
    let texts = |name: &str| {
        let (_, rest) = source.split_once(&format!("type {name} =")).unwrap_or_else(|| panic!("no {name}"));
        let (union, _) = rest.split_once(';').expect("an end");
        union.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    ["DeniedCode", "UnavailableCode", "MisuseCode"].map(|name| (name, texts(name))).into()
}

fn crossed(error: &Error) -> Value {
    serde_json::from_str(&error.to_json()).expect("JSON")
}

#[test]
fn an_error_crosses_with_what_is_known_and_nothing_else() {
    let bare = Error::new(Code::TokenExpired, "why");
    let expected = json!({ "code": "token_expired", "kind": "denied", "message": "why" });
    assert_eq!(crossed(&bare), expected);
    let mut full = Error::new(Code::ServerError, "why").with_status(503);
    full.retry_after = Some(7);
    let expected = json!({
        "code": "server_error", "kind": "unavailable", "message": "why", "status": 503, "retryAfter": 7
    });
    assert_eq!(crossed(&full), expected);
    assert_eq!(full.to_string(), "server_error: why");
}

#[test]
fn an_outage_is_never_a_denial() {
    let unavailable = "keys_unavailable keys_invalid network_error request_timeout request_aborted redirect_blocked \
        response_invalid response_too_large rate_limited server_error internal_error";
    for text in unavailable.split_whitespace() {
        let code = Code::ALL.iter().find(|code| code.as_str() == text).unwrap_or_else(|| panic!("no {text}"));
        assert_eq!(code.kind(), Kind::Unavailable, "{text}");
    }
}
