//! What the Admin API tells, in the contract's shapes. It names the parts of a user differently from `/me`.

use crate::claims;
use crate::encoding::{string, Object};
use crate::shape::{array, optional, present, records, show, text, typed, Field, Record, Type};
use crate::token::{is_uuid, Token};
use crate::user::{each, metadata, put_credentials, put_profile};
use crate::verbatim;

/// Characters of a token: no answer is longer.
const LONGEST: usize = 1024 * 1024;
/// What the Admin API shows of a person's metadata.
pub const KINDS: [&str; 3] = ["public_metadata", "private_metadata", "unsafe_metadata"];
const SESSION: [Field; 8] = [
    text("id"),
    text("user_id"),
    text("created_at"),
    text("updated_at"),
    text("expires_at"),
    text("last_used"),
    optional("user_agent"),
    optional("ip_address"),
];

/// A user; `wanted` is whose it must be.
pub fn user(body: &str, wanted: Option<&str>) -> Option<String> {
    let record = verbatim::members(body)?;
    let user_id = string(present(&record, "id")?).filter(|id| is_uuid(id))?;
    if wanted.is_some_and(|wanted| wanted != user_id) {
        return None;
    }
    let mut shown = Object::default();
    shown.put_string("user_id", &user_id);
    put_profile(&mut shown, &record)?;
    let identities = records(&record, "identities")?;
    shown.put("identities", &array(each(&identities, identity)?));
    put_credentials(&mut shown, &record)?;
    put_part(&mut shown, &record, "password", &[text("created_at"), text("updated_at")])?;
    put_part(&mut shown, &record, "otp", &[text("created_at")])?;
    shown.put("metadata", &metadata(&record, &KINDS)?);
    Some(shown.finish())
}

fn put_part(shown: &mut Object, record: &Record<'_>, name: &str, fields: &[Field]) -> Option<()> {
    let Some(json) = typed(record, name, Type::Record)? else { return Some(()) };
    let mut part = Object::default();
    show(&mut part, &verbatim::members(json)?, fields)?;
    shown.put(name, &part.finish());
    Some(())
}

/// Here `id` is Hanko's, and `provider_id` the one at the provider.
fn identity(record: &Record<'_>) -> Option<String> {
    let mut shown = Object::default();
    for (name, theirs) in [("id", "provider_id"), ("identity_id", "id"), ("provider", "provider_name")] {
        shown.put(name, typed(record, theirs, Type::Text)??);
    }
    Some(shown.finish())
}

/// The token of a new session of this user.
pub fn token(body: &str, user: &str) -> Option<String> {
    let record = verbatim::members(body)?;
    let text = string(present(&record, "session_token")?)?;
    let token = Token::parse(&text, LONGEST).ok()?;
    // Believed where it is of this user, or where only Hanko can read its claims.
    if claims::unverified_identity(&token).is_ok_and(|(user_id, _)| user_id != user) {
        return None;
    }
    let mut shown = Object::default();
    shown.put_string("session_token", &text);
    Some(shown.finish())
}

/// The sessions of this user.
pub fn sessions(body: &str, user: &str) -> Option<String> {
    let sessions: Option<Vec<_>> = verbatim::elements(body)?.into_iter().map(verbatim::members).collect();
    let of_user = |json: &str| string(json).as_deref() == Some(user);
    let shown = |record: &Record<'_>| {
        let mut shown = Object::default();
        show(&mut shown, record, &SESSION)?;
        string(present(record, "id")?).filter(|id| is_uuid(id))?; // Else it could not be ended.
        present(record, "user_id").is_some_and(of_user).then(|| shown.finish())
    };
    let shown: Option<Vec<String>> = sessions?.iter().map(|record| shown(record)).collect();
    Some(array(shown?))
}

/// Ids of the sessions in a list as [`sessions`] shows it.
pub fn session_ids(list: &str) -> Vec<String> {
    let records = verbatim::elements(list).unwrap_or_default().into_iter().filter_map(verbatim::members);
    records.filter_map(|record| string(present(&record, "id")?)).collect()
}
