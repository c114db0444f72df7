//! `/sessions/validate`: the question, and Hanko's answer.

use crate::encoding::{self, member, string, Object, MAX_DEPTH};
use crate::error::{Code, Error};
use crate::http::{Request, Response};
use crate::token::is_uuid;

/// Bytes of an answer.
const MAX_BYTES: usize = 256 * 1024;
const PATH: &str = "/sessions/validate";

/// `POST /sessions/validate`: asks about this token, and renews its idle time.
pub fn request(token: &str) -> Request {
    let mut body = Object::default();
    body.put_string("session_token", token);
    Request::post(PATH, body.finish(), MAX_BYTES)
}

/// `GET /sessions/validate`: asks about the browser's cookie, and renews nothing.
pub fn request_by_cookie() -> Request {
    Request::get(PATH, MAX_BYTES).by_cookie()
}

/// What Hanko says of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// `is_valid: true`.
    Yes(Yes),
    /// `is_valid: false`, never with a reason; said to everybody while Hanko's database is away.
    No,
    /// 400: the signature is good, the claims cannot be read (webhook tokens, a template's text `email`).
    Unreadable,
}

/// The members of a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yes {
    /// The user's UUID.
    pub user_id: String,
    /// RFC 3339.
    pub expiration_time: String,
    /// RFC 3339, where the server has an idle timeout.
    pub idle_expires_at: Option<String>,
    /// The JSON text of `claims`. Custom claims can take built-in names in it: never who somebody is.
    pub claims: String,
}

/// Reads the answer to [`request`] or [`request_by_cookie`].
///
/// # Errors
/// As [`Response::refused`]; `response_invalid` for a 200 that is not such an answer.
pub fn parse(response: &Response) -> Result<Answer, Error> {
    let body = std::str::from_utf8(&response.body).unwrap_or_default();
    match response.status {
        200 => parse_answer(body).ok_or_else(|| {
            Error::new(Code::ResponseInvalid, "the answer is not one of /sessions/validate: is apiUrl right?")
                .with_status(200)
        }),
        400 if claims_unreadable(body) => Ok(Answer::Unreadable),
        _ => Err(response.refused()),
    }
}

fn parse_answer(body: &str) -> Option<Answer> {
    // The claims are one level further down than in the token, whose own limit is theirs.
    let members = encoding::members_within(body, MAX_DEPTH.saturating_add(1)).ok()?;
    let text = |name| member(&members, name).and_then(string);
    match member(&members, "is_valid")? {
        "false" => Some(Answer::No),
        "true" => Some(Answer::Yes(Yes {
            user_id: text("user_id").filter(|id| is_uuid(id))?,
            expiration_time: text("expiration_time")?,
            idle_expires_at: text("idle_expires_at"),
            claims: member(&members, "claims").unwrap_or("{}").to_owned(),
        })),
        _ => None,
    }
}

/// The one message that means something: every other 400 is a wrong address or a wrong request.
fn claims_unreadable(body: &str) -> bool {
    let members = encoding::members(body).unwrap_or_default();
    let message = member(&members, "message").and_then(string);
    message.is_some_and(|message| message.starts_with("failed to parse token claims"))
}
