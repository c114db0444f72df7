//! What real Hanko servers answered (`vectors/recorded`), read by the core: the answers of `/sessions/validate`, the
//! token of every yes with its claims, and the key documents.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod clock;
mod data;
mod exchanges;
mod oracle;

use std::collections::BTreeSet;

use data::{list, text};
use exchanges::{exchanges, Exchange, VERSIONS};
use hanko_edge::claims::{self, Claims, Policy};
use hanko_edge::error::{Code, Error};
use hanko_edge::keys;
use hanko_edge::token::Token;
use hanko_edge::validate::{self, Answer};
use serde_json::{Map, Value};

const TOPICS: [&str; 15] = [
    "big-tokens",
    "custom-claims",
    "custom-claims-deep",
    "custom-claims-names",
    "custom-claims-shadow",
    "expiry",
    "idle",
    "issuer-audience",
    "jwks",
    "outage",
    "outage-connections",
    "outage-slow",
    "outage-wrong-secret",
    "validate",
    "validate-get",
];

/// Scenarios whose claims are nested more deeply than this package reads (64 levels); Hanko has no limit.
const TOO_DEEP: [&str; 4] = [
    "custom-claims-deep#depth-64-list",
    "custom-claims-deep#depth-100-list",
    "custom-claims-deep#depth-100-object",
    "custom-claims-deep#depth-1400-list",
];

/// Members of the claims that differ from the recorded answer's, in every yes of the scenario, and why.
const DIFFERENT: [(&str, &[&str], &str); 9] = [
    ("custom-claims#claims-full-user", &["big_number"], FLOAT),
    ("custom-claims#claims-user-without-metadata", &["big_number"], FLOAT),
    ("custom-claims#claims-user-without-email", &["big_number"], FLOAT),
    ("custom-claims#claims-frozen", &["big_number"], FLOAT),
    ("custom-claims-shadow#shadow-text-full-user", &SHADOWED_BY_TEXT, SHADOW),
    ("custom-claims-shadow#shadow-text-user-without-username", &SHADOWED_BY_TEXT, SHADOW),
    (
        "custom-claims-shadow#shadow-typed-full-user",
        &["audience", "expiration", "issued_at", "issuer", "subject"],
        SHADOW,
    ),
    (
        "custom-claims-shadow#shadow-typed-user-without-email",
        &["audience", "expiration", "issued_at", "issuer"],
        SHADOW,
    ),
    (
        "custom-claims-shadow#shadow-typed-user-without-username",
        &["audience", "expiration", "issued_at", "issuer"],
        SHADOW,
    ),
];
const SHADOWED_BY_TEXT: [&str; 6] = ["amr", "audience", "expiration", "issued_at", "issuer", "subject"];
const FLOAT: &str = "Hanko rounds integers beyond 2^53 in its answer; here they stand as signed until JSON.parse";
const SHADOW: &str = "custom claims take Hanko's own names in its answer; here Hanko's own names win";

/// What an answer says, the text of its claims apart.
#[derive(Debug, PartialEq)]
enum Said {
    Yes(String, String, Option<String>),
    No,
    Unreadable,
    Failed(Code),
}

#[test]
fn every_answer_of_validate_is_read_as_it_was_meant() {
    for version in VERSIONS {
        let (mut yes, mut no, mut unreadable, mut failed, mut too_deep) = (0, 0, 0, 0, 0);
        for exchange in exchanges(version, &TOPICS).iter().filter(|exchange| exchange.is_to("/sessions/validate")) {
            let (meant, read) = (meant(exchange), read(exchange));
            if TOO_DEEP.contains(&exchange.name.as_str()) {
                too_deep += 1;
                assert!(matches!(meant, Said::Yes(..)), "{exchange}");
                assert_eq!(read, Said::Failed(Code::ResponseInvalid), "{exchange}");
                continue;
            }
            assert_eq!(read, meant, "{exchange}");
            match meant {
                Said::Yes(..) => yes += 1,
                Said::No => no += 1,
                Said::Unreadable => unreadable += 1,
                Said::Failed(_) => failed += 1,
            }
        }
        println!("{version}: {yes} yes, {no} no, {unreadable} unreadable, {failed} failed, {too_deep} too deep");
        assert!(yes >= 120 && no >= 87 && unreadable >= 9 && failed >= 39, "answers are missing");
        assert_eq!(too_deep, TOO_DEEP.len());
    }
}

/// The recorded answer, read without the core.
fn meant(exchange: &Exchange) -> Said {
    let text = |name| exchange.member(name).map(|json| serde_json::from_str(json).expect("text"));
    match exchange.status() {
        200 if exchange.member("is_valid") == Some("false") => Said::No,
        200 => {
            let required = |name| text(name).unwrap_or_else(|| panic!("{exchange}: a yes without {name}"));
            Said::Yes(required("user_id"), required("expiration_time"), text("idle_expires_at"))
        }
        400 if exchange.body().contains("\"failed to parse token claims: ") => Said::Unreadable,
        204 | 400 | 404 | 415 => Said::Failed(Code::ResponseInvalid),
        500 => Said::Failed(Code::ServerError),
        status => panic!("{exchange}: nobody has said what {status} means"),
    }
}

