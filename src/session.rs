//! What follows from Hanko's answers about a session: signed in, signed out, or unavailable.

use crate::claims::Claims;
use crate::config::Mode;
use crate::error::{Code, Error, Kind};
use crate::freshness::{backoff, rests_until, Failures};
use crate::http::Response;

/// Candidates of one request that Hanko is asked about.
pub const MAX_ASKED: usize = 3;

/// Hanko answered for another person than the token's.
pub fn other_person() -> Error {
    Error::new(Code::ResponseInvalid, "the answer is about another person than the token")
}

/// A no that the key document bears out.
pub fn ended() -> Error {
    Error::new(Code::SessionEnded, "Hanko says that the session has ended")
}

/// 400: Hanko cannot read the claims of a token whose signature is good.
pub fn unreadable() -> Error {
    Error::new(Code::ClaimsMalformed, "Hanko cannot read the token's claims").with_status(400)
}

/// A no that the key document does not bear out: Hanko is down, and says no to everybody.
pub fn not_borne_out() -> Error {
    Error::new(Code::ServerError, "Hanko says no, but its own keys cannot be had: it is down, and the session may live")
}

/// Whether an answer to the key document's request came from Hanko now: not from a cache (`Age` above 0), and not with
/// the id of an earlier answer. An id that is merely different is a proxy's.
pub fn is_fresh(response: &Response, sent_id: Option<&str>, earlier_ids: &[String]) -> bool {
    let repeated =
        response.request_id.as_ref().is_some_and(|id| Some(id.as_str()) != sent_id && earlier_ids.contains(id));
    response.age.unwrap_or_default() == 0 && !repeated
}

/// What Hanko said of a session, and how the asking went since. Times in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Yes, or a confirmed no.
    pub yes: bool,
    /// When that ask began.
    pub asked_at: i64,
    /// When the session idles out, where the server has an idle timeout.
    pub idle_expires_at: Option<i64>,
    /// Asks that failed since.
    pub failures: Failures,
    /// When the last of them began.
    pub failed_at: i64,
}

/// How long Hanko's word is taken, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// `revalidateAfter`.
    pub revalidate_after: i64,
    /// `outageGrace`.
    pub outage_grace: i64,
    /// `clockTolerance`: how far the clock may step back without a word losing its worth.
    pub tolerance: i64,
    /// Whether work may go on behind the answer (`waitUntil`).
    pub behind: bool,
}

/// What `authenticate` does with a token that passes the local checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Signed in, by the keys alone.
    Local,
    /// Signed in: Hanko said yes a moment ago.
    Yes,
    /// The same, and Hanko is asked again behind the answer.
    YesAndRenew,
    /// Signed in, stale: Hanko is down, and its last yes still counts.
    YesStale,
    /// Hanko is asked.
    Ask,
    /// Hanko is asked, but not for long: its last yes still counts if it is down.
    AskBriefly,
    /// Signed out: Hanko confirmed its no a moment ago.
    Ended,
}

/// Decides, given what is known and the time. What was said by a clock that was ahead by more than the tolerance has no age,
/// and is asked again; by less, it is as if said now.
pub fn decide(mode: Mode, said: Option<&Said>, patience: Patience, now: i64) -> Decision {
    let said = said.filter(|said| said.asked_at.saturating_sub(patience.tolerance) <= now);
    match (mode, said) {
        (Mode::Local, _) => Decision::Local,
        (_, Some(said)) if !said.yes && now < said.asked_at.saturating_add(patience.revalidate_after) => {
            Decision::Ended
        }
        (Mode::Hybrid, Some(said)) if said.yes => said.decide(patience, now),
        _ => Decision::Ask,
    }
}

impl Said {
    /// An answer to an ask that began at `asked_at`.
    pub fn heard(yes: bool, asked_at: i64, idle_expires_at: Option<i64>) -> Self {
        Self { yes, asked_at, idle_expires_at, failures: Failures::default(), failed_at: 0 }
    }

    fn decide(&self, patience: Patience, now: i64) -> Decision {
        let due = self.due(patience.revalidate_after);
        let renew_from = self.asked_at.saturating_add(due.saturating_sub(self.asked_at).div_euclid(2));
        let failures = self.failures.count;
        let resting = failures > 0 && now < rests_until(Some(self.failed_at), backoff(failures), now);
        if now < due {
            return if patience.behind && now >= renew_from && !resting {
                Decision::YesAndRenew
            } else {
                Decision::Yes
            };
        }
        match (now < self.grace_ends(patience), resting) {
            (true, true) => Decision::YesStale,
            (true, false) => Decision::AskBriefly,
            (false, _) => Decision::Ask,
        }
    }

