//! What the answers of `/sessions/validate` mean, and one answer for all the candidates of a request.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod compact;
mod tokens;

use std::collections::BTreeSet;

use compact::{ADA, ANY, EXPIRES, ISSUED};
use hanko_edge::claims::Claims;
use hanko_edge::error::{Code, Error};
use hanko_edge::http::{Credentials, Method, Response};
use hanko_edge::session::{self, choose, is_fresh, to_ask, Hope, Outcome};
use hanko_edge::validate::{self, Answer, Yes};
use serde_json::{json, Value};
use tokens::{payload, verify};

const BOB: &str = "9b7d4c55-1a2b-4c3d-8e4f-5a6b7c8d9e0f";

fn parse(status: u16, body: &str) -> Result<Answer, Code> {
    validate::parse(&Response { status, body: body.as_bytes().to_vec(), ..Response::default() })
        .map_err(|error| error.code())
}

#[test]
fn a_yes_holds_what_hanko_says() {
    let body = json!({
        "is_valid": true, "user_id": ADA, "expiration_time": "2036-11-18T05:32:25Z",
        "idle_expires_at": "2026-11-21T05:37:21.03365984Z", "claims": { "subject": "x", "big": 9_007_199_254_740_993_u64 }
    });
    let expected = Yes {
        user_id: ADA.to_owned(),
        expiration_time: "2036-11-18T05:32:25Z".to_owned(),
        idle_expires_at: Some("2026-11-21T05:37:21.03365984Z".to_owned()),
        claims: r#"{"big":9007199254740993,"subject":"x"}"#.to_owned(),
    };
    assert_eq!(parse(200, &format!("{body}\n")), Ok(Answer::Yes(expected)));
    let bare = json!({ "is_valid": true, "user_id": ADA, "expiration_time": "e" }).to_string();
    let Ok(Answer::Yes(yes)) = parse(200, &bare) else { panic!("no yes") };
    assert_eq!((yes.idle_expires_at, yes.claims.as_str()), (None, "{}"));
}

/// The answers that every runtime of the conformance suite is given too.
#[test]
fn an_answer_means_what_the_vectors_say() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/answers/validate.json")).expect("JSON");
    let cases = vectors["cases"].as_array().expect("cases");
    assert!(cases.len() >= 98, "{} cases", cases.len());
    for case in cases {
        let status = case["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
        let body = case["body"].as_str().expect("a body").replace("$USER", ADA);
        let means = match parse(status, &body) {
            Ok(Answer::Yes(yes)) if yes.user_id == ADA => "yes",
            Ok(Answer::Yes(_)) if case["byCookie"] == "yes" => session::other_person().code().as_str(),
            Ok(Answer::Yes(_)) => "a yes about nobody",
            Ok(Answer::No) => "no",
            Ok(Answer::Unreadable) => "unreadable",
            Err(code) => code.as_str(),
        };
        assert_eq!(means, case["means"], "{}", case["desc"]);
    }
}

#[test]
fn bytes_that_are_no_text_are_no_answer() {
    let invalid_utf8 =
        Response { status: 200, body: b"{\"is_valid\":false,\"a\":\"\xff\"}".to_vec(), ..Response::default() };
    assert_eq!(validate::parse(&invalid_utf8).map_err(|error| error.code()), Err(Code::ResponseInvalid));
}

