//! The published keys in time: at hand, from a shared store, or from Hanko. One call fetches, the others look for its result.

use std::rc::Rc;

use web_sys::CryptoKey;

use super::call::{milliseconds, monotonic, now, to_js, Call};
use super::memory::{self, Place};
use super::together::{together, Errand};
use super::{crypto, fetch, traced};
use crate::claims;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::freshness::{self, Failures, History, Plan};
use crate::http::Response;
use crate::keys::{self, KeySet};
use crate::token::Token;

/// A key that may verify a token.
pub(super) struct Found {
    /// For WebCrypto.
    pub(super) key: CryptoKey,
    /// Its modulus, base64url.
    pub(super) n: String,
    /// Bytes of the modulus.
    pub(super) length: usize,
    /// Whether the keys are past their age while Hanko is down.
    pub(super) stale: bool,
}

/// The key of a `kid`.
pub(super) async fn find(call: &Call, config: &Rc<Config>, kid: &str, token: &Token) -> Result<Found, Error> {
    let (set, stale) = keys_for(call, config, kid, token).await?;
    let (at, key) = set.find(kid)?;
    let (n, length) = (key.n.clone(), key.length);
    let known = memory::place(&config.api_url, |place| imported(place, at).filter(|_| is_current(place, &set)));
    if let Some(key) = known {
        return Ok(Found { key, n, length, stale });
    }
    let key = crypto::import(key).await?;
    memory::place(&config.api_url, |place| {
        if is_current(place, &set) && imported(place, at).is_none() {
            place.imported.push((at, key.clone()));
        }
    });
    Ok(Found { key, n, length, stale })
}

/// The key of a `kid`, where keys may be used at once and it is imported already.
///
/// # Errors
/// As [`KeySet::find`], where the keys at hand know the `kid`.
pub(super) fn at_hand(config: &Config, kid: &str) -> Result<Option<Found>, Error> {
    memory::place(&config.api_url, |place| {
        let (Plan::Use, Some(set)) = plan_in(place, None, config, kid) else { return Ok(None) };
        let (at, key) = set.find(kid)?;
        Ok(imported(place, at).map(|usable| Found { key: usable, n: key.n.clone(), length: key.length, stale: false }))
    })
}

/// Whether a `kid` has this modulus in keys which may be used at once.
pub(super) fn is_at_hand(place: &mut Place, config: &Config, kid: &str, n: &str) -> bool {
    let (plan, set) = plan_in(place, None, config, kid);
    plan == Plan::Use && set.is_some_and(|set| set.find(kid).is_ok_and(|(_, key)| key.n == n))
}

/// Whether a token's key can be had by a request alone.
pub(super) fn must_fetch(call: &Call, config: &Config, text: &str) -> bool {
    let token = Token::parse(text, config.max_token_length);
    let plan = token.and_then(|token| Ok(plan(call, config, token.kid()?).0));
    plan.is_ok_and(|plan| matches!(plan, Plan::Fetch | Plan::FetchForKid | Plan::Refresh))
}

/// Fetches the keys now, whatever is at hand.
pub(super) async fn reload(call: &Call, config: &Config) -> Result<(), Error> {
    let fetched = fetch_keys(call, config).await.map(|_| ());
    if fetched.is_ok() {
        memory::place(&config.api_url, |place| place.ends(&Errand::Fetch, |ends| ends.note(&fetched, call.fetch())));
    }
    fetched
}

async fn keys_for(call: &Call, config: &Rc<Config>, kid: &str, token: &Token) -> Result<(Rc<KeySet>, bool), Error> {
    let came = now();
    let (set, stale) = match plan(call, config, kid) {
        (Plan::Use, Some(set)) => (set, false),
        (Plan::UseStale, Some(set)) => (set, true),
        (Plan::Refresh, Some(set)) if set.knows(kid) => refresh_or_keep(call, config, kid, set).await?,
        (Plan::Unknown, _) if !Errand::Fetch.is_under_way(&config.api_url) => return Err(unknown(call, config, token)),
        (Plan::Unknown | Plan::FetchForKid, _) => wait(call, config, kid, false).await?,
        _ => wait(call, config, kid, true).await.or_else(|error| from_store_after_all(call, config, kid, error))?,
    };
    // A document that a cache has kept, or that was asked for by an earlier call, says nothing of a key that is newer.
    match set.knows(kid) || memory::place(&config.api_url, |place| place.history.fetched_at) >= Some(came) {
        true => Ok((set, stale)),
        false => Err(unknown(call, config, token)),
    }
}

