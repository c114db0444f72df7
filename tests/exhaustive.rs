//! Every character of a token in every other's place: nothing but the token itself is accepted (RFC 7515 section 5.2).
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

use std::collections::BTreeMap;

use data::{list, text, vectors};
use hanko_edge::config::MAX_TOKEN_LENGTH;
use hanko_edge::error::{Code, Kind};
use hanko_edge::keys::Key;
use hanko_edge::token::Token;
use rsa::sha2::{Digest, Sha256};
use tenant::Tenant;

const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// What decoders are known to skip, fold or trim: padding, the other base64, dots, white space, controls, other scripts.
const OTHERS: [char; 16] =
    ['=', '+', '/', '.', ',', ' ', '\t', '\n', '\r', '\0', '\u{7f}', '%', '\u{a0}', '\u{e9}', '\u{200b}', '\u{ff21}'];

#[test]
fn a_2048_bit_token_has_one_spelling() {
    assert_one_spelling("plain RS256 2048");
}

#[test]
fn a_3072_bit_token_has_one_spelling() {
    assert_one_spelling("plain RS256 3072");
}

#[test]
fn a_4096_bit_token_has_one_spelling() {
    assert_one_spelling("plain RS256 4096 (Hanko default size)");
}

fn assert_one_spelling(name: &str) {
    let file = vectors("attack-tokens/attack_tokens.json");
    let control = list(&file["cases"]).iter().find(|case| text(case, "desc") == name).expect("the control");
    let (token, tenant) = (text(control, "token"), Tenant::of(&file));
    let keys = oracle::key_set(&file["jwks"]).expect("keys");
    assert!(tenant.verify(token, &keys, oracle::is_signed_by).is_ok(), "the control is refused");

    let signed = Token::parse(token, MAX_TOKEN_LENGTH).expect("the control");
    let hash = |token: &Token| Sha256::digest(token.signed());
    // A signature that signs the control signs another text only where the hashes are equal (RFC 8017 section 8.2.2).
    let is_signed_by = |mutant: &Token, key: &Key| match mutant.signature() == signed.signature() {
        true => hash(mutant) == hash(&signed),
        false => oracle::is_signed_by(mutant, key),
    };
    let mut codes = BTreeMap::new();
    for mutant in substitutions(token) {
        let error = tenant.verify(&mutant, &keys, is_signed_by).err().unwrap_or_else(|| panic!("accepted: {mutant}"));
        assert_eq!(error.kind(), Kind::Denied, "{error}: {mutant}");
        *codes.entry(error.code().as_str()).or_insert(0) += 1;
    }
    println!("{name}: {codes:?}");
    assert_eq!(codes.values().sum::<usize>(), token.len() * 79, "each character has 79 others among the 80");
    for code in [Code::TokenMalformed, Code::AlgNotAllowed, Code::KeyNotFound, Code::SignatureInvalid] {
        assert!(codes.contains_key(code.as_str()), "no mutant came as far as {}", code.as_str());
    }
}

/// The token with each of its characters replaced by each other character.
fn substitutions(token: &str) -> impl Iterator<Item = String> + '_ {
    token.char_indices().flat_map(move |(at, original)| {
        let (before, rest) = token.split_at(at);
        let after = rest.strip_prefix(original).expect("the character");
        let others = BASE64URL.chars().chain(OTHERS).filter(move |other| *other != original);
        others.map(move |other| format!("{before}{other}{after}"))
    })
}
