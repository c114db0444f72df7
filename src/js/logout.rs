//! Signing out: the session ends at Hanko, and every yes about it here.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call::{now, Call};
use super::confirm::weigh_401;
use super::user::identity;
use super::{corridor, fetch, memory, options, text, with_config};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::freshness::Failures;
use crate::logout::{self, Answer};
use crate::session::Said;

/// `logout`, of the token's session, or of the browser's cookie's. Ok: null.
#[wasm_bindgen]
pub fn logout(id: u32, number: u32, call: Call, token: Option<String>) -> Promise {
    with_config(id, number, async move |config| {
        text(end(&call, &config, token.as_deref()).await.map(|()| "null".to_owned()))
    })
}

/// `deletionCookie`. Ok: the `Set-Cookie` value.
#[wasm_bindgen]
pub fn deletion_cookie(options: JsValue) -> String {
    // Neither a cookie's name nor a domain holds what JSON would escape.
    let quoted = |cookie: String| ["\"", &cookie, "\""].concat();
    text(options::read(&options).and_then(|options| logout::deletion_cookie(&options)).map(quoted))
}

async fn end(call: &Call, config: &Rc<Config>, token: Option<&str>) -> Result<(), Error> {
    let session_id = token.map(|token| identity(config, token)).transpose()?.map(|(_, session_id)| session_id);
    let sent = fetch::send(call, &config.api_url, &logout::request(token), None).await;
    match logout::parse(&sent?)? {
        Answer::Ended => forget(config, session_id.as_deref()),
        Answer::Refused => {
            let error = weigh_401(call, config, token).await;
            if !matches!(error.code(), Code::Unauthorized | Code::TokenExpired) {
                return Err(error);
            }
            match (token, session_id.as_deref()) {
                // Of what nobody has verified nothing is believed: a forged token may hold somebody else's session id.
                (Some(token), Some(id))
                    if !is_believed(config, id) || !corridor::is_genuine(call, config, token).await => {}
                (_, session_id) => forget(config, session_id),
            }
        }
    }
    Ok(())
}

/// Whether Hanko's last yes about a session is remembered.
fn is_believed(config: &Config, session_id: &str) -> bool {
    memory::place(&config.api_url, |place| place.said(session_id)).is_some_and(|said| said.yes)
}

/// From now on the session has ended, whatever an ask that began before will say.
fn forget(config: &Config, session_id: Option<&str>) {
    let ended =
        Said { yes: false, asked_at: now(), idle_expires_at: None, failures: Failures::default(), failed_at: 0 };
    let latest = memory::next_number();
    memory::place(&config.api_url, |place| match session_id {
        Some(session_id) => {
            place.note_answer(session_id, latest, ended);
        }
        None => place.last_by_cookie = Some(false),
    });
}
