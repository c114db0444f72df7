//! Signing out: `POST /logout`, and the cookie that deletes the session cookie.

use crate::config;
use crate::error::Error;
use crate::given::{invalid, Options};
use crate::http::{Method, Request, Response};

/// Bytes of an answer.
const MAX_BYTES: usize = 256 * 1024;

/// `POST /logout`: ends the session of this token, or of the browser's cookie.
pub fn request(token: Option<&str>) -> Request {
    Request::new(Method::Post, "/logout", MAX_BYTES).by(token)
}

/// What Hanko says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 204: the session has ended.
    Ended,
    /// 401: there is no such session any more, or Hanko's database is away. Weighed before it counts.
    Refused,
}

/// Reads the answer to [`request`].
///
/// # Errors
/// As [`Response::refused`].
pub fn parse(response: &Response) -> Result<Answer, Error> {
    match response.status {
        204 => Ok(Answer::Ended),
        401 => Ok(Answer::Refused),
        _ => Err(response.refused()),
    }
}

/// The `Set-Cookie` value by which Hanko deletes the session cookie, with the flags of its default configuration. Options:
/// `cookieName`, and `domain` without or with a leading dot (RFC 6265 section 5.2.3).
///
/// # Errors
/// `config_invalid`, naming the option.
pub fn deletion_cookie(options: &Options) -> Result<String, Error> {
    let (name, domain) = config::parse_deletion(options)?;
    let Some(domain) = domain else { return Ok(written(&name, "")) };
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    if !is_domain(domain) {
        return Err(invalid("domain", "must be the name of a host"));
    }
    // RFC 6265bis section 4.1.3.2: browsers ignore such a cookie, and so its deletion.
    if name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("__Host-")) {
        return Err(invalid("domain", "must be left out where the cookie's name begins with __Host-"));
    }
    Ok(written(&name, &["; Domain=", domain].concat()))
}

fn written(name: &str, domain: &str) -> String {
    [name, "=; Path=/", domain, "; Max-Age=0; HttpOnly; Secure; SameSite=Strict"].concat()
}

/// As Go writes it into a cookie: labels of letters, digits and inner hyphens (RFC 1123 section 2.1).
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 255 && text.split('.').all(is_label)
}
