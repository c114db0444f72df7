//! Hanko's webhook tokens. They are signed by the keys of the sessions, for the same audience, and are none
//! (RFC 8725 section 3.12): each kind is told by what the other never has.

use crate::claims;
use crate::encoding::{member, string, Members};
use crate::error::{Code, Error};
use crate::registered::{missing, Policy, Registered};
use crate::token::{is_uuid, Token};
use crate::verbatim;

/// Characters of the longest token: an event holds a whole user, with all his metadata.
pub const MAX_LENGTH: usize = 262_144;
/// `sub` of every webhook token.
const SUBJECT: &str = "hanko webhooks";

/// What a webhook tells. Made only from a token whose signature is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// `evt`, for example `user.delete`.
    pub name: String,
    /// `data` as it stands: JSON text of any depth, with any number.
    pub data: &'a str,
    /// `iat`, in milliseconds since 1970.
    pub issued_at: i64,
    /// `exp`, likewise.
    pub expires_at: i64,
}

/// Reads and checks the event of a token whose signature has been checked. `now` is in milliseconds since 1970.
///
/// What a person may have written himself, his metadata within `data`, is looked at by its grammar alone: else he could make
/// his own `user.delete` unreadable. The `issuer` of the policy does not apply: these tokens have no `iss`.
///
/// # Errors
/// `signature_invalid`; `not_webhook_token` without the `sub` and `evt` of a webhook, or with a `session_id`; `claim_missing`
/// without `exp`, `iat` or `data`; `claims_malformed`, also for a `user.*` or `session.*` event without the UUIDs of whom it is
/// about; `claim_missing`, `claim_mismatch`, `token_expired`, `token_not_active` as for sessions.
pub fn verify<'a>(token: &'a Token, signature_is_good: bool, policy: Policy<'_>, now: i64) -> Result<Event<'a>, Error> {
    let payload = claims::verified_payload(token, signature_is_good)?;
    let members = verbatim::members(payload).ok_or_else(claims::not_strict)?;
    let name = name(&members)?;
    let registered = Registered::read(&members)?;
    let issued_at = registered.issued_at.ok_or_else(|| missing("iat"))?;
    registered.check(Policy { issuer: None, ..policy }, now)?;
    let data = member(&members, "data").ok_or_else(|| missing("data"))?;
    if !says_of_whom(&name, data) {
        return Err(Error::new(Code::ClaimsMalformed, "the webhook's data does not say by UUID whom it is about"));
    }
    Ok(Event { name, data, issued_at, expires_at: registered.expires_at })
}

fn name(members: &Members<'_>) -> Result<String, Error> {
    let text = |name| member(members, name).and_then(string);
    let is_webhook = text("sub").as_deref() == Some(SUBJECT) && member(members, "session_id").is_none();
    text("evt")
        .filter(|name| is_webhook && !name.is_empty())
        .ok_or_else(|| Error::new(Code::NotWebhookToken, "the token is not one of Hanko's webhook tokens"))
}

/// Of a session: its id and its user's. Of a user: his id. What other events hold is not ours to know.
fn says_of_whom(name: &str, data: &str) -> bool {
    let ids: &[&str] = match name.split('.').next() {
        Some("session") => &["id", "user_id"],
        Some("user") => &["id"],
        _ => return true,
    };
    let Some(members) = verbatim::members(data) else { return false };
    ids.iter().all(|id| member(&members, id).and_then(string).is_some_and(|id| is_uuid(&id)))
}
