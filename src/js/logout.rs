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
    let session = token.zip(session_id.as_deref());
    // Once it is sent the session may have ended, whatever becomes of the answer, and whether or not this call lives to see it.
    let is_ours = doubt(call, config, session).await;
    let answer = send(call, config, token).await;
    match &answer {
        Ok(Answer::Refused) if !is_ours => {}
        Ok(_) => forget(config, session_id.as_deref()),
        Err(_) => drop(doubt(call, config, session).await),
    }
    answer.map(|_| ())
}

/// A 401 is borne out.
async fn send(call: &Call, config: &Config, token: Option<&str>) -> Result<Answer, Error> {
    let answer = logout::parse(&fetch::send(call, &config.api_url, &logout::request(token), None).await?)?;
    if answer == Answer::Refused {
        let error = weigh_401(call, config, token).await;
        if !matches!(error.code(), Code::Unauthorized | Code::TokenExpired) {
            return Err(error);
        }
    }
    Ok(answer)
}

/// Believes Hanko's last yes about a session no more, if there may be one. False where that is not this token's to say: of
/// what nobody has verified nothing is believed, and a forged token may hold somebody else's session id.
async fn doubt(call: &Call, config: &Rc<Config>, session: Option<(&str, &str)>) -> bool {
    let Some((token, session_id)) = session else { return true };
    let is_known = memory::place(&config.api_url, |place| place.knows(session_id));
    let is_ours = is_known && corridor::is_genuine(call, config, token).await;
    if is_ours {
        let latest = memory::next_number();
        memory::place(&config.api_url, |place| place.doubt(session_id, latest));
    }
    is_ours
}

/// From now on the session has ended, whatever an ask that began before will say.
fn forget(config: &Config, session_id: Option<&str>) {
    let ended = Said::heard(false, now(), None);
    let latest = memory::next_number();
    memory::place(&config.api_url, |place| match session_id {
        Some(session_id) => {
            place.note_answer(session_id, latest, ended);
        }
        None => place.last_by_cookie = Some(false),
    });
}
