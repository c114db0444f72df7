//! `/me` and `/users/{id}`: what real servers of three versions answered, and answers that no server should give.
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

use std::collections::HashMap;

use exchanges::{exchanges, exchanges_of_head, Exchange, VERSIONS};
use hanko_edge::error::Code;
use hanko_edge::http::{Credentials, Method, Response};
use hanko_edge::user::{forbidden, parse, parse_by_id, request, request_by_id, Answer, User};
use serde_json::value::RawValue;
use serde_json::{json, Map, Value};

const ID: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";

/// Topics that head has too.
const TOPICS: [&str; 10] = [
    "cookies",
    "custom-claims-shadow",
    "errors",
    "expiry",
    "idle",
    "issuer-audience",
    "outage",
    "session-lifecycle",
    "users",
    "users-credentials",
];
/// Topics that only the releases have. What goes to `/users` there goes to the Admin API, though the recording does not say so.
const OF_RELEASES: [&str; 5] = ["admin-metadata", "flow-config", "flow-patch", "flow-retry", "flow-views"];

/// Every recorded `GET` of this route, and whether it is `/users/{id}`.
fn of_routes(exchanges: Vec<Exchange>) -> Vec<(Exchange, bool)> {
    let route = |exchange: Exchange| {
        let by_id = match exchange.route()? {
            ("GET", path) if path.split('?').next()?.ends_with("/users/me") => true,
            ("GET", path) if path.split('?').next()?.ends_with("/me") => false,
            ("GET", path) => path.strip_prefix("/users/").filter(|rest| !rest.contains('/')).map(|_| true)?,
            _ => return None,
        };
        Some((exchange, by_id))
    };
    exchanges.into_iter().filter_map(route).collect()
}

fn recorded() -> Vec<(Exchange, bool)> {
    let releases = VERSIONS.iter().flat_map(|version| exchanges(version, &TOPICS));
    let tenants = exchanges("3.0.4", &["tenants", "tenants-off"]);
    let mut all = of_routes(releases.chain(tenants).chain(exchanges_of_head(&TOPICS)).collect());
    let more = VERSIONS.iter().flat_map(|version| exchanges(version, &OF_RELEASES));
    all.extend(of_routes(more.collect()).into_iter().filter(|(_, by_id)| !by_id));
    all
}

#[test]
fn every_recorded_answer_is_read_as_it_was_meant() {
    let (mut users, mut refused, mut forbidden, mut failed) = (0, 0, 0, 0);
    for (exchange, by_id) in recorded() {
        let read = if by_id { parse_by_id(&exchange.response()) } else { parse(&exchange.response()) };
        match (exchange.status(), read) {
            (200, Ok(Answer::User(user))) => {
                users += 1;
                assert_same(&exchange, &user);
            }
            (401, Ok(Answer::Refused)) => refused += 1,
            (403, Err(error)) if by_id && error.code() == Code::Forbidden => forbidden += 1,
            (400 | 404, Err(error)) if error.code() == Code::ResponseInvalid => failed += 1,
            (500, Err(error)) if error.code() == Code::ServerError => failed += 1,
            (status, read) => panic!("{exchange}: {status} is {read:?}"),
        }
    }
    println!("{users} users, {refused} refused, {forbidden} forbidden, {failed} failed");
    assert!(users >= 89 && refused >= 66 && forbidden >= 13 && failed >= 37, "answers are missing");
}

/// The user, and the recorded one mapped without the core: as values, and its metadata as text.
fn assert_same(exchange: &Exchange, user: &User) {
    let ours = members(&user.json);
    let given = members(exchange.body());
    let value = |json: &str| -> Value { serde_json::from_str(json).unwrap_or_else(|_| panic!("{exchange}: {json}")) };
    let names: Vec<&String> = ours.keys().collect();
    for (name, expected) in expected(&given) {
        let found = ours.get(&name).unwrap_or_else(|| panic!("{exchange}: no {name} in {names:?}"));
        assert_eq!(value(found.get()), expected, "{exchange} {name}");
    }
    let metadata = given.get("metadata").map(|json| members(json.get())).unwrap_or_default();
    let kind = |name: &str| metadata.get(name).map_or("{}", |json| json.get()).to_owned();
    let text =
        format!("{{\"public_metadata\":{},\"unsafe_metadata\":{}}}", kind("public_metadata"), kind("unsafe_metadata"));
    assert_eq!(ours["metadata"].get(), text, "{exchange}");
    assert_eq!(ours.len(), expected(&given).len() + 1, "{exchange}: {names:?}");
    assert_eq!(format!("\"{}\"", user.user_id), given["id"].get(), "{exchange}");
}

