//! The corridor with a host: token, key, signature, claims, session. Every decision is the core's; here they are only waited for.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::asking::{self, Standing};
use super::call::{milliseconds, now, to_js, Call};
use super::keyring::{self, Found};
use super::memory::{self, Verified};
use super::{confirm, crypto, shown, signature};
use crate::carrier::{Carried, Source};
use crate::claims::{self, Claims, Policy};
use crate::claims_view;
use crate::config::{Config, Mode};
use crate::error::{Code, Error, Kind};
use crate::session::{self, Decision, Outcome};
use crate::token::{self, Token};
use crate::validate::Answer;

/// `authenticate`, for the tokens that a request carries.
pub(super) async fn authenticate(
    call: &Call,
    config: &Rc<Config>,
    mode: Mode,
    carried: Carried,
) -> Result<String, Error> {
    let (mut outcomes, valid) = verify_all(call, config, carried.tokens).await;
    let valid = session::to_ask(valid, |claims| asking::hope(call, config, mode, claims));
    let mut down = false;
    for (claims, (at, text, stale)) in valid {
        let outcome = match asking::settle(call, config, mode, &claims, &text, down).await {
            Ok(standing) => {
                down |= standing.stale;
                Outcome::Valid(Box::new(claims), (text, stale, standing))
            }
            Err(error) => Outcome::failed(error, Some(claims.user_id.clone())),
        };
        if let Some(place) = outcomes.get_mut(at) {
            *place = Some(outcome);
        }
    }
    let (claims, (token, stale, standing)) = session::choose(outcomes.into_iter().flatten().collect())?;
    if standing.renew {
        asking::renew_behind(call, config, &claims, &token);
    }
    let standing = Standing { stale: standing.stale || stale, ..standing };
    Ok(shown::signed_in(&claims, &token, carried.source, standing).finish())
}

/// A candidate token's place, its text, and whether it was verified by stale keys.
type Candidate = (usize, String, bool);
/// By the token's place: the code is the first candidate's, where none is valid.
type Outcomes = Vec<Option<Outcome<(String, bool, Standing)>>>;

/// What is to be said of the tokens that fail the local checks, and those that pass them.
async fn verify_all(call: &Call, config: &Rc<Config>, tokens: Vec<String>) -> (Outcomes, Vec<(Claims, Candidate)>) {
    let (mut outcomes, mut valid) = (Vec::new(), Vec::new());
    let mut failed: Option<Error> = None;
    for (at, text) in tokens.into_iter().enumerate() {
        let verified = match &failed {
            // One try for the keys is enough for a request, however many cookies it has.
            Some(error) if keyring::must_fetch(call, config, &text) => Err(error.clone()),
            _ => verify(call, config, &text).await,
        };
        match verified {
            Ok((claims, stale)) => {
                valid.push((claims, (at, text, stale)));
                outcomes.push(None);
            }
            Err(error) => {
                failed = failed.or_else(|| Some(error.clone()).filter(|error| error.kind() != Kind::Denied));
                outcomes.push(Some(Outcome::failed(error, None)));
            }
        }
    }
    (outcomes, valid)
}

/// `authenticate` without waiting, but for a signature: text, WebCrypto's promise, or undefined where more must be waited for.
pub(super) fn authenticate_now(
    config: &Rc<Config>,
    id: u32,
    mode: Mode,
    (text, source): (&str, Source),
    behind: bool,
) -> Result<JsValue, Error> {
    let Some((at, verified)) = known(config, text) else { return begin(config, id, text) };
    let standing = standing_now(config, mode, &verified.claims, behind)?;
    Ok(standing.map_or(JsValue::UNDEFINED, |standing| {
        let mut shown = shown::signed_in(&verified.claims, text, source, standing);
        shown.put("known", &["[", &at.to_string(), ",", &verified.number.to_string(), "]"].concat());
        super::text(Ok(shown.finish())).into()
    }))
}

