//! Session tokens made by hand, and their claims.

use hanko_edge::claims::{self, Claims, Policy};
use hanko_edge::error::Code;
use hanko_edge::token::Token;
use serde_json::{json, Value};

use crate::compact::{compact, ADA, EXPIRES, ISSUED, SESSION};

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
