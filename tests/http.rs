//! What an answer means that is not the expected one, and how long to wait.
#![cfg(not(target_family = "wasm"))]

use hanko_edge::error::Code;
use hanko_edge::http::{age, retry_after, Credentials, Method, Request, Response};

#[test]
fn no_status_is_a_denial() {
    for status in (0..=999).filter(|status| *status != 200) {
        let code = match status {
            0 | 300..=399 => Code::RedirectBlocked,
            429 => Code::RateLimited,
            500..=599 => Code::ServerError,
            _ => Code::ResponseInvalid,
        };
        let error = Response { status, retry_after: Some(3), ..Response::default() }.refused();
        assert_eq!((error.code(), error.retry_after), (code, Some(3)), "{status}");
        assert_eq!(error.status, (status != 0).then_some(status), "an opaque redirect has no status");
    }
}

/// 2026-11-21T05:32:25.500Z.
const NOW: i64 = 1_795_239_145_500;

/// The one date that the table knows: 120 seconds after 05:32:25.
fn date(text: &str) -> Option<i64> {
    (text == "Sat, 21 Nov 2026 05:34:25 GMT").then_some(1_795_239_265_000)
}

#[test]
fn age_is_the_first_number() {
    let rows = [
        ("0", Some(0)),
        (" 17 ", Some(17)),
        ("600, 0", Some(600)),
        ("4294967296", Some(u32::MAX)),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("x, 5", None),
    ];
    for (value, seconds) in rows {
        assert_eq!(age(value), seconds, "{value:?}");
    }
}

#[test]
fn retry_after_is_a_number_of_seconds_or_a_date() {
    for (value, seconds) in [
        ("0", Some(0)),
        ("5", Some(5)),
        (" 5\t", Some(5)),
        ("007", Some(7)),
        ("86400", Some(86_400)),
        ("86401", Some(86_400)),
        ("1000000000", Some(86_400)),
        ("99999999999999999999", Some(86_400)),
        ("Sat, 21 Nov 2026 05:34:25 GMT", Some(120)),
        ("", None),
        (" ", None),
        ("-1", None),
        ("+5", None),
        ("1.5", None),
        ("1e9", None),
        ("5 s", None),
        ("5, 6", None),
        ("\u{665}", None),
        ("soon", None),
        ("soon GMT", None),
        ("2026-11-21T05:34:25Z", None),
    ] {
        assert_eq!(retry_after(value, date, NOW), seconds, "{value:?}");
    }
}

#[test]
fn a_date_that_has_passed_is_now_and_a_distant_one_is_a_day() {
    let at = |at: i64| retry_after("x GMT", |_| Some(at), NOW);
    assert_eq!(at(NOW), Some(0));
    assert_eq!(at(0), Some(0));
    assert_eq!(at(i64::MIN), Some(0));
    assert_eq!(at(NOW.saturating_add(1)), Some(1));
    assert_eq!(at(i64::MAX), Some(86_400));
}

#[test]
fn a_request_sends_no_cookies_unless_it_is_by_cookie() {
    let get = Request::get("/me", 10);
    assert_eq!((get.method, &*get.path, get.body.as_deref(), get.max_bytes), (Method::Get, "/me", None, 10));
    assert!(get.credentials == Credentials::Omit && !get.past_caches);
    assert!(get.clone().by(Some("t")).credentials == Credentials::Bearer("t".to_owned()));
    assert!(get.clone().by(None).credentials == Credentials::Include);
    assert_eq!(format!("{:?}", get.clone().by(Some("secret"))), "Request(Get ..)");
    assert_eq!(get.clone().by_cookie(), Request { credentials: Credentials::Include, ..get.clone() });
    assert_eq!(get.clone().past_caches(), Request { past_caches: true, ..get.clone() });
    let post = Request::post("/me", "{}".to_owned(), 10);
    assert_eq!(post, Request { method: Method::Post, body: Some("{}".to_owned()), ..get });
}
