//! Signing out: the recorded answers of `/logout`, and the cookie that deletes the session cookie, as Hanko writes it.
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
mod options;

use exchanges::{exchanges, exchanges_of_head, Exchange, VERSIONS};
use hanko_edge::error::Code;
use hanko_edge::http::{Credentials, Method, Response};
use hanko_edge::logout::{deletion_cookie, parse, request, Answer};
use options::options;
use serde_json::{json, Value};

const TOPICS: [&str; 4] = ["cookies", "errors", "idle", "outage"];

/// Scenarios whose server has other flags than a default one: `deletionCookie` has no option for them.
const OTHER_FLAGS: [(&str, &str); 3] = [
    ("cookies#login-cookie-options", "sid=; Path=/; Domain=example.com; Max-Age=0; SameSite=Lax"),
    ("cookies#login-samesite-none", "hanko=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=None"),
    ("cookies#login-samesite-empty", "hanko=; Path=/; Max-Age=0; HttpOnly; Secure"),
];

fn recorded() -> impl Iterator<Item = Exchange> {
    let releases = VERSIONS.iter().flat_map(|version| exchanges(version, &TOPICS));
    releases.chain(exchanges_of_head(&TOPICS))
}

#[test]
fn every_recorded_answer_of_logout_is_read_as_it_was_meant() {
    let (mut ended, mut refused, mut failed) = (0, 0, 0);
    for exchange in recorded().filter(|exchange| exchange.route().is_some_and(|(_, path)| path == "/logout")) {
        let read = parse(&exchange.response());
        let count = match (exchange.status(), &read) {
            (204, Ok(Answer::Ended)) => &mut ended,
            (401, Ok(Answer::Refused)) => &mut refused,
            (404 | 415, Err(error)) if error.code() == Code::ResponseInvalid => &mut failed,
            _ => panic!("{exchange}: {} is {read:?}", exchange.status()),
        };
        *count += 1;
    }
    println!("{ended} ended, {refused} refused, {failed} failed");
    assert!(ended >= 28 && refused >= 20 && failed >= 6, "answers are missing");
}

#[test]
fn the_deletion_cookie_is_the_one_that_hanko_writes() {
    let (mut same, mut other) = (0, 0);
    for exchange in recorded() {
        let Some(cookie) = exchange.header("set-cookie").filter(|cookie| cookie.contains("=; Path")) else { continue };
        let name = cookie.split('=').next().expect("a name");
        match OTHER_FLAGS.iter().find(|(scenario, _)| *scenario == exchange.name) {
            Some((_, flags)) => {
                other += 1;
                assert_eq!(cookie, *flags, "{exchange}");
            }
            None => {
                same += 1;
                assert_eq!(told(&json!({ "cookieName": name })).as_deref(), Ok(cookie), "{exchange}");
            }
        }
    }
    println!("{same} the same, {other} of other flags");
    assert!(same >= 36 && other >= 6, "cookies are missing");
    let domain = told(&json!({ "cookieName": "sid", "domain": "example.com" }));
    assert_eq!(domain, cookie("sid", "; Domain=example.com"));
}

#[test]
fn a_request_holds_the_token_or_asks_for_the_cookie() {
    let by_token = request(Some("t"));
    assert_eq!((by_token.method, &*by_token.path, by_token.body.is_none()), (Method::Post, "/logout", true));
    assert!(by_token.credentials == Credentials::Bearer("t".to_owned()));
    assert!(request(None).credentials == Credentials::Include);
    for status in (0..=599).filter(|status| ![204, 401].contains(status)) {
        let response = Response { status, ..Response::default() };
        assert_eq!(parse(&response), Err(response.refused()), "{status}");
    }
}

/// The cookie, or the message of `config_invalid`.
fn told(given: &Value) -> Result<String, String> {
    deletion_cookie(&options(given)).map_err(|error| {
        assert_eq!(error.code(), Code::ConfigInvalid);
        error.message().to_owned()
    })
}

fn cookie(name: &str, domain: &str) -> Result<String, String> {
    Ok(format!("{name}=; Path=/{domain}; Max-Age=0; HttpOnly; Secure; SameSite=Strict"))
}

#[test]
fn a_domain_is_the_name_of_a_host() {
    let with = |domain: &str| told(&json!({ "domain": domain }));
    let long = format!("{}.example.com", "a".repeat(63));
    for domain in ["example.com", "EXAMPLE.com", "localhost", "127.0.0.1", "xn--bcher-kva.example", "a-b.c", &long] {
        assert_eq!(with(domain), cookie("hanko", &format!("; Domain={domain}")));
    }
    assert_eq!(with(".example.com"), with("example.com"), "as Go writes it");
    let (label, name) = (format!("{}.com", "a".repeat(64)), "a.".repeat(127) + "aa");
    for domain in [
        "",
        ".",
        "..",
        "..a",
        "a..b",
        "a.",
        "-a.b",
        "a-.b",
        "a b",
        "a;b",
        "a,b",
        "a=b",
        "a_b",
        "a/b",
        "a:1",
        "b\u{fc}cher.example",
        "example.com; Path=/x",
        "example.com\r\nset-cookie: x=y",
        "example.com\n",
        "\texample.com",
        "a\0",
        "[::1]",
        "*",
        &label,
        &name,
    ] {
        let message = with(domain).expect_err(domain);
        assert!(message.contains("option domain ") && (domain.len() < 3 || !message.contains(domain)), "{message}");
    }
    for wrong in [json!(1), json!(null), json!(true), json!(["example.com"]), json!({})] {
        assert!(told(&json!({ "domain": wrong })).is_err(), "{wrong}");
    }
}

#[test]
fn a_name_is_a_cookies_name_and_host_cookies_have_no_domain() {
    assert_eq!(told(&json!({})), cookie("hanko", ""));
    assert_eq!(told(&json!({ "cookieName": "__Host-hanko" })), cookie("__Host-hanko", ""));
    for name in ["__Host-hanko", "__host-x"] {
        assert!(
            told(&json!({ "cookieName": name, "domain": "example.com" })).is_err_and(|told| told.contains("domain"))
        );
    }
    assert!(told(&json!({ "cookieName": "__Secure-x", "domain": "example.com" })).is_ok());
    for name in [json!("a;b"), json!("a\r\nx: y"), json!("a=b"), json!(""), json!(" a"), json!(1), json!("\u{fc}")] {
        assert!(told(&json!({ "cookieName": name })).is_err_and(|told| told.contains("option cookieName ")), "{name}");
    }
    assert!(told(&json!({ "path": "/" })).is_err_and(|told| told.contains("path")));
}