/// A shared store may have had keys past their age, which the failed fetch leaves at hand.
fn from_store_after_all(call: &Call, config: &Config, kid: &str, error: Error) -> Result<(Rc<KeySet>, bool), Error> {
    match plan(call, config, kid) {
        (Plan::UseStale | Plan::Refresh, Some(set)) if set.knows(kid) => Ok((set, true)),
        _ => Err(error),
    }
}

fn plan(call: &Call, config: &Config, kid: &str) -> (Plan, Option<Rc<KeySet>>) {
    memory::place(&config.api_url, |place| plan_in(place, Some(call.fetch()), config, kid))
}

fn plan_in(place: &Place, fetch: Option<u32>, config: &Config, kid: &str) -> (Plan, Option<Rc<KeySet>>) {
    let knows = place.set.as_ref().is_some_and(|set| set.knows(kid));
    let tolerance = milliseconds(config.clock_tolerance);
    (place.history.of(fetch).plan(knows, max_stale(config), tolerance, now()), place.set.clone())
}

fn history(call: &Call, config: &Config) -> History {
    memory::place(&config.api_url, |place| place.history.of(Some(call.fetch())))
}

fn unknown(call: &Call, config: &Config, token: &Token) -> Error {
    let history = history(call, config);
    let last_good = history.fetched_at.unwrap_or(i64::MIN);
    // `iat` has whole seconds, of a clock that is not ours. While the endpoint fails nothing is known, however old the token.
    let slack = milliseconds(config.clock_tolerance.saturating_add(1));
    let possible = |at: &i64| *at <= now().saturating_add(slack); // A date in the future is no sign of a fresh key.
    let issued_at = claims::unverified_time(token, "iat").filter(possible).map(|at| at.saturating_add(slack));
    let issued_at = if history.failures.count > 0 { Some(i64::MAX) } else { issued_at };
    keys::unknown(issued_at, last_good, history.next_for_kid(now()), now())
}

/// Keys past their age: fresh ones, behind the answer where that may be, else within a share of the deadline.
async fn refresh_or_keep(
    call: &Call,
    config: &Rc<Config>,
    kid: &str,
    set: Rc<KeySet>,
) -> Result<(Rc<KeySet>, bool), Error> {
    let history = history(call, config);
    let known = (set, history.failures.count > 0);
    let under_way = Errand::Fetch.is_under_way(&config.api_url);
    let behind = call.may_go_on() && history.may_renew_behind(now());
    if behind && (under_way || !history.behind && refresh_behind(call, config, kid)) {
        return Ok(known);
    }
    let brief = call.brief(share(config));
    let fresh = wait(&brief, config, kid, false).await;
    brief.close();
    match call.check() {
        Err(error) if error.code() == Code::RequestAborted => Err(error),
        _ => Ok(fresh.unwrap_or((known.0, true))),
    }
}

/// False where the host does not keep it alive.
fn refresh_behind(call: &Call, config: &Rc<Config>, kid: &str) -> bool {
    let note = |config: &Config, behind| memory::place(&config.api_url, |place| place.history.behind = behind);
    let (shared, kid) = (Rc::clone(config), kid.to_owned());
    let begun = traced::behind(call, async move |own| {
        let _told = wait(own, &shared, &kid, false).await;
        note(&shared, false);
    });
    note(config, begun);
    begun
}

/// Milliseconds that asking may cost where there is an older answer: 1 s, or half of the deadline.
pub(super) fn share(config: &Config) -> u32 {
    config.timeout.div_euclid(2).min(1000)
}

/// Fetches, or waits for the call that does, until there is nothing to fetch for this `kid`; and whether the keys are stale.
/// `again`: more than one request may be made, after a failure or while one takes long.
async fn wait(call: &Call, config: &Config, kid: &str, again: bool) -> Result<(Rc<KeySet>, bool), Error> {
    let work = async { from_store_or_hanko(call, config, kid, again).await.map(|set| (set, false)) };
    let find = |fetched: bool| match plan(call, config, kid) {
        (Plan::UseStale, set) => Some((set?, true)),
        (Plan::FetchForKid, _) => None, // They are of a store, which the other call's kid was in.
        // The call that fetched has run out of time, or was cut off: the pause after its try is everybody's.
        (Plan::Unknown, set) if !Errand::Fetch.is_under_way(&config.api_url) => Some((set?, false)),
        (plan, set) if fetched || plan == Plan::Use => Some((set?, false)),
        _ => None,
    };
    together(call, call, config, Errand::Fetch, again, work, find).await
}

