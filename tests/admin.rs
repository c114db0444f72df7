//! The Admin API: what real servers of three versions answered, what is asked of them, and what a lost patch came to.
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

use std::collections::BTreeMap;

use exchanges::{exchanges, exchanges_of_head, Exchange, VERSIONS};
use hanko_edge::admin::{unknown, Ask};
use hanko_edge::admin_view::session_ids;
use hanko_edge::error::{Code, Error};
use hanko_edge::http::{Credentials, Method, Response};
use serde_json::{json, Map, Value};

const ID: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const SESSION: &str = "1111111a-2222-4333-8444-55555555555b";

/// Topics that head has too.
const TOPICS: [&str; 7] =
    ["admin", "admin-session-limit", "outage", "session-lifecycle", "users", "users-credentials", "webhooks"];

/// Each recorded call of a route that this package asks, in the spelling that it sends, with its answer.
fn recorded() -> Vec<(Exchange, Ask)> {
    let releases = VERSIONS.iter().flat_map(|version| exchanges(version, &TOPICS));
    let metadata = VERSIONS.iter().flat_map(|version| exchanges(version, &["admin-metadata"]));
    let all = releases.chain(metadata).chain(exchanges_of_head(&TOPICS));
    all.filter_map(|exchange| {
        let ask = asked(&exchange)?;
        Some((exchange, ask))
    })
    .collect()
}