    /// When Hanko must be asked again: after `revalidateAfter`, or half of the idle time, so that an active user never idles out.
    fn due(&self, revalidate_after: i64) -> i64 {
        let due = self.asked_at.saturating_add(revalidate_after);
        let idle = |at: i64| self.asked_at.saturating_add(at.saturating_sub(self.asked_at).max(0).div_euclid(2));
        self.idle_expires_at.map_or(due, |at| due.min(idle(at)))
    }

    fn grace_ends(&self, patience: Patience) -> i64 {
        let end = self.asked_at.saturating_add(patience.revalidate_after).saturating_add(patience.outage_grace);
        self.idle_expires_at.map_or(end, |idle| end.min(idle))
    }
}

/// Whether a failure means that Hanko is down. The caller's own abort does not.
pub const fn is_outage(code: Code) -> bool {
    matches!(
        code,
        Code::NetworkError
            | Code::RequestTimeout
            | Code::ServerError
            | Code::RateLimited
            | Code::KeysUnavailable
            | Code::KeysInvalid
            | Code::ResponseInvalid
            | Code::ResponseTooLarge
            | Code::RedirectBlocked
    )
}

/// What is known of one candidate token of a request.
#[derive(Clone)]
pub enum Outcome<T> {
    /// A valid session, and what the caller knows it by.
    Valid(Box<Claims>, T),
    /// Not a session.
    Denied(Error),
    /// Nobody knows; whose it is, where the token was verified.
    Undecided(Error, Option<String>),
}

impl<T> Outcome<T> {
    /// An error as an outcome: only what denies denies.
    pub fn failed(error: Error, user_id: Option<String>) -> Self {
        match error.kind() {
            Kind::Denied => Self::Denied(error),
            Kind::Unavailable | Kind::Misuse => Self::Undecided(error, user_id),
        }
    }
}

/// One answer for all the candidates of a request.
///
/// One valid session wins; of several of one user the newest; of different users none (cookie tossing).
/// An undecided one that may be another user's makes the whole undecided. None valid: undecided if any is, else the first denial.
///
/// # Errors
/// The code of the denial or of the outage.
pub fn choose<T>(outcomes: Vec<Outcome<T>>) -> Result<(Claims, T), Error> {
    let mut best: Option<(Claims, T)> = None;
    let mut denied = None;
    let mut undecided: Vec<(Error, Option<String>)> = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Denied(error) => denied = denied.or(Some(error)),
            Outcome::Undecided(error, user_id) => undecided.push((error, user_id)),
            Outcome::Valid(claims, token) => match &best {
                Some((known, _)) if known.user_id != claims.user_id => {
                    return Err(Error::new(
                        Code::TokenAmbiguous,
                        "the request carries valid sessions of different people",
                    ));
                }
                Some((known, _)) if known.issued_at >= claims.issued_at => {}
                _ => best = Some((*claims, token)),
            },
        }
    }
    let Some((claims, token)) = best else {
        let first = undecided.into_iter().map(|(error, _)| error).next();
        return Err(first
            .or(denied)
            .unwrap_or_else(|| Error::new(Code::TokenMissing, "the request carries no session token")));
    };
    let other = undecided.into_iter().find(|(_, user_id)| user_id.as_ref() != Some(&claims.user_id));
    other.map_or(Ok((claims, token)), |(error, _)| Err(error))
}

/// What Hanko said last of a session that it is asked about, by how likely a yes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hope {
    /// A confirmed no, too long ago to count.
    No,
    /// Nothing yet.
    Unknown,
    /// Yes.
    Yes,
}

/// The candidates that are looked at: those that Hanko need not be asked about (no hope), and three at most that it is. The
/// others are left aside: first those of which it said no last, never before all others one of which it said yes, and
/// among equals those of an older `iat`. So sessions that have ended do not hide a live one whenever their no is forgotten.
pub fn to_ask<T>(mut valid: Vec<(Claims, T)>, hope: impl Fn(&Claims) -> Option<Hope>) -> Vec<(Claims, T)> {
    loop {
        let asked =
            valid.iter().enumerate().filter_map(|(at, (claims, _))| Some((hope(claims)?, claims.issued_at, at)));
        let least = asked.clone().min_by_key(|(hope, issued_at, at)| (*hope, *issued_at, std::cmp::Reverse(*at)));
        match least {
            Some((_, _, at)) if asked.count() > MAX_ASKED => drop(valid.remove(at)),
            _ => return valid,
        }
    }
}
