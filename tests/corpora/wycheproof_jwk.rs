//! Wycheproof's keys and key sets: the same way as its JWS, with whole key documents; and its JWE, which are no tokens.

use hanko_edge::error::Code;
use serde_json::json;

use crate::data::text;
use crate::wycheproof_jws::{cases, signed, WYCHEPROOF};

/// The only cases that are accepted.
const ACCEPTED: [(&str, u64); 2] = [("json_web_crypto_test.json", 33), ("json_web_key_test.json", 5)];
/// The cases labelled `valid` that are refused, each with its reason and its code.
const REFUSED: [(&str, &str, Code, &[u64]); 3] = [
    ("another algorithm than RS256", "json_web_key_test.json", Code::AlgNotAllowed, &[2, 13, 14, 15]),
    ("another algorithm than RS256", "json_web_crypto_test.json", Code::AlgNotAllowed, &[1, 18, 48]),
    ("a JWE", "json_web_crypto_test.json", Code::TokenMalformed, &[50, 67]),
];

#[test]
fn what_a_key_within_the_policy_has_signed_is_accepted_and_nothing_else() {
    for (file, count) in [("json_web_key_test.json", 26), ("json_web_crypto_test.json", 83)] {
        let Some(vectors) = WYCHEPROOF.find_file(file) else { continue };
        let (mut total, mut accepted, mut refused) = (0, Vec::new(), Vec::new());
        for (case, key) in cases(&vectors) {
            let id = case["tcId"].as_u64().expect("a number");
            let document = if key.get("keys").is_some() { key.clone() } else { json!({ "keys": [key] }) };
            let given = case.get("jws").unwrap_or_else(|| &case["jwe"]);
            // Those of the JSON serialisation are objects.
            let compact = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
            let said = signed(&compact, &document).map_err(|error| error.code());
            total += 1;
            match (text(case, "result"), said) {
                ("valid", Ok(true)) => accepted.push((file, id)),
                ("valid", Ok(false)) => panic!("{file} {id}: the signature is refused"),
                ("valid", Err(code)) => refused.push((code, id)),
                (_, said) => assert_ne!(said, Ok(true), "{file} {id} {}", text(case, "comment")),
            }
        }
        assert_eq!(total, count, "{file}");
        assert_eq!(accepted, ACCEPTED.into_iter().filter(|(of, _)| *of == file).collect::<Vec<_>>());
        let rows = REFUSED.iter().filter(|(_, of, ..)| *of == file);
        let mut rows: Vec<_> = rows.flat_map(|(_, _, code, ids)| ids.iter().map(|id| (*code, *id))).collect();
        rows.sort_by_key(|(_, id)| *id);
        assert_eq!(refused, rows, "{file}");
    }
}
