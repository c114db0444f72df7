//! Wycheproof's JWS: its payloads are no claims, so a token is followed as far as its signature and no further.

use hanko_edge::config::MAX_TOKEN_LENGTH;
use hanko_edge::error::{Code, Error};
use hanko_edge::token::Token;
use serde_json::{json, Value};

use crate::data::{list, text};
use crate::folder::{json, Corpus};
use crate::oracle;

pub(crate) const WYCHEPROOF: Corpus =
    Corpus { name: "wycheproof-jws", origin: "github.com/C2SP/wycheproof testvectors_v1/json_web_*_test.json" };
/// The cases that are accepted.
const ACCEPTED: [u64; 7] = [33, 260, 261, 262, 263, 345, 349];
/// The cases labelled `valid` that are refused, each with its reason and its code.
const REFUSED: [(&str, Code, &[u64]); 5] = [
    (
        "another algorithm than RS256",
        Code::AlgNotAllowed,
        &[
            1, 18, 265, 266, 267, 269, 270, 271, 273, 274, 275, 287, 288, 321, 322, 323, 326, 327, 328, 348, 352, 357,
            358, 359, 376, 377, 378,
        ],
    ),
    ("an empty payload: it can hold no claims, so no part may be empty", Code::TokenMalformed, EMPTY_PAYLOAD),
    ("a wrong label: PS384 by a key whose alg is PS256", Code::AlgNotAllowed, &[346, 350]),
    ("a wrong label: ES512 by a key whose alg is ES521, which nobody registered", Code::AlgNotAllowed, &[347, 351]),
    ("a wrong label: a question mark inside a part", Code::TokenMalformed, &[372, 373]),
];
const EMPTY_PAYLOAD: &[u64] = &[259, 264, 268, 272, 320, 325];
/// The cases that come as far as the signature, and are refused by it.
const BAD_SIGNATURES: usize = 215;

#[test]
fn what_an_rs256_key_of_ours_has_signed_is_accepted_and_nothing_else() {
    let Some(folder) = WYCHEPROOF.find() else { return };
    let file = json(&folder.join("json_web_signature_test.json"));
    let (mut total, mut accepted, mut refused, mut bad) = (0, Vec::new(), Vec::new(), 0);
    for (case, key) in cases(&file) {
        let id = case["tcId"].as_u64().expect("a number");
        let said = signed(text(case, "jws"), &json!({ "keys": [key] })).map_err(|error| error.code());
        total += 1;
        bad += usize::from(said == Ok(false));
        match (text(case, "result"), said) {
            ("valid", Ok(true)) => accepted.push(id),
            ("valid", Ok(false)) => panic!("{id}: the signature is refused"),
            ("valid", Err(code)) => refused.push((code, id)),
            (_, said) => assert_ne!(said, Ok(true), "{id} {}", text(case, "comment")),
        }
    }
    let mut rows: Vec<_> = REFUSED.iter().flat_map(|(_, code, ids)| ids.iter().map(|id| (*code, *id))).collect();
    rows.sort_by_key(|(_, id)| *id);
    assert_eq!((total, accepted, bad), (401, ACCEPTED.to_vec(), BAD_SIGNATURES));
    assert_eq!(refused, rows);
}

/// Every case with the key, or the keys, of its group.
pub(crate) fn cases(file: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    list(&file["testGroups"]).iter().flat_map(|group| {
        let key = group.get("public").unwrap_or_else(|| &group["private"]);
        list(&group["tests"]).iter().map(move |case| (case, key))
    })
}

/// Whether the text is a token that a key of the document has signed, as far as the payload plays no part.
pub(crate) fn signed(jws: &str, document: &Value) -> Result<bool, Error> {
    let token = Token::parse(jws, MAX_TOKEN_LENGTH)?;
    let kid = token.kid()?;
    let keys = oracle::key_set(document)?;
    keys.find(kid).map(|(_, key)| oracle::is_signed_by(&token, key))
}
