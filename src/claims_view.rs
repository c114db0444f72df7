//! Claims in the shape of Hanko's `/sessions/validate`, as JSON text: Hanko's own names first, then every custom claim.

use crate::distinct::are_equal;
use crate::encoding::{self, member, name_of, Member, Object};
use crate::error::Error;
use crate::registered::{time, wrong_type};
use crate::rfc3339;
use crate::verbatim;

/// Payload members that Hanko renames or leaves out, and names that it gives itself; custom claims never take them.
fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| are_equal(reserved, name))
}

const RESERVED: [&str; 16] = [
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

/// Those of a payload's members. An `email` of another shape is malformed (Hanko answers 400 to it);
/// a `username` that is not text is left out, as Hanko leaves it out. `length`: bytes of the payload.
///
/// # Errors
/// `claims_malformed`.
pub fn in_hankos_shape(members: &[Member<'_>], length: usize) -> Result<String, Error> {
    let mut shown = Object::of_length(length);
    put(&mut shown, "subject", text(members, "sub"));
    put(&mut shown, "session_id", text(members, "session_id"));
    put_time(&mut shown, "expiration", time(members, "exp")?);
    put_time(&mut shown, "issued_at", time(members, "iat")?);
    match member(members, "aud") {
        Some(one) if one.starts_with('"') => shown.put("audience", &["[", one, "]"].concat()),
        list => put(&mut shown, "audience", list.filter(|list| are_texts(list))),
    }
    put(&mut shown, "issuer", text(members, "iss"));
    put(&mut shown, "amr", member(members, "amr").filter(|list| are_texts(list)));
    if let Some(json) = member(members, "email") {
        shown.put("email", &email(json).ok_or_else(|| wrong_type("email"))?);
    }
    put(&mut shown, "username", text(members, "username"));
    for custom in members.iter().filter(|member| !is_reserved(name_of(member))) {
        shown.put(name_of(custom), custom.1);
    }
    Ok(shown.finish())
}

/// The claims of an answer to `GET /sessions/validate`, whose token nobody here has seen: `subject` and
/// `expiration` are the answer's own, and a built-in name of a wrong type is left out (custom claims can take it).
pub fn by_cookie(claims: &str, user_id: &str, expiration: &str) -> Option<String> {
    let members = encoding::members(claims).ok()?;
    let mut shown = Object::default();
    shown.put_string("subject", user_id);
    shown.put_string("expiration", expiration);
    for (name, value) in &members {
        let typed = match &**name {
            "subject" | "expiration" => false,
            "session_id" | "issued_at" | "issuer" | "username" => value.starts_with('"'),
            "audience" | "amr" => are_texts(value),
            "email" => email(value).is_some(),
            _ => true,
        };
        if typed {
            shown.put(name, value);
        }
    }
    Some(shown.finish())
}

/// A member that is a string, as it is spelled: a strict reader has passed over it.
fn text<'a>(members: &[Member<'a>], name: &str) -> Option<&'a str> {
    member(members, name).filter(|json| json.starts_with('"'))
}

fn are_texts(json: &str) -> bool {
    encoding::elements(json).is_some_and(|list| list.iter().all(|one| one.starts_with('"')))
}

fn put(shown: &mut Object, name: &str, json: Option<&str>) {
    if let Some(json) = json {
        shown.put(name, json);
    }
}

fn put_time(shown: &mut Object, name: &str, at: Option<i64>) {
    if let Some(at) = at {
        shown.put_string(name, &rfc3339::utc(at));
    }
}

/// The three members of an `email` that Hanko knows.
fn email(json: &str) -> Option<String> {
    let members = verbatim::members(json)?;
    let boolean = |name| member(&members, name).filter(|value| matches!(*value, "true" | "false"));
    let mut shown = Object::default();
    shown.put("address", text(&members, "address")?);
    shown.put("is_primary", boolean("is_primary")?);
    shown.put("is_verified", boolean("is_verified")?);
    Some(shown.finish())
}
