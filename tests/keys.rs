//! The key policy, the choice by `kid`, and what a key document that cannot be had or read means.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::error::{Code, Error};
use hanko_edge::http::{Credentials, Method, Response};
use hanko_edge::keys::{self, KeySet};
use rsa::BigUint;
use serde_json::{json, Value};

/// An odd number of so many bits, the same every time, of no special form.
fn modulus(bits: usize) -> String {
    let length = bits.div_ceil(8);
    let mut bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at * at * 7 % 251).expect("a byte")).collect();
    let top = 1_u8 << ((bits - 1) % 8);
    bytes[0] = top | (bytes[0] & (top - 1));
    bytes[length - 1] |= 1;
    URL_SAFE_NO_PAD.encode(&bytes)
}

fn key(kid: &str) -> Value {
    json!({ "kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig", "e": "AQAB", "n": modulus(2048) })
}

/// A good key with other members added or put in the place of its own; null takes one away.
fn key_with(others: &Value) -> Value {
    let mut key = key("k");
    for (name, value) in others.as_object().expect("an object") {
        match value {
            Value::Null => drop(key.as_object_mut().expect("an object").remove(name)),
            value => key[name] = value.clone(),
        }
    }
    key
}

fn parse(body: impl Into<Vec<u8>>) -> Result<KeySet, Code> {
    keys::parse(&Response { status: 200, body: body.into(), ..Response::default() }).map_err(|error| error.code())
}

fn set(keys: &[Value]) -> Result<KeySet, Code> {
    parse(json!({ "keys": keys }).to_string())
}

fn find(set: &KeySet, kid: &str) -> Result<usize, Code> {
    set.find(kid).map(|(at, _)| at).map_err(|error| error.code())
}

#[test]
fn keys_within_the_policy_are_found_with_their_place_and_length() {
    for others in [
        json!({}),
        json!({ "alg": null }),
        json!({ "use": null }),
        json!({ "key_ops": ["verify"] }),
        json!({ "key_ops": ["sign", "verify"] }),
        json!({ "x5c": ["AA"], "x5t": "AA", "anything": { "d": 1 } }),
        json!({ "kid": "k".repeat(256) }),
    ] {
        let key = key_with(&others);
        let kid = key["kid"].as_str().expect("a kid");
        assert_eq!(find(&set(std::slice::from_ref(&key)).expect("a set"), kid), Ok(0), "{others}");
    }
    for (bits, length) in [(2048, 256), (2049, 257), (3072, 384), (4095, 512), (4096, 512)] {
        let set = set(&[key("other"), key_with(&json!({ "n": modulus(bits) }))]).expect("a set");
        let (at, key) = set.find("k").expect("a key");
        assert_eq!((at, key.length, &key.n), (1, length, &modulus(bits)), "{bits}");
    }
}

#[test]
fn a_key_that_breaks_the_policy_is_unusable_and_spoils_no_other() {
    let even = URL_SAFE_NO_PAD.encode([0xAA; 256]);
    let zero_first = URL_SAFE_NO_PAD.encode([[0].as_slice(), &[0xAB; 256]].concat());
    for others in [
        json!({ "kty": "rsa" }),
        json!({ "kty": "EC" }),
        json!({ "kty": null }),
        json!({ "kty": ["RSA"] }),
        json!({ "e": null }),
        json!({ "e": "Aw" }),
        json!({ "e": "AQ" }),
        json!({ "e": "AQAC" }),
        json!({ "e": "AAEAAQ" }),
        json!({ "e": "AQAB=" }),
        json!({ "e": 65537 }),
        json!({ "alg": "RS512" }),
        json!({ "alg": "HS256" }),
        json!({ "alg": "rs256" }),
        json!({ "alg": 1 }),
        json!({ "use": "enc" }),
        json!({ "use": ["sig"] }),
        json!({ "key_ops": [] }),
        json!({ "key_ops": ["encrypt"] }),
        json!({ "key_ops": "verify" }),
        json!({ "key_ops": ["verify", 1] }),
        json!({ "d": "AQAB" }),
        json!({ "p": 1 }),
        json!({ "q": "AQAB" }),
        json!({ "dp": "AQAB" }),
        json!({ "dq": "AQAB" }),
        json!({ "qi": "AQAB" }),
        json!({ "oth": [] }),
        json!({ "k": "AQAB" }),
        json!({ "n": null }),
        json!({ "n": "" }),
        json!({ "n": 1 }),
        json!({ "n": modulus(1024) }),
        json!({ "n": modulus(2047) }),
        json!({ "n": modulus(4097) }),
        json!({ "n": modulus(8192) }),
        json!({ "n": format!("{}=", modulus(2048)) }),
        json!({ "n": format!("{} ", modulus(2048)) }),
        json!({ "n": even }),
        json!({ "n": zero_first }),
    ] {
        let bad = key_with(&others);
        let with_sibling = set(&[bad.clone(), key("good")]).expect("the sibling is good");
        assert_eq!(find(&with_sibling, "k"), Err(Code::KeyUnusable), "{others}");
        assert_eq!(find(&with_sibling, "good"), Ok(1), "{others}");
        assert_eq!(set(&[bad]), Err(Code::KeysInvalid), "{others}");
    }
    let nothing = br#"{"keys":[{"kty":"RSA","kid":"k","e":"AQAB","alg":null,"n":"#;
    let document = [nothing, json!(modulus(2048)).to_string().as_bytes(), b"}]}"].concat();
    assert_eq!(parse(document), Err(Code::KeysInvalid), "a null is no absent member");
}