/// `verifySession`, likewise.
pub(super) fn verify_session_now(config: &Rc<Config>, id: u32, text: &str) -> Result<JsValue, Error> {
    let Some((_, verified)) = known(config, text) else { return begin(config, id, text) };
    verified.claims.check(policy(config), now())?;
    Ok(super::text(Ok(shown::session(&verified.claims))).into())
}

fn begin(config: &Rc<Config>, id: u32, text: &str) -> Result<JsValue, Error> {
    Ok(signature::begin(config, id, text)?.map_or(JsValue::UNDEFINED, JsValue::from))
}

/// The same for a token that was answered so before, by where it stands and by its number. None where all must be asked.
pub(super) fn authenticate_again(
    config: &Config,
    mode: Mode,
    at: usize,
    number: f64,
    behind: bool,
) -> Option<Standing> {
    let verified = memory::place(&config.api_url, |place| {
        let verified = place.verified.at(at).filter(|verified| to_js(verified.number) == number).cloned()?;
        keyring::is_at_hand(place, config, &verified.kid, &verified.n).then_some(verified)
    })?;
    standing_now(config, mode, &verified.claims, behind).ok().flatten()
}

/// How a session stands by its claims and by what is remembered; None where something must be waited for.
fn standing_now(config: &Config, mode: Mode, claims: &Claims, behind: bool) -> Result<Option<Standing>, Error> {
    claims.check(policy(config), now())?;
    let standing = |remote| Some(Standing { remote, stale: false, renew: false });
    Ok(match asking::at_once(config, mode, claims, behind, None) {
        Decision::Local => standing(false),
        Decision::Yes => standing(true),
        _ => None,
    })
}

/// `verifySession`.
pub(super) async fn verify_session(call: &Call, config: &Rc<Config>, text: &str) -> Result<String, Error> {
    verify(call, config, text).await.map(|(claims, _)| shown::session(&claims))
}

/// `validateSession` with a token: sent as it stands; the local checks weigh a no.
pub(super) async fn validate(call: &Call, config: &Rc<Config>, text: &str) -> Result<String, Error> {
    if token::exceeds(text, config.max_token_length) {
        return Err(token::too_large());
    }
    match confirm::send_ask(call, config, text).await? {
        Answer::Yes(yes) => {
            let token = Token::parse(text, config.max_token_length)?;
            let (user_id, _) = claims::unverified_identity(&token)?;
            let (claims, _) = claims::decode(&token)?;
            if user_id != yes.user_id {
                return Err(session::other_person());
            }
            Ok(shown::valid(&yes, &claims))
        }
        Answer::Unreadable => {
            claims::unverified_identity(&Token::parse(text, config.max_token_length)?)?;
            Err(session::unreadable())
        }
        Answer::No => weigh_no(call, config, text).await,
    }
}

/// A no counts at once for a token that fails the local checks; else it is confirmed.
async fn weigh_no(call: &Call, config: &Rc<Config>, text: &str) -> Result<String, Error> {
    let confirmed = match verify(call, config, text).await {
        Ok((claims, _)) => confirm::confirm(call, config, &claims, text).await.map(|yes| (yes, claims)),
        Err(error) => Err(error),
    };
    match confirmed {
        Ok((yes, claims)) => Ok(shown::valid(&yes, claims.json())),
        Err(error) if error.kind() == Kind::Denied => Ok(shown::invalid()),
        Err(error) if matches!(error.code(), Code::KeysUnavailable | Code::KeysInvalid) => {
            Err(session::not_borne_out())
        }
        Err(error) => Err(error),
    }
}

