//! The published keys and the signature, in real browsers: every attack token, and whatever a `fetch` may do.

use crate::answers::{attack_tokens, code, good, keys, KEYS};
use crate::face::{Client, Fetch};
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

fn with_keys() -> Fetch {
    Fetch::new(&json!({ KEYS: [keys()] }))
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[wasm_bindgen_test]
async fn every_attack_token_is_answered_as_natively() {
    let file = attack_tokens();
    let shared = Client::new("attack", "local");
    let (mut valid, mut refused) = (0, 0);
    for case in file["cases"].as_array().expect("cases") {
        let keys = case.get("jwks").unwrap_or_else(|| &file["jwks"]);
        let own = case.get("jwks").map(|_| Client::new(&format!("attack-{}", valid + refused), "local"));
        let fetch = Fetch::new(&json!({ KEYS: [{ "status": 200, "body": keys.to_string() }] }));
        let told = own.as_ref().unwrap_or(&shared).verify(&fetch, case["token"].as_str().expect("a token")).await;
        assert!(is_expected(&case["expect"], &told), "{}: {told}", case["id"]);
        match told.get("ok") {
            Some(_) => valid += 1,
            None => refused += 1,
        }
    }
    assert!(valid >= 19 && refused >= 314 && valid + refused == 336, "{valid} valid, {refused} refused");
}

fn is_expected(expect: &Value, told: &Value) -> bool {
    let code = &told["error"]["code"];
    match expect["outcome"].as_str() {
        Some("valid") => told.get("ok").is_some(),
        Some("invalid") => {
            *code == expect["code"] || expect["alsoOk"].as_array().is_some_and(|also| also.contains(code))
        }
        _ => told.get("ok").map_or(*code == expect["code"], |session| session["claims"].get("isAdmin").is_none()),
    }
}

#[wasm_bindgen_test]
async fn a_good_token_is_signed_in_with_one_request_for_the_keys() {
    let (client, fetch, token) = (Client::new("good", "local"), with_keys(), good());
    let told = client.authenticate(&fetch, Some(&bearer(&token)), None).await;
    assert_eq!((&told["status"], &told["source"]), (&json!("signed-in"), &json!("authorization")), "{told}");
    assert_eq!((&told["verifiedBy"], &told["stale"]), (&json!("local"), &json!(false)));
    assert!(told.get("token").is_none(), "the facade has it: it crosses back from a cookie only");
    assert_eq!((&told["userId"], &told["expiresAt"]), (&told["claims"]["subject"], &json!(1_760_003_600_000_i64)));
    let sent = fetch.sent().await;
    assert_eq!(sent.len(), 1);
    assert_eq!((&sent[0]["method"], &sent[0]["url"]), (&json!("GET"), &json!(format!("https://good.example{KEYS}"))));
    assert_eq!((&sent[0]["credentials"], &sent[0]["cache"]), (&json!("omit"), &json!("no-store")));
    assert_eq!((&sent[0]["redirect"], &sent[0]["id"]), (&json!("manual"), &Value::Null));
    let again = Fetch::new(&json!({}));
    let told = client.authenticate(&again, None, Some(&format!("hanko={token}"))).await;
    assert_eq!((&told["status"], &told["source"]), (&json!("signed-in"), &json!("cookie")), "{told}");
    assert!(again.sent().await.is_empty(), "the keys are known");
}

#[wasm_bindgen_test]
async fn an_invalid_signature_is_signed_out_without_asking() {
    let file = attack_tokens();
    let cases = file["cases"].as_array().expect("cases").iter();
    let forged: Vec<&str> = cases
        .filter(|case| case["expect"]["code"] == "signature_invalid")
        .filter_map(|case| case["token"].as_str())
        .collect();
    assert!(forged.len() >= 40);
    let client = Client::new("forged", "remote");
    for (at, token) in forged.into_iter().enumerate() {
        let fetch = with_keys();
        let told = client.authenticate(&fetch, Some(&bearer(token)), None).await;
        assert_eq!(told["status"], "signed-out", "{told}");
        assert_eq!(fetch.sent().await.len(), usize::from(at == 0), "a forgery costs no request but that for the keys");
    }
}

#[wasm_bindgen_test]
async fn no_token_is_signed_out_without_a_request() {
    let fetch = with_keys();
    let told = Client::new("nobody", "remote").authenticate(&fetch, Some("Basic YTpi"), Some("a=b")).await;
    assert_eq!((&told["status"], code(&told)), (&json!("signed-out"), "token_missing"));
    assert!(fetch.sent().await.is_empty());
}

#[wasm_bindgen_test]
async fn whatever_fetch_does_is_an_outage_with_its_code() {
    for (does, expected, cancelled) in [
        ("throwText", "keys_unavailable", 0.0),
        ("throwError", "keys_unavailable", 0.0),
        ("rejectText", "keys_unavailable", 0.0),
        ("rejectUndefined", "keys_unavailable", 0.0),
        ("rejectNull", "keys_unavailable", 0.0),
        ("throwingThenable", "keys_unavailable", 0.0),
        ("bodyThatFails", "keys_unavailable", 0.0),
        ("returnUndefined", "response_invalid", 0.0),
        ("returnNumber", "response_invalid", 0.0),
        ("resolveNull", "response_invalid", 0.0),
        ("resolveEmpty", "response_invalid", 0.0),
        ("throwingStatus", "response_invalid", 0.0),
        ("noHeaders", "keys_invalid", 0.0),
        ("bodyOfText", "response_invalid", 0.0),
        ("opaqueRedirect", "redirect_blocked", 0.0),
        ("flood", "response_too_large", 1.0),
        ("hang", "request_timeout", 0.0),
        ("endless", "request_timeout", 1.0),
    ] {
        let fetch = Fetch::within(&json!({ KEYS: [{ "does": does }] }), 500);
        let client = Client::new(&format!("hostile-{}", does.to_lowercase()), "local");
        let told = client.authenticate(&fetch, Some(&bearer(&good())), None).await;
        assert_eq!((&told["status"], code(&told)), (&json!("unavailable"), expected), "{does}: {told}");
        assert_eq!(fetch.cancelled(), Some(cancelled), "{does}");
        let healed = client.authenticate(&with_keys(), Some(&bearer(&good())), None).await;
        assert_eq!(healed["status"], "signed-in", "{does}, then well: {healed}");
    }
}

#[wasm_bindgen_test]
async fn what_is_no_key_document_is_an_outage_with_its_code() {
    for (name, answer, expected, requests) in [
        ("html", json!({ "status": 200, "body": "<!doctype html>" }), "keys_invalid", 1),
        ("empty", json!({ "status": 200, "body": "" }), "keys_invalid", 1),
        ("none", json!({ "status": 200, "body": "{\"keys\":[]}" }), "keys_invalid", 1),
        ("404", json!({ "status": 404, "body": "{}" }), "response_invalid", 1),
        ("401", json!({ "status": 401, "body": "{}" }), "response_invalid", 1),
        ("302", json!({ "status": 302, "headers": { "location": "https://evil.example" } }), "redirect_blocked", 1),
        ("500", json!({ "status": 500, "body": "{}" }), "keys_unavailable", 2),
        ("429", json!({ "status": 429, "headers": { "retry-after": "7" } }), "keys_unavailable", 2),
    ] {
        let fetch = Fetch::new(&json!({ KEYS: [answer] }));
        let client = Client::new(&format!("document-{name}"), "local");
        let told = client.authenticate(&fetch, Some(&bearer(&good())), None).await;
        assert_eq!((&told["status"], code(&told)), (&json!("unavailable"), expected), "{name}: {told}");
        assert_eq!(told.get("retryAfter"), (name == "429").then_some(&json!(7)), "{name}");
        assert_eq!(fetch.sent().await.len(), requests, "{name}");
    }
}

#[wasm_bindgen_test]
async fn keys_that_do_not_come_are_asked_for_once_more() {
    let fetch = Fetch::new(&json!({ KEYS: [{ "does": "rejectText" }, keys()] }));
    let told = Client::new("once-more", "local").verify(&fetch, &good()).await;
    assert!(told.get("ok").is_some(), "{told}");
    assert_eq!(fetch.sent().await.len(), 2);
}

#[wasm_bindgen_test]
async fn the_callers_abort_ends_a_call_that_nothing_else_would_end() {
    for does in ["hang", "endless"] {
        let fetch = Fetch::within(&json!({ KEYS: [{ "does": does }] }), 60_000);
        fetch.abort_soon();
        let told = Client::new(&format!("abort-{does}"), "local").verify(&fetch, &good()).await;
        assert_eq!((code(&told), fetch.sent().await.len()), ("request_aborted", 1), "{does}: {told}");
    }
    let fetch = with_keys();
    fetch.abort();
    assert_eq!(code(&Client::new("aborted", "local").verify(&fetch, &good()).await), "request_aborted");
    assert!(fetch.sent().await.is_empty(), "nothing is sent for a call that is over");
}

#[wasm_bindgen_test]
async fn reload_keys_fetches_and_tells_why_it_failed() {
    let client = Client::new("reload", "local");
    assert_eq!(client.reload_keys(&with_keys()).await, json!({ "ok": null }));
    let failing = Fetch::new(&json!({ KEYS: [{ "does": "rejectUndefined" }] }));
    assert_eq!(code(&client.reload_keys(&failing).await), "keys_unavailable");
    let told = client.verify(&Fetch::new(&json!({})), &good()).await;
    assert!(told.get("ok").is_some(), "a failed reload takes no keys away: {told}");
}
