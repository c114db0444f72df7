//! Answers of the Admin API.

use hanko_edge::admin::{unknown, Ask};
use hanko_edge::admin_view::{session_ids, KINDS};
use hanko_edge::error::{Code, Error};
use hanko_edge::http::Response;
use hanko_edge::token::is_uuid;
use serde_json::value::RawValue;

use super::claims::subject;
use super::raw::{present, raw_object, string, Raw};
use super::users::{is_metadata, is_shown, respelled};

const OTHER: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const STATUSES: [u16; 11] = [200, 204, 400, 401, 403, 404, 409, 418, 429, 500, 502];

/// An answer is believed about the person asked for alone, and its status decides what it may be.
pub fn admin_answer(input: &[u8]) {
    let text = std::str::from_utf8(input).ok();
    let of_token = || raw_object(text?).and_then(|said| subject(&string(&said, "session_token")?));
    let users = [text.and_then(first_id), of_token(), Some(OTHER.to_owned())];
    for user in users.into_iter().flatten() {
        for ask in asks(&user) {
            for status in STATUSES {
                let response = Response { status, body: input.to_vec(), ..Response::default() };
                match ask.parse_answer(&response) {
                    Ok(shown) => is_answer(&ask, &shown, status, text),
                    Err(error) => is_refusal(&ask, status, &error),
                }
            }
        }
    }
}

fn asks(user: &str) -> [Ask; 8] {
    let user = || user.to_owned();
    [
        Ask::GetUser(user()),
        Ask::CreateUser("{}".to_owned()),
        Ask::DeleteUser(user()),
        Ask::GetMetadata(user()),
        Ask::PatchMetadata(user(), "null".to_owned()),
        Ask::CreateSession(user(), "{}".to_owned()),
        Ask::ListSessions(user()),
        Ask::DeleteSession(user(), OTHER.to_owned()),
    ]
}

/// The first canonical UUID in a text.
fn first_id(text: &str) -> Option<String> {
    let words = text.as_bytes().windows(OTHER.len()).filter_map(|word| std::str::from_utf8(word).ok());
    words.filter(|word| is_uuid(word)).map(str::to_owned).next()
}

fn is_answer(ask: &Ask, shown: &str, status: u16, text: Option<&str>) {
    let said = || raw_object(text.expect("UTF-8")).expect("an object");
    match ask {
        Ask::DeleteUser(_) | Ask::DeleteSession(..) => assert!(status == 204 && shown == "null"),
        Ask::GetMetadata(_) | Ask::PatchMetadata(..) if status == 204 => is_all_metadata(ask, shown, &Raw::new()),
        Ask::GetMetadata(_) | Ask::PatchMetadata(..) => is_all_metadata(ask, shown, &said()),
        Ask::GetUser(user) => is_user(shown, &said(), Some(user)),
        Ask::CreateUser(_) => {
            is_user(shown, &said(), None);
            are_refused(ask, text.expect("UTF-8"), &string(&said(), "id").expect("an id"));
        }
        Ask::CreateSession(user, _) => is_token(shown, &said(), user),
        Ask::ListSessions(user) => is_list(shown, text.expect("UTF-8"), user),
    }
    assert!(matches!(status, 200 | 204));
}

fn is_user(shown: &str, said: &Raw<'_>, wanted: Option<&String>) {
    let id = string(said, "id").expect("an id");
    assert!(is_uuid(&id) && wanted.is_none_or(|wanted| *wanted == id));
    is_shown(shown, said, &id, &KINDS);
}

fn are_refused(ask: &Ask, text: &str, user_id: &str) {
    let is_changed =
        |text: &String| raw_object(text).and_then(|said| string(&said, "id")).is_some_and(|id| id != user_id);
    for text in respelled(text, user_id).into_iter().filter(is_changed) {
        let response = Response { status: 200, body: text.into_bytes(), ..Response::default() };
        assert!(ask.parse_answer(&response).is_err(), "an id that is not canonical");
    }
}

/// A lost patch that was to clear all was applied where nothing is there, and only there.
fn is_all_metadata(ask: &Ask, shown: &str, said: &Raw<'_>) {
    is_metadata(shown, said, &KINDS);
    if matches!(ask, Ask::PatchMetadata(..)) {
        let is_empty = |json: &&RawValue| raw_object(json.get()).is_some_and(|kind| kind.is_empty());
        let cleared = raw_object(shown).expect("strict JSON").values().all(is_empty);
        assert_eq!(ask.settle(shown.to_owned(), unknown()).is_ok(), cleared);
    }
}

fn is_token(shown: &str, said: &Raw<'_>, user: &str) {
    let shown = raw_object(shown).expect("strict JSON");
    let token = string(&shown, "session_token").expect("a token");
    assert!(shown.len() == 1 && string(said, "session_token").as_ref() == Some(&token));
    assert!(token.split('.').count() == 3 && token.is_ascii());
    assert!(subject(&token).is_none_or(|subject| subject == user));
}

fn is_list(shown: &str, text: &str, user: &str) {
    let items = |json: &str| serde_json::from_str::<Vec<&RawValue>>(json).expect("a list").len();
    let sessions: Vec<&RawValue> = serde_json::from_str(shown).expect("JSON");
    assert_eq!(sessions.len(), items(text));
    for session in sessions {
        let session = raw_object(session.get()).expect("strict JSON");
        assert!(string(&session, "user_id").as_deref() == Some(user) && present(&session, "id").is_some());
    }
    assert!(session_ids(shown).iter().all(|id| is_uuid(id)));
}

fn is_refusal(ask: &Ask, status: u16, error: &Error) {
    let may_be: &[Code] = match status {
        200 | 204 => &[Code::ResponseInvalid, Code::OutcomeUnknown],
        400 => &[Code::MetadataTooLarge, Code::ArgumentInvalid, Code::ResponseInvalid],
        401 => &[Code::Unauthorized],
        403 => &[Code::Forbidden],
        404 => &[Code::NotFound, Code::ResponseInvalid],
        409 => &[Code::ArgumentInvalid, Code::ResponseInvalid],
        429 => &[Code::RateLimited],
        500 | 502 => &[Code::ServerError, Code::OutcomeUnknown],
        _ => &[Code::ResponseInvalid],
    };
    assert!(may_be.contains(&error.code()) && error.status == Some(status), "{status}: {error}");
    assert!(ask.writes() || error.code() != Code::OutcomeUnknown);
}