/// `validateSession` by the browser's cookie. The first no, and one after a yes, is checked against the key document.
pub(super) async fn validate_cookie(call: &Call, config: &Config) -> Result<String, Error> {
    let remember = |valid| memory::place(&config.api_url, |place| place.last_by_cookie.replace(valid));
    match confirm::send_ask_by_cookie(call, config).await? {
        Answer::Yes(yes) => {
            remember(true);
            let claims = claims_view::by_cookie(&yes.claims, &yes.user_id, &yes.expiration_time);
            let claims =
                claims.ok_or_else(|| Error::new(Code::ResponseInvalid, "the answer's claims cannot be read"))?;
            Ok(shown::valid(&yes, &claims))
        }
        Answer::No => {
            if memory::place(&config.api_url, |place| place.last_by_cookie) != Some(false) {
                confirm::is_up(call, config).await?;
                remember(false);
            }
            Ok(shown::invalid())
        }
        Answer::Unreadable => Err(session::unreadable()),
    }
}

/// Signature, claims and revocations of a token, and whether the keys are stale.
async fn verify(call: &Call, config: &Rc<Config>, text: &str) -> Result<(Claims, bool), Error> {
    let (claims, stale) = match known(config, text) {
        Some((_, verified)) => (verified.claims.clone(), false),
        None => verify_signature(call, config, text).await?,
    };
    claims.check(policy(config), now())?;
    not_revoked(call, &claims).await?;
    Ok((claims, stale))
}

/// A token of at most `max_length` characters, the key that it names, and whether the signature is the key's.
pub(super) async fn signature(
    call: &Call,
    config: &Rc<Config>,
    text: &str,
    max_length: usize,
) -> Result<(Token, Found, bool), Error> {
    let token = Token::parse(text, max_length)?;
    let found = keyring::find(call, config, token.kid()?, &token).await?;
    let good = crypto::verify(&found.key, found.length, &token).await?;
    Ok((token, found, good))
}

async fn verify_signature(call: &Call, config: &Rc<Config>, text: &str) -> Result<(Claims, bool), Error> {
    let (token, found, good) = signature(call, config, text, config.max_token_length).await?;
    let stale = found.stale;
    Ok((signature::claims_of(config, &token, found.n, good)?, stale))
}

/// A token that was verified by a key which still stands, in keys which may be used at once, and where it stands.
fn known(config: &Config, text: &str) -> Option<(usize, Rc<Verified>)> {
    if config.cache_size == 0 || text.len() > config.max_token_length {
        return None;
    }
    memory::place(&config.api_url, |place| {
        let at = place.verified.place(text)?;
        let verified = place.verified.at(at)?.clone();
        keyring::is_at_hand(place, config, &verified.kid, &verified.n).then_some((at, verified))
    })
}

/// Whether a token's signature is good, whatever its times are.
pub(super) async fn is_genuine(call: &Call, config: &Rc<Config>, text: &str) -> bool {
    known(config, text).is_some() || verify_signature(call, config, text).await.is_ok()
}

/// Whether the caller's list holds the session; asked before any yes. A list that fails decides nothing. One may forget a
/// session at its `exp`, so there is no tolerance after it: else a revoked session would be back.
async fn not_revoked(call: &Call, claims: &Claims) -> Result<(), Error> {
    if !call.has_revocations() {
        return Ok(());
    }
    call.check()?;
    let issued_at = claims.issued_at.map_or(f64::NAN, to_js);
    let asked = call.is_revoked(&claims.session_id, &claims.user_id, issued_at, to_js(claims.expires_at));
    match call.until(&asked).await?.as_bool() {
        Some(false) if now() < claims.expires_at => Ok(()),
        Some(false) => Err(claims::expired()),
        Some(true) => Err(Error::new(Code::SessionEnded, "the session is on the list of revocations")),
        None => Err(Error::new(Code::InternalError, "the list of revocations could not be asked")),
    }
}

/// What the options demand of a token.
pub(super) fn policy(config: &Config) -> Policy<'_> {
    let tolerance = milliseconds(config.clock_tolerance);
    Policy { audience: &config.audience, issuer: config.issuer.as_deref(), tolerance }
}
