//! When Hanko is asked, and remembering what it said.

use std::rc::Rc;

use super::call::{milliseconds, now, Call};
use super::memory;
use super::together::{together, Errand};
use super::{confirm, fetch, keyring, traced};
use crate::claims::Claims;
use crate::config::{Config, Mode};
use crate::error::{Code, Error};
use crate::session::{self, is_outage, Decision, Hope, Patience, Said};
use crate::validate::Yes;

/// How a session that passes the local checks stands.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    /// Whether Hanko said yes last, or the keys alone.
    pub(super) remote: bool,
    /// Whether an outage is being bridged.
    pub(super) stale: bool,
    /// Whether Hanko is to be asked again behind the answer.
    pub(super) renew: bool,
}

/// What is decided without asking, where it can be, for a call with this `fetch`.
pub(super) fn at_once(config: &Config, mode: Mode, claims: &Claims, behind: bool, fetch: Option<u32>) -> Decision {
    let patience = Patience {
        revalidate_after: milliseconds(config.revalidate_after),
        outage_grace: milliseconds(config.outage_grace),
        tolerance: milliseconds(config.clock_tolerance),
        behind,
    };
    session::decide(mode, last_word(config, claims, fetch).as_ref(), patience, now())
}

/// What Hanko said last of a session that it must be asked about; none where it need not be.
pub(super) fn hope(call: &Call, config: &Config, mode: Mode, claims: &Claims) -> Option<Hope> {
    let fetch = Some(call.fetch());
    match at_once(config, mode, claims, call.may_go_on(), fetch) {
        Decision::Ask | Decision::AskBriefly => Some(match last_word(config, claims, fetch) {
            Some(said) if said.yes => Hope::Yes,
            Some(_) => Hope::No,
            None => Hope::Unknown,
        }),
        _ => None,
    }
}

/// What Hanko said last, and how asking went since for a call with this `fetch`.
fn last_word(config: &Config, claims: &Claims, fetch: Option<u32>) -> Option<Said> {
    let said = memory::place(&config.api_url, |place| place.said(&claims.session_id));
    said.map(|said| Said { failures: said.failures.of(fetch), ..said })
}

/// Decides, and asks Hanko where that is the decision. `down`: it did not answer about another session of this request, and
/// is not waited for once more where a last yes still counts.
pub(super) async fn settle(
    call: &Call,
    config: &Rc<Config>,
    mode: Mode,
    claims: &Claims,
    text: &str,
    down: bool,
) -> Result<Standing, Error> {
    let decision = at_once(config, mode, claims, call.may_go_on(), Some(call.fetch()));
    let asked = match decision {
        Decision::Ask if mode == Mode::Hybrid => ask_together(call, None, config, claims, text).await,
        Decision::Ask => ask_and_note(call, None, config, claims, text).await,
        // After a failure one call at a time asks again; the others have the last yes.
        Decision::AskBriefly if down || is_failing(call, config, claims) && is_asked_about(config, claims) => {
            Ok(Decision::YesStale)
        }
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
        known => Ok(Standing {
            remote: known != Decision::Local,
            stale: known == Decision::YesStale,
            renew: known == Decision::YesAndRenew,
        }),
    }
}

fn is_failing(call: &Call, config: &Config, claims: &Claims) -> bool {
    last_word(config, claims, Some(call.fetch())).is_some_and(|said| said.failures.count > 0)
}

fn is_asked_about(config: &Config, claims: &Claims) -> bool {
    Errand::Ask(&claims.session_id).is_under_way(&config.api_url)
}

/// Asks behind the answer, where nobody does yet.
pub(super) fn renew_behind(call: &Call, config: &Rc<Config>, claims: &Claims, text: &str) {
    if is_asked_about(config, claims) {
        return;
    }
    let (config, claims, text) = (Rc::clone(config), claims.clone(), text.to_owned());
    traced::behind(call, async move |own| {
        let _noted = ask_together(own, None, &config, &claims, &text).await;
    });
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
    let fetch = Some(call.fetch());
    let known = |noted| match at_once(config, Mode::Hybrid, claims, false, fetch) {
        // However long that took: it was asked for all who wait.
        Decision::Ask | Decision::AskBriefly if noted => last_word(config, claims, fetch).map(|said| decision(&said)),
        Decision::Ask | Decision::AskBriefly => None,
        known => Some(known),
    };
    together(call, brief.unwrap_or(call), config, Errand::Ask(&claims.session_id), true, work, known).await
}

/// Asks, whoever else does. Ok is yes, or a confirmed no.
async fn ask_and_note(
    call: &Call,
    brief: Option<&Call>,
    config: &Config,
    claims: &Claims,
    text: &str,
) -> Result<Decision, Error> {
    let (began, number) = (now(), memory::next_number());
    memory::place(&config.api_url, |place| place.note_ask(&claims.session_id));
    let said = match confirm::ask(call, brief, config, claims, text).await {
        Ok(yes) => Ok(said(Some(&yes), began)),
        Err(error) if error.code() == Code::SessionEnded => Ok(said(None, began)),
        Err(error) => Err(error),
    };
    memory::place(&config.api_url, |place| match &said {
        Ok(said) => place.note_answer(&claims.session_id, number, *said),
        Err(error) if is_outage(error.code()) => {
            place.note_failure(&claims.session_id, number, began, error, call.fetch());
        }
        Err(_) => {}
    });
    said.map(|said| decision(&said))
}

/// Of an answer that came just now.
const fn decision(said: &Said) -> Decision {
    if said.yes {
        Decision::Yes
    } else {
        Decision::Ended
    }
}

/// An answer as it is remembered: a yes with its idle time, or a confirmed no.
fn said(yes: Option<&Yes>, asked_at: i64) -> Said {
    let idle = yes.and_then(|yes| yes.idle_expires_at.as_deref());
    let idle_expires_at = idle.and_then(fetch::parse_date);
    Said::heard(yes.is_some(), asked_at, idle_expires_at)
}
