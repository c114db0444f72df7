//! Webhook tokens: those that real servers sent, what each claim must be, and what a person may have stored in their data.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod clock;
mod compact;
mod data;
mod oracle;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use compact::{compact, encode, ADA, ANY, EXPIRES, ISSUED, SESSION};
use data::{list, text, vectors};
use hanko_edge::claims::{self, Policy};
use hanko_edge::error::Code;
use hanko_edge::token::Token;
use hanko_edge::webhook::{self, Event, MAX_LENGTH};
use serde_json::{json, Value};

/// Recordings that hold deliveries, and how many.
const DELIVERIES: [(&str, usize); 9] = [
    ("2.7.0/webhooks", 11),
    ("2.7.0/webhooks-delivery", 21),
    ("2.7.0/webhooks-email", 1),
    ("3.0.4/webhooks", 11),
    ("3.0.4/webhooks-delivery", 21),
    ("3.0.4/webhooks-email", 1),
    ("head/webhooks", 24),
    ("head/webhooks-session-idle", 12),
    ("head/webhooks-session-expiry", 1),
];

struct Delivery {
    place: String,
    at: i64,
    jwks: Value,
    body: Value,
}

fn deliveries() -> Vec<Delivery> {
    let of_file = |(file, count): &(&str, usize)| {
        let recording = vectors(&format!("recorded/{file}.json"));
        let scenarios = list(&recording["scenarios"]).iter();
        let delivered: Vec<Delivery> = scenarios
            .flat_map(|scenario| list(&scenario["exchanges"]))
            .filter(|exchange| exchange["kind"] == "delivery" && exchange["request"]["body"] != "")
            .map(|exchange| Delivery {
                place: format!("{file} {}", text(exchange, "at")),
                at: clock::milliseconds(text(exchange, "at")),
                jwks: recording["jwks"].clone(),
                body: serde_json::from_str(text(&exchange["request"], "body")).expect("a body"),
            })
            .collect();
        assert_eq!(delivered.len(), *count, "{file}");
        delivered
    };
    DELIVERIES.iter().flat_map(of_file).collect()
}

fn verify<'a>(token: &'a Token, jwks: &Value, policy: Policy<'_>, at: i64) -> Result<Event<'a>, Code> {
    let keys = oracle::key_set(jwks).expect("keys");
    let (_, key) = token.kid().and_then(|kid| keys.find(kid)).map_err(|error| error.code())?;
    webhook::verify(token, oracle::is_signed_by(token, key), policy, at).map_err(|error| error.code())
}

#[test]
fn every_webhook_that_a_real_server_sent_verifies_and_is_no_session() {
    let localhost = ["other".to_owned(), "localhost".to_owned()];
    let mut names = BTreeSet::new();
    for Delivery { place, at, jwks, body } in deliveries() {
        let token = Token::parse(text(&body, "token"), MAX_LENGTH).expect("a token");
        let policy = Policy { audience: &localhost, issuer: Some("nobody"), tolerance: 0 };
        let event = verify(&token, &jwks, policy, at).unwrap_or_else(|code| panic!("{place}: {}", code.as_str()));
        let payload: Value = serde_json::from_slice(token.payload()).expect("a payload");
        assert_eq!(event.name, text(&body, "event"), "{place}");
        assert_eq!(serde_json::from_str::<Value>(event.data).expect("JSON"), payload["data"], "{place}");
        assert_eq!(event.expires_at - event.issued_at, 300_000, "{place}");
        assert_eq!(Some(event.issued_at), payload["iat"].as_i64().map(|seconds| seconds * 1000), "{place}");
        let at_end = |at| verify(&token, &jwks, ANY, at).err();
        assert_eq!((at_end(event.expires_at - 1), at_end(event.expires_at)), (None, Some(Code::TokenExpired)));
        let as_session = claims::verify(&token, true, ANY, at).err().map(|error| error.code());
        assert_eq!(as_session, Some(Code::NotSessionToken), "{place}");
        names.insert(event.name);
    }
    println!("{names:?}");
    assert_eq!(names.len(), 17);
}

