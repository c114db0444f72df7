//! Key documents.

use hanko_edge::encoding::{base64url, MAX_DEPTH};
use hanko_edge::error::Code;
use hanko_edge::http::Response;
use hanko_edge::keys;

use super::json::strict_object;

const API_URL: &str = "https://hanko.example";

/// A usable key is one of the document's and within the policy; a document without one is invalid.
pub fn key_document(input: &[u8]) {
    let response = Response { status: 200, body: input.to_vec(), ..Response::default() };
    let set = match keys::parse(&response) {
        Ok(set) => set,
        Err(error) => return assert_eq!(error.code(), Code::KeysInvalid),
    };
    let text = std::str::from_utf8(input).expect("UTF-8");
    let stored = keys::to_store(API_URL, 1000, text);
    assert_eq!(keys::from_store(&stored, API_URL, 0, 1000), Some((set.clone(), 1000)));
    assert_eq!(keys::from_store(&stored, "https://other.example", 0, 1000), None);
    let Some(tree) = strict_object(text, MAX_DEPTH) else { return };
    let keys = tree["keys"].as_array().expect("a list");
    let kids: Vec<&str> = keys.iter().filter_map(|key| key["kid"].as_str()).collect();
    let usable: Vec<_> = kids.iter().filter_map(|kid| set.find(kid).ok().map(|(_, key)| (*kid, key))).collect();
    assert!(!usable.is_empty() && keys.len() <= 100);
    for (kid, key) in usable {
        // Two of this `kid` and modulus may stand there, where one of them cannot be read.
        let is_published = keys.iter().any(|one| {
            (one["kid"] == kid && one["n"] == key.n.as_str() && one["kty"] == "RSA" && one["e"] == "AQAB")
                && one.get("d").is_none()
                && one.get("alg").is_none_or(|alg| alg == "RS256")
        });
        assert!(set.knows(kid) && is_published);
        is_within_the_policy(&key.n, key.length);
    }
}

fn is_within_the_policy(n: &str, length: usize) {
    let bytes = base64url(n).expect("base64url");
    assert!(bytes.len() == length && (256..=512).contains(&length));
    assert!(bytes.first() != Some(&0) && bytes.last().is_some_and(|last| last % 2 == 1));
}
