//! Tokens, and the answers of a server that knows their keys.

use hanko_edge::js;
use serde_json::{json, Value};

/// The key document.
pub(crate) const KEYS: &str = "/.well-known/jwks.json";

/// `vectors/attack-tokens`.
pub(crate) fn attack_tokens() -> Value {
    serde_json::from_str(include_str!("../vectors/attack-tokens/attack_tokens.json")).expect("the vectors")
}

/// A good token: the first control.
pub(crate) fn good() -> String {
    attack_tokens()["cases"][0]["token"].as_str().expect("a token").to_owned()
}

/// The user of a token.
pub(crate) fn user_id(token: &str) -> String {
    let decoded: Value = serde_json::from_str(&js::decode(token)).expect("JSON");
    decoded["ok"]["claims"]["subject"].as_str().expect("a subject").to_owned()
}

/// An answer with the key document of the attack tokens.
pub(crate) fn keys() -> Value {
    json!({ "status": 200, "body": attack_tokens()["jwks"].to_string() })
}

/// The code of a failure, or of a result.
pub(crate) fn code(told: &Value) -> &str {
    let told = told.get("error").unwrap_or(told);
    told["code"].as_str().unwrap_or_else(|| panic!("no code: {told}"))
}
