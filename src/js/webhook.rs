//! `verifyWebhook`.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call::{now, Call};
use super::{corridor, text, with_config};
use crate::config::Config;
use crate::encoding::Object;
use crate::error::Error;
use crate::webhook;

/// `verifyWebhook`, by the token alone. Ok: `{ event, data, issuedAt, expiresAt }`, times in milliseconds since 1970.
#[wasm_bindgen]
pub fn verify_webhook(id: u32, number: u32, call: Call, token: String) -> Promise {
    with_config(id, number, async move |config| text(verify(&call, &config, &token).await))
}

async fn verify(call: &Call, config: &Rc<Config>, text: &str) -> Result<String, Error> {
    let (token, _, good) = corridor::signature(call, config, text, webhook::MAX_LENGTH).await?;
    let event = webhook::verify(&token, good, corridor::policy(config), now())?;
    let mut shown = Object::default();
    shown.put_string("event", &event.name);
    shown.put("data", event.data);
    shown.put("issuedAt", &event.issued_at.to_string());
    shown.put("expiresAt", &event.expires_at.to_string());
    Ok(shown.finish())
}
