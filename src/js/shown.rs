//! Results, as they cross to JavaScript: JSON text. Times are milliseconds since 1970.

use super::asking::Standing;
use crate::carrier::Source;
use crate::claims::Claims;
use crate::encoding::Object;
use crate::error::{Error, Kind};
use crate::token::Token;
use crate::validate::Yes;

/// `authenticate`: signed in. More may be put to it.
pub(super) fn signed_in(claims: &Claims, token: &str, source: Source, standing: Standing) -> Object {
    let mut shown = Object::of_length(claims.json().len());
    shown.put_string("status", "signed-in");
    put_session(&mut shown, claims);
    if source == Source::Cookie {
        shown.put_string("token", token); // The others are at hand on the other side: a token is most of what would cross.
    }
    shown.put_string("source", source.as_str());
    shown.put_string("verifiedBy", if standing.remote { "remote" } else { "local" });
    shown.put("stale", if standing.stale { "true" } else { "false" });
    shown
}

/// `authenticate`: a failure as a result. Only what denies signs out.
pub(super) fn refused(error: &Error) -> String {
    let mut shown = Object::default();
    let status = match error.kind() {
        Kind::Denied => "signed-out",
        Kind::Unavailable | Kind::Misuse => "unavailable",
    };
    shown.put_string("status", status);
    shown.put_string("code", error.code().as_str());
    shown.put_string("message", error.message());
    if let Some(seconds) = error.retry_after {
        shown.put("retryAfter", &seconds.to_string());
    }
    shown.finish()
}

/// A verified session.
pub(super) fn session(claims: &Claims) -> String {
    let mut shown = Object::of_length(claims.json().len());
    put_session(&mut shown, claims);
    shown.finish()
}

/// The contract's `SessionStatus`: no.
pub(super) fn invalid() -> String {
    r#"{"is_valid":false}"#.to_owned()
}

/// The contract's `SessionStatus`: yes.
pub(super) fn valid(yes: &Yes, claims: &str) -> String {
    let mut shown = Object::default();
    shown.put("is_valid", "true");
    shown.put_string("user_id", &yes.user_id);
    shown.put_string("expiration_time", &yes.expiration_time);
    if let Some(idle) = &yes.idle_expires_at {
        shown.put_string("idle_expires_at", idle);
    }
    shown.put("claims", claims);
    shown.finish()
}

/// What `decodeToken` shows.
pub(super) fn decoded(token: &Token, claims: &str, payload: &str) -> String {
    let mut header = Object::default();
    header.put_string("alg", &token.header().alg);
    let typed = &token.header().typed;
    for (name, value) in [("kid", &typed.key_id), ("typ", &typed.token_type)] {
        if let Some(value) = value {
            header.put_string(name, value);
        }
    }
    let mut shown = Object::of_length(claims.len().saturating_add(payload.len()));
    shown.put("header", &header.finish());
    shown.put("claims", claims);
    shown.put("payload", payload);
    shown.finish()
}

fn put_session(shown: &mut Object, claims: &Claims) {
    shown.put_string("userId", &claims.user_id);
    shown.put_string("sessionId", &claims.session_id);
    shown.put("expiresAt", &claims.expires_at.to_string());
    shown.put("claims", claims.json());
}
