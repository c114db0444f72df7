//! `POST /profile`: what Hanko's profile flow is asked, and what it answers.

use std::fmt;

use crate::applied::{applied, Applied};
use crate::encoding::{member, string, Members, Object};
use crate::error::{Code, Error};
use crate::http::{Method, Request, Response};
use crate::token::is_uuid;
use crate::user::{self, Stored};
use crate::verbatim;

/// Bytes of an answer.
const MAX_BYTES: usize = 1024 * 1024;
const PATH: &str = "/profile";
const REGISTER: &str = "register_client_capabilities";
const PATCH: &str = "patch_metadata";
/// Milliseconds after its first step for which a flow is used. Hanko ends it after 24 hours.
const LIFE: i64 = 23 * 3_600_000;
/// Milliseconds for which a flow may lie unused. Hanko 3 closes the connection on a session that has idled out: at step 1
/// that is no loss, at step 3 nobody could tell it from a write whose answer got lost.
const REST: i64 = 10 * 60_000;

/// What is done to a person's unsafe metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This merge patch, a JSON object.
    Patch(String),
    /// All of it is removed.
    Clear,
}

impl Change {
    /// Whether it was made, by the unsafe metadata that is stored.
    pub fn made(&self, stored: &str) -> Applied {
        match self {
            Self::Patch(patch) => applied(stored, patch),
            Self::Clear if stored == "{}" => Applied::Yes,
            Self::Clear => Applied::No,
        }
    }

    /// Hanko refuses `null`; what clears is the string `"null"`.
    fn input(&self) -> &str {
        match self {
            Self::Patch(patch) => patch,
            Self::Clear => "\"null\"",
        }
    }
}

/// Step 1: begins a flow.
pub fn begin(token: Option<&str>) -> Request {
    Request::new(Method::Post, PATH, MAX_BYTES).by(token)
}

/// A flow that goes on. It belongs to no user: it writes for whoever asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Going {
    id: String,
    csrf_token: String,
}

impl Going {
    /// Step 2: registers the capabilities of a client without passkeys, which changes nothing.
    pub fn register(&self, token: Option<&str>) -> Request {
        const INPUT: &str = r#"{"webauthn_available":false,"webauthn_conditional_mediation_available":false,"webauthn_platform_authenticator_available":false}"#;
        self.act(REGISTER, INPUT, token)
    }

    /// Step 3: patches the unsafe metadata of whoever asks. The same text every time.
    pub fn patch(&self, change: &Change, token: Option<&str>) -> Request {
        let mut input = Object::default();
        input.put(PATCH, change.input());
        self.act(PATCH, &input.finish(), token)
    }

    /// Whether the two are one flow.
    pub fn is_of(&self, other: &Self) -> bool {
        self.id == other.id
    }

    /// By a path of our own making: a tenant's prefix belongs to `apiUrl`, and no address is taken from an answer.
    fn act(&self, action: &str, input: &str, token: Option<&str>) -> Request {
        let mut body = Object::default();
        body.put("input_data", input);
        body.put_string("csrf_token", &self.csrf_token);
        let request = Request::post(PATH, body.finish(), MAX_BYTES).with("action", [action, "@", &self.id].concat());
        request.by(token)
    }
}

/// The csrf token lets a holder of the session act on the flow, so none of it is shown.
impl fmt::Debug for Going {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Going(..)")
    }
}

/// A flow whose csrf token is known to be the newest. To be used by the same token only, and only once.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The flow.
    pub going: Going,
    /// When its first step was sent, in milliseconds since 1970.
    pub began_at: i64,
    /// When it was answered last.
    pub used_at: i64,
}

impl Kept {
    /// Whether it is young enough.
    pub const fn is_usable(&self, now: i64) -> bool {
        let (age, rest) = (now.saturating_sub(self.began_at), now.saturating_sub(self.used_at));
        age >= 0 && age < LIFE && rest >= 0 && rest < REST
    }
}

/// What a step was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200 to step 1.
    Begun(Going),
    /// 200 to steps 2 and 3: the person as he stands now.
    Shown(Going, Stored),
    /// 400 to step 3: the patch is refused, and the csrf token spent.
    Refused(Going, Error),
    /// 401: no session, or Hanko's database is away.
    Unauthorized,
    /// 403 of the flow: a stale csrf token, an unknown flow, or a step out of turn. Says nothing of the session.
    NotPermitted,
    /// 410 of the flow: it is over.
    Expired,
    /// 500 in the flow's shape: not written, busy, or the body could not be read.
    Failed,
    /// Anything else; among it Hanko's bare 500, which comes after the write.
    Other,
}

/// Reads an answer to any step.
pub fn parse(response: &Response) -> Answer {
    let members = std::str::from_utf8(&response.body).ok().and_then(verbatim::members).unwrap_or_default();
    let name = member(&members, "name").and_then(string).unwrap_or_default();
    match (response.status, name.as_str()) {
        (401, _) => Answer::Unauthorized,
        (200, "preflight") => going(&members, REGISTER).map_or(Answer::Other, Answer::Begun),
        (200, "profile_init") => shown(&members).unwrap_or(Answer::Other),
        (400, "profile_init") => refused(&members).unwrap_or(Answer::Other),
        (403, "error") => Answer::NotPermitted,
        (410, "error") => Answer::Expired,
        (500, "error") => Answer::Failed,
        _ => Answer::Other,
    }
}

fn shown(members: &Members<'_>) -> Option<Answer> {
    let payload = verbatim::members(member(members, "payload")?)?;
    Some(Answer::Shown(going(members, PATCH)?, user::stored(member(&payload, "user")?)?))
}

/// The cause stands at the input; only it tells a patch that does not fit from one that is no patch.
fn refused(members: &Members<'_>) -> Option<Answer> {
    let mut at = verbatim::members(member(members, "actions")?)?;
    for name in [PATCH, "inputs", PATCH, "error"] {
        at = verbatim::members(member(&at, name)?)?;
    }
    let cause = member(&at, "cause").and_then(string).unwrap_or_default();
    let error = if cause.split(' ').any(|word| word == "limit") {
        Error::new(Code::MetadataTooLarge, "the metadata would be longer than 3000 characters with this patch")
    } else {
        Error::new(Code::MetadataInvalid, "Hanko does not take the patch")
    };
    Some(Answer::Refused(going(members, PATCH)?, error.with_status(400)))
}

/// The flow, where the answer offers this action of it.
fn going(members: &Members<'_>, action: &str) -> Option<Going> {
    let csrf_token = member(members, "csrf_token").and_then(string).filter(|token| !token.is_empty())?;
    let actions = verbatim::members(member(members, "actions")?)?;
    let offered = verbatim::members(member(&actions, action)?)?;
    let href = member(&offered, "href").and_then(string)?;
    let id = href.strip_prefix(PATH)?.strip_prefix("?action=")?.strip_prefix(action)?.strip_prefix("%40")?;
    is_uuid(id).then(|| Going { id: id.to_owned(), csrf_token })
}
