//! The profile flow against what real Hanko servers answered (`vectors/recorded`): they took our requests, and each of their
//! answers is read as what it meant.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod clock;
mod data;
mod exchanges;

use std::collections::{BTreeMap, HashMap};

use exchanges::{exchanges, Exchange, VERSIONS};
use hanko_edge::claims;
use hanko_edge::error::{Code, Error};
use hanko_edge::flow::{Asker, Flow, Step};
use hanko_edge::http::{Request, Response};
use hanko_edge::profile::{parse, Answer, Change, Going, Kept};
use hanko_edge::token::Token;
use serde_json::value::RawValue;
use serde_json::{json, Value};

const TOPICS: [&str; 11] = [
    "flow-auth",
    "flow-concurrency",
    "flow-config",
    "flow-input",
    "flow-limits",
    "flow-limits-unicode",
    "flow-patch",
    "flow-retry",
    "flow-values",
    "flow-views",
    "idle",
];
const CLEARED: [&str; 2] = ["flow-retry#clear-whole", "flow-retry#clear-last"];

/// Calls to the flow, tenants' prefixes left out.
fn calls(version: &str) -> Vec<Exchange> {
    let tenants: &[&str] = if version == "3.0.4" { &["flow-tenants"] } else { &[] };
    let all = exchanges(version, &TOPICS).into_iter().chain(exchanges(version, tenants));
    all.filter(|exchange| matches!(exchange.route(), Some(("POST", path)) if path.contains("/profile"))).collect()
}

/// The step that a call was: its action and the flow's id, both empty at step 1.
fn step(exchange: &Exchange) -> Option<(&str, &str)> {
    let (_, path) = exchange.route()?;
    let action = path.split_once("/profile").map(|(_, rest)| rest)?;
    if action.is_empty() {
        return Some(("", ""));
    }
    action.strip_prefix("?action=")?.split_once("%40")
}

/// What was sent as the patch, where `patchUnsafeMetadata` or `clearUnsafeMetadata` could send it.
fn change(exchange: &Exchange) -> Option<Change> {
    let body: Value = serde_json::from_str(exchange.sent()).ok()?;
    match &body["input_data"]["patch_metadata"] {
        Value::String(text) if text == "null" => Some(Change::Clear),
        patch @ Value::Object(_) => Some(Change::Patch(patch.to_string())),
        _ => None,
    }
}

/// Who asked, by the one token that the call carried.
fn asker(exchange: &Exchange) -> Option<Asker> {
    let tokens = exchange.tokens();
    let token = tokens.iter().next().filter(|_| tokens.len() == 1)?;
    let parsed = Token::parse(token, 65_536).ok()?;
    let (user_id, _) = claims::unverified_identity(&parsed).ok()?;
    Some(Asker { token: Some(token.clone()), user_id: Some(user_id) })
}

/// A flow as it stood before a call to it.
fn going(id: &str, csrf_token: &str) -> Option<Going> {
    let href = format!("/profile?action=register_client_capabilities%40{id}");
    let actions = json!({ "register_client_capabilities": { "href": href } });
    let body = json!({ "name": "preflight", "csrf_token": csrf_token, "actions": actions });
    match parse(&Response { status: 200, body: body.to_string().into_bytes(), ..Response::default() }) {
        Answer::Begun(going) => Some(going),
        _ => None,
    }
}

fn is_as_recorded(request: &Request, exchange: &Exchange) -> bool {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (_, path) = exchange.route().expect("a call");
    let query = request.query.as_ref().map(|(name, value)| format!("?{name}={}", value.replace('@', "%40")));
    path.ends_with(&format!("{}{}", request.path, query.unwrap_or_default()))
        && json(request.body.as_deref().unwrap_or_default()) == json(exchange.sent())
}

/// The contract's `UserMetadata` of an answer of the flow, read without the core. As text: it may be 1401 levels deep.
fn stored(exchange: &Exchange) -> String {
    let inner = |json: &str, name: &str| -> Option<String> {
        let members: HashMap<String, &RawValue> = serde_json::from_str(json).expect("an object");
        members.get(name).map(|value| value.get().to_owned())
    };
    let user = inner(&inner(exchange.body(), "payload").expect("a payload"), "user").expect("a user");
    let metadata = inner(&user, "metadata").unwrap_or_else(|| "{}".to_owned());
    let kind = |name: &str| inner(&metadata, name).unwrap_or_else(|| "{}".to_owned());
    format!(r#"{{"public_metadata":{},"unsafe_metadata":{}}}"#, kind("public_metadata"), kind("unsafe_metadata"))
}

#[test]
fn real_servers_took_the_requests_that_we_send_and_their_answers_end_it() {
    for version in VERSIONS {
        let calls = calls(version);
        let (mut talks, mut cleared) = (0, 0);
        for three in calls.windows(3) {
            let [begin, register, patch] = three else { panic!("three") };
            let (Some(asker), Some(change)) = (asker(begin), change(patch)) else { continue };
            let actions: Vec<_> = three.iter().filter_map(step).map(|(action, _)| action).collect();
            let all_well = three
                .iter()
                .all(|call| call.name == begin.name && call.is_whole(200) && call.tokens() == begin.tokens());
            // `flow-config` tries other capabilities and none.
            let as_ours = register.sent().matches("available\":false").count() == 3;
            if !as_ours || !all_well || actions != ["", "register_client_capabilities", "patch_metadata"] {
                continue;
            }
            let (mut flow, mut next) = Flow::start(asker, change, None, begin.at);
            for call in three {
                let Step::Send { request, .. } = &next else { panic!("{call}: it has ended") };
                assert!(is_as_recorded(request, call), "{call}: {:?} {:?}", request.path, request.body);
                next = flow.next(Ok(call.response()), call.at);
            }
            let Step::End(Ok(metadata)) = next else { panic!("{patch}: {next:?}") };
            assert_eq!(metadata, stored(patch), "{patch}");
            assert!(flow.kept().is_some(), "{patch}");
            talks += 1;
            cleared += usize::from(CLEARED.contains(&patch.name.as_str()));
        }
        println!("{version}: {talks} whole flows, {cleared} of them cleared");
        assert!(talks >= 10 && cleared == CLEARED.len(), "recordings are missing");
    }
}

/// What follows from an answer to step 3.
fn meant(exchange: &Exchange, reused: bool) -> &'static str {
    if !exchange.is_answered() {
        return "repeat";
    }
    let in_flow = exchange.body().contains("\"name\":\"error\"");
    match (exchange.status(), in_flow) {
        (200, false) => "stored",
        (400, false) if exchange.body().contains("character limit (3000)") => "too large",
        (400, false) => "invalid",
        (401, true) => "weigh",
        (403, true) if reused => "begin",
        (403 | 500, true) | (500, false) => "read",
        (410, true) => "begin",
        (status, _) => panic!("{exchange}: nobody has said what {status} means"),
    }
}

