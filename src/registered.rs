//! The registered claims (RFC 7519 section 4.1) that session and webhook tokens have in common: when a token counts, for
//! whom it was issued, and by whom.

use crate::encoding::{member, string, strings, Member};
use crate::error::{Code, Error};
use crate::number::Number;

/// The last millisecond that RFC 3339 can write: the end of the year 9999.
const LAST: i64 = 253_402_300_799_999;
/// RFC 8259 section 6: integers beyond it are not interoperable.
const SAFE: i64 = 9_007_199_254_740_991;

/// What a token must say beyond being Hanko's.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// One of these must be in `aud`; empty: not checked.
    pub audience: &'a [String],
    /// Exactly this `iss`; none: not checked.
    pub issuer: Option<&'a str>,
    /// Clock difference to forgive, in milliseconds.
    pub tolerance: i64,
}

/// `exp`, `iat`, `nbf`, `aud` and `iss` of a token.
#[derive(Clone, PartialEq)]
pub struct Registered {
    /// `exp`, in milliseconds since 1970.
    pub expires_at: i64,
    /// `iat`, likewise.
    pub issued_at: Option<i64>,
    /// `nbf`, likewise.
    pub not_before: Option<i64>,
    issuer: Optional<String>,
    audience: Optional<Vec<String>>,
}

/// A claim that only some options look at; what is wrong with it is told where they do.
#[derive(Clone, PartialEq)]
enum Optional<T> {
    Absent,
    Malformed,
    Is(T),
}

type Members<'a> = [Member<'a>];

impl Registered {
    /// Reads them among a payload's members.
    ///
    /// # Errors
    /// `claim_missing` without `exp`; `claims_malformed` for a time of a wrong type or out of range.
    pub fn read(members: &Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            expires_at: time(members, "exp")?.ok_or_else(|| missing("exp"))?,
            issued_at: time(members, "iat")?,
            not_before: time(members, "nbf")?,
            issuer: optional(members, "iss", string),
            audience: optional(members, "aud", audience),
        })
    }

    /// Checks what depends on the options and the time. `now` is in milliseconds since 1970.
    /// Valid while now < `exp` + tolerance (RFC 7519 section 4.1.4).
    ///
    /// # Errors
    /// `claims_malformed`, `claim_missing`, `claim_mismatch`, `token_expired`, `token_not_active`.
    pub fn check(&self, policy: Policy<'_>, now: i64) -> Result<(), Error> {
        self.check_issuer(policy.issuer)?;
        self.check_audience(policy.audience)?;
        if now >= self.expires_at.saturating_add(policy.tolerance) {
            return Err(expired());
        }
        let from = [self.issued_at, self.not_before].into_iter().flatten().max();
        if from.is_some_and(|from| from.saturating_sub(policy.tolerance) > now) {
            return Err(not_active());
        }
        Ok(())
    }

    fn check_issuer(&self, wanted: Option<&str>) -> Result<(), Error> {
        match (&self.issuer, wanted) {
            (Optional::Malformed, None) => Err(wrong_type("iss")),
            (_, None) => Ok(()),
            (Optional::Absent, Some(_)) => Err(missing("iss")),
            (Optional::Is(issuer), Some(wanted)) if issuer == wanted => Ok(()),
            _ => Err(mismatch("iss")),
        }
    }

    fn check_audience(&self, wanted: &[String]) -> Result<(), Error> {
        match &self.audience {
            Optional::Malformed if wanted.is_empty() => Err(wrong_type("aud")),
            _ if wanted.is_empty() => Ok(()),
            Optional::Absent => Err(missing("aud")),
            Optional::Is(found) if found.iter().any(|aud| wanted.contains(aud)) => Ok(()),
            _ => Err(mismatch("aud")),
        }
    }
}

/// A NumericDate (RFC 7519 section 2) in milliseconds. A wrong type never counts as absent.
///
/// # Errors
/// `claims_malformed`.
pub fn time(members: &Members<'_>, name: &'static str) -> Result<Option<i64>, Error> {
    let Some(json) = member(members, name) else { return Ok(None) };
    // A number stands whole in the text of a strict value.
    let number = Number::read(json.as_bytes()).and_then(|(number, _)| number.thousandths());
    number.filter(|at| (SAFE.saturating_neg()..=LAST).contains(at)).map(Some).ok_or_else(|| wrong_type(name))
}

/// `aud`: a string or a list of strings (RFC 7519 section 4.1.3).
pub fn audience(json: &str) -> Option<Vec<String>> {
    string(json).map(|one| vec![one]).or_else(|| strings(json))
}

fn optional<T>(members: &Members<'_>, name: &str, parse: impl Fn(&str) -> Option<T>) -> Optional<T> {
    match member(members, name) {
        None => Optional::Absent,
        Some(json) => parse(json).map_or(Optional::Malformed, Optional::Is),
    }
}

/// `token_expired`.
pub fn expired() -> Error {
    Error::new(Code::TokenExpired, "the token has expired")
}

/// `token_not_active`.
pub fn not_active() -> Error {
    Error::new(Code::TokenNotActive, "the token is not active yet")
}

/// `claims_malformed`, naming the claim.
pub fn wrong_type(name: &'static str) -> Error {
    Error::new(Code::ClaimsMalformed, ["the token's ", name, " is of a wrong type or out of range"].concat())
}

/// `claim_missing`, likewise.
pub fn missing(name: &'static str) -> Error {
    Error::new(Code::ClaimMissing, ["the token has no ", name].concat())
}

fn mismatch(name: &'static str) -> Error {
    Error::new(Code::ClaimMismatch, ["the token's ", name, " is not the one that the options demand"].concat())
}