/// All but the metadata, mapped from the recorded members.
fn expected(given: &HashMap<String, Box<RawValue>>) -> Map<String, Value> {
    let value = |name: &str| -> Value { given.get(name).map_or(Value::Null, |json| parsed(json.get())) };
    let list = |name: &str| match value(name) {
        Value::Null => json!([]),
        list => list,
    };
    let mut emails = list("emails");
    for email in emails.as_array_mut().expect("a list") {
        email.as_object_mut().expect("an address").remove("identity");
    }
    let primary = emails.as_array().expect("a list").iter().find(|email| email["is_primary"] == true);
    let username = match value("username") {
        Value::Object(username) => username["username"].clone(),
        username => username,
    };
    let mut expected = json!({
        "user_id": value("id"), "created_at": value("created_at"), "updated_at": value("updated_at"),
        "email": primary.map(|email| email["address"].clone()), "username": username, "emails": emails,
        "name": value("name"), "given_name": value("given_name"), "family_name": value("family_name"),
        "picture": value("picture"), "identities": list("identities"), "passkeys": list("passkeys"),
        "security_keys": list("security_keys"), "mfa_config": value("mfa_config"),
    });
    let members = std::mem::take(expected.as_object_mut().expect("an object"));
    members.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn members(json: &str) -> HashMap<String, Box<RawValue>> {
    serde_json::from_str(json).expect("an object")
}

#[test]
fn both_routes_of_one_server_tell_the_same_user() {
    let mut told: HashMap<String, Vec<(bool, String)>> = HashMap::new();
    for (exchange, by_id) in of_routes(exchanges("2.7.0", &["users", "users-credentials"])) {
        let read = if by_id { parse_by_id(&exchange.response()) } else { parse(&exchange.response()) };
        if let Ok(Answer::User(user)) = read {
            // The server of `me-features-off` hides rows that the other one shows.
            told.entry(format!("{} {}", user.user_id, exchange.name.contains("off")))
                .or_default()
                .push((by_id, user.json));
        }
    }
    let both =
        told.values().filter(|told| told.iter().any(|(by_id, _)| *by_id) && told.iter().any(|(by_id, _)| !by_id));
    let mut compared = 0;
    for told in both {
        compared += 1;
        assert!(told.iter().all(|(_, json)| *json == told[0].1), "{told:#?}");
    }
    assert!(compared >= 5, "{compared} users were told by both");
}

#[test]
fn what_a_person_stored_himself_breaks_nothing() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(1400), "]".repeat(1400));
    let mebibyte = "[".repeat(300_000) + &"]".repeat(300_000);
    for stored in
        [deep.as_str(), "{\"big\":1e400}", r#"{"\ud800":"\udc00","\ud800":1.0}"#, &format!("{{\"a\":{mebibyte}}}")]
    {
        let body = format!(
            "{{\"id\":\"{ID}\",\"user_id\":\"{ID}\",\"created_at\":\"c\",\"updated_at\":\"u\",\"metadata\":{{\"unsafe_metadata\":{stored}}}}}\n"
        );
        let Ok(Answer::User(user)) = parse(&ok(&body)) else { panic!("{} bytes", stored.len()) };
        let metadata = format!("\"metadata\":{{\"public_metadata\":{{}},\"unsafe_metadata\":{stored}}}}}");
        assert!(user.json.ends_with(&metadata), "it stands as it was written");
    }
    let picture = body(&[("picture", json!("<script>\u{0}\u{2028}\"javascript:alert(1)"))]);
    let Ok(Answer::User(user)) = parse(&ok(&picture)) else { panic!("any text is a picture") };
    assert_eq!(parsed(&user.json)["picture"], "<script>\u{0}\u{2028}\"javascript:alert(1)");
}

fn ok(body: &str) -> Response {
    Response { status: 200, body: body.as_bytes().to_vec(), ..Response::default() }
}

/// A user with these members besides those that must be there; null leaves one out.
fn body(members: &[(&str, Value)]) -> String {
    let mut user = json!({ "id": ID, "user_id": ID, "created_at": "c", "updated_at": "u" });
    for (name, value) in members {
        user[*name] = value.clone();
    }
    let members = std::mem::take(user.as_object_mut().expect("an object"));
    Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect()).to_string()
}

