//! The face as the facade drives it: one configuration, one call after another.

use hanko_edge::js::{self, Call};
use js_sys::{Promise, Reflect};
use serde_json::{json, Value};
use wasm_bindgen::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// `now` of `vectors/attack-tokens`, in milliseconds since 1970.
pub(crate) const NOW: f64 = 1_760_000_000_000.0;

#[wasm_bindgen(module = "/tests/wasm/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = "openCall")]
    fn open_call(plan: &str, timeout: u32) -> JsValue;
    fn sent(call: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = "setClock")]
    fn set_clock(milliseconds: f64);
}

/// One call with its own plan of answers.
pub(crate) struct Fetch(JsValue);

impl Fetch {
    /// Answers from a plan (`host.js`) within a second.
    pub(crate) fn new(plan: &Value) -> Self {
        Self::within(plan, 1000)
    }

    /// Answers from a plan, with a deadline in milliseconds.
    pub(crate) fn within(plan: &Value, timeout: u32) -> Self {
        set_clock(NOW);
        Self(open_call(&plan.to_string(), timeout))
    }

    /// Ends the call as the caller's signal would.
    pub(crate) fn abort(&self) {
        self.run("abort");
    }

    /// The same, a little later.
    pub(crate) fn abort_soon(&self) {
        self.run("abortSoon");
    }

    /// What was sent.
    pub(crate) async fn sent(&self) -> Vec<Value> {
        let text = JsFuture::from(sent(&self.0)).await.expect("requests").as_string().expect("text");
        serde_json::from_str(&text).expect("JSON")
    }

    /// How many bodies were cancelled.
    pub(crate) fn cancelled(&self) -> Option<f64> {
        Reflect::get(&self.0, &"cancelled".into()).expect("a count").as_f64()
    }

    fn call(&self) -> Call {
        self.0.clone().unchecked_into()
    }

    fn run(&self, name: &str) {
        let function = Reflect::get(&self.0, &name.into()).expect("a function");
        function.unchecked_into::<js_sys::Function>().call0(&self.0).expect("a call");
    }

    async fn settled(&self, promise: Promise) -> Value {
        let text = JsFuture::from(promise).await.expect("no export rejects").as_string().expect("text");
        self.run("close");
        assert_eq!(js::polled(), 0, "no future is being polled between two calls");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

/// A client, remembered by its number.
pub(crate) struct Client(u32);

impl Client {
    /// A client of an address of its own, which shares no keys with another.
    pub(crate) fn new(name: &str, mode: &str) -> Self {
        Self::with(&json!({
            "apiUrl": format!("https://{name}.example"), "mode": mode, "clockTolerance": 0,
            "issuer": "https://tenant-a.hanko.example", "audience": "app.example.com"
        }))
    }

    /// A client with these options.
    pub(crate) fn with(options: &Value) -> Self {
        let configured: Value = serde_json::from_str(&configure(options)).expect("JSON");
        let number = configured["ok"].as_u64().unwrap_or_else(|| panic!("{configured}"));
        Self(number.try_into().expect("a number"))
    }

    /// A client that nobody has configured.
    pub(crate) const fn unknown() -> Self {
        Self(u32::MAX)
    }

    /// Whether the instance answers that it does not know this client.
    pub(crate) async fn is_unknown(&self, fetch: &Fetch) -> bool {
        let promise = js::verify_session(5, self.0, fetch.call(), String::new());
        JsFuture::from(promise).await == Ok(JsValue::from_str(""))
    }

    /// `authenticate` with a text of `Authorization`.
    pub(crate) async fn authenticate(&self, fetch: &Fetch, authorization: Option<&str>, cookie: Option<&str>) -> Value {
        let (authorization, cookie) = (authorization.map(str::to_owned), cookie.map(str::to_owned));
        let answer = js::authenticate(1, self.0, fetch.call(), authorization, cookie, None, None, false);
        fetch.settled(answer).await["ok"].take()
    }

    /// `verifySession`.
    pub(crate) async fn verify(&self, fetch: &Fetch, token: &str) -> Value {
        fetch.settled(js::verify_session(2, self.0, fetch.call(), token.to_owned())).await
    }

    /// `validateSession`.
    pub(crate) async fn validate(&self, fetch: &Fetch, token: Option<&str>) -> Value {
        fetch.settled(js::validate_session(3, self.0, fetch.call(), token.map(str::to_owned))).await
    }

    /// `reloadKeys`.
    pub(crate) async fn reload_keys(&self, fetch: &Fetch) -> Value {
        fetch.settled(js::reload_keys(4, self.0, fetch.call())).await
    }
}

/// `createHanko`'s half.
pub(crate) fn configure(options: &Value) -> String {
    js::configure(object(options))
}

/// A JavaScript value.
pub(crate) fn object(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).expect("JSON")
}