fn asked(exchange: &Exchange) -> Option<Ask> {
    let (method, path, body) = exchange.admin_route()?;
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    // What it refuses to send is tested apart.
    let is_json = exchange.is_json();
    let (name, user, more) = match (method, parts.as_slice()) {
        ("GET", ["users", user]) => ("getUser", *user, ""),
        ("POST", ["users"]) if is_json => ("createUser", "", body),
        ("DELETE", ["users", user]) => ("deleteUser", *user, ""),
        ("GET", ["users", user, "metadata"]) => ("getMetadata", *user, ""),
        ("PATCH", ["users", user, "metadata"]) if is_json => ("patchMetadata", *user, body),
        ("GET", ["users", user, "sessions"]) => ("listSessions", *user, ""),
        ("DELETE", ["users", user, "sessions", session]) => ("deleteSession", *user, *session),
        ("POST", ["sessions"]) if is_json => {
            let sent: Map<String, Value> = serde_json::from_str(body).ok()?;
            let user = sent.get("user_id")?.as_str()?;
            let more: Map<String, Value> = sent.iter().filter(|(name, _)| *name != "user_id").map(owned).collect();
            return Ask::parse("createSession", user, &Value::Object(more).to_string())
                .ok()
                .filter(|_| user == user.to_lowercase());
        }
        _ => return None,
    };
    let ask = Ask::parse(name, user, more).ok()?;
    (ask.request(None).path == path).then_some(ask)
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

#[test]
fn every_recorded_answer_is_read_as_it_was_meant() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (exchange, ask) in recorded() {
        let read = ask.parse_answer(&exchange.response());
        let said = exchange.body();
        let meant = match (exchange.status(), &ask) {
            (200, Ask::GetUser(_) | Ask::CreateUser(_)) => Ok(Some(user_of(&parsed(said)))),
            (200 | 204, Ask::GetMetadata(_) | Ask::PatchMetadata(..)) => Ok(None),
            (200, Ask::CreateSession(..)) => Ok(Some(parsed(said))),
            (200, Ask::ListSessions(_)) => Ok(Some(without_nulls(parsed(said)))),
            (204, Ask::DeleteUser(_) | Ask::DeleteSession(..)) => Ok(Some(Value::Null)),
            (400, Ask::PatchMetadata(..)) if said.contains("limit exceeded") => Err(Code::MetadataTooLarge),
            (400 | 409, Ask::CreateUser(_) | Ask::CreateSession(..)) => Err(Code::ArgumentInvalid),
            // Two of them were put to the public API, which has no such route.
            (401, Ask::GetMetadata(_)) => Err(Code::Unauthorized),
            (404, Ask::GetMetadata(_)) if said.contains("Not Found") => Err(Code::ResponseInvalid),
            (404, _) => Err(Code::NotFound),
            (500, _) => Err(Code::ServerError),
            (status, ask) => panic!("{exchange}: nobody has said what {status} means to {ask:?}"),
        };
        let name = format!("{ask:?}").split('(').next().expect("a name").to_owned();
        *seen.entry(format!("{name} {}", exchange.status())).or_default() += 1;
        match (meant, read) {
            (Ok(Some(meant)), Ok(read)) => assert_eq!(parsed(&read), meant, "{exchange}"),
            (Ok(None), Ok(read)) => assert_eq!(read, kinds_of(said), "{exchange}"),
            (Err(code), Err(error)) => {
                assert_eq!((error.code(), error.status), (code, Some(exchange.status())), "{exchange}: {error}");
                assert!(!error.message().contains('@'), "{error}");
            }
            (meant, read) => panic!("{exchange}: {meant:?}, read as {read:?}"),
        }
    }
    println!("{seen:#?}");
    for (what, least) in [
        ("GetUser 200", 16),
        ("GetUser 404", 2),
        ("CreateUser 200", 14),
        ("CreateUser 400", 18),
        ("CreateUser 409", 6),
        ("DeleteUser 204", 6),
        ("GetMetadata 204", 14),
        ("PatchMetadata 200", 80),
        ("PatchMetadata 204", 14),
        ("CreateSession 200", 14),
        ("CreateSession 404", 2),
        ("ListSessions 200", 12),
        ("DeleteSession 204", 4),
        ("DeleteSession 404", 8),
    ] {
        assert!(seen.get(what).copied().unwrap_or_default() >= least, "{what}: {:?}", seen.get(what));
    }
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// The kinds as texts, for they hold numbers that serde_json does not read.
fn kinds_of(body: &str) -> String {
    let given: BTreeMap<String, Box<serde_json::value::RawValue>> =
        if body.is_empty() { BTreeMap::new() } else { serde_json::from_str(body).expect("kinds") };
    let kind = |name: &str| given.get(name).map_or("{}", |json| json.get()).to_owned();
    let [public, private, unsafe_] = ["public_metadata", "private_metadata", "unsafe_metadata"].map(kind);
    format!("{{\"public_metadata\":{public},\"private_metadata\":{private},\"unsafe_metadata\":{unsafe_}}}")
}

fn without_nulls(mut list: Value) -> Value {
    for row in list.as_array_mut().expect("a list") {
        row.as_object_mut().expect("a row").retain(|_, value| !value.is_null());
    }
    list
}

fn only(value: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .filter(|name| !value[**name].is_null())
        .map(|name| ((*name).to_owned(), value[*name].clone()))
        .collect()
}

/// The contract's `AdminUser`, mapped without the core.
fn user_of(sent: &Value) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let emails: Vec<Value> = list(&sent["emails"])
        .iter()
        .map(|email| only(email, &["id", "address", "is_verified", "is_primary"]))
        .collect();
    let identities: Vec<Value> = list(&sent["identities"])
        .iter()
        .map(|row| json!({ "id": row["provider_id"], "identity_id": row["id"], "provider": row["provider_name"] }))
        .collect();
    let (keys, passkeys): (Vec<Value>, Vec<Value>) =
        list(&sent["webauthn_credentials"]).into_iter().partition(|row| row["mfa_only"] == true);
    let metadata = &sent["metadata"];
    let kind = |name: &str| if metadata[name].is_null() { json!({}) } else { metadata[name].clone() };
    let mut user = json!({
        "user_id": sent["id"], "created_at": sent["created_at"], "updated_at": sent["updated_at"],
        "username": sent["username"]["username"], "name": sent["name"], "given_name": sent["given_name"],
        "family_name": sent["family_name"], "picture": sent["picture"],
        "email": emails.iter().find(|email| email["is_primary"] == true).map(|email| email["address"].clone()),
        "emails": emails, "identities": identities, "passkeys": passkeys, "security_keys": keys,
        "metadata": {
            "public_metadata": kind("public_metadata"), "private_metadata": kind("private_metadata"),
            "unsafe_metadata": kind("unsafe_metadata"),
        },
    });
    for (part, names) in [("password", &["created_at", "updated_at"][..]), ("otp", &["created_at"][..])] {
        user[part] = if sent[part].is_null() { Value::Null } else { only(&sent[part], names) };
    }
    user.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    user
}