/// The user of a body, as a value.
fn user(members: &[(&str, Value)]) -> Value {
    match parse(&ok(&body(members))) {
        Ok(Answer::User(user)) => parsed(&user.json),
        other => panic!("{other:?}"),
    }
}

#[test]
fn lists_and_metadata_are_never_missing() {
    let metadata = json!({ "public_metadata": {}, "unsafe_metadata": {} });
    let bare = json!({
        "user_id": ID, "created_at": "c", "updated_at": "u", "emails": [], "identities": [], "passkeys": [],
        "security_keys": [], "metadata": metadata
    });
    assert_eq!(user(&[]), bare);
    let nothing =
        ["emails", "username", "name", "identities", "passkeys", "security_keys", "metadata", "webauthn_credentials"];
    let nulls = nothing.iter().map(|name| format!(",\"{name}\":null")).collect::<String>();
    let text = body(&[]).replacen('}', &format!("{nulls}}}"), 1);
    let Ok(Answer::User(read)) = parse(&ok(&text)) else { panic!("{text}") };
    assert_eq!(parsed(&read.json), bare, "null is nothing");
    assert_eq!(
        user(&[("metadata", json!({ "unsafe_metadata": { "a": 1 } }))])["metadata"]["public_metadata"],
        json!({})
    );
    assert_eq!(user(&[("something", json!("new"))]), bare, "what no table names is left out");
}

#[test]
fn a_server_before_2_5_tells_its_user_by_id() {
    assert_eq!(parse(&ok(&format!("{{\"id\":\"{ID}\"}}\n"))), Ok(Answer::Id(ID.to_owned())));
    let credential = |id: &str| {
        json!({
            "id": id, "public_key": "k", "attestation_type": "none", "aaguid": "a", "created_at": "c",
            "transports": ["usb"], "backup_eligible": true, "backup_state": false
        })
    };
    let old = json!({
        "id": ID, "email": "ada@example.com", "username": "ada", "created_at": "c", "updated_at": "u",
        "webauthn_credentials": [credential("a"), credential("b")]
    });
    let Ok(Answer::User(user)) = parse_by_id(&ok(&old.to_string())) else { panic!("{old}") };
    let user = parsed(&user.json);
    assert_eq!(
        (&user["user_id"], &user["email"], &user["username"]),
        (&json!(ID), &json!("ada@example.com"), &json!("ada"))
    );
    assert_eq!((&user["emails"], &user["security_keys"]), (&json!([]), &json!([])));
    let mut shown = credential("a");
    shown["mfa_only"] = json!(false);
    assert_eq!((&user["passkeys"][0], &user["passkeys"][1]["id"]), (&shown, &json!("b")));
    assert_eq!(code_of(parse_by_id(&ok(&format!("{{\"id\":\"{ID}\"}}")))), Code::ResponseInvalid, "an id is no user");
}

#[test]
fn raw_credentials_are_split_by_mfa_only() {
    let row = |id: &str, mfa_only: bool, transports: Value| {
        json!({
            "id": id, "name": null, "user_id": ID, "public_key": "k", "attestation_type": "none", "aaguid": "a", "sign_count": 3,
            "last_used_at": null, "created_at": "c", "updated_at": "u", "transports": transports, "backup_eligible": true,
            "backup_state": true, "mfa_only": mfa_only
        })
    };
    let transports = json!([{ "ID": "1", "Name": "usb", "WebauthnCredential": null }, { "ID": "2", "Name": "nfc" }]);
    let rows = json!([row("key", true, json!(null)), row("pass", false, transports)]);
    let shown = user(&[("webauthn_credentials", rows.clone())]);
    let credential = |id: &str, mfa_only: bool, transports: Value| {
        json!({
            "id": id, "public_key": "k", "attestation_type": "none", "aaguid": "a", "created_at": "c",
            "transports": transports, "backup_eligible": true, "backup_state": true, "mfa_only": mfa_only
        })
    };
    assert_eq!(shown["passkeys"], json!([credential("pass", false, json!(["usb", "nfc"]))]));
    assert_eq!(shown["security_keys"], json!([credential("key", true, json!([]))]));
    let mfa = json!({ "auth_app_set_up": true, "totp_enabled": true, "security_keys_enabled": false });
    let hidden = user(&[("webauthn_credentials", rows), ("mfa_config", mfa.clone())]);
    assert_eq!(
        (&hidden["passkeys"], &hidden["mfa_config"]),
        (&json!([]), &mfa),
        "a feature that is off hides its rows"
    );
}

