//! Answers of the profile flow.

use hanko_edge::error::Code;
use hanko_edge::flow::{Asker, Flow, Step};
use hanko_edge::http::{Request, Response};
use hanko_edge::profile::{parse, Answer, Change, Going, Kept};
use hanko_edge::token::is_uuid;
use serde_json::json;

use super::raw::{present, raw_object, string};

const OTHER: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const STATUSES: [u16; 7] = [200, 400, 401, 403, 404, 410, 500];

/// A flow goes on by the id and the csrf token of its answer, and writes for the person of the token alone.
pub fn flow_answer(input: &[u8]) {
    let text = std::str::from_utf8(input).unwrap_or_default();
    for status in STATUSES {
        let response = Response { status, body: input.to_vec(), ..Response::default() };
        match (status, parse(&response)) {
            (200, Answer::Begun(going)) => drop(goes_on(&going, text)),
            (200, Answer::Shown(going, stored)) => {
                let id = goes_on(&going, text);
                let metadata = raw_object(&stored.metadata).expect("strict JSON");
                assert_eq!(present(&metadata, "unsafe_metadata"), Some(stored.unsafe_metadata.as_str()));
                assert!(is_uuid(&stored.user_id) && metadata.len() == 2);
                writes_for_one(&id, &response, &stored.user_id);
                is_cleared_where_nothing_is_left(going, &response, &stored.user_id, &stored.unsafe_metadata);
            }
            (400, Answer::Refused(going, error)) => {
                assert!(matches!(error.code(), Code::MetadataTooLarge | Code::MetadataInvalid));
                goes_on(&going, text);
            }
            (401, answer) => assert_eq!(answer, Answer::Unauthorized),
            (403, Answer::NotPermitted) | (410, Answer::Expired) | (500, Answer::Failed) => {
                assert_eq!(raw_object(text).and_then(|said| string(&said, "name")).as_deref(), Some("error"));
            }
            (_, Answer::Other) => is_no_end(&response),
            (_, answer) => panic!("{status}: {answer:?}"),
        }
    }
}

/// The request of step 3; the flow's id is told.
fn goes_on(going: &Going, text: &str) -> String {
    let said = raw_object(text).expect("an object");
    let request = going.patch(&Change::Clear, Some("t"));
    let body = raw_object(request.body.as_deref().expect("a body")).expect("strict JSON");
    assert_eq!(present(&body, "input_data"), Some(r#"{"patch_metadata":"null"}"#));
    assert_eq!(string(&body, "csrf_token"), string(&said, "csrf_token"));
    let (name, action) = request.query.as_ref().expect("a query");
    let id = action.strip_prefix("patch_metadata@").expect("the action");
    assert!(request.path == "/profile" && *name == "action" && is_uuid(id));
    id.to_owned()
}

/// Step 2 shows a person: only under his own token step 3 is sent.
fn writes_for_one(id: &str, shown: &Response, user_id: &str) {
    for asker in [user_id, OTHER] {
        let (mut flow, _) = Flow::start(by_token(asker), Change::Clear, None, 0);
        flow.next(Ok(begun(id)), 0);
        match flow.next(Ok(shown.clone()), 0) {
            Step::Send { request, .. } => assert!(asker == user_id && flow.is_open() && is_step_3(&request)),
            Step::End(Err(error)) => assert!(asker != user_id && error.code() == Code::ResponseInvalid),
            step => panic!("{step:?}"),
        }
    }
}

fn is_step_3(request: &Request) -> bool {
    request.query.as_ref().is_some_and(|(_, action)| action.starts_with("patch_metadata@"))
}

/// The same as the answer to step 3 of a clearing.
fn is_cleared_where_nothing_is_left(going: Going, shown: &Response, user_id: &str, left: &str) {
    for asker in [user_id, OTHER] {
        let kept = Kept { going: going.clone(), began_at: 0, used_at: 0 };
        let (mut flow, _) = Flow::start(by_token(asker), Change::Clear, Some(kept), 0);
        match flow.next(Ok(shown.clone()), 0) {
            Step::End(Ok(_)) => assert!(asker == user_id && left == "{}"),
            Step::End(Err(error)) => assert!(asker != user_id && error.code() == Code::OutcomeUnknown),
            Step::Send { request, .. } => assert!(request.path == "/me" && left != "{}"),
            Step::Weigh => panic!("a 200 is no refusal"),
        }
    }
}

/// What is no answer of the flow's ends no patch that was sent: the user is read.
fn is_no_end(response: &Response) {
    let Answer::Begun(going) = parse(&begun(OTHER)) else { panic!("a beginning") };
    let kept = Kept { going, began_at: 0, used_at: 0 };
    let (mut flow, _) = Flow::start(by_token(OTHER), Change::Clear, Some(kept), 0);
    assert!(matches!(flow.next(Ok(response.clone()), 0), Step::Send { request, .. } if request.path == "/me"));
}

fn by_token(user_id: &str) -> Asker {
    Asker { token: Some("t".to_owned()), user_id: Some(user_id.to_owned()) }
}

fn begun(id: &str) -> Response {
    let href = format!("/profile?action=register_client_capabilities%40{id}");
    let actions = json!({ "register_client_capabilities": { "href": href } });
    let body = json!({ "name": "preflight", "csrf_token": "x", "actions": actions });
    Response { status: 200, body: body.to_string().into_bytes(), ..Response::default() }
}
