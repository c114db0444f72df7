//! The corridor with a host: key, signature, claims, session. Every decision is the core's; here they are only waited for.

use std::rc::Rc;

use serde::Serialize;
use serde_json::value::RawValue;
use web_sys::CryptoKey;

use super::call::{now, Call};
use super::{crypto, fetch, memory, raw};
use crate::carrier::Carried;
use crate::claims::{self, Claims, Policy};
use crate::config::{Config, Mode};
use crate::error::{Code, Error, Kind};
use crate::http::Response;
use crate::keys::{self, KeySet};
use crate::session::{self, Answer, Outcome, Yes};
use crate::token::Token;

/// `authenticate`, for the tokens that a request carries.
pub(super) async fn authenticate(call: &Call, config: &Config, mode: Mode, carried: Carried) -> Result<Auth, Error> {
    let mut outcomes = Vec::new();
    let mut valid = Vec::new();
    for text in carried.tokens {
        match verify(call, config, &text).await {
            Ok((claims, _)) => valid.push((claims, text)),
            Err(error) => outcomes.push(Outcome::failed(error, None)),
        }
    }
    let remote = mode != Mode::Local;
    if remote {
        for (claims, text) in session::to_ask(valid) {
            outcomes.push(match ask(call, config, &claims, &text).await {
                Ok(()) => Outcome::Valid(Box::new(claims), text),
                Err(error) => Outcome::failed(error, Some(claims.user_id)),
            });
        }
    } else {
        outcomes.extend(valid.into_iter().map(|(claims, text)| Outcome::Valid(Box::new(claims), text)));
    }
    let (claims, token) = session::choose(outcomes)?;
    Ok(Auth::SignedIn(Box::new(SignedIn {
        session: session(&claims),
        token,
        source: carried.source.as_str(),
        verified_by: if remote { "remote" } else { "local" },
        stale: false,
    })))
}

/// Signature and claims against the published keys.
pub(super) async fn verify(call: &Call, config: &Config, text: &str) -> Result<(Claims, Token), Error> {
    let token = Token::parse(text, config.max_token_length)?;
    let claims = verify_token(call, config, &token).await?;
    Ok((claims, token))
}

async fn verify_token(call: &Call, config: &Config, token: &Token) -> Result<Claims, Error> {
    let kid = token.kid()?.to_owned();
    let (key, length) = find_key(call, config, &kid, token).await?;
    let good = crypto::verify(&key, length, token).await?;
    let tolerance = i64::from(config.clock_tolerance).saturating_mul(1000);
    let policy = Policy { audience: &config.audience, issuer: config.issuer.as_deref(), tolerance };
    claims::verify(token, good, policy, now())
}

/// `validateSession` with a token: sent as it stands; the local checks weigh a no.
pub(super) async fn validate(call: &Call, config: &Config, text: &str) -> Result<Status, Error> {
    if crate::token::exceeds(text, config.max_token_length) {
        return Err(crate::token::too_large());
    }
    let token = Token::parse(text, config.max_token_length);
    match send_ask(call, config, text).await? {
        Answer::Yes(yes) => {
            let token = token?;
            let (user_id, _) = claims::unverified_identity(&token)?;
            let (claims, _) = claims::decode(&token)?;
            if user_id != yes.user_id {
                return Err(session::other_person());
            }
            Ok(Status::yes(yes, &claims))
        }
        Answer::Unreadable => {
            claims::unverified_identity(&token?)?;
            Err(unreadable())
        }
        Answer::No => weigh_no(call, config, token).await,
    }
}

/// A no counts at once for a token that fails the local checks; else it is confirmed.
async fn weigh_no(call: &Call, config: &Config, token: Result<Token, Error>) -> Result<Status, Error> {
    let checked = match &token {
        Ok(token) => verify_token(call, config, token).await.map(|claims| (claims, token.text())),
        Err(error) => Err(error.clone()),
    };
    let confirmed = match checked {
        Ok((claims, text)) => confirm(call, config, &claims, text).await.map(|()| Some(claims)),
        Err(error) => Err(error),
    };
    match confirmed {
        Ok(_) => Err(session::not_borne_out()),
        Err(error) if error.kind() == Kind::Denied => Ok(Status::no()),
        Err(error) if matches!(error.code(), Code::KeysUnavailable | Code::KeysInvalid) => {
            Err(session::not_borne_out())
        }
        Err(error) => Err(error),
    }
}

