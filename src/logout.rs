//! Signing out: `POST /logout`, and the cookie that deletes the session cookie.

use crate::error::Error;
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

/// The `Set-Cookie` value by which Hanko deletes the session cookie, with the flags of its default configuration.
pub fn deletion_cookie(name: &str, domain: Option<&str>) -> String {
    let domain = domain.map(|domain| ["; Domain=", domain].concat()).unwrap_or_default();
    [name, "=; Path=/", &domain, "; Max-Age=0; HttpOnly; Secure; SameSite=Strict"].concat()
}
