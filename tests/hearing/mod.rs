//! A profile flow that hears what a test makes up: every answer brings a new flow or csrf token, so that what is sent shows
//! whose newest it is.
#![allow(dead_code, reason = "no test needs all of it")]

use hanko_edge::error::{Code, Error};
use hanko_edge::flow::{Asker, Flow, Step};
use hanko_edge::http::{Credentials, Request, Response};
use hanko_edge::profile::{Change, Kept};
use serde_json::{json, Value};

pub(crate) const ADA: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
pub(crate) const BOB: &str = "9b7d4c55-1a2b-4c3d-8e4f-5a6b7c8d9e0f";
pub(crate) const NOW: i64 = 1_800_000_000_000;
pub(crate) const TOO_LONG: &str = "metadata must not exceed character limit (3000)";
pub(crate) const NO_OBJECT: &str = "patch metadata must be an object or null";

/// Unsafe metadata in which [`patch`] would change nothing, and in which it would.
pub(crate) const DONE: &str = r#"{"a":1,"b":2}"#;
pub(crate) const NOT_DONE: &str = r#"{"b":2}"#;
/// A first patch by token, up to step 3; and what a lost answer leads to.
pub(crate) const TO_STEP_3: &str = "begin, register f1 c1, patch f1 c2";
pub(crate) const TO_READING: &str = "begin, register f1 c1, patch f1 c2, patch f1 c2, me";