/// `validateSession` by the browser's cookie. The first no, and one after a yes, is checked against the key document.
pub(super) async fn validate_cookie(call: &Call, config: &Config) -> Result<Status, Error> {
    let response = fetch::send(call, &config.api_url, &session::request_by_cookie(), None).await?;
    let remember = |valid| memory::keys(&config.api_url, |known| known.last_by_cookie.replace(valid));
    match session::parse(&response)? {
        Answer::Yes(yes) => {
            remember(true);
            let claims = claims::by_cookie(&yes.claims, &yes.user_id, &yes.expiration_time);
            let claims =
                claims.ok_or_else(|| Error::new(Code::ResponseInvalid, "the answer's claims cannot be read"))?;
            Ok(Status::yes(yes, &claims))
        }
        Answer::No => {
            if memory::keys(&config.api_url, |known| known.last_by_cookie) != Some(false) {
                is_up(call, config).await?;
                remember(false);
            }
            Ok(Status::no())
        }
        Answer::Unreadable => Err(unreadable()),
    }
}

/// `reloadKeys`.
pub(super) async fn reload_keys(call: &Call, config: &Config) -> Result<(), Error> {
    fetch_keys(call, config).await.map(|_| ())
}

/// Asks Hanko about a token that passes the local checks. Ok is a yes about the same person.
async fn ask(call: &Call, config: &Config, claims: &Claims, text: &str) -> Result<(), Error> {
    match answer(call, config, claims, text).await? {
        true => Ok(()),
        false => confirm(call, config, claims, text).await,
    }
}

/// A no is confirmed before it counts: Hanko says no to everybody while its database is away, and its key document fails then.
/// Ok is a yes in the second answer.
async fn confirm(call: &Call, config: &Config, claims: &Claims, text: &str) -> Result<(), Error> {
    if now() >= claims.expires_at {
        return Err(Error::new(Code::TokenExpired, "the token has expired"));
    }
    is_up(call, config).await?;
    call.sleep(fetch::random(200).saturating_add(50)).await?;
    match answer(call, config, claims, text).await? {
        true => Ok(()),
        false => Err(session::ended()),
    }
}

async fn answer(call: &Call, config: &Config, claims: &Claims, text: &str) -> Result<bool, Error> {
    match send_ask(call, config, text).await? {
        Answer::Yes(yes) if yes.user_id == claims.user_id => Ok(true),
        Answer::Yes(_) => Err(session::other_person()),
        Answer::No => Ok(false),
        Answer::Unreadable => Err(unreadable()),
    }
}

async fn send_ask(call: &Call, config: &Config, text: &str) -> Result<Answer, Error> {
    session::parse(&fetch::send(call, &config.api_url, &session::request(text), None).await?)
}

/// Whether Hanko can read its own keys now. Any failure but the call's own end is `server_error`.
async fn is_up(call: &Call, config: &Config) -> Result<(), Error> {
    let id = (!is_page()).then(fetch::random_id);
    let sent = fetch::send(call, &config.api_url, &keys::request(), id.as_deref()).await;
    call.check()?;
    let borne_out = sent.and_then(|response| {
        let fresh = memory::keys(&config.api_url, |known| {
            let fresh = session::is_fresh(&response, id.as_deref(), &known.ids);
            known.note_id(response.request_id.clone());
            fresh
        });
        keys::parse(&response).map(|_| fresh)
    });
    match borne_out {
        Ok(true) => Ok(()),
        _ => Err(session::not_borne_out()),
    }
}

/// In a page a header of our own would cost a CORS preflight.
fn is_page() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"document".into()).unwrap_or_default()
}

/// The key of a `kid`, imported, and the length of its modulus in bytes.
async fn find_key(call: &Call, config: &Config, kid: &str, token: &Token) -> Result<(CryptoKey, usize), Error> {
    let fresh = memory::keys(&config.api_url, |known| {
        let age = now().saturating_sub(known.fetched_at);
        known.set.as_ref().filter(|_| (0..keys::MAX_AGE).contains(&age)).map(|(set, _)| Rc::clone(set))
    });
    let set = match fresh {
        Some(set) if set.knows(kid) => set,
        Some(_) => refetch_for(call, config, token).await?,
        None => fetch_keys_or_retry(call, config).await?,
    };
    let (at, key) = set.find(kid)?;
    let imported = memory::keys(&config.api_url, |known| {
        let same = known.set.as_ref().filter(|(stored, _)| Rc::ptr_eq(stored, &set));
        same.and_then(|(_, imported)| imported.get(&at).cloned())
    });
    if let Some(imported) = imported {
        return Ok((imported, key.length));
    }
    let imported = crypto::import(key).await?;
    memory::keys(&config.api_url, |known| {
        if let Some((_, keys)) = known.set.as_mut().filter(|(stored, _)| Rc::ptr_eq(stored, &set)) {
            keys.insert(at, imported.clone());
        }
    });
    Ok((imported, key.length))
}

