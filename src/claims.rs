//! A token and a verified signature to [`Claims`].

use std::ops::Deref;
use std::rc::Rc;

use crate::claims_view::in_hankos_shape;
use crate::encoding::{self, member, string, Member};
use crate::error::{Code, Error};
use crate::registered::{time, Registered};
use crate::token::{is_uuid, Token};
use crate::verbatim;

pub use crate::registered::{expired, not_active, Policy};

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

/// `claims_malformed` for a payload that cannot be read.
pub fn not_strict() -> Error {
    Error::new(Code::ClaimsMalformed, "the token's payload is not a strict JSON object")
}
