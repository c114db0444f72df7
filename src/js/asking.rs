//! Asking Hanko, and remembering what it said.

use std::rc::Rc;

use super::call::{milliseconds, now, to_js, Call};
use super::memory::{self, Place};
use super::together::{together, Errand};
use super::{fetch, keyring, traced};
use crate::claims::{self, Claims};
use crate::config::{Config, Mode};
use crate::error::{Code, Error};
use crate::keys;
use crate::session::{self, is_outage, Decision, Patience, Said};
use crate::token::Token;
use crate::validate::{self, Answer, Yes};

/// How a session that passes the local checks stands.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    /// Whether Hanko said yes last, or the keys alone.
    pub(super) remote: bool,
    /// Whether an outage is being bridged.
    pub(super) stale: bool,
}

/// What is decided without asking, where it can be.
pub(super) fn at_once(config: &Config, mode: Mode, claims: &Claims, behind: bool) -> Decision {
    let said = memory::place(&config.api_url, |place| place.said(&claims.session_id));
    let patience = Patience {
        revalidate_after: milliseconds(config.revalidate_after),
        outage_grace: milliseconds(config.outage_grace),
        tolerance: milliseconds(config.clock_tolerance),
        behind,
    };
    session::decide(mode, said.as_ref(), patience, now())
}

/// Decides, and asks Hanko where that is the decision.
pub(super) async fn settle(
    call: &Call,
    config: &Rc<Config>,
    mode: Mode,
    claims: &Claims,
    text: &str,
) -> Result<Standing, Error> {
    let decision = at_once(config, mode, claims, call.may_go_on());
    let asked = match decision {
        Decision::Ask if mode == Mode::Hybrid => ask_together(call, None, config, claims, text).await,
        Decision::Ask => ask_and_note(call, None, config, claims, text).await,
        // After a failure one call at a time asks again; the others have the last yes.
        Decision::AskBriefly if is_failing(config, claims) && is_asked_about(config, claims) => Ok(Decision::YesStale),
        Decision::AskBriefly => {
            let brief = call.brief(keyring::share(config));
            let asked = ask_together(call, Some(&brief), config, claims, text).await;
            brief.close();
            asked.or_else(|error| {
                // What ended it may be the whole call's deadline, which is no abort of the caller's.
                let aborted = error.code() == Code::RequestAborted;
                let error = if aborted { call.check().err().unwrap_or(error) } else { error };
                if is_outage(error.code()) {
                    Ok(Decision::YesStale)
                } else {
                    Err(error)
                }
            })
        }
        known => Ok(known),
    };
    match asked? {
        Decision::Ended => Err(session::ended()),
        Decision::YesAndRenew if decision == Decision::YesAndRenew => {
            renew_behind(call, config, claims, text);
            Ok(Standing { remote: true, stale: false })
        }
        known => Ok(Standing { remote: known != Decision::Local, stale: known == Decision::YesStale }),
    }
}

fn is_failing(config: &Config, claims: &Claims) -> bool {
    let said = memory::place(&config.api_url, |place| place.said(&claims.session_id));
    said.is_some_and(|said| said.failures > 0)
}

fn is_asked_about(config: &Config, claims: &Claims) -> bool {
    Errand::Ask(&claims.session_id).is_under_way(&config.api_url)
}

fn renew_behind(call: &Call, config: &Rc<Config>, claims: &Claims, text: &str) {
    if is_asked_about(config, claims) {
        return;
    }
    let Some(own) = call.behind() else { return };
    let (config, claims, text) = (Rc::clone(config), claims.clone(), text.to_owned());
    let work = async move {
        let _noted = ask_together(&own, None, &config, &claims, &text).await;
        own.close();
        String::new()
    };
    let _settled = traced::start(0, Box::pin(work));
}

/// Asks for all who want to know of the session now, or waits for the call that does, until there is nothing to ask. For as
/// long as `brief` lives, where there is one; only what Hanko says no to has more time.
async fn ask_together(
    call: &Call,
    brief: Option<&Call>,
    config: &Config,
    claims: &Claims,
    text: &str,
) -> Result<Decision, Error> {
    let work = ask_and_note(call, brief, config, claims, text);
    let known = |_| match at_once(config, Mode::Hybrid, claims, false) {
        Decision::Ask | Decision::AskBriefly => None,
        known => Some(known),
    };
    together(call, brief.unwrap_or(call), &config.api_url, Errand::Ask(&claims.session_id), work, known).await
}

/// Asks, whoever else does. Ok is yes, or a confirmed no.
async fn ask_and_note(
    call: &Call,
    brief: Option<&Call>,
    config: &Config,
    claims: &Claims,
    text: &str,
) -> Result<Decision, Error> {
    let (began, number) = (now(), memory::place(&config.api_url, Place::begin_ask));
    let said = match ask(call, brief, config, claims, text).await {
        Ok(yes) => Ok(said(Some(&yes), began)),
        Err(error) if error.code() == Code::SessionEnded => Ok(said(None, began)),
        Err(error) => Err(error),
    };
    memory::place(&config.api_url, |place| match &said {
        Ok(said) => place.note_answer(&claims.session_id, number, *said),
        Err(error) if is_outage(error.code()) => place.note_failure(&claims.session_id, number, began),
        Err(_) => {}
    });
    said.map(|said| if said.yes { Decision::Yes } else { Decision::Ended })
}

/// An answer as it is remembered: a yes with its idle time, or a confirmed no.
fn said(yes: Option<&Yes>, asked_at: i64) -> Said {
    let idle = yes.and_then(|yes| yes.idle_expires_at.as_deref());
    let idle_expires_at = idle.and_then(fetch::parse_date);
    Said { yes: yes.is_some(), asked_at, idle_expires_at, failures: 0, failed_at: 0 }
}

/// Asks about a token that passes the local checks. Ok is a yes about the same person; a no is confirmed.
async fn ask(call: &Call, brief: Option<&Call>, config: &Config, claims: &Claims, text: &str) -> Result<Yes, Error> {
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
    let began = now();
    let answer = sent.await.and_then(|response| validate::parse(&response));
    let code = match &answer {
        Ok(Answer::Yes(_)) => "",
        Ok(Answer::No) => Code::SessionEnded.as_str(),
        Ok(Answer::Unreadable) => Code::ClaimsMalformed.as_str(),
        Err(error) => error.code().as_str(),
    };
    call.tell("session_validated", code, to_js(now().saturating_sub(began)));
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