#[test]
fn claims_in_an_answer_may_be_as_deep_as_in_a_token() {
    let answer = |levels: usize| {
        let claims = format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        parse(200, &format!(r#"{{"is_valid":true,"user_id":"{ADA}","expiration_time":"e","claims":{claims}}}"#))
    };
    let token = |levels: usize| {
        let lists = format!("\"z\":{}{}", "[".repeat(levels), "]".repeat(levels));
        verify(&payload(&json!({ "z": 0 })).replace("\"z\":0", &lists), ANY, ISSUED.saturating_mul(1000)).map(|_| ())
    };
    assert_eq!((token(63), answer(63).is_ok()), (Ok(()), true));
    assert_eq!((token(64), answer(64)), (Err(Code::ClaimsMalformed), Err(Code::ResponseInvalid)));
}

#[test]
fn a_token_is_asked_about_without_cookies_and_a_cookie_without_a_token() {
    let post = validate::request("a\"b");
    assert_eq!((post.method, &*post.path), (Method::Post, "/sessions/validate"));
    assert!(post.credentials == Credentials::Omit);
    assert_eq!(post.body.as_deref(), Some(r#"{"session_token":"a\"b"}"#));
    let get = validate::request_by_cookie();
    assert_eq!((get.method, &*get.path), (Method::Get, "/sessions/validate"));
    assert!(get.credentials == Credentials::Include);
    assert_eq!((get.body, get.max_bytes, post.max_bytes), (None, 262_144, 262_144));
}

#[test]
fn an_answer_from_a_cache_is_no_evidence() {
    let earlier = ["first".to_owned(), "second".to_owned()];
    let fresh = |age, answered: Option<&str>, sent| {
        let request_id = answered.map(str::to_owned);
        is_fresh(&Response { status: 200, age, request_id, ..Response::default() }, sent, &earlier)
    };
    assert!(fresh(None, Some("mine"), Some("mine")) && fresh(Some(0), Some("mine"), Some("mine")));
    assert!(!fresh(Some(1), Some("mine"), Some("mine")), "Age");
    assert!(!fresh(None, Some("second"), Some("mine")), "the id of an earlier answer");
    assert!(fresh(None, Some("a proxy's"), Some("mine")), "merely different");
    assert!(fresh(None, None, Some("mine")) && fresh(None, None, None), "no id");
    assert!(fresh(None, Some("new"), None) && !fresh(None, Some("first"), None), "in a page");
    assert!(fresh(None, Some("first"), Some("first")), "sent again");
}

/// Verified claims of a person, issued so many seconds after [`ISSUED`].
fn claims(user_id: &str, after: i64) -> Claims {
    let others = json!({ "sub": user_id, "iat": ISSUED.saturating_add(after) });
    verify(&payload(&others), ANY, EXPIRES.saturating_mul(1000).saturating_sub(1)).expect("claims")
}

fn valid(user_id: &str, after: i64) -> Outcome<String> {
    Outcome::Valid(Box::new(claims(user_id, after)), format!("{user_id} {after}"))
}

fn denied(code: Code) -> Outcome<String> {
    Outcome::Denied(Error::new(code, ""))
}

fn undecided(code: Code, user_id: Option<&str>) -> Outcome<String> {
    Outcome::Undecided(Error::new(code, ""), user_id.map(str::to_owned))
}

#[test]
fn several_candidates_have_one_answer() {
    use Code::{KeysUnavailable, NetworkError, SessionEnded, TokenAmbiguous, TokenExpired, TokenMissing};
    let token = |user_id: &str, after: i64| Ok(format!("{user_id} {after}"));
    let rows = [
        ("none at all", vec![], Err(TokenMissing)),
        ("one", vec![valid(ADA, 0)], token(ADA, 0)),
        ("stale, then good", vec![denied(TokenExpired), valid(ADA, 0)], token(ADA, 0)),
        ("good, then stale", vec![valid(ADA, 0), denied(SessionEnded)], token(ADA, 0)),
        ("the newest, first", vec![valid(ADA, 9), valid(ADA, 5)], token(ADA, 9)),
        ("the newest, last", vec![valid(ADA, 5), valid(ADA, 7), valid(ADA, 9)], token(ADA, 9)),
        ("two people", vec![valid(ADA, 0), valid(BOB, 9)], Err(TokenAmbiguous)),
        ("two people of three", vec![valid(ADA, 0), valid(ADA, 1), valid(BOB, 0)], Err(TokenAmbiguous)),
        (
            "two people and an outage",
            vec![undecided(NetworkError, None), valid(ADA, 0), valid(BOB, 0)],
            Err(TokenAmbiguous),
        ),
        ("an outage about the same", vec![undecided(NetworkError, Some(ADA)), valid(ADA, 0)], token(ADA, 0)),
        ("an outage about another", vec![valid(ADA, 0), undecided(NetworkError, Some(BOB))], Err(NetworkError)),
        ("an outage about nobody knows", vec![valid(ADA, 0), undecided(KeysUnavailable, None)], Err(KeysUnavailable)),
        ("denied and undecided", vec![denied(TokenExpired), undecided(NetworkError, Some(ADA))], Err(NetworkError)),
        ("undecided and denied", vec![undecided(NetworkError, None), denied(TokenExpired)], Err(NetworkError)),
        (
            "the first outage",
            vec![undecided(KeysUnavailable, None), undecided(NetworkError, None)],
            Err(KeysUnavailable),
        ),
        ("the first denial", vec![denied(SessionEnded), denied(TokenExpired)], Err(SessionEnded)),
    ];
    assert_eq!(rows.len(), 16);
    for (name, outcomes, expected) in rows {
        let chosen = choose(outcomes).map(|(_, token)| token).map_err(|error| error.code());
        assert_eq!(chosen, expected, "{name}");
    }
}

#[test]
fn only_what_denies_denies() {
    let mut kinds = [0_u8; 2];
    for code in Code::ALL {
        let outcome = Outcome::<()>::failed(Error::new(*code, ""), Some(ADA.to_owned()));
        match (code.kind(), outcome) {
            (hanko_edge::error::Kind::Denied, Outcome::Denied(error)) => {
                kinds = [kinds[0].saturating_add(1), kinds[1]];
                assert_eq!(error.code(), *code);
            }
            (hanko_edge::error::Kind::Denied, _) | (_, Outcome::Denied(_) | Outcome::Valid(..)) => panic!("{code:?}"),
            (_, Outcome::Undecided(error, user_id)) => {
                kinds = [kinds[0], kinds[1].saturating_add(1)];
                assert_eq!((error.code(), user_id.as_deref()), (*code, Some(ADA)));
            }
        }
    }
    assert_eq!(kinds, [22, 19]);
}

#[test]
fn the_three_newest_are_asked_about() {
    let candidates = [3, 9, 1, 5, 7].map(|after| (claims(ADA, after), after.to_string()));
    let asked: BTreeSet<String> =
        to_ask(candidates.to_vec(), |_| Some(Hope::Unknown)).into_iter().map(|(_, token)| token).collect();
    assert_eq!(asked, ["5", "7", "9"].map(str::to_owned).into());
    let newest = claims(ADA, 9).issued_at;
    let but_newest = to_ask(candidates.to_vec(), |claims| (claims.issued_at != newest).then_some(Hope::Unknown));
    let left: Vec<&str> = but_newest.iter().map(|(_, token)| token.as_str()).collect();
    assert_eq!(left, ["3", "9", "5", "7"], "one that is known already does not count");
    let said = |claims: &Claims| match claims.issued_at {
        at if at == newest => Some(Hope::No),
        at if at == candidates[2].0.issued_at => Some(Hope::Yes),
        _ => Some(Hope::Unknown),
    };
    let hopeful = to_ask(candidates.to_vec(), said);
    let left: Vec<&str> = hopeful.iter().map(|(_, token)| token.as_str()).collect();
    assert_eq!(left, ["1", "5", "7"], "a last yes goes before what nobody knows, and that before a last no");
    let undated = verify(&payload(&json!({ "iat": Value::Null })), ANY, 0).expect("claims");
    let with_undated = candidates.into_iter().take(3).chain([(undated, "undated".to_owned())]).collect();
    assert!(to_ask(with_undated, |_| Some(Hope::Unknown)).iter().all(|(_, token)| token != "undated"));
}

#[test]
fn a_no_is_told_apart_from_an_outage() {
    assert_eq!(session::ended().code(), Code::SessionEnded);
    assert_eq!(session::not_borne_out().code(), Code::ServerError);
    assert_eq!(session::other_person().code(), Code::ResponseInvalid);
}
