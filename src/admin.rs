//! The Admin API: what is asked of it, and what its answers mean.

use std::borrow::Cow;

use crate::admin_view::KINDS;
use crate::applied::{applied, Applied};
use crate::encoding::{member, string, Member, Object};
use crate::error::{Code, Error};
use crate::http::{Credentials, Method, Request, Response};
use crate::shape::{kinds, optional, present, show};
use crate::token::is_uuid;
use crate::{admin_view as view, metadata, verbatim};

/// Bytes of an answer.
const MAX_BYTES: usize = 1024 * 1024;

/// One call. Ids are canonical UUIDs, bodies JSON texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// `GET /users/{id}`
    GetUser(String),
    /// `POST /users`, of this body.
    CreateUser(String),
    /// `DELETE /users/{id}`
    DeleteUser(String),
    /// `GET /users/{id}/metadata`
    GetMetadata(String),
    /// `PATCH /users/{id}/metadata`, of this body.
    PatchMetadata(String, String),
    /// `POST /sessions` for a user, of this body.
    CreateSession(String, String),
    /// `GET /users/{id}/sessions`
    ListSessions(String),
    /// `DELETE /users/{id}/sessions/{id}`
    DeleteSession(String, String),
}

impl Ask {
    /// What the facade asks for by a name, with a user's id and one thing more: a body, members of one, or a session's id.
    ///
    /// # Errors
    /// `argument_invalid` for an id that is no UUID; `metadata_invalid`, `metadata_too_large`.
    pub fn parse(name: &str, user: &str, more: &str) -> Result<Self, Error> {
        let user = || normal(user, "the user's id");
        Ok(match name {
            "getUser" => Self::GetUser(user()?),
            "createUser" => Self::CreateUser(more.to_owned()),
            "deleteUser" => Self::DeleteUser(user()?),
            "getMetadata" => Self::GetMetadata(user()?),
            "patchMetadata" => {
                let user = user()?;
                fits(more)?;
                Self::PatchMetadata(user, more.to_owned())
            }
            "createSession" => {
                let user = user()?;
                let body = session_body(&user, more).ok_or_else(|| invalid("the options"))?;
                Self::CreateSession(user, body)
            }
            "listSessions" => Self::ListSessions(user()?),
            "deleteSession" => Self::DeleteSession(user()?, normal(more, "the session's id")?),
            _ => return Err(invalid("the call")),
        })
    }

    /// The request, by this API key where there is one.
    pub fn request(&self, key: Option<&str>) -> Request {
        let (method, path, body) = match self {
            Self::GetUser(user) => (Method::Get, ["/users/", user].concat(), None),
            Self::CreateUser(body) => (Method::Post, "/users".to_owned(), Some(body)),
            Self::DeleteUser(user) => (Method::Delete, ["/users/", user].concat(), None),
            Self::GetMetadata(user) => (Method::Get, ["/users/", user, "/metadata"].concat(), None),
            Self::PatchMetadata(user, body) => (Method::Patch, ["/users/", user, "/metadata"].concat(), Some(body)),
            Self::CreateSession(_, body) => (Method::Post, "/sessions".to_owned(), Some(body)),
            Self::ListSessions(user) => (Method::Get, ["/users/", user, "/sessions"].concat(), None),
            Self::DeleteSession(user, session) => {
                (Method::Delete, ["/users/", user, "/sessions/", session].concat(), None)
            }
        };
        let credentials = key.map_or(Credentials::Omit, |key| Credentials::Bearer(key.to_owned()));
        Request { credentials, body: body.cloned(), ..Request::new(method, path, MAX_BYTES) }
    }

    /// Whether the call changes something, so that it is never sent twice.
    pub const fn writes(&self) -> bool {
        !matches!(self, Self::GetUser(_) | Self::GetMetadata(_) | Self::ListSessions(_))
    }

    /// Reads the answer. Ok is what the contract's method resolves to, as JSON text.
    ///
    /// # Errors
    /// `unauthorized`, `forbidden`, `not_found`, `argument_invalid`, `metadata_too_large`; `outcome_unknown` for a change
    /// whose good answer cannot be read; else as [`Response::refused`].
    pub fn parse_answer(&self, response: &Response) -> Result<String, Error> {
        let is_good = match self {
            Self::DeleteUser(_) | Self::DeleteSession(..) => response.status == 204,
            Self::GetMetadata(_) | Self::PatchMetadata(..) => matches!(response.status, 200 | 204),
            _ => response.status == 200,
        };
        if !is_good {
            return Err(self.failure(response));
        }
        let body = std::str::from_utf8(&response.body).ok();
        body.and_then(|body| self.read(body, response.status)).ok_or_else(|| self.unreadable(response))
    }

    /// Said well, and it cannot be told what: a change may have been made.
    fn unreadable(&self, response: &Response) -> Error {
        if self.writes() {
            return unknown().with_status(response.status);
        }
        Error::new(Code::ResponseInvalid, "the answer is not one of the Admin API: is apiUrl right?")
            .with_status(response.status)
    }

    fn read(&self, body: &str, status: u16) -> Option<String> {
        match self {
            Self::DeleteUser(_) | Self::DeleteSession(..) => Some("null".to_owned()),
            Self::GetUser(user) => view::user(body, Some(user.as_str())),
            Self::CreateUser(_) => view::user(body, None),
            // Where every kind is empty it is a 204.
            Self::GetMetadata(_) | Self::PatchMetadata(..) if status == 204 => kinds(&[], &KINDS),
            Self::GetMetadata(_) | Self::PatchMetadata(..) => {
                let members = verbatim::members(body)?;
                let is_of_kinds = members.is_empty() || members.iter().any(|(name, _)| KINDS.contains(&&**name));
                kinds(&members, &KINDS).filter(|_| is_of_kinds)
            }
            Self::CreateSession(user, _) => view::token(body, user),
            Self::ListSessions(user) => view::sessions(body, user),
        }
    }