/// Only Hanko can say that there is no key of this `kid`: a store's document may be older than the key.
async fn from_store_or_hanko(call: &Call, config: &Config, kid: &str, again: bool) -> Result<Rc<KeySet>, Error> {
    if let Some(set) = from_store(call, config, kid).await? {
        return Ok(set);
    }
    let mut result = fetch_keys(call, config).await;
    if again && result.as_ref().is_err_and(|error| error.code() == Code::KeysUnavailable) {
        call.sleep(fetch::random(100).saturating_add(50)).await?;
        result = fetch_keys(call, config).await;
    }
    result
}

/// Keys that another isolate fetched, believed no longer than their age. Older ones are kept for an outage. Those that do not
/// know the `kid` never take the place of keys that do: Hanko is asked, and may not answer.
async fn from_store(call: &Call, config: &Config, kid: &str) -> Result<Option<Rc<KeySet>>, Error> {
    if !call.has_store() {
        return Ok(None);
    }
    let text = call.until(&call.from_store(&config.api_url)).await?.as_string();
    let stored = text.and_then(|text| keys::from_store(&text, &config.api_url, max_stale(config), now()));
    let Some((set, fetched_at)) = stored.filter(|(set, _)| set.knows(kid)) else { return Ok(None) };
    Ok(memory::place(&config.api_url, |place| {
        let newer = place.history.fetched_at.is_none_or(|known| fetched_at > known);
        if newer {
            place.set = Some(Rc::new(set));
            place.imported.clear();
            place.history.fetched_at = Some(fetched_at);
        }
        let fresh = now().saturating_sub(fetched_at) < freshness::MAX_AGE;
        place.set.clone().filter(|_| newer && fresh)
    }))
}

async fn fetch_keys(call: &Call, config: &Config) -> Result<Rc<KeySet>, Error> {
    let (began, started) = (now(), monotonic());
    let earlier = memory::place(&config.api_url, |place| place.history.tried_at.replace(began));
    let sent = fetch::send(call, &config.api_url, &keys::request(), None).await;
    let sent = sent.map_err(|error| keys::fetch_failed(&error));
    let parsed = sent.and_then(|response| Ok((keys::parse(&response)?, response)));
    let code = parsed.as_ref().err().map_or("", |error| error.code().as_str());
    call.tell("keys_fetched", code, to_js(monotonic().saturating_sub(started)));
    match parsed {
        Ok((set, response)) => Ok(keep(call, config, set, &response, began)),
        Err(error) => {
            memory::place(&config.api_url, |place| match error.code() {
                Code::RequestAborted => place.history.take_back(began, earlier),
                _ => place.history.failures.note(&error, call.fetch()),
            });
            Err(error)
        }
    }
}

/// A fetch that began earlier never replaces the result of one that began later, not even for the call that made it.
fn keep(call: &Call, config: &Config, set: KeySet, response: &Response, began: i64) -> Rc<KeySet> {
    let set = Rc::new(set);
    let age = i64::from(response.age.unwrap_or_default()).saturating_mul(1000);
    let fetched_at = began.saturating_sub(age);
    let set = memory::place(&config.api_url, |place| {
        place.note_id(response.request_id.clone());
        place.history.failures = Failures::default();
        place.history.behind = false;
        place.history.taken_back = false;
        place.history.answered_at = Some(began);
        if place.history.fetched_at.is_none_or(|known| fetched_at >= known || known > now()) {
            place.set = Some(Rc::clone(&set));
            place.imported.clear();
            place.history.fetched_at = Some(fetched_at);
        }
        place.set.clone().unwrap_or(set)
    });
    if let (true, Ok(document)) = (call.has_store(), std::str::from_utf8(&response.body)) {
        let seconds = config.keys_max_stale.saturating_add(freshness::MAX_AGE_SECONDS);
        call.to_store(&config.api_url, &keys::to_store(&config.api_url, fetched_at, document), seconds);
    }
    set
}

fn imported(place: &Place, at: usize) -> Option<CryptoKey> {
    place.imported.iter().find(|(known, _)| *known == at).map(|(_, key)| key.clone())
}

fn is_current(place: &Place, set: &Rc<KeySet>) -> bool {
    place.set.as_ref().is_some_and(|current| Rc::ptr_eq(current, set))
}

fn max_stale(config: &Config) -> i64 {
    milliseconds(config.keys_max_stale)
}
