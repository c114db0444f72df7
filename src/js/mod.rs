//! The face: convert in, call, convert out. Everything here runs in a JavaScript host.
//!
//! Every export returns JSON text, `{"ok": ...}` or `{"error": {code, kind, message, status?, retryAfter?}}`.
//! So whatever is *thrown* out of an export is a trap, and the loader replaces the instance.
//! A configuration that this instance does not know (it is new, or forgot it) is the empty text.

mod admin;
mod asking;
mod call;
mod confirm;
mod corridor;
mod crypto;
mod fetch;
mod flow;
mod keyring;
mod lease;
mod logout;
mod memory;
mod metadata;
mod options;
mod shown;
mod signature;
mod together;
mod traced;
mod user;
mod webhook;

use std::future::Future;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::carrier::{self, Carried, Source};
use crate::claims;
use crate::config::{self, Config, MAX_TOKEN_LENGTH};
use crate::encoding::Object;
use crate::error::{Code, Error};
use crate::token::Token;

pub use admin::admin;
pub use call::Call;
pub use flow::patch_metadata;
pub use logout::{deletion_cookie, logout};
pub use metadata::preview_metadata_patch;
pub use signature::signature_verified;
pub use traced::polled;
#[cfg(feature = "trap")]
pub use traced::trap_next_poll;
pub use user::user;
pub use webhook::verify_webhook;

/// Parses options of `createHanko` (without the functions among them) and remembers them. Ok: their number.
#[wasm_bindgen]
pub fn configure(options: JsValue) -> String {
    text(
        options::read(&options)
            .and_then(|options| Config::parse(&options, options::parse_url))
            .map(|config| memory::remember(config).to_string()),
    )
}

/// `decodeToken`. Ok: `{ header, claims, payload }`.
#[wasm_bindgen]
pub fn decode(token: &str) -> String {
    text(Token::parse(token, MAX_TOKEN_LENGTH).and_then(|token| {
        let (claims, payload) = claims::decode(&token)?;
        Ok(shown::decoded(&token, &claims, payload))
    }))
}

/// `readToken`. Ok: `{ token, source }`.
#[wasm_bindgen]
pub fn read_token(authorization: Option<String>, cookie: Option<String>, options: JsValue) -> String {
    text(options::read(&options).and_then(|options| config::parse_reading(&options)).and_then(|(name, max_length)| {
        let (token, source) = carrier::read(authorization.as_deref(), cookie.as_deref(), &name, max_length)?;
        let mut shown = Object::default();
        shown.put_string("token", &token);
        shown.put_string("source", source.as_str());
        Ok(shown.finish())
    }))
}

/// `authenticate`. Ok: one of the three results, `expiresAt` in milliseconds since 1970.
/// `cookies_refused`: the request's origin may not use cookies (`allowedOrigins`).
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)] // One crossing: an object would cost a crossing for each member.
pub fn authenticate(
    id: u32,
    number: u32,
    call: Call,
    authorization: Option<String>,
    cookie: Option<String>,
    token: Option<String>,
    mode: Option<String>,
    cookies_refused: bool,
) -> Promise {
    with_config(id, number, async move |config| {
        let mode = config.mode_or(mode.as_deref());
        let result = match carried(&config, authorization, cookie, token, cookies_refused) {
            Ok(carried) => corridor::authenticate(&call, &config, mode, carried).await,
            Err(error) => Err(error),
        };
        text(Ok(result.unwrap_or_else(|error| shown::refused(&error))))
    })
}

/// `authenticate` without waiting, but for a signature: text as above; WebCrypto's promise, for [`signature_verified`], after
/// which it is asked again; undefined where more must be waited for. One that is signed in has a member `known`, two numbers
/// for [`authenticate_again`].
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)] // As above.
pub fn authenticate_now(
    id: u32,
    number: u32,
    authorization: Option<String>,
    cookie: Option<String>,
    token: Option<String>,
    mode: Option<String>,
    cookies_refused: bool,
    may_go_on: bool,
) -> JsValue {
    let Some(config) = memory::config(number) else { return JsValue::UNDEFINED };
    let mode = config.mode_or(mode.as_deref());
    let result =
        carried(&config, authorization, cookie, token, cookies_refused).and_then(|Carried { source, tokens }| {
            match tokens.as_slice() {
                [token] => corridor::authenticate_now(&config, id, mode, (token, source), may_go_on),
                _ => Ok(JsValue::UNDEFINED),
            }
        });
    result.unwrap_or_else(|error| text(Ok(shown::refused(&error))).into())
}

/// As above, for a token that was signed in so before: `at` and `verified` are the two numbers of `known` in that result.
/// 1: signed in by the keys. 2: by Hanko. 0: ask in full.
#[wasm_bindgen]
pub fn authenticate_again(number: u32, at: u32, verified: f64, mode: Option<String>, may_go_on: bool) -> u32 {
    let again = || {
        let config = memory::config(number)?;
        let mode = config.mode_or(mode.as_deref());
        corridor::authenticate_again(&config, mode, usize::try_from(at).ok()?, verified, may_go_on)
    };
    again().map_or(0, |standing| if standing.remote { 2 } else { 1 })
}

fn carried(
    config: &Config,
    authorization: Option<String>,
    cookie: Option<String>,
    token: Option<String>,
    cookies_refused: bool,
) -> Result<Carried, Error> {
    if let Some(token) = token {
        return Ok(Carried { source: Source::Argument, tokens: vec![token] });
    }
    let carried = carrier::find(authorization.as_deref(), cookie.as_deref(), &config.cookie_name)?;
    if cookies_refused && carried.source == Source::Cookie {
        return Err(Error::new(Code::OriginNotAllowed, "the request's origin is not in allowedOrigins"));
    }
    Ok(carried)
}

/// `verifySession`. Ok: `{ userId, sessionId, expiresAt, claims }`.
#[wasm_bindgen]
pub fn verify_session(id: u32, number: u32, call: Call, token: String) -> Promise {
    with_config(id, number, async move |config| text(corridor::verify_session(&call, &config, &token).await))
}

/// `verifySession` without waiting, but for a signature: text as above; WebCrypto's promise, for [`signature_verified`];
/// undefined where more must be waited for.
#[wasm_bindgen]
pub fn verify_session_now(id: u32, number: u32, token: &str) -> JsValue {
    let Some(config) = memory::config(number) else { return JsValue::UNDEFINED };
    corridor::verify_session_now(&config, id, token).unwrap_or_else(|error| text(Err(error)).into())
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
    with_config(id, number, async move |config| text(keyring::reload(&call, &config).await.map(|()| "null".to_owned())))
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

/// The outcome of a call. What is ok is JSON text already.
fn text(result: Result<String, Error>) -> String {
    let mut shown = Object::default();
    match result {
        Ok(json) => shown.put("ok", &json),
        Err(error) => shown.put("error", &error.to_json()),
    }
    shown.finish()
}
