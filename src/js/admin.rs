//! The Admin API: sends what is asked, once where it changes something, and settles a lost patch by reading.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call::{now, Call};
use super::lease::Lease;
use super::{fetch, memory, text, with_config};
use crate::admin::{unknown, Ask};
use crate::admin_view::session_ids;
use crate::config::Config;
use crate::error::{Code, Error};

/// A call of the Admin API by its name, about a user; `more` is a body, members of one, or a session's id.
/// Ok: what the contract's method resolves to.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)] // One crossing: an object would cost a crossing for each member.
pub fn admin(
    id: u32,
    number: u32,
    call: Call,
    name: String,
    key: Option<String>,
    user: String,
    more: String,
) -> Promise {
    with_config(id, number, async move |config| text(run(&call, &config, key.as_deref(), &name, &user, &more).await))
}

async fn run(
    call: &Call,
    config: &Config,
    key: Option<&str>,
    name: &str,
    user: &str,
    more: &str,
) -> Result<String, Error> {
    match name {
        "deleteSessions" => end_all(call, config, key, user).await,
        _ => send(call, config, key, &Ask::parse(name, user, more)?).await,
    }
}

async fn send(call: &Call, config: &Config, key: Option<&str>, ask: &Ask) -> Result<String, Error> {
    if !ask.writes() {
        return ask.parse_answer(&fetch::get(call, &config.api_url, &ask.request(key)).await?);
    }
    match ask {
        Ask::PatchMetadata(user, _) => {
            let deadline = now().saturating_add(i64::from(config.timeout));
            let _lease = Lease::of_metadata(call, user).await?;
            call.write();
            // The last quarter of what is left is for the reading.
            let left = u32::try_from(deadline.saturating_sub(now())).unwrap_or_default();
            let brief = call.brief(left.saturating_sub(left.div_euclid(4)));
            let patched = send_once(&brief, config, key, ask).await;
            brief.close();
            match patched {
                Err(error) if is_open(&error) => settle(call, config, key, ask, user, error).await,
                patched => patched,
            }
        }
        _ => {
            call.write();
            let sent = send_once(call, config, key, ask).await;
            if let Ask::DeleteSession(_, session_id) = ask {
                memory::doubt(session_id);
            }
            sent
        }
    }
}

async fn send_once(call: &Call, config: &Config, key: Option<&str>, ask: &Ask) -> Result<String, Error> {
    call.check()?; // Nothing was sent yet.
    match fetch::send(call, &config.api_url, &ask.request(key), None).await {
        Ok(response) => ask.parse_answer(&response),
        // What was not sent, and what was sent elsewhere.
        Err(error) if matches!(error.code(), Code::InternalError | Code::RedirectBlocked) => Err(error),
        // Whether it arrived, nobody knows: an abort does not call it back.
        Err(_) => Err(unknown()),
    }
}

/// Whether a patch that failed so may have been applied all the same.
fn is_open(error: &Error) -> bool {
    matches!(error.code(), Code::OutcomeUnknown | Code::ServerError | Code::ResponseInvalid)
}

async fn settle(
    call: &Call,
    config: &Config,
    key: Option<&str>,
    ask: &Ask,
    user: &str,
    otherwise: Error,
) -> Result<String, Error> {
    let reading = Ask::GetMetadata(user.to_owned());
    let sent = fetch::get(call, &config.api_url, &reading.request(key)).await;
    match sent.and_then(|response| reading.parse_answer(&response)) {
        Ok(stored) => ask.settle(stored, otherwise),
        // Hanko's own failure at a commit may follow it: only what is read tells, and an abort leaves it unread.
        Err(error) if otherwise.code() == Code::ServerError || error.code() == Code::RequestAborted => Err(unknown()),
        Err(_) => Err(otherwise),
    }
}

/// Ends every session of a user. Ok: how many. One that cannot be ended keeps none of the others alive.
async fn end_all(call: &Call, config: &Config, key: Option<&str>, user: &str) -> Result<String, Error> {
    let ask = Ask::parse("listSessions", user, "")?;
    let list = send(call, config, key, &ask).await?;
    let (mut ended, mut failed) = (0_u32, None);
    for session in session_ids(&list) {
        match send(call, config, key, &Ask::parse("deleteSession", user, &session)?).await {
            Ok(_) => ended = ended.saturating_add(1),
            Err(error) if error.code() == Code::NotFound => {} // It has ended by itself.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or_else(|| Ok(ended.to_string()), Err)
}