fn ask(name: &str, more: &str) -> Ask {
    Ask::parse(name, ID, more).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn every() -> [Ask; 8] {
    [
        ask("getUser", ""),
        ask("createUser", "{\"username\":\"ada\"}"),
        ask("deleteUser", ""),
        ask("getMetadata", ""),
        ask("patchMetadata", "{\"public_metadata\":{\"a\":1}}"),
        ask("createSession", "{\"user_agent\":\"x\"}"),
        ask("listSessions", ""),
        ask("deleteSession", SESSION),
    ]
}

#[test]
fn a_request_goes_to_its_route_with_the_key_in_the_header_alone() {
    let routes = [
        (Method::Get, format!("/users/{ID}"), None),
        (Method::Post, "/users".to_owned(), Some("{\"username\":\"ada\"}".to_owned())),
        (Method::Delete, format!("/users/{ID}"), None),
        (Method::Get, format!("/users/{ID}/metadata"), None),
        (Method::Patch, format!("/users/{ID}/metadata"), Some("{\"public_metadata\":{\"a\":1}}".to_owned())),
        (Method::Post, "/sessions".to_owned(), Some(format!("{{\"user_id\":\"{ID}\",\"user_agent\":\"x\"}}"))),
        (Method::Get, format!("/users/{ID}/sessions"), None),
        (Method::Delete, format!("/users/{ID}/sessions/{SESSION}"), None),
    ];
    for (ask, (method, path, body)) in every().into_iter().zip(routes) {
        let request = ask.request(Some("secret"));
        assert_eq!((request.method, &*request.path, request.body.as_ref()), (method, path.as_str(), body.as_ref()));
        assert!(request.credentials == Credentials::Bearer("secret".to_owned()));
        assert!(!format!("{request:?}").contains("secret"));
        assert!(ask.request(None).credentials == Credentials::Omit, "never a cookie");
        assert_eq!(ask.writes(), method != Method::Get);
    }
}

#[test]
fn an_id_goes_out_lower_case_and_with_dashes_or_not_at_all() {
    for given in [ID.to_owned(), ID.to_uppercase(), ID.replace('-', ""), ID.to_uppercase().replace('-', "")] {
        assert_eq!(Ask::parse("getUser", &given, "").expect("a UUID"), Ask::GetUser(ID.to_owned()), "{given}");
        let deletion = Ask::DeleteSession(ID.to_owned(), ID.to_owned());
        assert_eq!(Ask::parse("deleteSession", &given, &given).expect("UUIDs"), deletion);
    }
    let nil = "00000000-0000-0000-0000-000000000000";
    let (braced, urn, long) = (format!("{{{ID}}}"), format!("urn:uuid:{ID}"), format!("{ID}/emails"));
    let odd = ID.replacen('-', "", 1);
    for wrong in [
        "",
        "x",
        nil,
        &nil.replace('-', ""),
        &braced,
        &urn,
        &long,
        &odd,
        "..",
        "a/b",
        "é4f3c2e1a9b7d4c558a106d2f0e9b1c",
        &format!("{ID}\r\n"),
    ] {
        for name in ["getUser", "deleteUser", "getMetadata", "createSession", "listSessions", "deleteSession"] {
            let error = Ask::parse(name, wrong, "{}").expect_err(wrong);
            assert_eq!(error.code(), Code::ArgumentInvalid, "{name} {wrong}");
            assert!(wrong.len() < 3 || !error.message().contains(wrong), "{error}");
        }
        assert!(Ask::parse("patchMetadata", wrong, "null").is_err() && Ask::parse("deleteSession", ID, wrong).is_err());
    }
    assert!(Ask::parse("dropEverything", ID, "").is_err());
}

#[test]
fn a_patch_names_kinds_that_can_fit() {
    let long = format!("{{\"private_metadata\":{{\"a\":\"{}\"}}}}", "x".repeat(2993));
    for good in [
        "null",
        "{}",
        "{\"public_metadata\":null}",
        "{\"unsafe_metadata\":{},\"private_metadata\":{\"a\":null}}",
        &long.replacen('x', "", 1),
    ] {
        assert!(Ask::parse("patchMetadata", ID, good).is_ok(), "{good}");
    }
    for (wrong, code) in [
        ("", Code::MetadataInvalid),
        ("[]", Code::MetadataInvalid),
        ("1", Code::MetadataInvalid),
        ("{\"other\":{}}", Code::MetadataInvalid),
        ("{\"Public_Metadata\":{}}", Code::MetadataInvalid),
        ("{\"public_metadata\":[]}", Code::MetadataInvalid),
        ("{\"public_metadata\":\"null\"}", Code::MetadataInvalid),
        ("{\"public_metadata\":{},\"public_metadata\":{}}", Code::MetadataInvalid),
        (&long, Code::MetadataTooLarge),
    ] {
        assert_eq!(Ask::parse("patchMetadata", ID, wrong).expect_err(wrong).code(), code, "{}", wrong.len());
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, body: body.as_bytes().to_vec(), ..Response::default() }
}

fn code(ask: &Ask, status: u16, body: &str) -> Option<Code> {
    ask.parse_answer(&answer(status, body)).err().as_ref().map(Error::code)
}

#[test]
fn a_status_is_a_denial_only_where_the_admin_api_says_so() {
    let said = |status: u16, message: &str| format!("{{\"code\":{status},\"message\":\"{message}\"}}\n");
    for ask in every() {
        let of_sessions = matches!(ask, Ask::ListSessions(_) | Ask::DeleteSession(..));
        let creates = matches!(ask, Ask::CreateUser(_) | Ask::CreateSession(..));
        let (missing, wrong_address) = (Some(Code::NotFound), Some(Code::ResponseInvalid));
        let is_new = ask == every()[1];
        let rows = [
            (401, said(401, "Unauthorized"), Some(Code::Unauthorized)),
            (403, said(403, "Forbidden"), Some(Code::Forbidden)),
            (404, said(404, "user not found"), if is_new { wrong_address } else { missing }),
            // An unknown route says so too; only where sessions are listed or ended a missing user does.
            (404, said(404, "Not Found"), if of_sessions { missing } else { wrong_address }),
            (404, said(404, "tenant not found"), wrong_address),
            (404, "<html>".to_owned(), wrong_address),
            (404, String::new(), wrong_address),
            (400, said(400, "invalid tenant ID format"), wrong_address),
            (400, said(400, "something"), Some(if creates { Code::ArgumentInvalid } else { Code::ResponseInvalid })),
            (400, "<html>".to_owned(), wrong_address),
            (415, said(415, "Unsupported Media Type"), wrong_address),
            (302, String::new(), Some(Code::RedirectBlocked)),
            (0, String::new(), Some(Code::RedirectBlocked)),
            (429, String::new(), Some(Code::RateLimited)),
            (500, said(500, "Internal Server Error"), Some(Code::ServerError)),
            (502, "<html>".to_owned(), Some(if ask.writes() { Code::OutcomeUnknown } else { Code::ServerError })),
            (201, "{}".to_owned(), Some(if ask.writes() { Code::OutcomeUnknown } else { Code::ResponseInvalid })),
        ];
        for (status, body, expected) in rows {
            assert_eq!(code(&ask, status, &body), expected, "{ask:?} {status} {body}");
        }
    }
}

#[test]
fn what_is_no_answer_of_its_route_is_response_invalid_and_of_a_change_outcome_unknown() {
    let user = json!({ "id": ID, "created_at": "c", "updated_at": "u" });
    let other = user.to_string().replace(ID, SESSION);
    let session = json!({
        "id": SESSION, "user_id": ID, "created_at": "c", "updated_at": "u", "expires_at": "e", "last_used": "l",
        "user_agent": null, "ip_address": "203.0.113.7"
    });
    assert_eq!(code(&ask("getUser", ""), 200, &user.to_string()), None);
    assert_eq!(code(&ask("getUser", ""), 200, &other), Some(Code::ResponseInvalid), "somebody else");
    assert_eq!(code(&ask("createUser", "{}"), 200, &other), None);
    let list = ask("listSessions", "");
    let shown = list.parse_answer(&answer(200, &json!([session]).to_string())).expect("a list");
    assert_eq!(parsed(&shown), without_nulls(json!([session])));
    assert_eq!(session_ids(&shown), [SESSION]);
    for id in ["../x", "", "4F3C2E1A-9B7D-4C55-8A10-6D2F0E9B1C34"] {
        let nameless = session.to_string().replace(SESSION, id);
        assert_eq!(code(&list, 200, &format!("[{nameless}]")), Some(Code::ResponseInvalid), "no session to end: {id}");
    }
    let elses = session.to_string().replace(ID, SESSION);
    assert_eq!(code(&list, 200, &format!("[{elses}]")), Some(Code::ResponseInvalid), "somebody else's session");
    for body in
        ["", "<html>", "null", "[]", "{}", "{\"id\":", "[7]", "{\"session_token\":\"x\"}", "{\"session_token\":7}"]
    {
        for ask in every().iter().filter(|ask| !matches!(ask, Ask::DeleteUser(_) | Ask::DeleteSession(..))) {
            let empty_list = body == "[]" && matches!(ask, Ask::ListSessions(_));
            let no_kinds = body == "{}" && matches!(ask, Ask::GetMetadata(_) | Ask::PatchMetadata(..));
            let expected = if ask.writes() { Code::OutcomeUnknown } else { Code::ResponseInvalid };
            assert_eq!(code(ask, 200, body), (!empty_list && !no_kinds).then_some(expected), "{ask:?} {body}");
            assert_eq!(code(ask, 202, body), Some(expected), "{ask:?} {body}");
        }
    }
    for name in ["deleteUser", "deleteSession"] {
        assert_eq!(code(&ask(name, SESSION), 204, ""), None);
        assert_eq!(code(&ask(name, SESSION), 200, "{}"), Some(Code::OutcomeUnknown));
    }
}

#[test]
fn metadata_of_any_depth_and_number_is_read() {
    let deep = format!("{{\"a\":{}1e400{}}}", "[".repeat(1400), "]".repeat(1400));
    let body = format!("{{\"private_metadata\":{deep}}}");
    for name in ["getMetadata", "patchMetadata"] {
        let read = ask(name, "null").parse_answer(&answer(200, &body)).expect("metadata");
        assert_eq!(read, format!("{{\"public_metadata\":{{}},\"private_metadata\":{deep},\"unsafe_metadata\":{{}}}}"));
    }
    let user = format!("{{\"id\":\"{ID}\",\"created_at\":\"c\",\"updated_at\":\"u\",\"metadata\":{body}}}");
    assert!(ask("getUser", "").parse_answer(&answer(200, &user)).is_ok_and(|user| user.contains(&deep)));
}

#[test]
fn a_token_of_somebody_else_is_not_believed() {
    // {"sub": …, "session_id": …} in base64url, under a header that nobody verifies here.
    let token = |user: &str| {
        let payload = format!("{{\"sub\":\"{user}\",\"session_id\":\"{SESSION}\"}}");
        format!("eyJhbGciOiJSUzI1NiJ9.{}.AAAA", base64url(payload.as_bytes()))
    };
    let create = ask("createSession", "{}");
    let body = |user: &str| json!({ "session_token": token(user) }).to_string();
    assert_eq!(create.parse_answer(&answer(200, &body(ID))).map(|read| parsed(&read)), Ok(parsed(&body(ID))));
    assert_eq!(code(&create, 200, &body(SESSION)), Some(Code::OutcomeUnknown));
    let bent = body(SESSION).replace(".AAAA", ".AAAAA");
    assert_eq!(code(&create, 200, &bent), Some(Code::OutcomeUnknown), "no token, whoever its claims name");
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let six = |bits: &[u8]| (0..6).fold(0, |sum, at| sum << 1 | bits.get(at).copied().unwrap_or_default());
    bits.chunks(6).map(|bits| char::from(DIGITS[usize::from(six(bits))])).collect()
}

#[test]
fn a_lost_patch_was_applied_where_all_that_it_names_has_its_value() {
    let stored = |public: &str, private: &str| {
        format!("{{\"public_metadata\":{public},\"private_metadata\":{private},\"unsafe_metadata\":{{}}}}")
    };
    let settled = |patch: &str, stored: String| ask("patchMetadata", patch).settle(stored, unknown()).is_ok();
    for (patch, public, private, applied) in [
        ("{\"public_metadata\":{\"a\":1}}", "{\"b\":2,\"a\":1.0}", "{\"c\":3}", true),
        ("{\"public_metadata\":{\"a\":1}}", "{\"b\":2,\"a\":2}", "{}", false),
        ("{\"public_metadata\":{\"a\":1}}", "{}", "{\"a\":1}", false),
        ("{\"public_metadata\":{\"a\":null}}", "{\"b\":2}", "{}", true),
        ("{\"public_metadata\":{\"a\":null}}", "{\"a\":2}", "{}", false),
        ("{\"public_metadata\":{\"a\":1},\"private_metadata\":{\"a\":1}}", "{\"a\":1}", "{}", false),
        ("{\"public_metadata\":{\"a\":1},\"private_metadata\":null}", "{\"a\":1}", "{}", true),
        ("{\"public_metadata\":{\"a\":1},\"private_metadata\":null}", "{\"a\":1}", "{\"a\":1}", false),
        ("null", "{}", "{}", true),
        ("null", "{}", "{\"a\":1}", false),
        ("{}", "{\"a\":1}", "{}", true),
    ] {
        assert_eq!(settled(patch, stored(public, private)), applied, "{patch}: {public} {private}");
    }
    let error = ask("patchMetadata", "{\"public_metadata\":{\"a\":1}}").settle(stored("{}", "{}"), unknown());
    assert_eq!(error.map_err(|error| error.code()), Err(Code::OutcomeUnknown));
    assert!(ask("deleteUser", "").settle(stored("{}", "{}"), unknown()).is_err(), "nothing else is settled by reading");
}
