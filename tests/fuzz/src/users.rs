//! Answers of `/me` and `/users/{id}`.

use hanko_edge::error::{Code, Kind};
use hanko_edge::http::Response;
use hanko_edge::token::is_uuid;
use hanko_edge::user::{parse, parse_by_id, stored, Answer, User};

use super::raw::{list, present, raw_object, string, with_member, Raw};

const OTHER: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const KINDS: [&str; 2] = ["public_metadata", "unsafe_metadata"];

/// A user is the person of every id that the answer holds, and shown in the contract's shape; no status is a denial but Hanko's own.
pub fn user_answer(input: &[u8]) {
    let text = std::str::from_utf8(input).unwrap_or_default();
    for status in [200, 401, 403, 404, 500] {
        let response = Response { status, body: input.to_vec(), ..Response::default() };
        for (by_id, answer) in [(false, parse(&response)), (true, parse_by_id(&response))] {
            match (status, answer) {
                (200, Ok(Answer::User(user))) => is_read(&user, text),
                (200, Ok(Answer::Id(id))) => assert!(!by_id && is_of(&raw_object(text).expect("an object"), &id)),
                (401, Ok(Answer::Refused)) => {}
                (_, Ok(answer)) => panic!("{status}: {answer:?}"),
                (403, Err(error)) if by_id => assert_eq!(error.code(), Code::Forbidden),
                (_, Err(error)) => assert_eq!(error.kind(), Kind::Unavailable, "{error}"),
            }
        }
    }
}

fn is_read(user: &User, text: &str) {
    let said = raw_object(text).expect("an object");
    assert!(is_of(&said, &user.user_id));
    let shown = is_shown(&user.json, &said, &user.user_id, &KINDS);
    let stored = stored(text).expect("what is stored of a user that is read");
    let metadata = raw_object(&stored.metadata).expect("strict JSON");
    assert_eq!(stored.user_id, user.user_id);
    assert_eq!(Some(stored.metadata.as_str()), present(&shown, "metadata"));
    assert_eq!(Some(stored.unsafe_metadata.as_str()), present(&metadata, "unsafe_metadata"));
    for name in ["user_id", "id"].into_iter().filter(|name| !said.contains_key(*name) && user.user_id != OTHER) {
        let body = with_member(text, name, OTHER).into_bytes();
        assert!(parse(&Response { status: 200, body, ..Response::default() }).is_err(), "two persons in one");
    }
    for text in respelled(text, &user.user_id) {
        let answer = parse(&Response { status: 200, body: text.into_bytes(), ..Response::default() });
        assert!(answer.is_err(), "an id that is not canonical");
    }
}

/// The answer with its person's id in upper case, and without dashes; not where that leaves the id as it was.
pub(super) fn respelled(text: &str, user_id: &str) -> Vec<String> {
    let spellings = [user_id.to_uppercase(), user_id.replace('-', "")];
    let texts = spellings.iter().map(|spelling| text.replace(user_id, spelling));
    texts.filter(|text| raw_object(text).is_some_and(|said| !is_of(&said, user_id))).collect()
}

/// One canonical id, whichever name it has.
fn is_of(said: &Raw<'_>, user_id: &str) -> bool {
    let ids: Vec<_> = ["user_id", "id"].into_iter().filter(|name| present(said, name).is_some()).collect();
    let same = ids.iter().all(|name| string(said, name).as_deref() == Some(user_id));
    is_uuid(user_id) && !ids.is_empty() && same
}

/// A user as he is shown: strict, with every list and every kind of metadata, of what was said.
pub(super) fn is_shown<'a>(json: &'a str, said: &Raw<'_>, user_id: &str, kinds: &[&str]) -> Raw<'a> {
    let shown = raw_object(json).expect("strict JSON");
    assert_eq!(string(&shown, "user_id").as_deref(), Some(user_id));
    for name in ["emails", "identities"] {
        assert_eq!(list(&shown, name).len(), list(said, name).len());
    }
    for name in ["emails", "identities", "passkeys", "security_keys"] {
        assert!(present(&shown, name).is_some());
        list(&shown, name).iter().for_each(|item| drop(raw_object(item.get()).expect("strict JSON")));
    }
    for name in ["created_at", "updated_at", "email", "username", "name", "given_name", "family_name", "picture"] {
        let text = present(&shown, name);
        assert!(text.is_none_or(|text| text.starts_with('"')) && (text.is_some() || !name.ends_with("_at")));
    }
    let given = present(said, "metadata").map(|text| raw_object(text).expect("an object"));
    is_metadata(present(&shown, "metadata").expect("metadata"), &given.unwrap_or_default(), kinds);
    shown
}

/// These kinds and no other, each as it was given.
pub(super) fn is_metadata(json: &str, given: &Raw<'_>, kinds: &[&str]) {
    let shown = raw_object(json).expect("strict JSON");
    assert_eq!(shown.len(), kinds.len());
    for kind in kinds {
        let text = present(&shown, kind).expect("every kind");
        assert!(text.starts_with('{') && text == present(given, kind).unwrap_or("{}"));
    }
}
