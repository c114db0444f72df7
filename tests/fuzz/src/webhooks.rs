//! Payloads of webhook tokens, as if their signature were good.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::claims::{self, Policy};
use hanko_edge::error::Code;
use hanko_edge::token::{is_uuid, Token};
use hanko_edge::webhook::{self, Event};

use super::raw::{present, raw_object, string, with_member, Raw};

const OTHER: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const ANY: Policy<'static> = Policy { audience: &[], issuer: None, tolerance: 0 };
const CODES: [Code; 5] =
    [Code::NotWebhookToken, Code::ClaimMissing, Code::ClaimsMalformed, Code::TokenExpired, Code::TokenNotActive];

/// A payload is a webhook's or a session's, never both; what is told of it is its own text, about somebody by his UUID.
pub fn webhook(input: &[u8]) {
    let Some(token) = token(input) else { return };
    let unsigned = webhook::verify(&token, false, ANY, 0).map_err(|error| error.code());
    assert_eq!(unsigned, Err(Code::SignatureInvalid));
    let said = std::str::from_utf8(token.payload()).ok().and_then(raw_object);
    let issued = said.as_ref().and_then(|said| present(said, "iat")?.parse::<i64>().ok()).unwrap_or_default();
    match webhook::verify(&token, true, ANY, issued.saturating_mul(1000)) {
        Ok(event) => {
            is_told(&event, &said.expect("an object"));
            assert!(claims::read(&token, true).is_err());
            let late = webhook::verify(&token, true, ANY, event.expires_at).map_err(|error| error.code());
            assert_eq!(late, Err(Code::TokenExpired));
            let payload = std::str::from_utf8(token.payload()).expect("UTF-8");
            is_no_webhook(&with_member(payload, "session_id", OTHER));
        }
        Err(error) => assert!(CODES.contains(&error.code()), "{error}"),
    }
}

fn token(payload: &[u8]) -> Option<Token> {
    let text = format!("eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.{}.c2ln", URL_SAFE_NO_PAD.encode(payload));
    Token::parse(&text, webhook::MAX_LENGTH).ok()
}

fn is_no_webhook(payload: &str) {
    let Some(token) = token(payload.as_bytes()) else { return };
    let read = webhook::verify(&token, true, ANY, 0).map_err(|error| error.code());
    assert_eq!(read, Err(Code::NotWebhookToken));
}

fn is_told(event: &Event<'_>, said: &Raw<'_>) {
    assert!(string(said, "sub").as_deref() == Some("hanko webhooks") && !said.contains_key("session_id"));
    assert!(!event.name.is_empty() && string(said, "evt").as_ref() == Some(&event.name));
    assert_eq!(said.get("data").map(|data| data.get()), Some(event.data));
    assert!(event.issued_at < event.expires_at);
    let ids: &[&str] = match event.name.split('.').next() {
        Some("session") => &["id", "user_id"],
        Some("user") => &["id"],
        _ => return,
    };
    let about = raw_object(event.data).expect("an object");
    assert!(ids.iter().all(|id| string(&about, id).is_some_and(|id| is_uuid(&id))));
}
