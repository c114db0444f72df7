//! Tokens made by hand: nobody signs them, for tests of what happens before and after the signature.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::claims::{self, Claims, Policy};
use hanko_edge::error::Code;
use hanko_edge::token::Token;
use serde_json::{json, Value};

/// A person.
pub(crate) const ADA: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
/// A session.
pub(crate) const SESSION: &str = "2b25b8be-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
/// `iat` of [`payload`], in seconds since 1970.
pub(crate) const ISSUED: i64 = 1_760_000_000;
/// `exp` of [`payload`], likewise.
pub(crate) const EXPIRES: i64 = 1_760_003_600;

/// Header and payload as they stand, and a signature of three bytes.
pub(crate) fn compact(header: &str, payload: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text.as_bytes());
    format!("{}.{}.c2ln", part(header), part(payload))
}

/// The payload of a session of Ada's, with other members added or put in the place of its own; null takes one away.
pub(crate) fn payload(others: &Value) -> String {
    let mut payload = json!({ "sub": ADA, "session_id": SESSION, "iat": ISSUED, "exp": EXPIRES });
    let members = payload.as_object_mut().expect("an object");
    for (name, value) in others.as_object().expect("an object") {
        match value {
            Value::Null => drop(members.remove(name)),
            value => drop(members.insert(name.clone(), value.clone())),
        }
    }
    payload.to_string()
}

/// The claims of a payload text, as if its signature were good.
pub(crate) fn verify(payload: &str, policy: Policy<'_>, now: i64) -> Result<Claims, Code> {
    let token = Token::parse(&compact(r#"{"alg":"RS256","kid":"a"}"#, payload), 65_536).expect("a token");
    claims::verify(&token, true, policy, now).map_err(|error| error.code())
}

/// Nothing but what every session token must say.
pub(crate) const ANY: Policy<'static> = Policy { audience: &[], issuer: None, tolerance: 0 };