/// What comes back from a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Heard {
    /// 200 to step 1.
    Begun,
    /// 200 to steps 2 and 3, with this unsafe metadata of Ada's.
    Shown(&'static str),
    /// The same of this person.
    ShownOf(&'static str, &'static str),
    /// 400 with this cause.
    Refused(&'static str),
    /// An error in the flow's shape.
    Flow(u16),
    /// The bare error.
    Bare(u16),
    /// Any answer.
    Says(u16, &'static str),
    /// No answer that could be used.
    Fails(Code),
    /// `/me`, with this unsafe metadata of Ada's.
    Me(&'static str),
    /// The same of this person.
    MeOf(&'static str, &'static str),
}

/// No answer.
pub(crate) const LOST: Heard = Heard::Fails(Code::NetworkError);
/// No answer in time.
pub(crate) const LATE: Heard = Heard::Fails(Code::RequestTimeout);

/// How it ended.
#[derive(Debug, PartialEq)]
pub(crate) enum End {
    /// With this unsafe metadata.
    Stored(&'static str),
    /// With this code.
    Failed(Code),
    /// With a 401, to be weighed.
    Weigh,
}

/// Flows and csrf tokens are counted.
#[derive(Default)]
pub(crate) struct Talk {
    flows: u32,
    csrf_tokens: u32,
    sent: Vec<Request>,
}

/// By Ada's token, or by cookie.
pub(crate) fn asker(by_token: bool) -> Asker {
    Asker { token: by_token.then(|| "ada.s.token".to_owned()), user_id: by_token.then(|| ADA.to_owned()) }
}

pub(crate) fn patch() -> Change {
    Change::Patch(r#"{"a":1}"#.to_owned())
}

impl Talk {
    /// Runs one patch to its end: what was sent, how it ended, and the flow that may be kept.
    pub(crate) fn run(
        &mut self,
        by_token: bool,
        change: Change,
        kept: Option<Kept>,
        heard: &[Heard],
    ) -> (String, Step, Option<Kept>) {
        let (mut flow, mut step) = Flow::start(asker(by_token), change, kept, NOW);
        let (mut sent, mut heard) = (Vec::new(), heard.iter());
        while let Step::Send { request, .. } = step {
            sent.push(self.shown(&request, by_token));
            self.sent.push(request);
            let heard = heard.next().unwrap_or_else(|| panic!("nobody answers {}", sent.join(", ")));
            step = flow.next(self.answer(*heard), NOW);
        }
        assert!(heard.next().is_none(), "it ended before all was heard: {}", sent.join(", "));
        (sent.join(", "), step, flow.kept())
    }

    /// `step flow csrf`. Two that read alike must be alike to the byte.
    fn shown(&self, request: &Request, by_token: bool) -> String {
        let shown = shown(request);
        assert!(self.sent.iter().all(|sent| (self::shown(sent) != shown) || sent == request || shown == "begin"));
        let credentials = if by_token { Credentials::Bearer("ada.s.token".to_owned()) } else { Credentials::Include };
        assert!(request.credentials == credentials, "credentials of {shown}");
        shown
    }

    pub(crate) fn answer(&mut self, heard: Heard) -> Result<Response, Error> {
        let (status, body) = match heard {
            Heard::Begun => (200, self.state("preflight", "register_client_capabilities", &json!({}))),
            Heard::Shown(metadata) => return self.answer(Heard::ShownOf(ADA, metadata)),
            Heard::ShownOf(person, metadata) => {
                (200, self.state("profile_init", "patch_metadata", &json!({ "user": user(person, metadata) })))
            }
            Heard::Refused(cause) => (400, self.refused(cause)),
            Heard::Flow(status) => {
                let error = json!({ "code": "some_error", "message": "Some error." });
                let body =
                    json!({ "name": "error", "status": status, "csrf_token": "", "actions": {}, "error": error });
                (status, body.to_string())
            }
            Heard::Bare(status) => (status, json!({ "code": status, "message": "Some error" }).to_string()),
            Heard::Says(status, body) => (status, body.to_owned()),
            Heard::Fails(code) => return Err(Error::new(code, "")),
            Heard::Me(metadata) => return self.answer(Heard::MeOf(ADA, metadata)),
            Heard::MeOf(person, metadata) => (200, user(person, metadata).to_string()),
        };
        Ok(Response { status, body: body.into_bytes(), retry_after: Some(7), ..Response::default() })
    }

    fn state(&mut self, name: &str, action: &str, payload: &Value) -> String {
        if name == "preflight" {
            self.flows = self.flows.saturating_add(1);
        }
        self.csrf_tokens = self.csrf_tokens.saturating_add(1);
        let href = format!("/profile?action={action}%40{}", flow_id(self.flows));
        let csrf_token = format!("csrf-{}", self.csrf_tokens);
        let actions = json!({ action: { "href": href, "inputs": {}, "action": action } });
        json!({ "name": name, "status": 200, "payload": payload, "csrf_token": csrf_token, "actions": actions })
            .to_string()
    }

    fn refused(&mut self, cause: &str) -> String {
        let text = self.state("profile_init", "patch_metadata", &json!({ "user": user(ADA, "{}") }));
        let error = json!({ "code": "invalid_metadata_error", "message": "The metadata is invalid.", "cause": cause });
        text.replace(r#""inputs":{}"#, &format!(r#""inputs":{}"#, json!({ "patch_metadata": { "error": error } })))
    }
}

fn flow_id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn user(person: &str, metadata: &str) -> Value {
    let metadata: Value = serde_json::from_str(metadata).unwrap_or_default();
    let metadata = if metadata == json!({}) { json!({}) } else { json!({ "unsafe_metadata": metadata }) };
    json!({ "id": person, "user_id": person, "metadata": metadata, "created_at": "2026-11-21T05:54:44.947Z" })
}

/// What a request asks for, on which flow, by which csrf token.
fn shown(request: &Request) -> String {
    let body: Value = request.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    let csrf_token = body["csrf_token"].as_str().unwrap_or_default().replace("csrf-", "c");
    let action = request.query.as_ref().map(|(name, value)| (*name, value.split_once('@').unwrap_or_default()));
    match action {
        None if request.path == "/profile" => "begin".to_owned(),
        Some(("action", (action, flow))) if request.path == "/profile" => {
            let flow = flow.rsplit('0').next().unwrap_or_default();
            format!("{} f{flow} {csrf_token}", if action == "patch_metadata" { "patch" } else { "register" })
        }
        _ => request.path.trim_start_matches('/').to_owned(),
    }
}

/// How it ended, as far as a row tells.
pub(crate) fn is_end(step: &Step, end: &End) -> bool {
    match (step, end) {
        (Step::Weigh, End::Weigh) => true,
        (Step::End(Err(error)), End::Failed(code)) => error.code() == *code,
        (Step::End(Ok(metadata)), End::Stored(stored)) => {
            let stored: Value = serde_json::from_str(stored).unwrap_or_default();
            serde_json::from_str::<Value>(metadata).ok()
                == Some(json!({ "public_metadata": {}, "unsafe_metadata": stored }))
        }
        _ => false,
    }
}

/// What is heard, what is sent for it, how it ends, and whether the flow may be kept.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) heard: Vec<Heard>,
    pub(crate) sent: String,
    pub(crate) end: End,
    pub(crate) keeps: bool,
}

/// A row that keeps no flow.
pub(crate) fn row(name: &'static str, heard: &[Heard], sent: &str, end: End) -> Row {
    Row { name, heard: heard.to_vec(), sent: sent.to_owned(), end, keeps: false }
}

/// A row whose steps 1 and 2 went well.
pub(crate) fn at_step_3(name: &'static str, heard: &[Heard], sent: &str, end: End) -> Row {
    let all: Vec<&str> = [TO_STEP_3, sent].into_iter().filter(|sent| !sent.is_empty()).collect();
    row(name, &[&[Heard::Begun, Heard::Shown("{}")], heard].concat(), &all.join(", "), end)
}

impl Row {
    /// The same, but it keeps the flow.
    pub(crate) fn keeps(self) -> Self {
        Self { keeps: true, ..self }
    }

    /// Runs it.
    pub(crate) fn check(&self, by_token: bool, change: Change, talk: &mut Talk, kept: Option<Kept>) {
        let (sent, end, kept) = talk.run(by_token, change, kept, &self.heard);
        assert_eq!(sent, self.sent, "{}", self.name);
        assert!(is_end(&end, &self.end), "{}: {end:?} is not {:?}", self.name, self.end);
        assert_eq!(kept.is_some(), self.keeps, "{}", self.name);
    }
}

/// A flow that one patch left behind.
pub(crate) fn kept(talk: &mut Talk) -> Option<Kept> {
    let (_, _, kept) = talk.run(true, patch(), None, &[Heard::Begun, Heard::Shown("{}"), Heard::Shown(DONE)]);
    assert!(kept.is_some());
    kept
}