#[test]
fn an_entry_that_nobody_can_name_is_left_out() {
    let twice = format!(r#"{{"kty":"RSA","kid":"k","kid":"k","e":"AQAB","n":"{}"}}"#, modulus(2048));
    for entry in [
        "null".to_owned(),
        "1".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        key_with(&json!({ "kid": null })).to_string(),
        key_with(&json!({ "kid": "" })).to_string(),
        key_with(&json!({ "kid": 1 })).to_string(),
        key_with(&json!({ "kid": "k".repeat(257) })).to_string(),
        twice,
    ] {
        let set = parse(format!(r#"{{"keys":[{entry},{}]}}"#, key("good"))).expect("the sibling is good");
        assert!(set.knows("good") && !set.knows("k") && !set.knows(""), "{entry}");
        assert_eq!(find(&set, "k"), Err(Code::KeyNotFound), "{entry}");
        assert_eq!(parse(format!(r#"{{"keys":[{entry}]}}"#)), Err(Code::KeysInvalid), "{entry}");
    }
}

#[test]
fn two_keys_of_one_kid_are_both_unusable() {
    let other = key_with(&json!({ "n": modulus(3072) }));
    for pair in [[key("k"), other], [key("k"), key("k")], [key("k"), key_with(&json!({ "use": "enc" }))]] {
        assert_eq!(set(&pair), Err(Code::KeysInvalid));
        let set = set(&[&pair[..], &[key("good")]].concat()).expect("the sibling is good");
        assert_eq!((find(&set, "k"), set.knows("k")), (Err(Code::KeyUnusable), true));
        assert!(find(&set, "good").is_ok());
    }
}

#[test]
fn a_document_has_at_most_a_hundred_keys() {
    let keys: Vec<Value> = (0..101).map(|number| key(&number.to_string())).collect();
    assert_eq!(set(&keys), Err(Code::KeysInvalid));
    assert_eq!(find(&set(&keys[..100]).expect("a set"), "99"), Ok(99));
}

#[test]
fn a_document_that_is_no_strict_jwk_set_is_invalid() {
    let good = json!({ "keys": [key("k")] }).to_string();
    assert!(parse(good.as_str()).is_ok() && parse(good.replace("\"keys\"", "\"x\":1,\"keys\"")).is_ok());
    for body in [
        String::new(),
        "<!doctype html><title>Not here</title>".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        r#"{"keys":[]}"#.to_owned(),
        r#"{"keys":null}"#.to_owned(),
        r#"{"keys":{}}"#.to_owned(),
        good.replace("\"keys\"", "\"Keys\""),
        good.replace("\"keys\"", "\"keys\":[],\"keys\""),
        format!("{good}x"),
        format!("\u{feff}{good}"),
        good.replace("\"keys\"", &format!("\"x\":{}{},\"keys\"", "[".repeat(64), "]".repeat(64))),
    ] {
        assert_eq!(parse(body.as_str()), Err(Code::KeysInvalid), "{body}");
    }
    assert_eq!(parse([good.as_bytes(), b"\xff"].concat()), Err(Code::KeysInvalid));
}

/// The moduli that the generator of CVE-2017-15361 makes are powers of 65537 modulo the product of the small primes
/// (Nemec et al., "The Return of Coppersmith's Attack", section 2), so one is made here from that definition.
#[test]
fn a_modulus_with_the_roca_fingerprint_is_refused() {
    let primes = (3_u32..=167).filter(|number| (2..*number).all(|divisor| number % divisor != 0));
    let product: BigUint = primes.map(BigUint::from).product();
    for power in [1_u32, 2, 1000, 65_537] {
        let residue = BigUint::from(65_537_u32).modpow(&BigUint::from(power), &product);
        let two = BigUint::from(2_u32);
        let mut factor = (BigUint::from(1_u32) << 2047) / &product + 1_u32;
        if (&factor * &product + &residue) % &two == BigUint::from(0_u32) {
            factor += 1_u32;
        }
        let weak = &factor * &product + &residue;
        assert_eq!((weak.bits(), &weak % &two), (2048, BigUint::from(1_u32)));
        let n = |number: &BigUint| json!({ "n": URL_SAFE_NO_PAD.encode(number.to_bytes_be()) });
        assert_eq!(set(&[key_with(&n(&weak))]), Err(Code::KeysInvalid), "{power}");
        assert!(set(&[key_with(&n(&(weak + 2_u32)))]).is_ok(), "{power}");
    }
}

#[test]
fn keys_that_cannot_be_had_are_unavailable_and_a_wrong_address_is_told() {
    for (status, code) in [
        (429, Code::KeysUnavailable),
        (500, Code::KeysUnavailable),
        (599, Code::KeysUnavailable),
        (404, Code::ResponseInvalid),
        (401, Code::ResponseInvalid),
        (204, Code::ResponseInvalid),
        (302, Code::RedirectBlocked),
    ] {
        let body = json!({ "keys": [key("k")] }).to_string().into_bytes();
        let answer = Response { status, body, retry_after: Some(7), ..Response::default() };
        let error = keys::parse(&answer).expect_err("not 200");
        assert_eq!((error.code(), error.status, error.retry_after), (code, Some(status), Some(7)));
    }
    let told = |code| keys::fetch_failed(&Error::new(code, "")).code();
    assert_eq!(told(Code::NetworkError), Code::KeysUnavailable);
    let cause = Error::new(Code::NetworkError, "no answer came");
    assert_eq!(keys::fetch_failed(&cause).message(), "the key document cannot be had: no answer came");
    for code in [Code::RequestTimeout, Code::RequestAborted, Code::RedirectBlocked, Code::ResponseTooLarge] {
        assert_eq!(told(code), code);
    }
}

#[test]
fn an_unknown_kid_denies_only_a_token_that_is_older_than_the_keys() {
    let (fetched, next) = (1_000_000, 1_030_000);
    let told = |issued_at, now| {
        let error = keys::unknown(issued_at, fetched, next, now);
        (error.code(), error.retry_after)
    };
    assert_eq!(told(None, 1_010_000), (Code::KeyNotFound, None));
    assert_eq!(told(Some(fetched - 1), 1_010_000), (Code::KeyNotFound, None));
    assert_eq!(told(Some(fetched), 1_010_000), (Code::KeyNotFound, None));
    assert_eq!(told(Some(fetched + 1), 1_010_000), (Code::KeysUnavailable, Some(21)));
    assert_eq!(told(Some(fetched + 1), 1_029_999), (Code::KeysUnavailable, Some(1)));
    assert_eq!(told(Some(fetched + 1), 1_040_000), (Code::KeysUnavailable, Some(1)));
}

#[test]
fn the_key_document_is_asked_for_past_caches_and_without_cookies() {
    let request = keys::request();
    assert_eq!((&*request.path, request.method, request.past_caches), ("/.well-known/jwks.json", Method::Get, true));
    assert!(request.credentials == Credentials::Omit);
    assert_eq!((request.body, request.max_bytes), (None, 262_144));
    assert_eq!((hanko_edge::freshness::MAX_AGE, hanko_edge::freshness::PAUSE), (600_000, 30_000));
}