fn read(exchange: &Exchange) -> Said {
    match validate::parse(&exchange.response()) {
        Ok(Answer::Yes(yes)) => {
            assert_eq!(Some(yes.claims.as_str()), exchange.member("claims"), "{exchange}");
            Said::Yes(yes.user_id, yes.expiration_time, yes.idle_expires_at)
        }
        Ok(Answer::No) => Said::No,
        Ok(Answer::Unreadable) => Said::Unreadable,
        Err(error) => Said::Failed(error.code()),
    }
}

#[test]
fn the_token_of_every_yes_verifies_and_has_the_claims_of_the_answer() {
    for version in VERSIONS {
        let (mut equal, mut several, mut different) = (0, 0, BTreeSet::new());
        for exchange in exchanges(version, &TOPICS).iter().filter(|exchange| exchange.is_to("/sessions/validate")) {
            let Said::Yes(user_id, expiration_time, _) = meant(exchange) else { continue };
            let tokens = exchange.tokens();
            let (Some(token), 1) = (tokens.first(), tokens.len()) else {
                several += 1;
                continue;
            };
            let verified = verify(exchange, token);
            if TOO_DEEP.contains(&exchange.name.as_str()) {
                assert_eq!(verified.err().map(|error| error.code()), Some(Code::ClaimsMalformed), "{exchange}");
                continue;
            }
            let claims = verified.unwrap_or_else(|error| panic!("{exchange}: {error}"));
            assert_eq!(claims.user_id, user_id, "{exchange}");
            assert_eq!(claims.expires_at, clock::milliseconds(&expiration_time), "{exchange}");
            let row = DIFFERENT.iter().find(|(name, ..)| *name == exchange.name);
            let names = differing(claims.json(), exchange.member("claims").expect("claims"));
            assert_eq!(names, row.map_or(&[][..], |(_, names, _)| names), "{exchange}: {row:?}");
            match row {
                Some((name, ..)) => drop(different.insert(name)),
                None => equal += 1,
            }
        }
        println!("{version}: {equal} equal, {several} with no or several tokens");
        assert!(equal >= 87 && several <= 16, "answers are missing");
        assert_eq!(different.len(), DIFFERENT.len(), "a named difference did not occur");
    }
}

fn verify(exchange: &Exchange, text: &str) -> Result<Claims, Error> {
    let token = Token::parse(text, 65_536)?;
    let set = oracle::key_set(&exchange.jwks)?;
    let (_, key) = set.find(token.kid()?)?;
    let policy = Policy { audience: &[], issuer: None, tolerance: 0 };
    claims::verify(&token, oracle::is_signed_by(&token, key), policy, exchange.at)
}

/// Names of the members that are not equal, as values.
fn differing(ours: &str, recorded: &str) -> Vec<String> {
    let read = |json| -> Map<String, Value> { serde_json::from_str(json).expect("claims are an object") };
    let (ours, recorded) = (read(ours), read(recorded));
    let names: BTreeSet<&String> = ours.keys().chain(recorded.keys()).collect();
    names.into_iter().filter(|name| ours.get(*name) != recorded.get(*name)).cloned().collect()
}

#[test]
fn every_key_document_is_read() {
    for version in VERSIONS {
        let (mut good, mut bad) = (0, 0);
        for exchange in exchanges(version, &["jwks", "outage", "outage-wrong-secret"]).iter() {
            if !exchange.is_to("/.well-known/jwks") {
                continue;
            }
            let read = keys::parse(&exchange.response());
            match exchange.status() {
                200 => {
                    let document: Value = serde_json::from_str(exchange.body()).expect("a document");
                    let set = read.unwrap_or_else(|error| panic!("{exchange}: {error}"));
                    for key in list(&document["keys"]) {
                        let (_, found) = set.find(text(key, "kid")).expect("a usable key");
                        assert_eq!((found.n.as_str(), found.length), (text(key, "n"), 512), "{exchange}");
                        good += 1;
                    }
                }
                status => {
                    let code = if status == 500 { Code::KeysUnavailable } else { Code::ResponseInvalid };
                    assert_eq!(read.err().map(|error| error.code()), Some(code), "{exchange}");
                    bad += 1;
                }
            }
        }
        println!("{version}: {good} keys, {bad} failures");
        assert!(good >= 11 && bad >= 9, "answers are missing");
    }
}

#[test]
fn a_tenant_without_keys_has_no_good_set() {
    let empty = exchanges("3.0.4", &["tenants"]).into_iter().find(|exchange| exchange.body() == "{\"keys\":[]}\n");
    let read = keys::parse(&empty.expect("a recorded empty set").response());
    assert_eq!(read.err().map(|error| error.code()), Some(Code::KeysInvalid));
}
