//! The face: convert in, call, convert out. Everything here runs in a JavaScript host.
//!
//! Every export returns JSON text, `{"ok": ...}` or `{"error": {code, kind, message, status?, retryAfter?}}`.
//! So whatever is *thrown* out of an export is a trap, and the loader replaces the instance.
//! A configuration that this instance does not know (it is new, or forgot it) is the empty text.

mod call;
mod corridor;
mod crypto;
mod fetch;
mod memory;
mod options;
mod traced;

use std::future::Future;
use std::rc::Rc;

use js_sys::Promise;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use wasm_bindgen::prelude::*;

use crate::carrier::{self, Carried, Source};
use crate::claims;
use crate::config::{self, Config, MAX_TOKEN_LENGTH};
use crate::error::Error;
use crate::token::{Header, Token};

pub use call::Call;
pub use traced::polled;
#[cfg(feature = "trap")]
pub use traced::trap_next_poll;

/// Parses options of `createHanko` (without the functions among them) and remembers them. Ok: their number.
#[wasm_bindgen]
pub fn configure(options: JsValue) -> String {
    text(options::read(&options).and_then(|options| Config::parse(&options, options::parse_url)).map(memory::remember))
}

/// `decodeToken`. Ok: `{ header, claims, payload }`.
#[wasm_bindgen]
pub fn decode(token: &str) -> String {
    text(Token::parse(token, MAX_TOKEN_LENGTH).and_then(|token| {
        let (claims, payload) = claims::decode(&token)?;
        let (header, claims, payload) = (token.header().clone(), raw(&claims), raw(payload));
        Ok(Decoded { header, claims, payload })
    }))
}

/// `readToken`. Ok: `{ token, source }`.
#[wasm_bindgen]
pub fn read_token(authorization: Option<String>, cookie: Option<String>, options: JsValue) -> String {
    text(options::read(&options).and_then(|options| config::parse_reading(&options)).and_then(|(name, max_length)| {
        let (token, source) = carrier::read(authorization.as_deref(), cookie.as_deref(), &name, max_length)?;
        Ok(json!({ "token": token, "source": source.as_str() }))
    }))
}

/// `authenticate`. Ok: one of the three results, `expiresAt` in milliseconds since 1970.
#[wasm_bindgen]
pub fn authenticate(
    id: u32,
    number: u32,
    call: Call,
    authorization: Option<String>,
    cookie: Option<String>,
    token: Option<String>,
    mode: Option<String>,
) -> Promise {
    with_config(id, number, async move |config| {
        let mode = mode.as_deref().and_then(config::parse_mode).unwrap_or(config.mode);
        let carried = match token {
            Some(token) => Ok(Carried { source: Source::Argument, tokens: vec![token] }),
            None => carrier::find(authorization.as_deref(), cookie.as_deref(), &config.cookie_name),
        };
        let result = match carried {
            Ok(carried) => corridor::authenticate(&call, &config, mode, carried).await,
            Err(error) => Err(error),
        };
        text(Ok(result.unwrap_or_else(|error| corridor::told(&error))))
    })
}

/// `verifySession`. Ok: `{ userId, sessionId, expiresAt, claims }`.
#[wasm_bindgen]
pub fn verify_session(id: u32, number: u32, call: Call, token: String) -> Promise {
    with_config(id, number, async move |config| {
        text(corridor::verify(&call, &config, &token).await.map(|(claims, _)| corridor::session(&claims)))
    })
}

/// `validateSession` with a token, or with the browser's cookie. Ok: the contract's `SessionStatus`.
#[wasm_bindgen]
pub fn validate_session(id: u32, number: u32, call: Call, token: Option<String>) -> Promise {
    with_config(id, number, async move |config| {
        text(match token {
            Some(token) => corridor::validate(&call, &config, &token).await,
            None => corridor::validate_cookie(&call, &config).await,
        })
    })
}

/// `reloadKeys`. Ok: null.
#[wasm_bindgen]
pub fn reload_keys(id: u32, number: u32, call: Call) -> Promise {
    with_config(id, number, async move |config| text(corridor::reload_keys(&call, &config).await))
}

/// Starts a call. Boxed here, so that the machinery around a future is compiled once and not for every export.
fn with_config<F: Future<Output = String> + 'static>(
    id: u32,
    number: u32,
    work: impl FnOnce(Rc<Config>) -> F,
) -> Promise {
    match memory::config(number) {
        Some(config) => traced::start(id, Box::pin(work(config))),
        None => Promise::resolve(&JsValue::from_str("")),
    }
}

#[derive(Serialize)]
struct Decoded {
    header: Header,
    claims: Option<Box<RawValue>>,
    payload: Option<Box<RawValue>>,
}

/// JSON text as it stands, into a larger JSON text.
fn raw(json: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(json.to_owned()).ok()
}

fn text<T: Serialize>(result: Result<T, Error>) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Outcome<T> {
        Ok(T),
        Error(Error),
    }
    let outcome = result.map_or_else(Outcome::Error, Outcome::Ok);
    serde_json::to_string(&outcome).unwrap_or_default()
}
