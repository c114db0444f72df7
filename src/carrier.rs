//! Headers to token texts: where a request carries its session token.

use crate::error::{Code, Error};
use crate::token;

/// Cookies of the session's name that are looked at, as Hanko does: only the first 20.
const MAX_COOKIES: usize = 20;

/// Where a token came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `Authorization: Bearer` (RFC 6750 section 2.1).
    Authorization,
    /// The session cookie.
    Cookie,
    /// The caller's own argument.
    Argument,
}

impl Source {
    /// The name in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::Cookie => "cookie",
            Self::Argument => "argument",
        }
    }
}

/// The token texts of a request, unread: one from a header, one or more different ones from cookies.
#[derive(Clone, PartialEq, Eq)]
pub struct Carried {
    /// Where they came from.
    pub source: Source,
    /// The texts, never empty, in the order of the request.
    pub tokens: Vec<String>,
}

/// Finds the token texts. A Bearer header, even an empty or malformed one, hides the cookies: no silent step down.
///
/// # Errors
/// `token_missing`; `token_malformed` or `token_ambiguous` for a Bearer header with no single token.
pub fn find(authorization: Option<&str>, cookie: Option<&str>, cookie_name: &str) -> Result<Carried, Error> {
    if let Some(credentials) = authorization.and_then(bearer) {
        return Ok(Carried { source: Source::Authorization, tokens: vec![one_token(credentials)?.to_owned()] });
    }
    let tokens = cookie.map_or_else(Vec::new, |header| cookies(header, cookie_name));
    if tokens.is_empty() {
        return Err(missing());
    }
    Ok(Carried { source: Source::Cookie, tokens })
}

/// The one token of a request, by its shape alone.
///
/// # Errors
/// As [`find`]; `token_ambiguous` for several different cookies, `token_malformed`, `token_too_large`.
pub fn read(
    authorization: Option<&str>,
    cookie: Option<&str>,
    cookie_name: &str,
    max_length: usize,
) -> Result<(String, Source), Error> {
    let Carried { source, tokens } = find(authorization, cookie, cookie_name)?;
    let mut tokens = tokens.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(text), None) if token::exceeds(&text, max_length) => Err(token::too_large()),
        (Some(text), None) if token::is_compact(&text) => Ok((text, source)),
        (Some(_), None) => Err(malformed()),
        (Some(_), Some(_)) => {
            Err(Error::new(Code::TokenAmbiguous, "the request carries several different session cookies"))
        }
        (None, _) => Err(missing()),
    }
}

/// What follows the scheme `Bearer`, in any case; other schemes count as absent.
fn bearer(header: &str) -> Option<&str> {
    let header = header.trim_matches([' ', '\t']);
    let end = header.find([' ', '\t']).unwrap_or(header.len());
    let (scheme, credentials) = header.split_at_checked(end)?;
    scheme.eq_ignore_ascii_case("bearer").then_some(credentials)
}

/// RFC 9110 section 11.4: the scheme, 1*SP, the token.
fn one_token(credentials: &str) -> Result<&str, Error> {
    let text = credentials.trim_start_matches(' ');
    if text.is_empty() {
        return Err(missing());
    }
    if text.contains(',') {
        return Err(Error::new(Code::TokenAmbiguous, "the Authorization header holds several credentials"));
    }
    if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(malformed());
    }
    Ok(text)
}

/// The different values of the session cookie (RFC 6265 section 5.4), unquoted, in order.
fn cookies(header: &str, name: &str) -> Vec<String> {
    let space = [' ', '\t'];
    let mut values: Vec<String> = Vec::new();
    let named = header
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(key, _)| key.trim_matches(space) == name)
        .take(MAX_COOKIES);
    for (_, value) in named {
        let value = value.trim_matches(space);
        let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        if !value.is_empty() && !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

fn missing() -> Error {
    Error::new(Code::TokenMissing, "the request carries no session token")
}

fn malformed() -> Error {
    Error::new(Code::TokenMalformed, "what the request carries does not have the shape of a token")
}