fn is_read_as(step: &Step, exchange: &Exchange) -> &'static str {
    match step {
        Step::End(Ok(metadata)) => {
            assert_eq!(*metadata, stored(exchange), "{exchange}");
            "stored"
        }
        Step::End(Err(error)) if error.code() == Code::MetadataTooLarge => "too large",
        Step::End(Err(error)) if error.code() == Code::MetadataInvalid => "invalid",
        Step::End(Err(error)) => panic!("{exchange}: {error}"),
        Step::Weigh => "weigh",
        Step::Send { request, .. } if is_begin(request) => "begin",
        Step::Send { request, .. } if request.path == "/me" => "read",
        Step::Send { .. } => "repeat",
    }
}

#[test]
fn every_answer_to_step_3_is_read_as_it_was_meant() {
    for version in VERSIONS {
        let mut counts = BTreeMap::new();
        for call in calls(version) {
            let Some(("patch_metadata", id)) = step(&call) else { continue };
            let body: Value = serde_json::from_str(call.sent()).unwrap_or_default();
            let csrf_token = body["csrf_token"].as_str().filter(|token| !token.is_empty()).unwrap_or("x");
            let (Some(asker), Some(going)) = (asker(&call), going(id, csrf_token)) else { continue };
            let change = change(&call).unwrap_or_else(|| Change::Patch("{}".to_owned()));
            let kept = Kept { going, began_at: call.at, used_at: call.at };
            let heard = || if call.is_answered() { Ok(call.response()) } else { Err(silence()) };
            let (mut flow, _) = Flow::start(asker, change, Some(kept), call.at);
            let (reused, read) = (meant(&call, true), is_read_as(&flow.next(heard(), call.at), &call));
            assert_eq!(read, reused, "{call}");
            *counts.entry(reused).or_insert(0) += 1;
        }
        println!("{version}: {counts:?}");
        let least = [
            ("begin", 14),
            ("invalid", 19),
            ("read", 25),
            ("repeat", 1),
            ("stored", 107),
            ("too large", 13),
            ("weigh", 3),
        ];
        for (meant, count) in least {
            assert!(counts.get(meant).is_some_and(|found| *found >= count), "{meant}: answers are missing");
        }
    }
}

fn is_begin(request: &Request) -> bool {
    request.path == "/profile" && request.query.is_none()
}

fn silence() -> Error {
    Error::new(Code::NetworkError, "")
}

#[test]
fn every_answer_to_steps_1_and_2_is_read_as_it_was_meant() {
    for version in VERSIONS {
        let mut counts = BTreeMap::new();
        let calls = calls(version);
        for call in &calls {
            let Some((action, id)) = step(call).filter(|(action, _)| *action != "patch_metadata") else { continue };
            let second = action == "register_client_capabilities";
            // A call without a session had no token of anybody, or several.
            let asker = asker(call).unwrap_or(Asker { token: None, user_id: None });
            let (mut flow, _) = Flow::start(asker, Change::Clear, None, call.at);
            if second {
                flow.next(Ok(begun(id)), call.at);
            }
            let heard = if call.is_answered() { Ok(call.response()) } else { Err(silence()) };
            let next = match flow.next(heard, call.at) {
                Step::Send { request, .. } if is_begin(&request) => "again",
                Step::Send { .. } => "on",
                Step::Weigh => "weigh",
                Step::End(Err(error)) => error.code().as_str(),
                Step::End(Ok(_)) => panic!("{call}"),
            };
            let meant = match call.is_answered().then(|| call.status()) {
                None => "again",
                Some(200) if !call.is_whole(200) => "response_invalid",
                Some(200) if second == call.body().starts_with(r#"{"name":"profile_init""#) => "on",
                Some(401) => "weigh",
                Some(403 | 410) if second => "again",
                Some(500) => "server_error",
                Some(_) => "response_invalid",
            };
            assert_eq!(next, meant, "{call}");
            *counts.entry(meant).or_insert(0) += 1;
        }
        println!("{version}: {counts:?}");
        let silent = if version == "3.0.4" { 1 } else { 0 };
        assert!(
            counts["on"] >= 100 && counts["weigh"] >= 4 && counts["again"] >= 3 + silent && counts["server_error"] >= 4
        );
    }
}

fn begun(id: &str) -> Response {
    let href = format!("/profile?action=register_client_capabilities%40{id}");
    let actions = json!({ "register_client_capabilities": { "href": href } });
    let body = json!({ "name": "preflight", "csrf_token": "x", "actions": actions });
    Response { status: 200, body: body.to_string().into_bytes(), ..Response::default() }
}
