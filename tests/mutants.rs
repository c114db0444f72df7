//! Random changes to good tokens, always the same ones: none is accepted. `HANKO_EDGE_MUTANTS` says how many.
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

use std::collections::{BTreeMap, BTreeSet};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use data::{list, text, vectors};
use hanko_edge::error::Kind;
use serde_json::{json, Value};
use tenant::Tenant;

const MUTANTS: usize = 20_000;
/// base64url's, and what decoders are known to skip or fold.
const CHARACTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_..==+/ \n\0\u{e9}";
const UNCHANGED: &str = "unchanged";
/// What a change of the text alone can come to: nobody but the key's owner comes as far as the claims.
const REASONS: [&str; 6] =
    ["alg_not_allowed", "header_unsupported", "key_not_found", "kid_missing", "signature_invalid", "token_malformed"];

#[test]
fn no_mutant_is_accepted() {
    let file = vectors("attack-tokens/attack_tokens.json");
    let controls: Vec<&str> = list(&file["cases"])
        .iter()
        .filter(|case| text(&case["expect"], "outcome") == "valid")
        .map(|case| text(case, "token"))
        .collect();
    assert_eq!(controls.len(), 19);
    let known: BTreeSet<&str> = controls.iter().copied().collect();
    let tenant = Tenant::of(&file);
    let keys = oracle::key_set(&file["jwks"]).expect("keys");
    let mut codes = BTreeMap::new();
    let mut random = Random::default();
    for number in 0..wanted() {
        let mutant = mutate(&controls, &mut random);
        if known.contains(mutant.as_str()) {
            *codes.entry(UNCHANGED).or_insert(0) += 1;
            continue;
        }
        let said = tenant.verify(&mutant, &keys, oracle::is_signed_by);
        let error = said.err().unwrap_or_else(|| panic!("mutant {number} is accepted: {mutant}"));
        assert_eq!(error.kind(), Kind::Denied, "mutant {number}: {error}: {mutant}");
        *codes.entry(error.code().as_str()).or_insert(0) += 1;
    }
    println!("{codes:?}");
    codes.remove(UNCHANGED);
    assert_eq!(codes.into_keys().collect::<Vec<_>>(), REASONS, "other reasons than before");
}

fn wanted() -> usize {
    std::env::var("HANKO_EDGE_MUTANTS").map_or(MUTANTS, |count| count.parse().expect("HANKO_EDGE_MUTANTS is a number"))
}

/// One to three changes.
fn mutate(controls: &[&str], random: &mut Random) -> String {
    let mut token = random.pick(controls).to_owned();
    for _ in 0..=random.below(3) {
        token = match random.below(3) {
            0 => change_text(token, random),
            1 => change_part(&token, random),
            _ => change_member(&token, controls, random),
        };
    }
    token
}

fn change_text(token: String, random: &mut Random) -> String {
    let mut chars: Vec<char> = token.chars().collect();
    // The last character has bits that no byte takes up: the likeliest place for a second spelling.
    let last = chars.len().saturating_sub(1);
    let at = if random.below(4) == 0 { last } else { random.below(chars.len().max(1)) };
    let other = random.pick(&CHARACTERS.chars().collect::<Vec<_>>());
    match random.below(6) {
        _ if chars.is_empty() => chars.push(other),
        0 | 1 => chars[at] = other,
        2 => chars.insert(at, other),
        3 => drop(chars.remove(at)),
        4 => chars.swap(at, last),
        _ => chars.truncate(at + 1),
    }
    chars.into_iter().collect()
}

/// Other bytes in canonical base64url: one bit, one byte more or less at either end, or none.
fn change_part(token: &str, random: &mut Random) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let at = random.below(parts.len());
    let Ok(mut bytes) = URL_SAFE_NO_PAD.decode(&parts[at]) else { return token.to_owned() };
    let byte = random.below(bytes.len().max(1));
    match (random.below(6), bytes.is_empty()) {
        (0, _) => bytes.push(0),
        (1, _) => bytes.insert(0, 0),
        (2, false) => drop(bytes.pop()),
        (3, false) => drop(bytes.remove(0)),
        (4, false) => bytes.clear(),
        (_, false) => bytes[byte] ^= 1 << random.below(8),
        _ => {}
    }
    parts[at] = URL_SAFE_NO_PAD.encode(bytes);
    parts.join(".")
}

/// Another control's part, or another value in the header or the payload.
fn change_member(token: &str, controls: &[&str], random: &mut Random) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let at = random.below(parts.len().min(3));
    let json = URL_SAFE_NO_PAD.decode(&parts[at]).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match json {
        Some(Value::Object(mut members)) if random.below(4) > 0 => {
            let (name, value) = random.pick(&replacements());
            members.insert(name, value);
            parts[at] = URL_SAFE_NO_PAD.encode(Value::Object(members).to_string());
        }
        _ => parts[at] = random.pick(controls).split('.').nth(at).unwrap_or_default().to_owned(),
    }
    parts.join(".")
}

fn replacements() -> Vec<(String, Value)> {
    let rows = json!([
        ["alg", "none"],
        ["alg", "HS256"],
        ["alg", "PS256"],
        ["alg", "RS512"],
        ["alg", "rs256"],
        ["alg", null],
        ["alg", ["RS256"]],
        ["kid", "c44cfe87-7216-4074-94a3-d8049a35466f"],
        ["kid", "3c278abd-c44c-401a-b134-b1947fe2d988"],
        ["kid", "C44CFE87-7216-4074-94A3-D8049A35466F"],
        ["kid", ""],
        ["kid", null],
        ["typ", "at+jwt"],
        ["typ", "jwt"],
        ["cty", "JWT"],
        ["crit", ["exp"]],
        ["b64", false],
        ["jwk", { "kty": "RSA", "n": "AQAB", "e": "AQAB" }],
        ["x", 1],
        ["exp", 253402300799_i64],
        ["exp", null],
        ["nbf", 0],
        ["sub", "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34"],
        ["session_id", "2b25b8be-1c2d-4e3f-8a9b-0c1d2e3f4a5b"],
        ["aud", "*"],
        ["iss", ""],
        ["__proto__", { "sub": "x" }]
    ]);
    list(&rows).iter().map(|row| (row[0].as_str().expect("a name").to_owned(), row[1].clone())).collect()
}

/// SplitMix64 (Steele, Lea, Flood 2014), from one seed: a mutant's number says which it is.
#[derive(Default)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a length");
        usize::try_from(self.next() % end).expect("less than a length")
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }
}
