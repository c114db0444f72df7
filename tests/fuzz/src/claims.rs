//! Payloads, as if their signature were good.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::claims::{self, Claims, Policy};
use hanko_edge::claims_view;
use hanko_edge::encoding::{members, MAX_DEPTH};
use hanko_edge::error::Code;
use hanko_edge::token::{is_uuid, Token};
use serde_json::{Map, Value};

use super::json::strict_object;

const ANY: Policy<'static> = Policy { audience: &[], issuer: None, tolerance: 0 };
const ID: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const EXPIRATION: &str = "2026-11-21T05:32:25Z";
/// Names that the claims in Hanko's shape give to something else, or leave out.
const OWN: [&str; 16] = [
    "sub",
    "session_id",
    "exp",
    "iat",
    "nbf",
    "jti",
    "aud",
    "iss",
    "amr",
    "email",
    "username",
    "subject",
    "expiration",
    "issued_at",
    "audience",
    "issuer",
];

/// A payload that is a session's is strict JSON, and what is shown of it is what it says.
pub fn claims(input: &[u8]) {
    let text = format!("eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.{}.c2ln", URL_SAFE_NO_PAD.encode(input));
    let Ok(token) = Token::parse(&text, 1 << 20) else { return };
    let payload = std::str::from_utf8(token.payload()).unwrap_or_default();
    let tree = strict_object(payload, MAX_DEPTH);
    match claims::read(&token, true) {
        Ok(claims) => {
            if let Some(tree) = &tree {
                are_of(&claims, tree);
            }
            expire(&claims);
        }
        Err(error) => {
            let code = error.code();
            assert!(matches!(code, Code::ClaimsMalformed | Code::NotSessionToken | Code::ClaimMissing), "{error}");
            assert!(code == Code::ClaimsMalformed || members(payload).is_ok());
        }
    }
    let shown = claims_view::by_cookie(payload, ID, EXPIRATION);
    assert_eq!(shown.is_some(), members(payload).is_ok());
    if let Some(shown) = shown {
        let shown = strict(&shown);
        assert!(shown["subject"] == ID && shown["expiration"] == EXPIRATION);
    }
}

fn are_of(claims: &Claims, tree: &Map<String, Value>) {
    assert!(is_uuid(&claims.user_id) && is_uuid(&claims.session_id));
    assert!(tree["sub"] == claims.user_id.as_str() && tree["session_id"] == claims.session_id.as_str());
    if let Some(seconds) = tree["exp"].as_i64() {
        assert_eq!(Some(claims.expires_at), seconds.checked_mul(1000));
    }
    let shown = strict(claims.json());
    assert!(shown["subject"] == claims.user_id.as_str() && shown["session_id"] == claims.session_id.as_str());
    for (name, value) in tree.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        assert_eq!(shown.get(name), Some(value));
    }
}

fn expire(claims: &Claims) {
    let at = |now| claims.check(ANY, now).map_err(|error| error.code());
    let types = at(claims.expires_at.saturating_sub(1));
    assert!(matches!(types, Ok(()) | Err(Code::TokenNotActive | Code::ClaimsMalformed)), "{types:?}");
    assert!(matches!(at(claims.expires_at), Err(Code::TokenExpired | Code::ClaimsMalformed)));
    assert!(matches!(at(i64::MAX), Err(Code::TokenExpired | Code::ClaimsMalformed)));
    let _ = at(i64::MIN);
}

/// What is shown is strict itself: no name of it stands twice.
fn strict(shown: &str) -> Map<String, Value> {
    assert!(members(shown).is_ok(), "what is shown is not strict");
    serde_json::from_str(shown).expect("an object")
}

/// `sub` of a token that has the strict claims of a session, read without the core.
pub(super) fn subject(token: &str) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let tree = strict_object(std::str::from_utf8(&payload).ok()?, MAX_DEPTH)?;
    let id = |name: &str| tree.get(name)?.as_str().filter(|id| is_uuid(id));
    id("session_id").and_then(|_| id("sub")).map(str::to_owned)
}
