//! Wycheproof's keys and key sets: the same way as its JWS, with whole key documents; and its JWE, which are no tokens.

use hanko_edge::error::Code;
use serde_json::{json, Value};

use crate::data::{list, text};
use crate::oracle;
use crate::wycheproof_jws::{cases, signed, WYCHEPROOF};

/// The only cases that are accepted.
const ACCEPTED: [(&str, u64); 2] = [("json_web_crypto_test.json", 33), ("json_web_key_test.json", 5)];
/// The cases labelled `valid` that are refused, each with its reason and its code.
const REFUSED: [(&str, &str, Code, &[u64]); 3] = [
    ("another algorithm than RS256", "json_web_key_test.json", Code::AlgNotAllowed, &[2, 13, 14, 15]),
    ("another algorithm than RS256", "json_web_crypto_test.json", Code::AlgNotAllowed, &[1, 18, 48]),
    ("a JWE", "json_web_crypto_test.json", Code::TokenMalformed, &[50, 67]),
];
/// The cases of a well-made RS256 token that the keys alone refuse, each with its reason and its code.
const UNUSABLE: [(&str, &str, Code, u64); 4] = [
    ("a key for encryption", "json_web_key_test.json", Code::KeysInvalid, 6),
    ("a key that can be factored (ROCA)", "json_web_key_test.json", Code::KeysInvalid, 7),
    ("another kid than the key's", "json_web_crypto_test.json", Code::KeyNotFound, 40),
    ("a key that can be factored (ROCA)", "json_web_crypto_test.json", Code::KeysInvalid, 46),
];

#[test]
fn what_a_key_within_the_policy_has_signed_is_accepted_and_nothing_else() {
    for (file, count) in [("json_web_key_test.json", 26), ("json_web_crypto_test.json", 83)] {
        let Some(vectors) = WYCHEPROOF.find_file(file) else { continue };
        let (mut total, mut accepted, mut refused, mut unusable) = (0, Vec::new(), Vec::new(), Vec::new());
        for (case, key) in cases(&vectors) {
            let id = case["tcId"].as_u64().expect("a number");
            let document = document(key);
            let given = case.get("jws").unwrap_or_else(|| &case["jwe"]);
            // Those of the JSON serialisation are objects.
            let compact = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
            let said = signed(&compact, &document).map_err(|error| error.code());
            total += 1;
            match (text(case, "result"), said) {
                ("valid", Ok(true)) => accepted.push((file, id)),
                ("valid", Ok(false)) => panic!("{file} {id}: the signature is refused"),
                ("valid", Err(code)) => refused.push((code, id)),
                (_, Err(code @ (Code::KeysInvalid | Code::KeyNotFound))) => unusable.push((code, id)),
                (_, said) => assert_ne!(said, Ok(true), "{file} {id} {}", text(case, "comment")),
            }
        }
        assert_eq!(total, count, "{file}");
        assert_eq!(accepted, ACCEPTED.into_iter().filter(|(of, _)| *of == file).collect::<Vec<_>>());
        let rows = UNUSABLE.iter().filter(|(_, of, ..)| *of == file).map(|(_, _, code, id)| (*code, *id));
        assert_eq!(unusable, rows.collect::<Vec<_>>(), "{file}");
        let rows = REFUSED.iter().filter(|(_, of, ..)| *of == file);
        let mut rows: Vec<_> = rows.flat_map(|(_, _, code, ids)| ids.iter().map(|id| (*code, *id))).collect();
        rows.sort_by_key(|(_, id)| *id);
        assert_eq!(refused, rows, "{file}");
    }
}

#[test]
fn a_private_key_is_not_usable_and_of_the_public_ones_only_those_for_rs256_signatures() {
    for (file, usable) in [("json_web_key_test.json", 5), ("json_web_crypto_test.json", 33)] {
        let Some(vectors) = WYCHEPROOF.find_file(file) else { continue };
        let mut found = Vec::new();
        for group in list(&vectors["testGroups"]) {
            let first = &group["tests"][0]["tcId"];
            let private = oracle::key_set(&document(&group["private"])).map_err(|error| error.code());
            assert_eq!(private.err(), Some(Code::KeysInvalid), "{file} {first}");
            if group.get("public").is_some_and(|keys| oracle::key_set(&document(keys)).is_ok()) {
                found.push(first.as_u64().expect("a number"));
            }
        }
        assert_eq!(found, [usable], "{file}");
    }
}

/// A key document of what is a set of keys, or one key.
fn document(keys: &Value) -> Value {
    if keys.get("keys").is_some() {
        keys.clone()
    } else {
        json!({ "keys": [keys] })
    }
}
