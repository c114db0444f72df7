//! Results, as they cross to JavaScript. Times are milliseconds since 1970; claims are JSON text within JSON text.

use serde::Serialize;
use serde_json::value::RawValue;

use super::asking::Standing;
use super::raw;
use crate::carrier::Source;
use crate::claims::Claims;
use crate::error::{Code, Error, Kind};
use crate::session::Yes;

/// One of the three results of `authenticate`.
#[derive(Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub(super) enum Auth {
    /// Yes.
    SignedIn(Box<SignedIn>),
    /// No, with a code.
    SignedOut(Refusal),
    /// Nobody knows, with a code.
    Unavailable(Refusal),
}

impl Auth {
    pub(super) fn signed_in(claims: &Claims, token: String, source: Source, standing: Standing) -> Self {
        Self::SignedIn(Box::new(SignedIn {
            session: Session::new(claims),
            token,
            source: source.as_str(),
            verified_by: if standing.remote { "remote" } else { "local" },
            stale: standing.stale,
        }))
    }

    /// A failure as a result: only what denies signs out.
    pub(super) fn refused(error: &Error) -> Self {
        let refusal =
            Refusal { code: error.code(), message: error.message().to_owned(), retry_after: error.retry_after };
        match error.kind() {
            Kind::Denied => Self::SignedOut(refusal),
            Kind::Unavailable | Kind::Misuse => Self::Unavailable(refusal),
        }
    }
}

/// A yes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedIn {
    #[serde(flatten)]
    session: Session,
    token: String,
    source: &'static str,
    verified_by: &'static str,
    stale: bool,
}

/// Why not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refusal {
    code: Code,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

/// A verified session.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    user_id: String,
    session_id: String,
    expires_at: i64,
    claims: Option<Box<RawValue>>,
}

impl Session {
    pub(super) fn new(claims: &Claims) -> Self {
        Self {
            user_id: claims.user_id.clone(),
            session_id: claims.session_id.clone(),
            expires_at: claims.expires_at,
            claims: raw(claims.json()),
        }
    }
}

/// The contract's `SessionStatus`.
#[derive(Serialize)]
pub(super) struct Status {
    is_valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Box<RawValue>>,
}

impl Status {
    pub(super) const fn no() -> Self {
        Self { is_valid: false, user_id: None, expiration_time: None, idle_expires_at: None, claims: None }
    }

    pub(super) fn yes(yes: Yes, claims: &str) -> Self {
        Self {
            is_valid: true,
            user_id: Some(yes.user_id),
            expiration_time: Some(yes.expiration_time),
            idle_expires_at: yes.idle_expires_at,
            claims: raw(claims),
        }
    }
}
