//! One call of the package: whose `fetch` it uses, when it must end, and what the caller has lent to it.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::error::{Code, Error};

#[wasm_bindgen]
extern "C" {
    /// The facade's side of a call (`pkg-template/src/call.ts`).
    pub type Call;

    /// The caller's `fetch`, bound: takes one `Request`.
    #[wasm_bindgen(method, getter)]
    pub(super) fn send(this: &Call) -> Function;

    /// The number of what was given as `fetch`, 0 for the host's own.
    #[wasm_bindgen(method, getter)]
    pub(super) fn fetch(this: &Call) -> u32;

    /// Aborted at the deadline, and when the caller aborts.
    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &Call) -> AbortSignal;

    /// Resolves when the signal is aborted; never rejects.
    #[wasm_bindgen(method, getter)]
    fn stopped(this: &Call) -> Promise;

    /// Whether it was the deadline that aborted.
    #[wasm_bindgen(method, getter, js_name = "timedOut")]
    fn timed_out(this: &Call) -> bool;

    /// A call within this one, with an earlier deadline in milliseconds. Must be closed.
    #[wasm_bindgen(method)]
    pub(super) fn brief(this: &Call, milliseconds: u32) -> Call;

    /// Whether work may go on behind the answer (`waitUntil`).
    #[wasm_bindgen(method, getter, js_name = "mayGoOn")]
    pub(super) fn may_go_on(this: &Call) -> bool;

    /// A call for work behind the answer, kept alive until it is closed, with a deadline of its own. None where the host refuses.
    #[wasm_bindgen(method)]
    pub(super) fn behind(this: &Call) -> Option<Call>;

    /// Ends what [`brief`](Self::brief) or [`behind`](Self::behind) opened.
    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Call);

    /// Calls back again and again, until the function that it returns is called, or the call ends.
    #[wasm_bindgen(method)]
    pub(super) fn every(this: &Call, milliseconds: u32, callback: &Function) -> Function;

    /// Says that something is written from here on: the call must not be repeated, and where it ends unknown, so is that.
    #[wasm_bindgen(method)]
    pub(super) fn write(this: &Call);

    /// Tells `onEvent`. The code is empty where all went well.
    #[wasm_bindgen(method)]
    pub(super) fn tell(this: &Call, event: &str, code: &str, milliseconds: f64);

    /// Whether there is a `keyStore`.
    #[wasm_bindgen(method, getter, js_name = "hasStore")]
    pub(super) fn has_store(this: &Call) -> bool;

    /// What the `keyStore` has: text or undefined, within its share of the deadline. Never rejects.
    #[wasm_bindgen(method, js_name = "fromStore")]
    pub(super) fn from_store(this: &Call, name: &str) -> Promise;

    /// Gives the `keyStore` a text to keep for so many seconds.
    #[wasm_bindgen(method, js_name = "toStore")]
    pub(super) fn to_store(this: &Call, name: &str, text: &str, seconds: u32);

    /// Whether there is a list of `revocations`.
    #[wasm_bindgen(method, getter, js_name = "hasRevocations")]
    pub(super) fn has_revocations(this: &Call) -> bool;

    /// Whether the list holds a session: true, false, or undefined where it failed. Times in milliseconds, NaN for none. Never rejects.
    #[wasm_bindgen(method, js_name = "isRevoked")]
    pub(super) fn is_revoked(this: &Call, session_id: &str, user_id: &str, issued_at: f64, expires_at: f64) -> Promise;

    /// Resolves after so many milliseconds, unless the call has ended by then.
    #[wasm_bindgen(method)]
    fn after(this: &Call, milliseconds: u32) -> Promise;
}

impl Call {
    /// Waits for a promise, but no longer than the call lives. A rejection, whatever it holds, is `network_error`.
    pub(super) async fn until(&self, promise: &JsValue) -> Result<JsValue, Error> {
        // Promise.resolve takes what a hostile fetch returns: values, thenables, getters that throw.
        let race = Promise::race(&Array::of2(&Promise::resolve(promise), &self.stopped()));
        let settled = JsFuture::from(race).await;
        self.check()?;
        settled.map_err(|_| network_error())
    }

    /// # Errors
    /// `request_timeout`, `request_aborted` once the call is over.
    pub(super) fn check(&self) -> Result<(), Error> {
        match (self.signal().aborted(), self.timed_out()) {
            (false, _) => Ok(()),
            (true, true) => Err(timed_out()),
            (true, false) => Err(Error::new(Code::RequestAborted, "the caller's signal ended the call")),
        }
    }

    /// Waits for so many milliseconds, but no longer than the call lives.
    pub(super) async fn sleep(&self, milliseconds: u32) -> Result<(), Error> {
        self.until(&self.after(milliseconds)).await.map(|_| ())
    }
}

pub(super) fn timed_out() -> Error {
    Error::new(Code::RequestTimeout, "no whole answer came before the deadline (option timeout)")
}

pub(super) fn network_error() -> Error {
    Error::new(
        Code::NetworkError,
        "no answer came: offline, refused, DNS, TLS; in a browser also CORS (is this origin allowed at Hanko?)",
    )
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Milliseconds of a clock that nobody sets.
#[allow(clippy::as_conversions)] // They fit, whenever the host began.
pub(super) fn monotonic() -> i64 {
    performance_now() as i64
}

/// Milliseconds since 1970, by the host's clock.
#[allow(clippy::as_conversions)] // Truncation is right: the clock is far inside the range.
pub(super) fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// Milliseconds since 1970, as JavaScript has them.
#[allow(clippy::as_conversions)] // Dates are far below 2^53.
pub(super) const fn to_js(milliseconds: i64) -> f64 {
    milliseconds as f64
}

/// An option's seconds in milliseconds.
pub(super) fn milliseconds(seconds: u32) -> i64 {
    i64::from(seconds).saturating_mul(1000)
}
