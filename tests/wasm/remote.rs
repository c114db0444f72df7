//! What Hanko says of a session, in real browsers: a yes, a no that is confirmed, and an outage.

use crate::answers::{code, good, keys, user_id, KEYS};
use crate::face::{Client, Fetch};
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

const VALIDATE: &str = "/sessions/validate";

/// Yes, with custom claims that take names of Hanko's own.
fn yes(user_id: &str) -> Value {
    let claims = json!({ "subject": "x", "role": "admin", "__proto__": { "isAdmin": true } });
    let body = json!({
        "is_valid": true, "user_id": user_id, "expiration_time": "2036-01-01T00:00:00Z", "claims": claims
    });
    json!({ "status": 200, "body": body.to_string() })
}

fn no() -> Value {
    json!({ "status": 200, "body": "{\"is_valid\":false}\n" })
}

fn down() -> Value {
    json!({ "status": 500, "body": "{\"code\":500,\"message\":\"Internal Server Error\"}\n" })
}

#[wasm_bindgen_test]
async fn in_remote_mode_hanko_is_asked_about_the_token() {
    let token = good();
    let fetch = Fetch::new(&json!({ KEYS: [keys()], VALIDATE: [yes(&user_id(&token))] }));
    let told = Client::new("remote", "remote").authenticate(&fetch, Some(&format!("Bearer {token}")), None).await;
    assert_eq!((&told["status"], &told["verifiedBy"]), (&json!("signed-in"), &json!("remote")), "{told}");
    assert_eq!(told["claims"]["subject"], json!(user_id(&token)), "the claims are the token's, not the answer's");
    let sent = fetch.sent().await;
    assert_eq!(sent.len(), 2);
    assert_eq!((&sent[1]["method"], &sent[1]["type"]), (&json!("POST"), &json!("application/json")));
    assert_eq!((&sent[1]["credentials"], &sent[1]["redirect"]), (&json!("omit"), &json!("manual")));
    assert_eq!(sent[1]["body"], json!({ "session_token": token }).to_string());
}

#[wasm_bindgen_test]
async fn a_no_counts_when_the_key_document_and_a_second_no_bear_it_out() {
    let token = good();
    let (good, other) = (yes(&user_id(&token)), yes("9b7d4c55-1a2b-4c3d-8e4f-5a6b7c8d9e0f"));
    let html = json!({ "status": 200, "body": "<html>" });
    for (name, documents, answers, status, expected, requests) in [
        ("ended", vec![keys()], vec![no()], "signed-out", Some("session_ended"), 4),
        ("came-back", vec![keys()], vec![no(), good], "signed-in", None, 4),
        ("down", vec![keys(), down()], vec![no()], "unavailable", Some("server_error"), 3),
        ("no-keys", vec![keys(), html.clone()], vec![no()], "unavailable", Some("server_error"), 3),
        ("down-then", vec![keys()], vec![no(), down()], "unavailable", Some("server_error"), 4),
        ("down-at-once", vec![keys()], vec![down()], "unavailable", Some("server_error"), 2),
        ("another", vec![keys()], vec![other], "unavailable", Some("response_invalid"), 2),
        ("html", vec![keys()], vec![html], "unavailable", Some("response_invalid"), 2),
    ] {
        let fetch = Fetch::new(&json!({ KEYS: documents, VALIDATE: answers }));
        let client = Client::new(&format!("no-{name}"), "remote");
        let told = client.authenticate(&fetch, Some(&format!("Bearer {token}")), None).await;
        assert_eq!((&told["status"], told["code"].as_str()), (&json!(status), expected), "{name}: {told}");
        assert_eq!(fetch.sent().await.len(), requests, "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_good_cookie_is_found_beside_a_bad_one() {
    let token = good();
    let fetch = Fetch::new(&json!({ KEYS: [keys()], VALIDATE: [yes(&user_id(&token))] }));
    let told =
        Client::new("cookies", "remote").authenticate(&fetch, None, Some(&format!("hanko=a.b.c; hanko={token}"))).await;
    assert_eq!(
        (&told["status"], &told["source"], &told["token"]),
        (&json!("signed-in"), &json!("cookie"), &json!(token))
    );
    assert_eq!(fetch.sent().await.len(), 2, "the bad one costs nothing");
}

#[wasm_bindgen_test]
async fn validate_tells_yes_and_a_confirmed_no() {
    let token = good();
    let fetch = Fetch::new(&json!({ VALIDATE: [yes(&user_id(&token))] }));
    let told = Client::new("validate-yes", "local").validate(&fetch, Some(&token)).await;
    assert_eq!((&told["ok"]["is_valid"], &told["ok"]["user_id"]), (&json!(true), &json!(user_id(&token))), "{told}");
    assert_eq!(told["ok"]["claims"]["subject"], json!(user_id(&token)));
    let no_to_a_good_one = Fetch::new(&json!({ KEYS: [keys()], VALIDATE: [no()] }));
    let told = Client::new("validate-no", "local").validate(&no_to_a_good_one, Some(&token)).await;
    assert_eq!(told["ok"], json!({ "is_valid": false }), "{told}");
    assert_eq!(no_to_a_good_one.sent().await.len(), 4, "asked, keys, keys again, asked again");
    let no_to_garbage = Fetch::new(&json!({ VALIDATE: [no()] }));
    let told = Client::new("validate-garbage", "local").validate(&no_to_garbage, Some("x")).await;
    assert_eq!((&told["ok"], no_to_garbage.sent().await.len()), (&json!({ "is_valid": false }), 1), "{told}");
    let no_of_an_outage = Fetch::new(&json!({ KEYS: [down()], VALIDATE: [no()] }));
    let told = Client::new("validate-down", "local").validate(&no_of_an_outage, Some(&token)).await;
    assert_eq!(code(&told), "server_error", "{told}");
}

#[wasm_bindgen_test]
async fn validate_by_cookie_sends_the_cookie_and_checks_a_first_no() {
    let user_id = user_id(&good());
    let client = Client::new("by-cookie", "local");
    let fetch = Fetch::new(&json!({ VALIDATE: [yes(&user_id)] }));
    let told = client.validate(&fetch, None).await;
    let claims = json!({
        "subject": user_id, "expiration": "2036-01-01T00:00:00Z", "role": "admin", "__proto__": { "isAdmin": true }
    });
    assert_eq!((&told["ok"]["is_valid"], &told["ok"]["claims"]), (&json!(true), &claims), "{told}");
    let sent = fetch.sent().await;
    assert_eq!((&sent[0]["method"], &sent[0]["credentials"]), (&json!("GET"), &json!("include")));
    let outage = Fetch::new(&json!({ KEYS: [down()], VALIDATE: [no()] }));
    assert_eq!(code(&client.validate(&outage, None).await), "server_error");
    let up = Fetch::new(&json!({ KEYS: [keys()], VALIDATE: [no()] }));
    assert_eq!(client.validate(&up, None).await["ok"], json!({ "is_valid": false }));
}
