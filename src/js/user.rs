//! The user of a token, or of the browser's cookie, as Hanko tells it.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::confirm::weigh_401;
use super::fetch;
use super::{text, with_config};
use crate::claims;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::session;
use crate::token::{is_uuid, Token};
use crate::user::{self, Answer, User};

/// `getCurrentUser`, and `getUser` where an id is given; by the token, or by the browser's cookie. Ok: the contract's `User`.
#[wasm_bindgen]
pub fn user(id: u32, number: u32, call: Call, token: Option<String>, user_id: Option<String>) -> Promise {
    with_config(id, number, async move |config| {
        text(read(&call, &config, token.as_deref(), user_id.as_deref()).await.map(|user| user.json))
    })
}

async fn read(call: &Call, config: &Config, token: Option<&str>, wanted: Option<&str>) -> Result<User, Error> {
    if wanted.is_some_and(|id| !is_uuid(id)) {
        return Err(Error::new(Code::ArgumentInvalid, "the user's id must be a UUID, lower-case and with dashes"));
    }
    let own = token.map(|text| identity(config, text)).transpose()?.map(|(user_id, _)| user_id);
    // The public API shows a person himself alone: no request tells more than the token does.
    if own.is_some() && wanted.is_some() && own.as_deref() != wanted {
        return Err(user::forbidden());
    }
    let mut answer = user::parse(&fetch::get(call, &config.api_url, &user::request(token)).await?)?;
    if let Answer::Id(id) = answer {
        is_about(&id, own.as_deref(), wanted)?;
        answer = user::parse_by_id(&fetch::get(call, &config.api_url, &user::request_by_id(&id, token)).await?)?;
        if matches!(&answer, Answer::User(user) if user.user_id != id) {
            return Err(session::other_person());
        }
    }
    match answer {
        Answer::User(user) => is_about(&user.user_id, own.as_deref(), wanted).map(|()| user),
        Answer::Id(_) => Err(session::other_person()),
        Answer::Refused => Err(weigh_401(call, config, token).await),
    }
}

/// `sub` and `session_id` of a token that will be sent: nobody has verified it here, and Hanko will.
pub(super) fn identity(config: &Config, text: &str) -> Result<(String, String), Error> {
    claims::unverified_identity(&Token::parse(text, config.max_token_length)?)
}

/// An answer is believed about the person of the token only; by cookie alone nobody else knows who that is.
fn is_about(user_id: &str, own: Option<&str>, wanted: Option<&str>) -> Result<(), Error> {
    match (own, wanted) {
        (Some(own), _) if own != user_id => Err(session::other_person()),
        (None, Some(wanted)) if wanted != user_id => Err(user::forbidden()),
        _ => Ok(()),
    }
}