#[test]
fn a_changed_webhook_is_refused() {
    for Delivery { place, at, jwks, body } in deliveries() {
        let whole = text(&body, "token");
        let (signed, signature) = whole.rsplit_once('.').expect("a token");
        let (header, payload) = signed.split_once('.').expect("a token");
        let other_evt = String::from_utf8(hanko_edge::encoding::base64url(payload).expect("base64url"))
            .expect("UTF-8")
            .replacen("\"evt\":\"", "\"evt\":\"x", 1);
        let first = if signature.starts_with('A') { "B" } else { "A" };
        let changed = [
            format!("{header}.{}.{signature}", encode(&other_evt)),
            format!("{signed}.{first}{}", signature.get(1..).expect("more")),
        ];
        for changed in changed {
            let token = Token::parse(&changed, MAX_LENGTH).expect("a token");
            assert_eq!(verify(&token, &jwks, ANY, at), Err(Code::SignatureInvalid), "{place}");
        }
    }
}

#[test]
fn no_session_that_a_real_server_made_is_a_webhook() {
    let mut sessions = BTreeSet::new();
    for file in ["2.7.0/validate", "2.7.0/custom-claims", "3.0.4/validate", "3.0.4/custom-claims-shadow"] {
        let recording = vectors(&format!("recorded/{file}.json")).to_string();
        let words = recording.split(|char: char| !char.is_ascii_alphanumeric() && !"-_.".contains(char));
        for text in words.filter(|word| word.starts_with("eyJ")) {
            let Ok(token) = Token::parse(text, MAX_LENGTH) else { continue };
            if token.kid().is_ok() && claims::unverified_identity(&token).is_ok() {
                let refused = webhook::verify(&token, true, ANY, 0).err().map(|error| error.code());
                assert_eq!(refused, Some(Code::NotWebhookToken), "{file}");
                sessions.insert(text.to_owned());
            }
        }
    }
    assert!(sessions.len() >= 20, "sessions are missing: {}", sessions.len());
}

#[test]
fn of_the_attack_tokens_only_the_two_true_webhooks_pass() {
    let file = vectors("attack-tokens/attack_tokens.json");
    let (audience, mut passed) = ([text(&file["config"], "audience").to_owned()], Vec::new());
    for case in list(&file["cases"]) {
        let Ok(keys) = oracle::key_set(case.get("jwks").unwrap_or_else(|| &file["jwks"])) else { continue };
        let Ok(token) = Token::parse(text(case, "token"), MAX_LENGTH) else { continue };
        let Ok((_, key)) = token.kid().and_then(|kid| keys.find(kid)) else { continue };
        let policy = Policy { audience: &audience, issuer: None, tolerance: 0 };
        let now = file["now"].as_i64().expect("a time") * 1000;
        if webhook::verify(&token, oracle::is_signed_by(&token, key), policy, now).is_ok() {
            passed.push(text(case, "id").to_owned());
        }
    }
    assert_eq!(passed, ["ATK-0297", "ATK-0298"]);
}

/// The payload of an event about Ada, with other members added or put in the place of its own; null takes one away.
fn payload(others: &Value) -> String {
    let mut payload = json!({
        "sub": "hanko webhooks", "aud": ["localhost"], "iat": ISSUED, "exp": EXPIRES, "evt": "user.delete",
        "data": { "id": ADA, "emails": [] }
    });
    for (name, value) in others.as_object().expect("an object") {
        match value {
            Value::Null => drop(payload.as_object_mut().expect("an object").remove(name)),
            value => payload[name] = value.clone(),
        }
    }
    payload.to_string()
}

