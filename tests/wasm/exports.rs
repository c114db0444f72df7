//! What needs no server, in real browsers: options, `decodeToken`, `readToken`.

use crate::answers::{code, good};
use crate::face::{configure, object, Client, Fetch};
use hanko_edge::js;
use serde_json::{json, Value};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[wasm_bindgen_test]
fn equal_options_are_one_configuration() {
    let options = json!({ "apiUrl": "https://configure.example/" });
    assert_eq!(configure(&options), configure(&options));
    assert_ne!(configure(&options), configure(&json!({ "apiUrl": "https://configure.example/tenant" })));
    let inherited = "Object.create({ mode: 'wrong' }, { apiUrl: { value: 'https://a.example', enumerable: true } })";
    let told = read(&js::configure(js_sys::eval(inherited).expect("an object")));
    assert!(told.get("ok").is_some(), "inherited members are nobody's options: {told}");
    let undefined = js_sys::eval("({ apiUrl: 'https://a.example', mode: undefined })").expect("an object");
    assert_eq!(read(&js::configure(undefined)), told, "undefined is left out");
}

#[wasm_bindgen_test]
fn wrong_options_are_told_by_name() {
    for (options, name) in [
        ("({})", "apiUrl"),
        ("null", "options"),
        ("'https://a.example'", "options"),
        ("({ apiUrl: 'http://a.example' })", "apiUrl"),
        ("({ apiUrl: Symbol() })", "apiUrl"),
        ("({ get apiUrl() { throw 'a text' } })", "apiUrl"),
        ("({ apiUrl: 'https://a.example', timeout: 1 })", "timeout"),
        ("({ apiUrl: 'https://a.example', timeout: NaN })", "timeout"),
        ("({ apiUrl: 'https://a.example', mode: () => {} })", "mode"),
        ("({ apiUrl: 'https://a.example', Mode: 'local' })", "Mode"),
    ] {
        let told = read(&js::configure(js_sys::eval(options).expect("an object")));
        assert_eq!((code(&told), &told["error"]["kind"]), ("config_invalid", &json!("misuse")), "{options}: {told}");
        assert!(told["error"]["message"].as_str().is_some_and(|message| message.contains(name)), "{options}: {told}");
    }
}

#[wasm_bindgen_test]
async fn a_configuration_that_this_instance_does_not_know_is_the_empty_text() {
    assert!(Client::unknown().is_unknown(&Fetch::new(&json!({}))).await);
}

#[wasm_bindgen_test]
fn decode_needs_no_server() {
    let decoded = read(&js::decode(&good()));
    assert_eq!((&decoded["ok"]["header"]["alg"], &decoded["ok"]["header"]["typ"]), (&json!("RS256"), &json!("JWT")));
    assert_eq!(decoded["ok"]["payload"]["exp"], json!(1_760_003_600));
    assert_eq!(decoded["ok"]["claims"]["expiration"], "2025-10-09T09:53:20Z");
    let refused = read(&js::decode("a.b"));
    assert_eq!((code(&refused), &refused["error"]["kind"]), ("token_malformed", &json!("denied")));
}

#[wasm_bindgen_test]
fn read_token_needs_no_server() {
    let told = |authorization: Option<&str>, cookie: Option<&str>, options: Value| {
        read(&js::read_token(authorization.map(str::to_owned), cookie.map(str::to_owned), object(&options)))
    };
    let by_header = told(Some("Bearer a.b.c"), Some("hanko=d.e.f"), json!({}));
    assert_eq!(by_header["ok"], json!({ "token": "a.b.c", "source": "authorization" }));
    let by_cookie = told(None, Some("hanko=d.e.f; x=a.b.c"), json!({ "cookieName": "x" }));
    assert_eq!(by_cookie["ok"], json!({ "token": "a.b.c", "source": "cookie" }));
    assert_eq!(code(&told(None, Some("hanko=a.b.c; hanko=d.e.f"), json!({}))), "token_ambiguous");
    assert_eq!(code(&told(None, None, json!({}))), "token_missing");
    assert_eq!(code(&told(None, None, json!({ "cookieName": 1 }))), "config_invalid");
    assert_eq!(code(&read(&js::read_token(None, None, JsValue::UNDEFINED))), "config_invalid");
}