    /// What a status means that is not the expected one.
    fn failure(&self, response: &Response) -> Error {
        let message = message(response);
        let told = |code, text: &'static str| Error::new(code, text).with_status(response.status);
        match (response.status, message.as_deref()) {
            (401, _) => told(Code::Unauthorized, "the Admin API does not accept the API key"),
            (403, _) => told(Code::Forbidden, "the Admin API does not allow this to the API key"),
            (404, Some(message)) if self.may_lack(message) => told(Code::NotFound, "the Admin API knows no such thing"),
            (400, Some(message)) if message.starts_with("metadata limit exceeded") => {
                told(Code::MetadataTooLarge, "the metadata would be longer than 3000 characters")
            }
            (400, Some("invalid tenant ID format")) => response.refused(),
            (400, Some(_)) if matches!(self, Self::CreateUser(_) | Self::CreateSession(..)) => {
                told(Code::ArgumentInvalid, "the Admin API does not take the arguments")
            }
            (409, Some(_)) => told(Code::ArgumentInvalid, "the Admin API has such an address or username already"),
            (200..=299, _) => self.unreadable(response),
            // A proxy's: whether Hanko has done it is not known.
            (500..=599, None) if self.writes() => unknown().with_status(response.status),
            _ => response.refused(),
        }
    }

    /// Whether a 404 tells that somebody or something is not there, and not that the address is wrong. Where a user is
    /// missing Hanko says so, but at the routes of sessions.
    fn may_lack(&self, message: &str) -> bool {
        match self {
            Self::CreateUser(_) => false,
            Self::ListSessions(_) | Self::DeleteSession(..) => message != "tenant not found",
            _ => !matches!(message, "tenant not found" | "Not Found"),
        }
    }

    /// What the metadata read after a lost patch says: Ok where all that the patch names has its value there.
    ///
    /// # Errors
    /// `otherwise`: the patch was not applied, or not yet.
    pub fn settle(&self, stored: String, otherwise: Error) -> Result<String, Error> {
        let Self::PatchMetadata(_, patch) = self else { return Err(otherwise) };
        if is_applied(&stored, patch).unwrap_or_default() {
            return Ok(stored);
        }
        Err(otherwise)
    }
}

/// Whether a change was made is not known.
pub fn unknown() -> Error {
    Error::new(
        Code::OutcomeUnknown,
        "the change was sent, and it cannot be told whether it was made: read what is stored",
    )
}

/// A UUID, lower-case and with dashes; upper case, and one without dashes, are taken too.
fn normal(text: &str, what: &str) -> Result<String, Error> {
    let lower = text.to_ascii_lowercase();
    let parts = [lower.get(..8), lower.get(8..12), lower.get(12..16), lower.get(16..20), lower.get(20..)];
    let dashed = parts.iter().copied().collect::<Option<Vec<&str>>>().map(|parts| parts.join("-"));
    let id = if lower.len() == 32 { dashed.unwrap_or_default() } else { lower };
    Some(id).filter(|id| is_uuid(id)).ok_or_else(|| invalid(&[what, ", which must be a UUID"].concat()))
}

fn invalid(what: &str) -> Error {
    Error::new(Code::ArgumentInvalid, ["the Admin API is asked with a wrong argument: ", what].concat())
}

/// Each kind alone must fit, whatever is stored.
fn fits(patch: &str) -> Result<(), Error> {
    let not_a_patch =
        || Error::new(Code::MetadataInvalid, "the patch must be null, or hold kinds that are objects or null");
    if patch == "null" {
        return Ok(());
    }
    for (kind, change) in verbatim::members(patch).ok_or_else(not_a_patch)? {
        match change.as_bytes() {
            _ if !KINDS.contains(&&*kind) => return Err(not_a_patch()),
            b"null" => {}
            [b'{', ..] => metadata::fits_alone(change)?,
            _ => return Err(not_a_patch()),
        }
    }
    Ok(())
}

fn is_applied(stored: &str, patch: &str) -> Option<bool> {
    let stored = verbatim::members(stored)?;
    let changes = if patch == "null" {
        KINDS.iter().map(|kind| (Cow::Borrowed(*kind), "null")).collect()
    } else {
        verbatim::members(patch)?
    };
    let is_there = |(kind, change): &Member<'_>| {
        let stored = member(&stored, kind).unwrap_or("{}");
        let is_empty = verbatim::members(stored).is_some_and(|members| members.is_empty());
        (*change == "null" && is_empty) || (*change != "null" && applied(stored, change) == Applied::Yes)
    };
    Some(changes.iter().all(is_there))
}

fn session_body(user: &str, more: &str) -> Option<String> {
    let mut body = Object::default();
    body.put_string("user_id", user);
    show(&mut body, &verbatim::members(more)?, &[optional("user_agent"), optional("ip_address")])?;
    Some(body.finish())
}

/// The text of Hanko's own error, `{"code", "message"}`.
fn message(response: &Response) -> Option<String> {
    let record = verbatim::members(std::str::from_utf8(&response.body).ok()?)?;
    let is_hankos = present(&record, "code")? == response.status.to_string();
    string(present(&record, "message")?).filter(|_| is_hankos)
}