fn event(payload: &str, policy: Policy<'_>, now: i64) -> Result<(String, String), Code> {
    let token = Token::parse(&compact(r#"{"alg":"RS256","kid":"a"}"#, payload), MAX_LENGTH).expect("a token");
    let event = webhook::verify(&token, true, policy, now).map_err(|error| error.code())?;
    Ok((event.name, event.data.to_owned()))
}

fn refused(others: &Value) -> Option<Code> {
    event(&payload(others), ANY, ISSUED * 1000).err()
}

#[test]
fn an_event_is_read() {
    let read = event(&payload(&json!({})), ANY, ISSUED * 1000);
    assert_eq!(read, Ok(("user.delete".to_owned(), json!({ "id": ADA, "emails": [] }).to_string())));
    let token = Token::parse(&compact(r#"{"alg":"RS256","kid":"a"}"#, &payload(&json!({}))), MAX_LENGTH);
    let token = token.expect("a token");
    let unsigned = webhook::verify(&token, false, ANY, ISSUED * 1000).err();
    assert_eq!(unsigned.map(|error| error.code()), Some(Code::SignatureInvalid));
}

#[test]
fn only_what_a_webhook_alone_has_makes_one() {
    let others = [
        json!({ "sub": null }),
        json!({ "sub": ADA }),
        json!({ "sub": ADA, "session_id": SESSION }),
        json!({ "sub": "Hanko webhooks" }),
        json!({ "sub": "hanko webhooks " }),
        json!({ "sub": ["hanko webhooks"] }),
        json!({ "evt": null }),
        json!({ "evt": "" }),
        json!({ "evt": 1 }),
        json!({ "evt": ["user.delete"] }),
        json!({ "session_id": SESSION }),
        json!({ "session_id": "" }),
    ];
    for others in others {
        assert_eq!(refused(&others), Some(Code::NotWebhookToken), "{others}");
    }
    let with_null = payload(&json!({})).replacen('{', r#"{"session_id":null,"#, 1);
    assert_eq!(event(&with_null, ANY, ISSUED * 1000), Err(Code::NotWebhookToken));
}

#[test]
fn times_and_audience_are_checked_as_those_of_sessions() {
    for name in ["iat", "exp", "data"] {
        assert_eq!(refused(&json!({ name: null })), Some(Code::ClaimMissing), "{name}");
    }
    for (name, value) in [("iat", json!("1")), ("exp", json!(true)), ("nbf", json!({})), ("exp", json!(1e300))] {
        assert_eq!(refused(&json!({ name: value })), Some(Code::ClaimsMalformed), "{name} {value}");
    }
    let at = |tolerance, now| event(&payload(&json!({})), Policy { tolerance, ..ANY }, now).err();
    let (from, end) = (ISSUED * 1000, EXPIRES * 1000);
    assert_eq!((at(0, from), at(0, from - 1)), (None, Some(Code::TokenNotActive)));
    assert_eq!((at(5000, from - 5000), at(5000, from - 5001)), (None, Some(Code::TokenNotActive)));
    assert_eq!((at(0, end - 1), at(0, end)), (None, Some(Code::TokenExpired)));
    assert_eq!((at(5000, end + 4999), at(5000, end + 5000)), (None, Some(Code::TokenExpired)));
    assert_eq!(refused(&json!({ "nbf": EXPIRES })), Some(Code::TokenNotActive));
    let wanted = ["app".to_owned()];
    let audience =
        |aud: Value| event(&payload(&json!({ "aud": aud })), Policy { audience: &wanted, ..ANY }, ISSUED * 1000).err();
    assert_eq!((audience(json!(["a", "app"])), audience(json!("app"))), (None, None));
    assert_eq!((audience(json!(["a"])), audience(Value::Null)), (Some(Code::ClaimMismatch), Some(Code::ClaimMissing)));
    assert_eq!(
        (audience(json!(1)), refused(&json!({ "aud": [1] }))),
        (Some(Code::ClaimMismatch), Some(Code::ClaimsMalformed))
    );
    let issuer = Policy { issuer: Some("i"), ..ANY };
    assert_eq!(event(&payload(&json!({})), issuer, ISSUED * 1000).err(), None, "webhooks have no issuer");
}

#[test]
fn a_user_and_a_session_are_named_by_their_uuids() {
    let good = [
        ("user.delete", json!({ "id": ADA })),
        ("user", json!({ "id": ADA, "user_id": 1 })),
        ("session.delete.explicit.logout", json!({ "id": SESSION, "user_id": ADA })),
        ("email.send", json!({ "subject": "s" })),
        ("email.send", json!([])),
        ("users.delete", json!({ "id": 1 })),
        ("sessions", json!("text")),
        ("an.event.of.tomorrow", Value::Bool(true)),
    ];
    for (evt, data) in good {
        let read = event(&payload(&json!({ "evt": evt, "data": data })), ANY, ISSUED * 1000);
        assert_eq!(read, Ok((evt.to_owned(), data.to_string())));
    }
    let bad_ids = [
        json!(null),
        json!(""),
        json!(1),
        json!([ADA]),
        json!({}),
        json!("admin"),
        json!("../admin"),
        json!(ADA.to_uppercase()),
        json!(ADA.replace('-', "")),
        json!(format!("{{{ADA}}}")),
        json!("00000000-0000-0000-0000-000000000000"),
    ];
    for id in &bad_ids {
        for (evt, data) in [
            ("user.delete", json!({ "id": id })),
            ("user.login", json!({ "id": id })),
            ("session.delete.admin.revoke", json!({ "id": id, "user_id": ADA })),
            ("session.create.flow", json!({ "id": SESSION, "user_id": id })),
        ] {
            assert_eq!(refused(&json!({ "evt": evt, "data": data })), Some(Code::ClaimsMalformed), "{evt} {id}");
        }
    }
    for data in [json!({}), json!([ADA]), json!(ADA), json!(1), json!({ "user_id": ADA })] {
        assert_eq!(refused(&json!({ "data": data })), Some(Code::ClaimsMalformed), "{data}");
    }
}

#[test]
fn a_name_that_stands_twice_is_refused_where_it_decides_and_nowhere_else() {
    let twice = |from: &str, to: &str| event(&payload(&json!({})).replacen(from, to, 1), ANY, ISSUED * 1000).err();
    assert_eq!(twice(r#""evt""#, r#""evt":"user.create","evt""#), Some(Code::ClaimsMalformed));
    assert_eq!(twice(r#""sub""#, r#""\u0073ub":"x","sub""#), Some(Code::ClaimsMalformed));
    assert_eq!(twice(r#""id""#, &format!(r#""id":"{SESSION}","id""#)), Some(Code::ClaimsMalformed));
    assert_eq!(twice(r#""emails":[]"#, r#""metadata":{"a":1,"a":2}"#), None);
    for text in ["[]", "null", "{", "{}{}", "\u{feff}{}"] {
        assert_eq!(event(text, ANY, ISSUED * 1000), Err(Code::ClaimsMalformed), "{text:?}");
    }
    let token = Token::parse(&format!("{}._w.c2ln", encode(r#"{"alg":"RS256","kid":"a"}"#)), MAX_LENGTH);
    let refused = webhook::verify(&token.expect("a token"), true, ANY, 0).err().map(|error| error.code());
    assert_eq!(refused, Some(Code::ClaimsMalformed), "no UTF-8");
}

#[test]
fn nothing_that_a_person_stored_makes_his_event_unreadable() {
    let levels = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let stored = [
        levels(1400),
        levels(60_000),
        "1e400".to_owned(),
        "[-1e400,1E-400,123456789012345678901234567890.5]".to_owned(),
        r#""\ud800""#.to_owned(),
        r#"{"\ud800":1,"__proto__":{"id":1},"__proto__":2,"":3}"#.to_owned(),
        format!("\"{}\"", "\u{1f600}\u{2028}".repeat(20_000)),
    ];
    for stored in stored {
        let data = format!(r#"{{"id":"{ADA}","metadata":{{"unsafe_metadata":{stored}}}}}"#);
        let payload = payload(&json!({ "data": "HERE" })).replace("\"HERE\"", &data);
        assert_eq!(event(&payload, ANY, ISSUED * 1000), Ok(("user.delete".to_owned(), data)));
    }
}

#[test]
fn a_token_of_256_kib_is_read_in_no_time_and_a_longer_one_is_not_looked_at() {
    let of_length = |length: usize| {
        let header = r#"{"alg":"RS256","kid":"a"}"#;
        let bare = compact(header, &payload(&json!({ "data": { "id": ADA, "name": "" } }))).len();
        let room = (length - bare) / 4 * 3;
        compact(header, &payload(&json!({ "data": { "id": ADA, "name": "a".repeat(room) } })))
    };
    let longest = of_length(MAX_LENGTH);
    assert!((MAX_LENGTH - 3..=MAX_LENGTH).contains(&longest.len()), "{}", longest.len());
    let began = Instant::now();
    let token = Token::parse(&longest, MAX_LENGTH).expect("a token");
    assert!(webhook::verify(&token, true, ANY, ISSUED * 1000).is_ok());
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    let longer = Token::parse(&of_length(MAX_LENGTH + 8), MAX_LENGTH).err().map(|error| error.code());
    assert_eq!(longer, Some(Code::TokenTooLarge));
    let forms = ["[", "{\"a\":", "\"", "[{\"a\":"].map(|open| open.repeat(150_000 / open.len()));
    for form in forms {
        let began = Instant::now();
        let payload = payload(&json!({ "data": "HERE" })).replace("\"HERE\"", &form);
        assert_eq!(event(&payload, ANY, ISSUED * 1000), Err(Code::ClaimsMalformed));
        assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    }
}
