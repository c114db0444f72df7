//! Where a request carries its token: every row of `vectors/attack-tokens/extraction_cases.json`, and what no row says.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod data;

use data::{list, text, vectors};
use hanko_edge::carrier;
use hanko_edge::config::MAX_TOKEN_LENGTH;
use serde_json::Value;

#[test]
fn every_extraction_case_is_read_as_expected() {
    let file = vectors("attack-tokens/extraction_cases.json");
    let cases = list(&file);
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert_eq!(cases.len(), 49);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is wrong with the answer to a case.
fn wrong(case: &Value) -> Option<String> {
    let headers = list(&case["headers"]);
    let (authorization, cookie) = (joined(headers, "authorization", ", "), joined(headers, "cookie", "; "));
    let expect = &case["expect"];
    let said = read(authorization.as_deref(), cookie.as_deref(), text(case, "cookieName"));
    let right = match &said {
        Ok((source, token)) => expect["source"] == *source && expect["token"] == token.as_str(),
        Err(code) => expect["code"] == *code || list_or_none(expect, "alsoOk").iter().any(|also| also == *code),
    };
    (!right).then(|| format!("{}: {said:?}", text(case, "desc")))
}

/// Header names have no case; lines of one name are joined as `Headers` (Fetch) and HTTP/2 (RFC 9113 section 8.2.3) do.
fn joined(headers: &[Value], name: &str, separator: &str) -> Option<String> {
    let named = headers.iter().filter(|header| header[0].as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)));
    let values: Vec<&str> = named.map(|header| header[1].as_str().expect("a value")).collect();
    (!values.is_empty()).then(|| values.join(separator))
}

fn list_or_none<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn read(authorization: Option<&str>, cookie: Option<&str>, name: &str) -> Result<(&'static str, String), &'static str> {
    match carrier::read(authorization, cookie, name, MAX_TOKEN_LENGTH) {
        Ok((token, source)) => Ok((source.as_str(), token)),
        Err(error) => Err(error.code().as_str()),
    }
}

#[test]
fn only_the_first_twenty_cookies_of_the_name_are_looked_at() {
    let cookies = |first: usize| format!("{}other=1; hanko=Yg.Yg.Yg", "hanko=YQ.YQ.YQ; ".repeat(first));
    assert_eq!(read(None, Some(&cookies(19)), "hanko"), Err("token_ambiguous"));
    assert_eq!(read(None, Some(&cookies(20)), "hanko"), Ok(("cookie", "YQ.YQ.YQ".to_owned())));
}

#[test]
fn different_cookies_are_found_once_each_and_in_order() {
    let header = "hanko=b.b.b; hanko=a.a.a; hanko=\"b.b.b\"; hanko=";
    let found = carrier::find(Some("Basic YTpi"), Some(header), "hanko").map(|carried| carried.tokens);
    assert_eq!(found, Ok(vec!["b.b.b".to_owned(), "a.a.a".to_owned()]));
}

#[test]
fn a_token_longer_than_the_limit_is_too_large_before_it_is_looked_at() {
    let long = "a".repeat(MAX_TOKEN_LENGTH + 1);
    assert_eq!(read(Some(&format!("Bearer {long}")), None, "hanko"), Err("token_too_large"));
    assert_eq!(read(None, Some(&format!("hanko={long}")), "hanko"), Err("token_too_large"));
    let longest = format!("{}.a.a", "a".repeat(MAX_TOKEN_LENGTH - 4));
    assert_eq!(read(Some(&format!("Bearer {longest}")), None, "hanko"), Ok(("authorization", longest)));
}
