//! A token and a verified signature to [`Claims`], in the shape of Hanko's `/sessions/validate`.

use std::ops::Deref;
use std::rc::Rc;

use crate::encoding::{self, member, string, Member, Object};
use crate::error::{Code, Error};
use crate::registered::{time, wrong_type, Registered};
use crate::rfc3339;
use crate::token::{is_uuid, Token};
use crate::verbatim;

pub use crate::registered::{expired, not_active, Policy};

/// Payload members that Hanko renames or leaves out, and names that it gives itself; custom claims never take them.
fn is_reserved(name: &str) -> bool {
    matches!(
        name,
        "sub"
            | "session_id"
            | "exp"
            | "iat"
            | "nbf"
            | "jti"
            | "aud"
            | "iss"
            | "amr"
            | "email"
            | "username"
            | "subject"
            | "expiration"
            | "issued_at"
            | "audience"
            | "issuer"
    )
}

/// The claims of a session. Made only from a token whose signature is good, by [`read`] and [`verify`]. Shared, never copied.
#[derive(Clone, PartialEq)]
pub struct Claims(Rc<Session>);

/// What [`Claims`] hold.
#[derive(PartialEq)]
pub struct Session {
    /// `sub`: the user's UUID.
    pub user_id: String,
    /// `session_id`: the session's UUID.
    pub session_id: String,
    /// `exp`, in milliseconds since 1970.
    pub expires_at: i64,
    /// `iat`, likewise.
    pub issued_at: Option<i64>,
    registered: Registered,
    json: String,
}

impl Deref for Claims {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

impl Claims {
    /// The JSON text of the claims in Hanko's shape. It never passes through a JavaScript object on its way:
    /// a custom claim may be called `__proto__`.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Checks what depends on the options and the time, so on every call. `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// `claims_malformed`, `claim_missing`, `claim_mismatch`, `token_expired`, `token_not_active`.
    pub fn check(&self, policy: Policy<'_>, now: i64) -> Result<(), Error> {
        self.registered.check(policy, now)
    }

    /// Whether it is before `nbf`. Hanko, which knows no tolerance, says no until then.
    pub fn is_early(&self, now: i64) -> bool {
        self.registered.not_before.is_some_and(|from| now < from)
    }
}

/// Reads the claims of a token whose signature has been checked.
///
/// # Errors
/// `signature_invalid`, `claims_malformed`, `not_session_token`, `claim_missing`.
pub fn read(token: &Token, signature_is_good: bool) -> Result<Claims, Error> {
    let text = verified_payload(token, signature_is_good)?;
    let members = encoding::members(text).map_err(|_| not_strict())?;
    let (user_id, session_id) = identity(&members)?;
    let registered = Registered::read(&members)?;
    Ok(Claims(Rc::new(Session {
        user_id,
        session_id,
        expires_at: registered.expires_at,
        issued_at: registered.issued_at,
        registered,
        json: in_hankos_shape(&members, text.len())?,
    })))
}

/// The payload of a token whose signature has been checked, whatever kind of token it is.
///
/// # Errors
/// `signature_invalid`, `claims_malformed`.
pub fn verified_payload(token: &Token, signature_is_good: bool) -> Result<&str, Error> {
    if !signature_is_good {
        return Err(Error::new(Code::SignatureInvalid, "the token's signature is not that of its key"));
    }
    payload(token)
}

/// [`read`] and [`Claims::check`].
///
/// # Errors
/// Theirs.
pub fn verify(token: &Token, signature_is_good: bool, policy: Policy<'_>, now: i64) -> Result<Claims, Error> {
    let claims = read(token, signature_is_good)?;
    claims.check(policy, now)?;
    Ok(claims)
}

/// `iat` or `exp` of a token nobody has verified, in milliseconds: weighs what an unknown key or a refusal means, nothing
/// else. Of a webhook's too.
pub fn unverified_time(token: &Token, name: &'static str) -> Option<i64> {
    let members = verbatim::members(payload(token).ok()?)?;
    time(&members, name).ok().flatten()
}

/// `sub` and `session_id` of a token that Hanko has accepted, or will be asked about.
///
/// # Errors
/// `claims_malformed`, `not_session_token`.
pub fn unverified_identity(token: &Token) -> Result<(String, String), Error> {
    identity(&encoding::members(payload(token)?).map_err(|_| not_strict())?)
}

/// The claims in Hanko's shape and the payload as signed, as JSON texts, of a token that nobody has verified.
///
/// # Errors
/// `claims_malformed`.
pub fn decode(token: &Token) -> Result<(String, &str), Error> {
    let text = payload(token)?;
    let members = encoding::members(text).map_err(|_| not_strict())?;
    Ok((in_hankos_shape(&members, text.len())?, text))
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

type Members<'a> = [Member<'a>];

fn payload(token: &Token) -> Result<&str, Error> {
    std::str::from_utf8(token.payload()).map_err(|_| not_strict())
}

fn identity(members: &Members<'_>) -> Result<(String, String), Error> {
    let uuid = |name| member(members, name).and_then(string).filter(|text| is_uuid(text));
    uuid("sub").zip(uuid("session_id")).ok_or_else(|| {
        Error::new(
            Code::NotSessionToken,
            "the token has no UUID sub and session_id: it is not one of Hanko's session tokens",
        )
    })
}

/// Hanko's own names first, then every custom claim. An `email` of another shape is malformed (Hanko answers 400 to it);
/// a `username` that is not text is left out, as Hanko leaves it out.
fn in_hankos_shape(members: &Members<'_>, length: usize) -> Result<String, Error> {
    let mut shown = Object::of_length(length);
    put(&mut shown, "subject", text(members, "sub"));
    put(&mut shown, "session_id", text(members, "session_id"));
    put_time(&mut shown, "expiration", time(members, "exp")?);
    put_time(&mut shown, "issued_at", time(members, "iat")?);
    match member(members, "aud") {
        Some(one) if one.starts_with('"') => shown.put("audience", &format!("[{one}]")),
        list => put(&mut shown, "audience", list.filter(|list| are_texts(list))),
    }
    put(&mut shown, "issuer", text(members, "iss"));
    put(&mut shown, "amr", member(members, "amr").filter(|list| are_texts(list)));
    if let Some(json) = member(members, "email") {
        shown.put("email", &email(json).ok_or_else(|| wrong_type("email"))?);
    }
    put(&mut shown, "username", text(members, "username"));
    for (name, value) in members {
        if !is_reserved(name) {
            shown.put(name, value);
        }
    }
    Ok(shown.finish())
}

/// A member that is a string, as it is spelled: a strict reader has passed over it.
fn text<'a>(members: &Members<'a>, name: &str) -> Option<&'a str> {
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

/// `claims_malformed` for a payload that cannot be read.
pub fn not_strict() -> Error {
    Error::new(Code::ClaimsMalformed, "the token's payload is not a strict JSON object")
}
