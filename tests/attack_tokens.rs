//! Every token of `vectors/attack-tokens` through the whole corridor, natively, with the `rsa` crate for signatures.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod data;
mod oracle;
mod tenant;

use data::{list, text, vectors};
use hanko_edge::claims::Claims;
use hanko_edge::error::{Code, Error, Kind};
use hanko_edge::token::Token;
use jwt_compact::UntrustedToken;
use serde_json::Value;
use tenant::Tenant;

#[test]
fn no_attack_passes_and_every_control_does() {
    let file = vectors("attack-tokens/attack_tokens.json");
    let tenant = Tenant::of(&file);
    let mut tally = Tally::default();
    for case in list(&file["cases"]) {
        let keys = oracle::key_set(case.get("jwks").unwrap_or_else(|| &file["jwks"]));
        tally.count(case, keys.and_then(|keys| tenant.verify(text(case, "token"), &keys, oracle::is_signed_by)));
    }
    for line in tally.diverging.iter().chain(&tally.wrong) {
        println!("{line}");
    }
    println!("{} of {} codes are the first choice", tally.primary, tally.invalid);
    assert_eq!((tally.total, tally.valid, tally.invalid, tally.either), (336, 19, 314, 3));
    assert!(tally.wrong.is_empty(), "{} cases are answered wrongly", tally.wrong.len());
    assert!(tally.primary * 100 >= tally.invalid * 95, "fewer than 95 % of the codes are the first choice");
}

/// jwt-compact's own reader is too large to ship; what it takes apart natively, ours takes apart in the same way.
#[test]
fn a_header_is_read_as_jwt_compact_reads_it() {
    let file = vectors("attack-tokens/attack_tokens.json");
    let mut read = 0_usize;
    for case in list(&file["cases"]) {
        let (name, token) = (&case["id"], text(case, "token"));
        let theirs = UntrustedToken::new(token);
        match (Token::parse(token, 65_536), theirs) {
            (Ok(ours), Ok(theirs)) => {
                read += 1;
                let (header, expected) = (ours.header(), theirs.header());
                assert_eq!(header.alg, theirs.algorithm(), "{name}");
                assert_eq!(header.typed.key_id, expected.key_id, "{name}");
                assert_eq!(header.typed.token_type, expected.token_type, "{name}");
                assert_eq!(ours.signature(), theirs.signature_bytes(), "{name}");
            }
            (Ok(_), Err(error)) => panic!("{name}: read, though jwt-compact says {error}"),
            (Err(_), _) => {}
        }
    }
    assert_eq!(read, 229, "of the tokens are read by both");
}

#[derive(Default)]
struct Tally {
    total: usize,
    valid: usize,
    invalid: usize,
    either: usize,
    primary: usize,
    diverging: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn count(&mut self, case: &Value, result: Result<Claims, Error>) {
        let expect = &case["expect"];
        self.total += 1;
        match (text(expect, "outcome"), result) {
            ("valid", result) => {
                self.valid += 1;
                if let Err(error) = result {
                    self.fail(case, &format!("a control is refused: {error}"));
                }
            }
            ("invalid", Ok(_)) => {
                self.invalid += 1;
                self.fail(case, "an attack is accepted");
            }
            ("invalid", Err(error)) => {
                self.invalid += 1;
                self.compare(case, &error);
            }
            ("valid-or-invalid", result) => {
                self.either += 1;
                if !result.map_or_else(|error| error.code().as_str() == expect["code"], |claims| is_harmless(&claims)) {
                    self.fail(case, "neither refused nor harmless");
                }
            }
            (outcome, _) => panic!("unknown outcome {outcome}"),
        }
    }

    fn compare(&mut self, case: &Value, error: &Error) {
        let (code, expect) = (error.code(), &case["expect"]);
        let also = expect["alsoOk"].as_array().is_some_and(|codes| codes.iter().any(|also| also == code.as_str()));
        let kind = if code == Code::KeysInvalid { Kind::Unavailable } else { Kind::Denied };
        if code.as_str() == expect["code"] {
            self.primary += 1;
        } else if also {
            self.diverging.push(line(case, &format!("{} instead of {}", code.as_str(), expect["code"])));
        } else {
            self.fail(case, &format!("{} instead of {}", code.as_str(), expect["code"]));
        }
        if error.kind() != kind {
            self.fail(case, "of another kind");
        }
    }

    fn fail(&mut self, case: &Value, why: &str) {
        self.wrong.push(line(case, why));
    }
}

fn line(case: &Value, what: &str) -> String {
    format!("{} {}: {what}", text(case, "id"), text(case, "desc"))
}

/// What the `assert` of the three cases with a choice means before JavaScript sees the claims: no name is special.
fn is_harmless(claims: &Claims) -> bool {
    let members: Value = serde_json::from_str(claims.json()).expect("claims are JSON");
    members.get("isAdmin").is_none() && text(&members, "subject") == claims.user_id
}
