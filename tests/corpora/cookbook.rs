//! The JOSE cookbook (RFC 7520, RFC 7797, RFC 8037): of its JWS the first alone is RS256 in compact serialisation.

use hanko_edge::config::MAX_TOKEN_LENGTH;
use hanko_edge::error::{Code, Error};
use hanko_edge::token::Token;
use serde_json::{json, Value};

use crate::data::list;
use crate::folder::{json, Corpus};
use crate::oracle;

const COOKBOOK: Corpus = Corpus { name: "ietf-jose-cookbook", origin: "github.com/ietf-jose/cookbook" };

/// Each file, and what becomes of every text that its `output` holds: compact serialisations first, then the JSON ones.
const FILES: [(&str, &[Said]); 11] = [
    ("jws/4_1.rsa_v15_signature.json", &[Ok(true), MALFORMED, MALFORMED]),
    ("jws/4_2.rsa-pss_signature.json", &[ALG, MALFORMED, MALFORMED]),
    ("jws/4_3.ecdsa_signature.json", &[ALG, MALFORMED, MALFORMED]),
    ("jws/4_4.hmac-sha2_integrity_protection.json", &[ALG, MALFORMED, MALFORMED]),
    ("jws/4_5.signature_with_detached_content.json", &[MALFORMED, MALFORMED, MALFORMED]),
    ("jws/4_6.protecting_specific_header_fields.json", &[MALFORMED, MALFORMED]),
    ("jws/4_7.protecting_content_only.json", &[MALFORMED, MALFORMED]),
    ("jws/4_8.multiple_signatures.json", &[MALFORMED]),
    ("rfc7797/4.2.hmac-sha2_b64_false.json", &[MALFORMED, MALFORMED]),
    ("rfc7797/hmac-sha2_b64_false.json", &[MALFORMED, MALFORMED, MALFORMED]),
    ("curve25519/jws.json", &[ALG, MALFORMED, MALFORMED]),
];
type Said = Result<bool, Code>;
const MALFORMED: Said = Err(Code::TokenMalformed);
const ALG: Said = Err(Code::AlgNotAllowed);

#[test]
fn rs256_in_compact_serialisation_is_accepted_and_nothing_else() {
    let Some(folder) = COOKBOOK.find() else { return };
    for (name, expected) in FILES {
        let file = json(&folder.join(name));
        let said: Vec<Said> =
            outputs(&file).iter().map(|text| signed(text, &file).map_err(|error| error.code())).collect();
        assert_eq!(said, expected, "{name}");
    }
}

#[test]
fn of_its_keys_the_public_rsa_key_alone_is_usable() {
    let Some(folder) = COOKBOOK.find() else { return };
    let names = [
        "3_1.ec_public_key",
        "3_2.ec_private_key",
        "3_3.rsa_public_key",
        "3_4.rsa_private_key",
        "3_5.symmetric_key_mac_computation",
        "3_6.symmetric_key_encryption",
    ];
    let usable =
        names.map(|name| oracle::key_set(&json!({ "keys": [json(&folder.join(format!("jwk/{name}.json")))] })).is_ok());
    assert_eq!(usable, [false, false, true, false, false, false]);
}

/// The token in each serialisation that the example has.
fn outputs(file: &Value) -> Vec<String> {
    let output = &file["output"];
    let compact = output.get("compact").map(|text| text.as_str().expect("a text").to_owned());
    let json = ["json", "json_flat"].iter().filter_map(|name| output.get(name)).map(Value::to_string);
    compact.into_iter().chain(json).collect()
}

/// As `wycheproof_jws`, by the public members of the example's keys.
fn signed(text: &str, file: &Value) -> Result<bool, Error> {
    let token = Token::parse(text, MAX_TOKEN_LENGTH)?;
    let kid = token.kid()?;
    let keys = oracle::key_set(&json!({ "keys": public_keys(&file["input"]["key"]) }))?;
    keys.find(kid).map(|(_, key)| oracle::is_signed_by(&token, key))
}

fn public_keys(key: &Value) -> Vec<Value> {
    let keys = if key.is_array() { list(key).to_vec() } else { vec![key.clone()] };
    let public = |key: Value| json!({ "kty": key["kty"], "kid": key["kid"], "n": key["n"], "e": key["e"] });
    keys.into_iter().map(public).collect()
}
