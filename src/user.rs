//! `/me` and `/users/{id}`: what Hanko tells a person of himself, in one shape for every version.
//!
//! Metadata crosses as its text: 1401 levels and `1e400` are real, and no reason not to read a user.

use crate::encoding::{member, string, Members, Object};
use crate::error::{Code, Error};
use crate::http::{Request, Response};
use crate::shape::{array, flag, kinds, optional, present, records, show, text, typed, Field, Record, Type};
use crate::token::is_uuid;
use crate::verbatim;

/// Bytes of an answer.
const MAX_BYTES: usize = 1024 * 1024;

const NAMES: [Field; 4] = [optional("name"), optional("given_name"), optional("family_name"), optional("picture")];
const IDENTITY: [Field; 3] = [text("id"), optional("identity_id"), text("provider")];
const EMAIL: [Field; 4] = [text("id"), text("address"), flag("is_verified"), flag("is_primary")];
const MFA: [Field; 3] = [flag("auth_app_set_up"), flag("totp_enabled"), flag("security_keys_enabled")];
const CREDENTIAL: [Field; 7] = [
    text("id"),
    optional("name"),
    text("public_key"),
    text("attestation_type"),
    text("aaguid"),
    optional("last_used_at"),
    text("created_at"),
];
/// What the public API shows of a person's metadata.
const KINDS: [&str; 2] = ["public_metadata", "unsafe_metadata"];

/// `GET /me`: the person of this token, or of the browser's cookie. Renews the idle time.
pub fn request(token: Option<&str>) -> Request {
    Request::get("/me", MAX_BYTES).by(token)
}

/// `GET /users/{id}`, which servers up to 2.x have, and which shows a person only himself. The id is a canonical UUID.
pub fn request_by_id(user_id: &str, token: Option<&str>) -> Request {
    Request::get(["/users/", user_id].concat(), MAX_BYTES).by(token)
}

/// What Hanko says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// His user.
    User(User),
    /// His id alone: `/me` before 2.5.0.
    Id(String),
    /// 401: no session, or Hanko's database is away. Weighed before it counts.
    Refused,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The canonical UUID.
    pub user_id: String,
    /// The contract's `User`, as JSON text.
    pub json: String,
}

/// What is stored of a person, as far as it can be patched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The canonical UUID.
    pub user_id: String,
    /// The contract's `UserMetadata`, as JSON text.
    pub metadata: String,
    /// The unsafe metadata in it.
    pub unsafe_metadata: String,
}

/// Reads a user of `/me`, or of the profile flow. Whatever else he holds is not looked at.
pub fn stored(json: &str) -> Option<Stored> {
    let record = verbatim::members(json)?;
    let metadata = metadata(&record, &KINDS)?;
    let unsafe_metadata = member(&verbatim::members(&metadata)?, "unsafe_metadata")?.to_owned();
    Some(Stored { user_id: id_of(&record)?, metadata, unsafe_metadata })
}

/// Reads the answer to [`request`].
///
/// # Errors
/// As [`Response::refused`]; `response_invalid` for a 200 that is no such answer.
pub fn parse(response: &Response) -> Result<Answer, Error> {
    match response.status {
        200 => read(&response.body).ok_or_else(|| {
            Error::new(Code::ResponseInvalid, "the answer is not one of /me: is apiUrl right?").with_status(200)
        }),
        401 => Ok(Answer::Refused),
        _ => Err(response.refused()),
    }
}

/// Reads the answer to [`request_by_id`].
///
/// # Errors
/// As [`parse`]; `forbidden` for a 403.
pub fn parse_by_id(response: &Response) -> Result<Answer, Error> {
    if response.status == 403 {
        return Err(forbidden().with_status(403));
    }
    match parse(response)? {
        Answer::Id(_) => Err(Error::new(Code::ResponseInvalid, "the answer is not a user").with_status(200)),
        answer => Ok(answer),
    }
}

/// The user that is asked for is another than the one who asks.
pub fn forbidden() -> Error {
    Error::new(Code::Forbidden, "a user can read only himself (the Admin API reads others)")
}

fn read(body: &[u8]) -> Option<Answer> {
    let record = verbatim::members(std::str::from_utf8(body).ok()?)?;
    let user_id = id_of(&record)?;
    if record.iter().all(|(name, _)| name == "id" || name == "user_id") {
        return Some(Answer::Id(user_id));
    }
    let json = shown(&record, &user_id)?;
    Some(Answer::User(User { user_id, json }))
}

