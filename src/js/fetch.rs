//! Sends a [`Request`] through the caller's `fetch`, and reads the whole answer.
//!
//! gloo-net builds the request; it does not send it: its `send` and `text` trap where a promise rejects with anything
//! but an `Error` of this realm. Nothing here trusts what `fetch` returns: every property is read by a catching import.

use gloo_net::http::{self as gloo, RequestBuilder};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestCache, RequestCredentials, RequestInit, RequestRedirect};

use super::call::{network_error, now, Call};
use super::memory;
use crate::error::{Code, Error};
use crate::http::{self, Credentials, Method, Request, Response};

/// Sends, and reads the answer. `request_id` is sent as `x-request-id`.
///
/// # Errors
/// `network_error`, `request_timeout`, `request_aborted`, `response_invalid`, `response_too_large`, `redirect_blocked`.
pub(super) async fn send(
    call: &Call,
    api_url: &str,
    request: &Request,
    request_id: Option<&str>,
) -> Result<Response, Error> {
    call.check()?;
    let built = build(call, api_url, request, request_id)?;
    let sent = call.send().call1(&JsValue::UNDEFINED, &built);
    let answer = call.until(&sent.map_err(|_| network_error())?).await?;
    let head = read_head(&answer)?;
    if head.status == 0 || (300..400).contains(&head.status) {
        discard(&property(&answer, "body")?);
        return Err(head.refused());
    }
    let body = match read_body(call, &answer, request.max_bytes).await {
        // What failed says so by its status, however long its page is.
        Err(error) if head.status >= 500 && error.code() == Code::ResponseTooLarge => Vec::new(),
        read => read?,
    };
    Ok(Response { body, ..head })
}

/// Sends a `GET`, and once more after a pause where no answer came or Hanko failed.
///
/// # Errors
/// As [`send`].
pub(super) async fn get(call: &Call, api_url: &str, request: &Request) -> Result<Response, Error> {
    let sent = send(call, api_url, request, None).await;
    let failed = match &sent {
        Ok(response) => response.status >= 500,
        Err(error) => error.code() == Code::NetworkError,
    };
    if !failed {
        return sent;
    }
    call.sleep(random(100).saturating_add(50)).await?;
    send(call, api_url, request, None).await
}

fn build(call: &Call, api_url: &str, request: &Request, request_id: Option<&str>) -> Result<web_sys::Request, Error> {
    let host = memory::host(Host::probe);
    let mut builder = RequestBuilder::new(&[api_url, &request.path].concat())
        .method(method(request.method))
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&call.signal()))
        .header("accept", "application/json");
    if host.credentials {
        builder = builder.credentials(match request.credentials {
            Credentials::Omit | Credentials::Bearer(_) => RequestCredentials::Omit,
            Credentials::Include => RequestCredentials::Include,
        });
    }
    if let Credentials::Bearer(token) = &request.credentials {
        builder = builder.header("authorization", &["Bearer ", token].concat());
    }
    builder = with_query(builder, host, request);
    if let Some(id) = request_id {
        builder = builder.header("x-request-id", id);
    }
    let built = match &request.body {
        Some(body) => builder.header("content-type", "application/json").body(body.as_str()),
        None => builder.build(),
    };
    built.map(Into::into).map_err(|_| Error::new(Code::InternalError, "the host refused to make the request"))
}

fn method(method: Method) -> gloo::Method {
    match method {
        Method::Get => gloo::Method::GET,
        Method::Post => gloo::Method::POST,
        Method::Patch => gloo::Method::PATCH,
        Method::Delete => gloo::Method::DELETE,
    }
}

fn with_query(mut builder: RequestBuilder, host: Host, request: &Request) -> RequestBuilder {
    if let Some((name, value)) = &request.query {
        builder = builder.query([(*name, value)]);
    }
    if request.past_caches && host.cache {
        builder = builder.cache(RequestCache::NoStore);
    } else if request.past_caches {
        builder = builder.query([("fresh", random_id())]);
    }
    builder
}

/// What this host's `Request` takes; workerd throws at some of it.
#[derive(Clone, Copy)]
pub(super) struct Host {
    credentials: bool,
    cache: bool,
}

impl Host {
    fn probe() -> Self {
        let takes = |init: RequestInit| web_sys::Request::new_with_str_and_init("https://probe.invalid", &init).is_ok();
        let (credentials, cache) = (RequestInit::new(), RequestInit::new());
        credentials.set_credentials(RequestCredentials::Omit);
        cache.set_cache(RequestCache::NoStore);
        Self { credentials: takes(credentials), cache: takes(cache) }
    }
}

/// A text that no earlier request had.
pub(super) fn random_id() -> String {
    [random(u32::MAX).to_string(), random(u32::MAX).to_string()].join("-")
}

/// A whole number below `limit`, by the host. Spreads requests; nothing secret depends on it.
#[allow(clippy::as_conversions)] // Below `limit`: Math.random is below 1.
pub(super) fn random(limit: u32) -> u32 {
    (js_sys::Math::random() * f64::from(limit)) as u32
}

