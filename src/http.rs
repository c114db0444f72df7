//! Requests and responses as plain values.

use std::borrow::Cow;
use std::fmt;

use crate::error::{Code, Error};

/// How a request is authenticated.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// By what the request itself holds. Cookies are left out: Hanko falls back from a bad header to a good cookie.
    Omit,
    /// By the browser's cookie.
    Include,
    /// By this token or key, as `Authorization: Bearer` (RFC 6750 section 2.1). Cookies are left out.
    Bearer(String),
}

/// What is done with the path. Hanko answers 404 to `HEAD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

/// A request to Hanko, its path relative to `apiUrl`. Redirects are never followed.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, beginning with a slash.
    pub path: Cow<'static, str>,
    /// A name and a value for the query.
    pub query: Option<(&'static str, String)>,
    /// A JSON text to send.
    pub body: Option<String>,
    /// How it is authenticated.
    pub credentials: Credentials,
    /// Whether the answer must come from Hanko itself, and no cache.
    pub past_caches: bool,
    /// Bytes of the answer's body; more are `response_too_large`.
    pub max_bytes: usize,
}

impl Request {
    /// A request without body and cookies.
    pub fn new(method: Method, path: impl Into<Cow<'static, str>>, max_bytes: usize) -> Self {
        let path = path.into();
        Self { method, path, query: None, body: None, credentials: Credentials::Omit, past_caches: false, max_bytes }
    }

    /// A `GET` without cookies.
    pub fn get(path: impl Into<Cow<'static, str>>, max_bytes: usize) -> Self {
        Self::new(Method::Get, path, max_bytes)
    }

    /// A `POST` of a JSON text, without cookies.
    pub fn post(path: impl Into<Cow<'static, str>>, body: String, max_bytes: usize) -> Self {
        Self { body: Some(body), ..Self::new(Method::Post, path, max_bytes) }
    }

    /// The same request, with a query.
    #[must_use]
    pub fn with(self, name: &'static str, value: String) -> Self {
        Self { query: Some((name, value)), ..self }
    }

    /// The same request, by the browser's cookie.
    #[must_use]
    pub fn by_cookie(self) -> Self {
        Self { credentials: Credentials::Include, ..self }
    }

    /// The same request, by this token; by the browser's cookie where there is none.
    #[must_use]
    pub fn by(self, token: Option<&str>) -> Self {
        let credentials = token.map_or(Credentials::Include, |token| Credentials::Bearer(token.to_owned()));
        Self { credentials, ..self }
    }

    /// The same request, past every cache.
    #[must_use]
    pub fn past_caches(self) -> Self {
        Self { past_caches: true, ..self }
    }
}

/// Holds credentials, so it shows nothing of them.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Request({:?} ..)", self.method)
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status; 0 for an opaque redirect (Fetch, `redirect: "manual"` in browsers).
    pub status: u16,
    /// `Age` in seconds: above 0 the answer comes from a cache.
    pub age: Option<u32>,
    /// `x-request-id`: Hanko echoes the request's.
    pub request_id: Option<String>,
    /// `Retry-After` in seconds, 0 to 86400.
    pub retry_after: Option<u32>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// What an answer means that is not the expected one, of any endpoint. A wrong address is never a denial.
    pub fn refused(&self) -> Error {
        let (code, message) = match self.status {
            0 | 300..=399 => (Code::RedirectBlocked, "Hanko answered with a redirect, which is not followed"),
            429 => (Code::RateLimited, "Hanko asks for fewer requests"),
            500..=599 => (Code::ServerError, "Hanko failed"),
            _ => (Code::ResponseInvalid, "the answer is not one of Hanko's: is apiUrl right?"),
        };
        let mut error = Error::new(code, message);
        error.status = (self.status != 0).then_some(self.status);
        error.retry_after = self.retry_after;
        error
    }
}

/// Seconds of an `Age` header (RFC 9111 section 5.1): of a list the first member counts, what is no number does not.
pub fn age(value: &str) -> Option<u32> {
    let digits = value.split(',').next()?.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u32::MAX))
}

/// Seconds of a `Retry-After` header (RFC 9110 section 10.2.3): a number, or a date in milliseconds since 1970 as `date` reads it.
pub fn retry_after(value: &str, date: impl Fn(&str) -> Option<i64>, now: i64) -> Option<u32> {
    const LONGEST: u32 = 86_400;
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().map_or(LONGEST, |seconds: u32| seconds.min(LONGEST)));
    }
    if !value.ends_with("GMT") {
        return None;
    }
    let wait = date(value)?.saturating_sub(now).max(0).saturating_add(999).div_euclid(1000);
    Some(u32::try_from(wait).map_or(LONGEST, |seconds| seconds.min(LONGEST)))
}
