//! `patchUnsafeMetadata` and `clearUnsafeMetadata`: sends what the flow decides, and waits.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call::{monotonic, now, Call};
use super::confirm::weigh_401;
use super::lease::Lease;
use super::memory;
use super::user::identity;
use super::{fetch, text, with_config};
use crate::config::Config;
use crate::error::Error;
use crate::flow::{Asker, Flow, Step};
use crate::http::{Request, Response};
use crate::metadata;
use crate::profile::{Change, Kept};

/// Flows to keep, of so many tokens.
const MAX_KEPT: usize = 1000;

/// `patchUnsafeMetadata` where there is a patch, else `clearUnsafeMetadata`; by the token, or by the browser's cookie.
/// Ok: the contract's `UserMetadata`.
#[wasm_bindgen]
pub fn patch_metadata(id: u32, number: u32, call: Call, token: Option<String>, patch: Option<String>) -> Promise {
    with_config(id, number, async move |config| text(patch_in_turn(&call, &config, token, patch).await))
}

/// One call at a time for each token or cookie, which goes on with the flow of the last, and one patch at a time for each
/// user: Hanko loses one of two that overlap.
async fn patch_in_turn(
    call: &Call,
    config: &Config,
    token: Option<String>,
    patch: Option<String>,
) -> Result<String, Error> {
    let change = match patch {
        Some(patch) => metadata::fits_alone(&patch).map(|()| Change::Patch(patch))?,
        None => Change::Clear,
    };
    let user_id = token.as_deref().map(|token| identity(config, token)).transpose()?.map(|(user_id, _)| user_id);
    let deadline = monotonic().saturating_add(i64::from(config.timeout));
    let _turn = Lease::turn(call, &["flow ", token.as_deref().unwrap_or(&config.api_url)].concat()).await?;
    run(call, config, Asker { token, user_id }, change, deadline).await
}

async fn run(call: &Call, config: &Config, asker: Asker, change: Change, deadline: i64) -> Result<String, Error> {
    let (token, mut lease) = (asker.token.clone(), None);
    let (mut flow, mut step) = Flow::start(asker, change, take_kept(config, token.as_deref()), now());
    loop {
        match step {
            Step::End(result) => {
                if let (Some(token), Some(kept)) = (token, flow.kept()) {
                    memory::place(&config.api_url, |place| place.flows.insert(&token, Some(kept), MAX_KEPT));
                }
                return result;
            }
            Step::Weigh => return Err(weigh_401(call, config, token.as_deref()).await),
            Step::Send { request, pause, share } => {
                if flow.is_open() {
                    // Not before Hanko has let this one in: a forged token would hold up whomever it names.
                    if let (None, Some(user_id)) = (&lease, flow.user_id()) {
                        lease = Some(Lease::of_metadata(call, user_id).await?);
                    }
                    call.write();
                }
                let left = deadline.saturating_sub(monotonic());
                let pause = i64::from(pause).min(left.div_euclid(10)); // A short deadline is not for pauses.
                let until = (share < 100).then(|| left.saturating_mul(i64::from(share)).div_euclid(100));
                let heard = send(call, config, &request, pause, until).await;
                if let (Err(_), Err(over)) = (&heard, call.check()) {
                    return Err(flow.give_up(over));
                }
                step = flow.next(heard, now());
            }
        }
    }
}

/// Taken, and put back only at a good end: whatever else happens to this call, nobody goes on with its flow.
fn take_kept(config: &Config, token: Option<&str>) -> Option<Kept> {
    memory::place(&config.api_url, |place| place.flows.get(token?).and_then(Option::take))
}

/// Sends after a pause, and gives it up after so many milliseconds, or with the call.
async fn send(
    call: &Call,
    config: &Config,
    request: &Request,
    pause: i64,
    until: Option<i64>,
) -> Result<Response, Error> {
    if pause > 0 {
        call.sleep(u32::try_from(pause).unwrap_or_default()).await?;
    }
    let Some(until) = until else { return fetch::send(call, &config.api_url, request, None).await };
    let brief = call.brief(u32::try_from(until.max(1)).unwrap_or_default());
    let heard = fetch::send(&brief, &config.api_url, request, None).await;
    brief.close();
    heard
}