fn read_head(answer: &JsValue) -> Result<Response, Error> {
    let opaque = property(answer, "type")?.as_string().as_deref() == Some("opaqueredirect");
    let status = property(answer, "status")?.as_f64().and_then(whole_status);
    let status = if opaque { Some(0) } else { status.filter(|status| *status >= 200) };
    let headers = property(answer, "headers")?;
    let now = now();
    Ok(Response {
        status: status.ok_or_else(not_a_response)?,
        age: header(&headers, "age").and_then(|age| http::age(&age)),
        request_id: header(&headers, "x-request-id"),
        retry_after: header(&headers, "retry-after").and_then(|value| http::retry_after(&value, parse_date, now)),
        body: Vec::new(),
    })
}

#[allow(clippy::as_conversions)] // In range and whole: checked.
fn whole_status(status: f64) -> Option<u16> {
    ((0.0..=999.0).contains(&status) && status.fract() == 0.0).then_some(status as u16)
}

/// A date's milliseconds since 1970. Hanko writes up to nine digits of a fraction; ECMA-262 promises to read three.
#[allow(clippy::as_conversions)] // They fit: ECMA-262 limits them to 8.64e15.
pub(super) fn parse_date(text: &str) -> Option<i64> {
    let short = text.split_once('.').and_then(|(whole, rest)| {
        let zone = rest.trim_start_matches(|char: char| char.is_ascii_digit());
        let digits = rest.strip_suffix(zone)?;
        Some([whole, ".", digits.get(..3).unwrap_or(digits), zone].concat())
    });
    let milliseconds = js_sys::Date::parse(short.as_deref().unwrap_or(text));
    milliseconds.is_finite().then_some(milliseconds as i64)
}

fn header(headers: &JsValue, name: &str) -> Option<String> {
    call_method(headers, "get", &[name.into()]).ok()?.as_string()
}

/// Reads a body of at most `max_bytes`, chunk by chunk, so that an endless one ends at the limit and not in memory.
async fn read_body(call: &Call, answer: &JsValue, max_bytes: usize) -> Result<Vec<u8>, Error> {
    let body = property(answer, "body")?;
    if body.is_null() {
        return Ok(Vec::new());
    }
    if !property(&body, "getReader").is_ok_and(|get| get.is_function()) {
        return read_buffer(call, answer, max_bytes).await;
    }
    let reader = call_method(&body, "getReader", &[])?;
    let read = read_chunks(call, &reader, max_bytes).await;
    if read.is_err() {
        discard(&reader);
    }
    read
}

async fn read_chunks(call: &Call, reader: &JsValue, max_bytes: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    loop {
        let chunk = call.until(&call_method(reader, "read", &[])?).await?;
        if property(&chunk, "done")?.is_truthy() {
            return Ok(bytes);
        }
        let value = property(&chunk, "value")?;
        // No `instanceof`: it may come from another realm, as in jsdom.
        if !js_sys::ArrayBuffer::is_view(&value) {
            return Err(not_a_response());
        }
        append(&mut bytes, value.unchecked_ref(), max_bytes)?;
    }
}

/// For a `fetch` whose bodies are no streams of the host (older polyfills).
async fn read_buffer(call: &Call, answer: &JsValue, max_bytes: usize) -> Result<Vec<u8>, Error> {
    let buffer = call.until(&call_method(answer, "arrayBuffer", &[])?).await?;
    let buffer = buffer.dyn_into::<js_sys::ArrayBuffer>().map_err(|_| not_a_response())?;
    let mut bytes = Vec::new();
    append(&mut bytes, &Uint8Array::new(&buffer), max_bytes)?;
    Ok(bytes)
}

fn append(bytes: &mut Vec<u8>, chunk: &Uint8Array, max_bytes: usize) -> Result<(), Error> {
    let length = usize::try_from(chunk.length()).unwrap_or(usize::MAX);
    if bytes.len().saturating_add(length) > max_bytes {
        return Err(Error::new(Code::ResponseTooLarge, "the answer is longer than any of Hanko's"));
    }
    bytes.extend(chunk.to_vec());
    Ok(())
}

/// Cancels a body or its reader. `allSettled` never rejects: what the cancelling says is nobody's concern.
fn discard(body: &JsValue) {
    if let Ok(cancelled) = call_method(body, "cancel", &[]) {
        let _settled: Promise = Promise::all_settled(&Array::of1(&cancelled));
    }
}

fn property(object: &JsValue, name: &str) -> Result<JsValue, Error> {
    Reflect::get(object, &name.into()).map_err(|_| not_a_response())
}

fn call_method(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, Error> {
    let method = property(object, name)?.dyn_into::<Function>().map_err(|_| not_a_response())?;
    let arguments = arguments.iter().collect::<Array>();
    method.apply(object, &arguments).map_err(|_| network_error())
}

fn not_a_response() -> Error {
    Error::new(Code::ResponseInvalid, "fetch did not give a Response")
}
