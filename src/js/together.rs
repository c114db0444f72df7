//! What many calls want at once is done by one of them; the others look for its result by their own timers, each no longer
//! than it lives.

use std::future::Future;

use super::call::{now, Call};
use super::lease::{Lease, LOOK};
use super::memory;
use crate::error::{Code, Error, Kind};

/// Milliseconds between two looks, when there have been some: a thousand who wait would keep the host busy.
const LONGEST_LOOK: u32 = 60;

/// What one call does for all who want it.
pub(super) enum Errand<'a> {
    /// Fetches the keys of an address.
    Fetch,
    /// Asks Hanko about a session.
    Ask(&'a str),
}

impl Errand<'_> {
    fn lease(&self, api_url: &str) -> String {
        match self {
            Self::Fetch => api_url.to_owned(),
            Self::Ask(session_id) => [api_url, " ", session_id].concat(),
        }
    }

    /// Whether a call is at it.
    pub(super) fn is_under_way(&self, api_url: &str) -> bool {
        memory::queue(&self.lease(api_url), |queue| queue.is_held(now()))
    }
}

/// How often an errand has ended, and how it did the last time.
#[derive(Default)]
pub(super) struct Ends {
    count: u32,
    last: End,
}

#[derive(Default, Clone)]
enum End {
    /// By a result that is remembered.
    Noted,
    /// By a failure that is everybody's.
    Failed(Error),
    /// By what may lie with the call that ran it: each runs for itself.
    #[default]
    Own,
}

impl Ends {
    /// The end of a call, by its deadline or its caller, is none: another one takes its place.
    pub(super) fn note<T>(&mut self, result: &Result<T, Error>) {
        self.last = match result {
            Ok(_) => End::Noted,
            Err(error) if matches!(error.code(), Code::RequestAborted | Code::RequestTimeout) => return,
            Err(error) if error.kind() == Kind::Denied => End::Own,
            Err(error) => End::Failed(error.clone()),
        };
        self.count = self.count.wrapping_add(1);
    }

    fn since(&self, count: u32) -> Option<End> {
        (self.count != count).then(|| self.last.clone())
    }
}

/// Does the work for all who want it, or waits for the call that does, and finds what it left behind: `find` looks for it,
/// and is told whether the errand has ended well since. Who waits does so no longer than `waiting` lives.
pub(super) async fn together<T>(
    call: &Call,
    waiting: &Call,
    api_url: &str,
    errand: Errand<'_>,
    work: impl Future<Output = Result<T, Error>>,
    find: impl Fn(bool) -> Option<T>,
) -> Result<T, Error> {
    let before = memory::place(api_url, |place| place.ends(&errand, |ends| ends.count));
    let mut lease = Lease::new(call, &errand.lease(api_url));
    let mut pause = LOOK;
    loop {
        waiting.check()?;
        if lease.take() {
            break;
        }
        waiting.sleep(pause).await?;
        pause = pause.saturating_mul(2).min(LONGEST_LOOK);
        let end = memory::place(api_url, |place| place.ends(&errand, |ends| ends.since(before)));
        if let Some(found) = find(matches!(end, Some(End::Noted))) {
            return Ok(found);
        }
        match end {
            None => {}
            Some(End::Failed(failure)) => return Err(failure),
            Some(End::Noted | End::Own) => break,
        }
    }
    let result = work.await;
    memory::place(api_url, |place| place.ends(&errand, |ends| ends.note(&result)));
    result
}
