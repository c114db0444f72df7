//! What Hanko says of a session: a no, and a 401, are confirmed before they count.

use super::call::{monotonic, now, to_js, Call};
use super::{fetch, keyring, memory};
use crate::claims::{self, Claims};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::keys;
use crate::session;
use crate::token::Token;
use crate::validate::{self, Answer, Yes};

/// Asks about a token that passes the local checks. Ok is a yes about the same person; a no is confirmed.
pub(super) async fn ask(
    call: &Call,
    brief: Option<&Call>,
    config: &Config,
    claims: &Claims,
    text: &str,
) -> Result<Yes, Error> {
    if let Some(yes) = answer(brief.unwrap_or(call), config, claims, text).await? {
        return Ok(yes);
    }
    if brief.is_none() {
        return confirm(call, config, claims, text).await;
    }
    // It takes two requests more. Were there no time for them, an ended session would be taken for one of a Hanko that is down.
    let longer = call.brief(keyring::share(config).saturating_mul(2));
    let confirmed = confirm(&longer, config, claims, text).await;
    longer.close();
    confirmed
}

/// A no is confirmed before it counts: Hanko says no to everybody while its database is away, and its key document fails then.
/// Ok is a yes in the second answer.
pub(super) async fn confirm(call: &Call, config: &Config, claims: &Claims, text: &str) -> Result<Yes, Error> {
    if now() >= claims.expires_at {
        return Err(claims::expired());
    }
    if claims.is_early(now()) {
        return Err(claims::not_active());
    }
    bear_out(call, config).await?;
    answer(call, config, claims, text).await?.ok_or_else(session::ended)
}

/// Looks whether a no counts, and waits before Hanko is asked once more. A short deadline leaves as much for the answer.
async fn bear_out(call: &Call, config: &Config) -> Result<(), Error> {
    is_up(call, config).await?;
    call.sleep(fetch::random(200).saturating_add(50).min(keyring::share(config).div_euclid(2))).await
}

async fn answer(call: &Call, config: &Config, claims: &Claims, text: &str) -> Result<Option<Yes>, Error> {
    match send_ask(call, config, text).await? {
        Answer::Yes(yes) if yes.user_id == claims.user_id => Ok(Some(yes)),
        Answer::Yes(_) => Err(session::other_person()),
        Answer::No => Ok(None),
        Answer::Unreadable => Err(session::unreadable()),
    }
}

/// Asks about a token as it stands.
pub(super) async fn send_ask(call: &Call, config: &Config, text: &str) -> Result<Answer, Error> {
    told(call, fetch::send(call, &config.api_url, &validate::request(text), None)).await
}

/// Asks about the browser's cookie.
pub(super) async fn send_ask_by_cookie(call: &Call, config: &Config) -> Result<Answer, Error> {
    told(call, fetch::send(call, &config.api_url, &validate::request_by_cookie(), None)).await
}

async fn told(
    call: &Call,
    sent: impl std::future::Future<Output = Result<crate::http::Response, Error>>,
) -> Result<Answer, Error> {
    let began = monotonic();
    let answer = sent.await.and_then(|response| validate::parse(&response));
    let code = match &answer {
        Ok(Answer::Yes(_)) => "",
        Ok(Answer::No) => Code::SessionEnded.as_str(),
        Ok(Answer::Unreadable) => Code::ClaimsMalformed.as_str(),
        Err(error) => error.code().as_str(),
    };
    call.tell("session_validated", code, to_js(monotonic().saturating_sub(began)));
    answer
}

/// Whether Hanko can read its own keys now. Any failure but the call's own end is `server_error`.
pub(super) async fn is_up(call: &Call, config: &Config) -> Result<(), Error> {
    let id = (!is_page()).then(fetch::random_id);
    let sent = fetch::send(call, &config.api_url, &keys::request(), id.as_deref()).await;
    call.check()?;
    let borne_out = sent.and_then(|response| {
        let fresh = memory::place(&config.api_url, |place| {
            let fresh = session::is_fresh(&response, id.as_deref(), &place.ids);
            place.note_id(response.request_id.clone());
            fresh
        });
        keys::parse(&response).map(|_| fresh)
    });
    match borne_out {
        Ok(true) => Ok(()),
        _ => Err(session::not_borne_out()),
    }
}

/// What a 401 means at `/me` and `/profile`: Hanko says it to everybody while its database is away. Never asked by the same
/// route: the key document first, then `/sessions/validate`. No is `unauthorized`, yes is `server_error`. A token past
/// its `exp` is `token_expired` at once.
pub(super) async fn weigh_401(call: &Call, config: &Config, token: Option<&str>) -> Error {
    if token.is_some_and(|token| has_expired(config, token)) {
        return claims::expired().with_status(401);
    }
    match confirm_401(call, config, token).await {
        Ok(Answer::No | Answer::Unreadable) => {
            Error::new(Code::Unauthorized, "Hanko does not accept the session").with_status(401)
        }
        Ok(Answer::Yes(_)) => Error::new(Code::ServerError, "Hanko refused a session that lives").with_status(401),
        Err(error) => error,
    }
}

fn has_expired(config: &Config, text: &str) -> bool {
    let token = Token::parse(text, config.max_token_length).ok();
    token.and_then(|token| claims::unverified_time(&token, "exp")).is_some_and(|at| now() >= at)
}

async fn confirm_401(call: &Call, config: &Config, token: Option<&str>) -> Result<Answer, Error> {
    bear_out(call, config).await?;
    match token {
        Some(token) => send_ask(call, config, token).await,
        None => send_ask_by_cookie(call, config).await,
    }
}

/// In a page a header of our own would cost a CORS preflight.
fn is_page() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"document".into()).unwrap_or_default()
}