/// `user_id`, which `/users/{id}` of old servers lacks, and `id`; where both are there, they are the same.
fn id_of(record: &Record<'_>) -> Option<String> {
    let id = |name| present(record, name);
    let user_id = string(id("user_id").or_else(|| id("id"))?).filter(|id| is_uuid(id))?;
    let same = id("id").is_none_or(|json| string(json).is_some_and(|other| other == user_id));
    same.then_some(user_id)
}

/// In the contract's shape.
fn shown(record: &Record<'_>, user_id: &str) -> Option<String> {
    let mut shown = Object::default();
    shown.put_string("user_id", user_id);
    put_profile(&mut shown, record)?;
    let identities = records(record, "identities")?;
    shown.put("identities", &array(each(&identities, identity)?));
    put_credentials(&mut shown, record)?;
    if let Some(json) = typed(record, "mfa_config", Type::Record)? {
        let mut mfa = Object::default();
        show(&mut mfa, &verbatim::members(json)?, &MFA)?;
        shown.put("mfa_config", &mfa.finish());
    }
    shown.put("metadata", &metadata(record, &KINDS)?);
    Some(shown.finish())
}

/// Times, primary address, username, names and addresses, as the public and the Admin API tell them.
pub fn put_profile(shown: &mut Object, record: &Record<'_>) -> Option<()> {
    show(shown, record, &[text("created_at"), text("updated_at")])?;
    let emails = records(record, "emails")?;
    let primary = emails.iter().find(|email| present(email, "is_primary") == Some("true"));
    match primary {
        Some(email) => shown.put("email", typed(email, "address", Type::Text)??),
        None => show(shown, record, &[optional("email")])?, // `/users/{id}` of servers that list no addresses.
    }
    if let Some(json) = present(record, "username") {
        // Text in `/users/{id}`, an object everywhere else.
        let name = if json.starts_with('{') { present(&verbatim::members(json)?, "username")? } else { json };
        shown.put("username", name.starts_with('"').then_some(name)?);
    }
    show(shown, record, &NAMES)?;
    shown.put("emails", &array(each(&emails, email)?));
    Some(())
}

/// Passkeys and security keys. They come apart, or as `webauthn_credentials`, told apart by `mfa_only`: from the Admin API,
/// and from servers before 2.5.0. Beside `mfa_config` those are the rows of a feature that is switched off, which hides them.
pub fn put_credentials(shown: &mut Object, record: &Record<'_>) -> Option<()> {
    let together = if present(record, "mfa_config").is_some() { "" } else { "webauthn_credentials" };
    let together = records(record, together)?;
    for (name, mfa_only) in [("passkeys", false), ("security_keys", true)] {
        let mut credentials = records(record, name)?;
        credentials
            .extend(together.iter().filter(|one| (present(one, "mfa_only") == Some("true")) == mfa_only).cloned());
        shown.put(name, &array(each(&credentials, credential)?));
    }
    Some(())
}

/// Metadata of these kinds, each an object, `{}` where it is absent.
pub fn metadata(record: &Record<'_>, of: &[&str]) -> Option<String> {
    kinds(&verbatim::members(typed(record, "metadata", Type::Record)?.unwrap_or("{}"))?, of)
}

/// Shows each of the objects.
pub fn each(records: &[Members<'_>], show: fn(&Record<'_>) -> Option<String>) -> Option<Vec<String>> {
    records.iter().map(|record| show(record)).collect()
}

fn identity(record: &Record<'_>) -> Option<String> {
    let mut shown = Object::default();
    show(&mut shown, record, &IDENTITY)?;
    Some(shown.finish())
}

fn email(record: &Record<'_>) -> Option<String> {
    let mut shown = Object::default();
    show(&mut shown, record, &EMAIL)?;
    let identities = records(record, "identities")?;
    if !identities.is_empty() {
        shown.put("identities", &array(each(&identities, identity)?));
    }
    Some(shown.finish())
}

fn credential(record: &Record<'_>) -> Option<String> {
    let mut shown = Object::default();
    show(&mut shown, record, &CREDENTIAL)?;
    let list = present(record, "transports").map_or(Some(Vec::new()), verbatim::elements)?;
    let transports: Option<Vec<String>> = list.into_iter().map(transport).collect();
    shown.put("transports", &array(transports?));
    for name in ["backup_eligible", "backup_state", "mfa_only"] {
        shown.put(name, typed(record, name, Type::Flag)?.unwrap_or("false")); // Old servers know none of them.
    }
    Some(shown.finish())
}

/// A transport's name; raw rows of `/users/{id}` have it as `{"ID", "Name"}`.
fn transport(json: &str) -> Option<String> {
    let name = if json.starts_with('{') { present(&verbatim::members(json)?, "Name")? } else { json };
    name.starts_with('"').then(|| name.to_owned())
}