/// An unknown `kid` fetches again, but at most once in a pause.
async fn refetch_for(call: &Call, config: &Config, token: &Token) -> Result<Rc<KeySet>, Error> {
    let (tried_at, fetched_at) = memory::keys(&config.api_url, |known| (known.tried_at, known.fetched_at));
    let next = tried_at.map_or(i64::MIN, |at| at.saturating_add(keys::PAUSE));
    if now() < next {
        return Err(keys::unknown(claims::unverified_issued_at(token), fetched_at, next, now()));
    }
    fetch_keys(call, config).await
}

/// A key document that does not come is asked for once more, a little later.
async fn fetch_keys_or_retry(call: &Call, config: &Config) -> Result<Rc<KeySet>, Error> {
    match fetch_keys(call, config).await {
        Err(error) if error.code() == Code::KeysUnavailable => {
            call.sleep(fetch::random(100).saturating_add(50)).await?;
            fetch_keys(call, config).await
        }
        result => result,
    }
}

async fn fetch_keys(call: &Call, config: &Config) -> Result<Rc<KeySet>, Error> {
    let began = now();
    memory::keys(&config.api_url, |known| known.tried_at = Some(began));
    let response =
        fetch::send(call, &config.api_url, &keys::request(), None).await.map_err(|error| keys::fetch_failed(&error))?;
    let set = Rc::new(keys::parse(&response)?);
    let age = i64::from(response.age.unwrap_or_default()).saturating_mul(1000);
    memory::keys(&config.api_url, |known| store(known, &response, Rc::clone(&set), began.saturating_sub(age)));
    Ok(set)
}

/// A fetch that began earlier never replaces the result of one that began later.
fn store(known: &mut memory::Keys, response: &Response, set: Rc<KeySet>, fetched_at: i64) {
    known.note_id(response.request_id.clone());
    if known.set.is_none() || fetched_at >= known.fetched_at || fetched_at > now() {
        known.set = Some((set, std::collections::BTreeMap::new()));
        known.fetched_at = fetched_at;
    }
}

fn unreadable() -> Error {
    Error::new(Code::ClaimsMalformed, "Hanko cannot read the token's claims").with_status(400)
}

/// One of the three results.
#[derive(Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub(super) enum Auth {
    /// Yes.
    SignedIn(Box<SignedIn>),
    /// No, with a code.
    SignedOut(Refusal),
    /// Nobody knows, with a code.
    Unavailable(Refusal),
}

/// A yes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedIn {
    #[serde(flatten)]
    session: Session,
    token: String,
    source: &'static str,
    verified_by: &'static str,
    stale: bool,
}

/// Why not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refusal {
    code: Code,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

/// What is known of a session.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    user_id: String,
    session_id: String,
    expires_at: i64,
    claims: Option<Box<RawValue>>,
}

/// The contract's `SessionStatus`.
#[derive(Serialize)]
pub(super) struct Status {
    is_valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Box<RawValue>>,
}

impl Status {
    const fn no() -> Self {
        Self { is_valid: false, user_id: None, expiration_time: None, idle_expires_at: None, claims: None }
    }

    fn yes(yes: Yes, claims: &str) -> Self {
        Self {
            is_valid: true,
            user_id: Some(yes.user_id),
            expiration_time: Some(yes.expiration_time),
            idle_expires_at: yes.idle_expires_at,
            claims: raw(claims),
        }
    }
}

/// A failure as a result: only what denies signs out.
pub(super) fn told(error: &Error) -> Auth {
    let refusal = Refusal { code: error.code(), message: error.message().to_owned(), retry_after: error.retry_after };
    match error.kind() {
        Kind::Denied => Auth::SignedOut(refusal),
        Kind::Unavailable | Kind::Misuse => Auth::Unavailable(refusal),
    }
}

/// A verified session, as it crosses.
pub(super) fn session(claims: &Claims) -> Session {
    Session {
        user_id: claims.user_id.clone(),
        session_id: claims.session_id.clone(),
        expires_at: claims.expires_at,
        claims: raw(claims.json()),
    }
}
