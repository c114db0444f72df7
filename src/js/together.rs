//! What many calls want at once is done by one of them; the others look for its result by their own timers, each no longer
//! than it lives.

use std::future::Future;

use super::call::{monotonic, Call};
use super::lease::{Lease, LOOK};
use super::{keyring, memory};
use crate::config::Config;
use crate::error::{Code, Error, Kind};
use crate::freshness::Failures;

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
        memory::queue(&self.lease(api_url), |queue| queue.is_held(monotonic()))
    }
}

/// How often an errand has ended, and how it did the last time.
#[derive(Default)]
pub(super) struct Ends {
    count: u32,
    last: End,
    failures: Failures,
    /// The `fetch` of the call that was at it last, by its number.
    fetch: u32,
}

#[derive(Default, Clone)]
enum End {
    /// By a result that is remembered.
    Noted,
    /// By a failure that is everybody's, unless a `fetch` fails alone.
    Failed(Error),
    /// By what may lie with the call that ran it: each runs for itself.
    #[default]
    Own,
}

impl Ends {
    /// The end of a call, by its deadline or its caller, is none: another one takes its place.
    pub(super) fn note<T>(&mut self, result: &Result<T, Error>, fetch: u32) {
        self.last = match result {
            Err(error) if matches!(error.code(), Code::RequestAborted | Code::RequestTimeout) => return,
            Err(error) if error.kind() != Kind::Denied => {
                self.failures.note(error, fetch);
                End::Failed(error.clone())
            }
            ended => {
                self.failures = Failures::default();
                if ended.is_ok() {
                    End::Noted
                } else {
                    End::Own
                }
            }
        };
        self.count = self.count.wrapping_add(1);
    }

    /// How it has ended since, for a call with this `fetch`.
    fn since(&self, count: u32, fetch: u32) -> Option<End> {
        (self.count != count && !self.failures.is_anothers(Some(fetch))).then(|| self.last.clone())
    }
}

/// One who waits for the call that is at an errand, or for its turn.
struct Waiting<'a> {
    /// Ends when nobody waits any more.
    call: &'a Call,
    config: &'a Config,
    errand: Errand<'a>,
    lease: Lease<'a>,
    /// For one who does not wait on for a call that takes long.
    second: Lease<'a>,
    may_be_second: bool,
    fetch: u32,
    seen: u32,
    waited: u32,
    pause: u32,
}

impl<'a> Waiting<'a> {
    fn new(call: &'a Call, waiting: &'a Call, config: &'a Config, errand: Errand<'a>, may_be_second: bool) -> Self {
        let name = errand.lease(&config.api_url);
        let mut new = Self {
            call: waiting,
            config,
            lease: Lease::new(call, &name),
            second: Lease::new(call, &[&name, " 2"].concat()),
            errand,
            may_be_second,
            fetch: call.fetch(),
            seen: 0,
            waited: 0,
            pause: LOOK,
        };
        new.seen = new.ends(|ends| ends.count);
        new
    }

    fn ends<T>(&self, look: impl FnOnce(&mut Ends) -> T) -> T {
        memory::place(&self.config.api_url, |place| place.ends(&self.errand, look))
    }

    /// Whether it is this call's turn: else it has slept.
    async fn turn(&mut self) -> Result<bool, Error> {
        self.call.check()?;
        if self.lease.take() || self.may_be_second && self.is_long() && self.second.take() {
            self.ends(|ends| ends.fetch = self.fetch);
            return Ok(true);
        }
        self.call.sleep(self.pause).await?;
        self.waited = self.waited.saturating_add(self.pause);
        self.pause = self.pause.saturating_mul(2).min(LONGEST_LOOK);
        Ok(false)
    }

    /// Whether it takes long: half of the deadline, or as long as asking may, where the call that is at it has another `fetch`.
    fn is_long(&self) -> bool {
        let half = self.config.timeout.div_euclid(2);
        self.waited >= half || self.waited >= keyring::share(self.config) && self.ends(|ends| ends.fetch) != self.fetch
    }

    /// How the errand has ended since the last look.
    fn end(&mut self) -> Option<End> {
        let (end, count) = self.ends(|ends| (ends.since(self.seen, self.fetch), ends.count));
        self.seen = count;
        end
    }
}

/// Does the work for all who want it, or waits for the call that does, and finds what it left behind: `find` looks for it,
/// and is told whether the errand has ended well since. Who waits does so no longer than `waiting` lives.
///
/// Where the call that is at it takes long, or has another `fetch` which gives none, one of those who wait tries by
/// itself: one connection that hangs is nobody else's. `may_be_second` says whether this call may.
pub(super) async fn together<T>(
    call: &Call,
    waiting: &Call,
    config: &Config,
    errand: Errand<'_>,
    may_be_second: bool,
    work: impl Future<Output = Result<T, Error>>,
    find: impl Fn(bool) -> Option<T>,
) -> Result<T, Error> {
    let mut waiting = Waiting::new(call, waiting, config, errand, may_be_second);
    while !waiting.turn().await? {
        let end = waiting.end();
        if let Some(found) = find(matches!(end, Some(End::Noted))) {
            return Ok(found);
        }
        match end {
            Some(End::Own) => break,
            Some(End::Failed(failure)) => return Err(failure),
            // What it left is not for this call, whose turn comes.
            Some(End::Noted) | None => {}
        }
    }
    let result = work.await;
    waiting.ends(|ends| ends.note(&result, waiting.fetch));
    match result {
        // The other call may have been the quicker one.
        Err(error) if error.code() == Code::RequestTimeout => {
            find(matches!(waiting.end(), Some(End::Noted))).ok_or(error)
        }
        result => result,
    }
}