#[test]
fn what_is_no_user_is_response_invalid() {
    let other = "11111111-2222-4333-8444-555555555555";
    let email = json!({ "id": "e", "address": "a@example.com", "is_verified": true, "is_primary": true });
    let without = |name: &str| {
        let mut email = email.clone();
        email.as_object_mut().expect("an object").remove(name);
        body(&[("emails", json!([email]))])
    };
    for text in [
        String::new(),
        "<!doctype html><title>Hello</title>".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "{\"hello\":\"world\"}".to_owned(),
        body(&[]).chars().take(40).collect(),
        format!("{}{{}}", body(&[])),
        body(&[("id", json!(other))]),
        body(&[("id", json!(ID.to_uppercase())), ("user_id", Value::Null)]),
        body(&[("user_id", json!(ID.to_uppercase()))]),
        body(&[("id", json!(7)), ("user_id", Value::Null)]),
        body(&[("id", Value::Null), ("user_id", Value::Null)]),
        body(&[("id", json!("00000000-0000-0000-0000-000000000000")), ("user_id", Value::Null)]),
        body(&[]).replacen('{', &format!("{{\"id\":\"{ID}\","), 1),
        body(&[("created_at", Value::Null)]),
        body(&[("updated_at", json!(7))]),
        body(&[("picture", json!(["x"]))]),
        body(&[("username", json!(7))]),
        body(&[("username", json!({ "id": "x" }))]),
        body(&[("username", json!({ "username": 7 }))]),
        body(&[("emails", json!({}))]),
        body(&[("emails", json!(["a@example.com"]))]),
        without("id"),
        without("address"),
        without("is_primary"),
        body(&[("emails", json!([{ "id": "e", "address": "a", "is_verified": "yes", "is_primary": false }]))]),
        body(&[("identities", json!([{ "id": "x" }]))]),
        body(&[("passkeys", json!([{ "id": "x" }]))]),
        body(&[("mfa_config", json!({ "totp_enabled": true }))]),
        body(&[("mfa_config", json!(true))]),
        body(&[("metadata", json!([]))]),
        body(&[("metadata", json!({ "unsafe_metadata": [] }))]),
        body(&[("metadata", json!({ "public_metadata": "{}" }))]),
    ] {
        let error = parse(&ok(&text)).map(drop).expect_err(&text);
        assert_eq!((error.code(), error.status), (Code::ResponseInvalid, Some(200)), "{text}");
    }
    let invalid =
        Response { status: 200, body: body(&[("name", json!("x"))]).replace('x', "\u{0}").into_bytes(), ..ok("") };
    let broken = Response {
        body: invalid.body.iter().map(|byte| if *byte == b'c' { 0xff } else { *byte }).collect(),
        ..invalid
    };
    assert_eq!(code_of(parse(&broken)), Code::ResponseInvalid, "no UTF-8");
}

fn code_of(read: Result<Answer, hanko_edge::error::Error>) -> Code {
    read.map(drop).expect_err("an error").code()
}

#[test]
fn a_status_means_the_same_at_both_routes_but_for_403() {
    for status in (0..=599).filter(|status| ![200, 401].contains(status)) {
        let response = Response { status, retry_after: Some(7), ..Response::default() };
        let error = parse(&response).map(drop).expect_err("an error");
        assert_eq!(error, response.refused(), "{status}");
        let by_id = parse_by_id(&response).map(drop).expect_err("an error");
        let expected = if status == 403 { forbidden().with_status(403) } else { error };
        assert_eq!(by_id, expected, "{status}");
    }
    assert_eq!(parse_by_id(&Response { status: 401, ..Response::default() }), Ok(Answer::Refused));
    assert_eq!(forbidden().code(), Code::Forbidden);
}

#[test]
fn a_request_goes_to_its_route_with_the_token_or_the_cookie() {
    let by_token = request(Some("t"));
    assert_eq!((by_token.method, &*by_token.path, by_token.max_bytes), (Method::Get, "/me", 1024 * 1024));
    assert!(by_token.credentials == Credentials::Bearer("t".to_owned()) && by_token.body.is_none());
    assert!(request(None).credentials == Credentials::Include);
    let by_id = request_by_id(ID, Some("t"));
    assert_eq!((by_id.method, by_id.path.into_owned()), (Method::Get, format!("/users/{ID}")));
    assert!(by_id.credentials == Credentials::Bearer("t".to_owned()));
}
