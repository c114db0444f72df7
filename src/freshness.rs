//! How long keys are believed, and when they are asked for again: their age, and the pauses after a try.

use crate::error::{Code, Error};

/// Seconds for which keys are believed: what Hanko's `cache-control` says.
pub const MAX_AGE_SECONDS: u32 = 600;
/// The same in milliseconds.
#[allow(clippy::as_conversions)] // It fits, and `i64::from` is not const.
pub const MAX_AGE: i64 = 1000 * MAX_AGE_SECONDS as i64;
/// Milliseconds between two fetches for an unknown `kid`.
pub const PAUSE: i64 = 30_000;
/// Milliseconds before another try after a first failure, and at most.
const BACKOFF: (i64, i64) = (1_000, 30_000);

/// Tries that failed since the last good one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// The number of the caller's `fetch` by which no answer came at the last one.
    pub lost_by: Option<u32>,
    /// Whether the one before it, if by that an answer was lost too, was the same: it may be broken, and Hanko up.
    pub alone: bool,
}

impl Failures {
    /// Counts one more, by the `fetch` of this number.
    pub fn note(&mut self, error: &Error, fetch: u32) {
        let lost_by = gave_no_answer(error).then_some(fetch);
        let alone = lost_by.is_some() && (self.lost_by.is_none() || self.lost_by == lost_by);
        *self = Self { count: self.count.saturating_add(1), lost_by, alone };
    }

    /// Those that count for a call with this `fetch`; with none, those that count for all.
    #[must_use]
    pub fn of(self, fetch: Option<u32>) -> Self {
        if self.is_anothers(fetch) {
            Self::default()
        } else {
            self
        }
    }

    /// Whether they are those of another `fetch`, which failed alone.
    #[must_use]
    pub fn is_anothers(self, fetch: Option<u32>) -> bool {
        self.alone && self.lost_by != fetch
    }
}

/// Whether a failure may lie with the `fetch` that was used.
fn gave_no_answer(error: &Error) -> bool {
    matches!(error.code(), Code::NetworkError | Code::KeysUnavailable | Code::RequestTimeout) && error.status.is_none()
}

/// When keys were fetched, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct History {
    /// When the last good fetch began, less the answer's `Age`.
    pub fetched_at: Option<i64>,
    /// When the last good fetch began, whatever its answer's `Age`.
    pub answered_at: Option<i64>,
    /// When the last fetch began, good or not.
    pub tried_at: Option<i64>,
    /// Fetches that failed since the last good one.
    pub failures: Failures,
    /// Whether a try has been taken back since the last good fetch.
    pub taken_back: bool,
    /// Whether a refresh behind an answer began and has not ended. Where none is under way, the host did not keep it alive.
    pub behind: bool,
}

/// Which keys a token is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Those at hand.
    Use,
    /// Those at hand, past their age: the endpoint failed a moment ago.
    UseStale,
    /// Fresh ones, else those at hand.
    Refresh,
    /// Fresh ones: there are none, or they are too old.
    Fetch,
    /// Fresh ones, for this `kid`.
    FetchForKid,
    /// None: the keys at hand do not know the `kid`, and were asked for just now.
    Unknown,
}

impl History {
    /// As it is for a call with this `fetch`: one that failed alone has tried for nobody else.
    #[must_use]
    pub fn of(self, fetch: Option<u32>) -> Self {
        match self.failures.is_anothers(fetch) {
            true => Self { tried_at: None, failures: Failures::default(), ..self },
            false => self,
        }
    }

    /// The caller of the try that began then has ended it: it counts for nothing, so that one who hangs up costs nobody a new
    /// key. But one, until a fetch is good: else they could have Hanko asked without end. `earlier` is the try before it.
    pub fn take_back(&mut self, began: i64, earlier: Option<i64>) {
        if !self.taken_back && self.tried_at == Some(began) {
            (self.taken_back, self.tried_at) = (true, earlier);
        }
    }

    /// What to do for a `kid` that the keys at hand know or not; keys are used up to `max_stale` milliseconds past their age.
    /// A clock that stepped back by no more than `tolerance` changes nothing.
    pub fn plan(&self, knows_kid: bool, max_stale: i64, tolerance: i64, now: i64) -> Plan {
        let Some(fetched_at) = self.fetched_at else { return Plan::Fetch };
        let age = now.saturating_sub(fetched_at);
        let past = self.past(now);
        // One that stepped back further says nothing of the age: ask again, and keep what is at hand.
        if age >= tolerance.saturating_neg() && past < 0 {
            return match knows_kid {
                true => Plan::Use,
                false if now >= self.next_for_kid(now) => Plan::FetchForKid,
                false => Plan::Unknown,
            };
        }
        if past >= max_stale {
            return Plan::Fetch;
        }
        match (now < self.next_after_failure(now), knows_kid) {
            (true, true) => Plan::UseStale,
            (true, false) => Plan::Unknown,
            (false, _) => Plan::Refresh,
        }
    }

    /// Whether keys past their age may be used while fresh ones are fetched behind the answer: just after it, or just after
    /// the longest rest of an endpoint that fails. Later a key that was removed would be believed on.
    pub fn may_renew_behind(&self, now: i64) -> bool {
        let is_failing = self.failures.count > 0 && since(self.tried_at, now) < BACKOFF.1.saturating_add(PAUSE);
        is_failing || self.past(now) < PAUSE
    }

    /// Milliseconds since the keys ceased to be believed, less than 0 while they are. However old they were when they came,
    /// asking again at once would bring the same from the same cache.
    fn past(&self, now: i64) -> i64 {
        let answered_at = self.answered_at.filter(|at| *at <= now);
        let of_age = since(self.fetched_at, now).saturating_sub(MAX_AGE);
        of_age.min(since(answered_at, now).saturating_sub(PAUSE))
    }

    /// When an unknown `kid` may fetch again.
    pub fn next_for_kid(&self, now: i64) -> i64 {
        rests_until(self.tried_at, PAUSE, now)
    }

    fn next_after_failure(&self, now: i64) -> i64 {
        rests_until(self.tried_at.filter(|_| self.failures.count > 0), backoff(self.failures.count), now)
    }
}

fn since(at: Option<i64>, now: i64) -> i64 {
    at.map_or(i64::MAX, |at| now.saturating_sub(at))
}

/// When a pause after the last try ends. A try that lies ahead, by a clock that has been set back since, is none.
pub fn rests_until(tried_at: Option<i64>, pause: i64, now: i64) -> i64 {
    tried_at.filter(|at| *at <= now).map_or(now, |at| at.saturating_add(pause))
}

/// Milliseconds to wait after so many failures in a row: 1 s, doubled each time, 30 s at most.
pub fn backoff(failures: u32) -> i64 {
    let (first, longest) = BACKOFF;
    let doubled = 1_i64.checked_shl(failures.saturating_sub(1)).unwrap_or(i64::MAX);
    first.saturating_mul(doubled.max(1)).min(longest)
}
