//! Answers of `/me`, `/users/{id}` and the Admin API.

use std::collections::HashMap;

use hanko_edge::admin::Ask;
use hanko_edge::error::{Code, Kind};
use hanko_edge::http::Response;
use hanko_edge::token::is_uuid;
use hanko_edge::user::{parse, parse_by_id, stored, Answer};
use serde_json::value::RawValue;
use serde_json::Value;

const SOMEBODY: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";

/// A 200 is a user whose id is canonical and his own, an id alone, or an outage; 401 is weighed; nothing else is an answer.
pub fn user_answer(input: &[u8]) {
    for status in [200, 401, 403, 404, 500] {
        let response = Response { status, body: input.to_vec(), ..Response::default() };
        match (status, parse(&response)) {
            (200, Ok(Answer::Id(id))) => assert!(is_uuid(&id)),
            (200, Ok(Answer::User(user))) => {
                assert!(is_uuid(&user.user_id) && is_named_in(&user.user_id, input));
                let shown = record(&user.json).expect("JSON");
                assert_eq!(text(&shown, "user_id"), user.user_id);
                let kinds = record(shown["metadata"].get()).expect("JSON");
                assert!(kinds.contains_key("public_metadata") && kinds.contains_key("unsafe_metadata"));
            }
            (401, answer) => assert_eq!(answer.expect("it is weighed"), Answer::Refused),
            (_, Ok(_)) => panic!("{status} is an answer"),
            (_, Err(error)) => assert_eq!(error.kind(), Kind::Unavailable, "{error}"),
        }
        match (status, parse_by_id(&response)) {
            (403, by_id) => assert_eq!(by_id.expect_err("it is another's").code(), Code::Forbidden),
            (200, Ok(Answer::Id(_))) => panic!("an id is no user"),
            (200, Ok(Answer::User(user))) => assert!(is_uuid(&user.user_id)),
            _ => {}
        }
    }
    if let Some(stored) = std::str::from_utf8(input).ok().and_then(stored) {
        assert!(is_uuid(&stored.user_id));
        assert_eq!(record(&stored.metadata).expect("JSON")["unsafe_metadata"].get(), stored.unsafe_metadata);
    }
}

/// What is shown is JSON, and about the person who was asked for; an unexpected status is a failure, and tells what it may.
pub fn admin_answer(input: &[u8]) {
    admin_answer_about(SOMEBODY, input);
    if let Some(user) = std::str::from_utf8(input).ok().and_then(first_uuid) {
        admin_answer_about(user, input);
    }
}

fn admin_answer_about(user: &str, input: &[u8]) {
    let calls = [
        ("getUser", ""),
        ("createUser", "{}"),
        ("deleteUser", ""),
        ("getMetadata", ""),
        ("patchMetadata", r#"{"private_metadata":{"a":1}}"#),
        ("createSession", "{}"),
        ("listSessions", ""),
        ("deleteSession", SOMEBODY),
    ];
    for (name, more) in calls {
        let ask = Ask::parse(name, user, more).expect("a call");
        for status in [200, 204, 400, 401, 403, 404, 409, 429, 500, 502] {
            let response = Response { status, body: input.to_vec(), ..Response::default() };
            match ask.parse_answer(&response) {
                Ok(shown) => {
                    assert!(matches!(status, 200 | 204), "{name}: {status} is an answer");
                    assert!(serde_json::from_str::<&RawValue>(&shown).is_ok(), "{name}: {shown}");
                    if name == "getUser" {
                        assert_eq!(text(&record(&shown).expect("JSON"), "user_id"), user);
                    }
                }
                Err(error) if matches!(status, 500 | 502) => assert_eq!(error.kind(), Kind::Unavailable, "{name}"),
                Err(_) => {}
            }
        }
    }
}

/// Whether a member of the object says so. An object that serde_json does not read is none.
fn is_named_in(id: &str, input: &[u8]) -> bool {
    let members = serde_json::from_slice::<HashMap<String, Box<RawValue>>>(input).expect("JSON");
    ["user_id", "id"].iter().any(|name| members.contains_key(*name) && text(&members, name) == id)
}

/// The members' own texts: metadata may be deeper, and its numbers greater, than a tree takes.
fn record(json: &str) -> Option<HashMap<String, Box<RawValue>>> {
    serde_json::from_str(json).ok()
}

fn text(members: &HashMap<String, Box<RawValue>>, name: &str) -> String {
    let value = serde_json::from_str::<Value>(members[name].get()).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn first_uuid(input: &str) -> Option<&str> {
    (0..input.len()).filter_map(|at| input.get(at..at.checked_add(36)?)).find(|text| is_uuid(text))
}
