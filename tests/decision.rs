//! The decision of `authenticate` in every combination of what can be known: mode, last word, its age, and failures since.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::panic, clippy::arithmetic_side_effects, missing_docs)] // A test says what is wrong by panicking.

use hanko_edge::config::Mode;
use hanko_edge::error::{Code, Error, Kind};
use hanko_edge::freshness::{backoff, Failures, History, Plan};
use hanko_edge::session::{decide, is_outage, Decision, Patience, Said};

const S: i64 = 1000;
const ASKED: i64 = 1_000_000 * S;

const PATIENCE: Patience =
    Patience { revalidate_after: 60 * S, outage_grace: 300 * S, tolerance: 5 * S, behind: false };
const BEHIND: Patience = Patience { behind: true, ..PATIENCE };

const NONE: Failures = Failures { count: 0, lost_by: None, alone: false };
const YES: Said = Said { yes: true, asked_at: ASKED, idle_expires_at: None, failures: NONE, failed_at: 0 };
const NO: Said = Said { yes: false, ..YES };

/// A yes after which so many asks failed, the last one so many seconds after it.
const fn failed(failures: u32, after: i64) -> Said {
    Said { failures: Failures { count: failures, ..NONE }, failed_at: ASKED + after * S, ..YES }
}

/// A yes for a session that idles out so many seconds after it.
const fn idle(after: i64) -> Said {
    Said { idle_expires_at: Some(ASKED + after * S), ..YES }
}

#[test]
fn local_never_asks_and_remote_always_does_but_after_a_no() {
    for said in [None, Some(YES), Some(NO), Some(failed(3, 61)), Some(idle(10))] {
        for age in [-6, -5, 0, 29, 60, 359, 100_000] {
            let now = ASKED + age * S;
            assert_eq!(decide(Mode::Local, said.as_ref(), PATIENCE, now), Decision::Local, "local, age {age}");
            let remembered = said == Some(NO) && (-5..60).contains(&age);
            let expected = if remembered { Decision::Ended } else { Decision::Ask };
            assert_eq!(decide(Mode::Remote, said.as_ref(), PATIENCE, now), expected, "remote, {said:?}, age {age}");
        }
    }
}

#[test]
fn hybrid_decides_by_the_last_word_and_its_age() {
    use Decision::{Ask, AskBriefly, Ended, Yes, YesAndRenew, YesStale};
    // What Hanko said; seconds since; the decision; the decision where work may go on behind the answer.
    let rows = [
        ("never seen", None, 0, Ask, Ask),
        ("a no, just now", Some(NO), 0, Ended, Ended),
        ("a no, at the end of revalidateAfter", Some(NO), 59, Ended, Ended),
        ("a no, past it", Some(NO), 60, Ask, Ask),
        ("a yes, just now", Some(YES), 0, Yes, Yes),
        ("a yes, before half", Some(YES), 29, Yes, Yes),
        ("a yes, from half on", Some(YES), 30, Yes, YesAndRenew),
        ("a yes, at the end of revalidateAfter", Some(YES), 59, Yes, YesAndRenew),
        ("a yes, past it", Some(YES), 60, AskBriefly, AskBriefly),
        ("a yes, at the end of the grace", Some(YES), 359, AskBriefly, AskBriefly),
        ("a yes, past the grace", Some(YES), 360, Ask, Ask),
        ("the clock stepped back a little", Some(YES), -1, Yes, Yes),
        ("the clock stepped back by the tolerance", Some(YES), -5, Yes, Yes),
        ("the clock stepped back further", Some(YES), -6, Ask, Ask),
        ("a no, and the clock stepped back a little", Some(NO), -5, Ended, Ended),
        ("a no, and the clock stepped back further", Some(NO), -6, Ask, Ask),
        ("failed, and the clock stepped back a little", Some(failed(3, 3)), -2, Yes, Yes),
        ("failed early by a clock that was far ahead", Some(failed(5, 90_000)), 45, Yes, YesAndRenew),
        ("failed by a clock that was far ahead", Some(failed(5, 90_000)), 70, AskBriefly, AskBriefly),
        ("failed by a clock that was a little ahead", Some(failed(5, 71)), 70, AskBriefly, AskBriefly),
        ("failed by a clock that was far ahead, past the grace", Some(failed(5, 90_000)), 360, Ask, Ask),
        ("failed early, resting", Some(failed(1, 40)), 40, Yes, Yes),
        ("failed early, rested", Some(failed(1, 40)), 41, Yes, YesAndRenew),
        ("failed, resting", Some(failed(1, 60)), 60, YesStale, YesStale),
        ("failed, rested", Some(failed(1, 60)), 61, AskBriefly, AskBriefly),
        ("failed three times, resting 4 s", Some(failed(3, 100)), 103, YesStale, YesStale),
        ("failed three times, rested", Some(failed(3, 100)), 104, AskBriefly, AskBriefly),
        ("failed often, resting 30 s", Some(failed(40, 100)), 129, YesStale, YesStale),
        ("failed often, rested", Some(failed(40, 100)), 130, AskBriefly, AskBriefly),
        ("failed, past the grace", Some(failed(3, 359)), 360, Ask, Ask),
        ("idles out in 20 s, before a quarter", Some(idle(20)), 4, Yes, Yes),
        ("idles out in 20 s, from a quarter on", Some(idle(20)), 5, Yes, YesAndRenew),
        ("idles out in 20 s, from half on", Some(idle(20)), 10, AskBriefly, AskBriefly),
        ("idled out: no grace", Some(idle(20)), 20, Ask, Ask),
        ("idles out long after", Some(idle(86_400)), 59, Yes, YesAndRenew),
        ("idles out within the grace", Some(idle(200)), 199, AskBriefly, AskBriefly),
        ("idled out within the grace", Some(idle(200)), 200, Ask, Ask),
    ];
    for (what, said, age, alone, behind) in rows {
        let now = ASKED + age * S;
        assert_eq!(decide(Mode::Hybrid, said.as_ref(), PATIENCE, now), alone, "{what}");
        assert_eq!(decide(Mode::Hybrid, said.as_ref(), BEHIND, now), behind, "{what}, with waitUntil");
    }
    assert_eq!(rows.len(), 37);
}

#[test]
fn without_a_grace_a_yes_counts_for_no_longer_than_revalidate_after() {
    let strict = Patience { outage_grace: 0, ..PATIENCE };
    assert_eq!(decide(Mode::Hybrid, Some(&YES), strict, ASKED + 59 * S), Decision::Yes);
    assert_eq!(decide(Mode::Hybrid, Some(&failed(2, 60)), strict, ASKED + 60 * S), Decision::Ask);
}

#[test]
fn keys_are_planned_by_their_age_and_by_how_the_fetching_went() {
    use Plan::{Fetch, FetchForKid, Refresh, Unknown, Use, UseStale};
    let fetched =
        History { fetched_at: Some(ASKED), answered_at: Some(ASKED), tried_at: Some(ASKED), ..History::default() };
    // A document that had lain in a cache for an hour and more when it came.
    let old = History { fetched_at: Some(ASKED - 5000 * S), ..fetched };
    let failing = |count, after: i64| {
        let failures = Failures { count, ..NONE };
        History { tried_at: Some(ASKED + after * S), failures, ..fetched }
    };
    // When; whether the keys know the kid; seconds since; the plan. Used 3600 s past their 600.
    let rows = [
        (History::default(), false, 0, Fetch),
        (fetched, true, 0, Use),
        (fetched, true, 599, Use),
        (fetched, false, 29, Unknown),
        (fetched, false, 30, FetchForKid),
        (failing(1, 100), false, 129, Unknown),
        (failing(1, 100), true, 129, Use),
        (fetched, true, 600, Refresh),
        (fetched, false, 600, Refresh),
        (fetched, true, 4199, Refresh),
        (fetched, true, 4200, Fetch),
        (failing(1, 600), true, 600, UseStale),
        (failing(1, 600), true, 601, Refresh),
        (failing(2, 600), true, 601, UseStale),
        (failing(9, 600), true, 629, UseStale),
        (failing(9, 600), true, 630, Refresh),
        (failing(1, 600), false, 600, Unknown),
        (failing(9, 4200), true, 4201, Fetch),
        // The clock stepped back: a little, which is no age at all, or further, which says nothing of the age.
        (fetched, true, -1, Use),
        (fetched, true, -5, Use),
        (fetched, true, -6, Refresh),
        (fetched, false, -6, Refresh),
        (failing(1, 0), true, -6, Refresh),
        // The last try was made by a clock that was far ahead: it says nothing of when to try again.
        (failing(4, 90_000), true, 599, Use),
        (failing(4, 90_000), true, 700, Refresh),
        (failing(4, 90_000), false, 700, Refresh),
        (failing(4, 90_000), false, 100, FetchForKid),
        (failing(4, 101), false, 100, FetchForKid),
        (failing(4, 701), true, 700, Refresh),
        (failing(4, 90_000), true, 4200, Fetch),
        (old, true, 29, Use),
        (old, false, 29, Unknown),
        (old, true, 30, Refresh),
        (old, true, 3629, Refresh),
        (old, true, 3630, Fetch),
        (old, true, -1, Fetch),
        (History { answered_at: None, ..old }, true, 0, Fetch),
    ];
    for (at, (history, knows, age, expected)) in rows.iter().enumerate() {
        let plan = history.plan(*knows, 3600 * S, 5 * S, ASKED + age * S);
        assert_eq!(plan, *expected, "row {at}, age {age}");
    }
    assert_eq!(rows.len(), 37);
    let ahead = failing(4, 90_000);
    assert_eq!(ahead.next_for_kid(ASKED + 100 * S), ASKED + 100 * S, "what lies ahead is not waited for");
    let behind = |history: History, age: i64| history.may_renew_behind(ASKED + age * S);
    assert_eq!([600, 629, 630, 4199].map(|age| behind(fetched, age)), [true, true, false, false]);
    assert_eq!([59, 60].map(|age| behind(old, age)), [true, false]);
    assert!(behind(failing(1, 4140), 4199), "while the endpoint fails old keys answer at once");
    assert!(!behind(failing(1, 4139), 4199), "a failure of long ago says nothing of now");
    assert!(!behind(History::default(), 0));
    assert_eq!(failing(4, 90).next_for_kid(ASKED + 100 * S), ASKED + 120 * S);
    let waits: Vec<i64> = (1..=7).map(backoff).collect();
    assert_eq!(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert_eq!(backoff(u32::MAX), 30_000);
}

#[test]
fn a_fetch_that_fails_alone_holds_up_its_own_client_only() {
    let lost = Error::new(Code::NetworkError, "");
    let answered = Error::new(Code::KeysUnavailable, "").with_status(503);
    let noted = |failures: &[(&Error, u32)]| {
        failures.iter().fold(NONE, |mut known, (error, fetch)| {
            known.note(error, *fetch);
            known
        })
    };
    // What failed, by which fetch; how many failures count for the fetches 1 and 2, and for all.
    let rows = [
        (vec![(&lost, 1)], [1, 0, 0]),
        (vec![(&lost, 1), (&lost, 1)], [2, 0, 0]),
        (vec![(&lost, 1), (&lost, 1), (&lost, 2)], [3, 3, 3]),
        (vec![(&lost, 1), (&lost, 2), (&lost, 1)], [3, 3, 3]),
        (vec![(&lost, 1), (&lost, 2), (&lost, 2)], [0, 3, 0]),
        (vec![(&answered, 1)], [1, 1, 1]),
        (vec![(&answered, 1), (&lost, 1)], [2, 0, 0]),
        (vec![(&answered, 2), (&lost, 1), (&lost, 2)], [3, 3, 3]),
        (vec![(&lost, 1), (&lost, 1), (&answered, 1)], [3, 3, 3]),
    ];
    for (at, (failures, counts)) in rows.iter().enumerate() {
        let known = noted(failures);
        assert_eq!([Some(1), Some(2), None].map(|fetch| known.of(fetch).count), *counts, "row {at}");
    }
    let history = History { fetched_at: Some(ASKED), tried_at: Some(ASKED + 600 * S), ..History::default() };
    let history = History { failures: noted(&[(&lost, 1)]), ..history };
    let plan = |fetch| history.of(fetch).plan(true, 3600 * S, 5 * S, ASKED + 600 * S);
    assert_eq!([Some(1), Some(2), None].map(plan), [Plan::UseStale, Plan::Refresh, Plan::Refresh]);
    let plan = |fetch| history.of(fetch).plan(false, 3600 * S, 5 * S, ASKED + 600 * S);
    assert_eq!([Some(1), Some(2), None].map(plan), [Plan::Unknown, Plan::Refresh, Plan::Refresh]);
}

#[test]
fn a_try_that_its_caller_ended_is_taken_back_once_and_never_another_one() {
    let [first, second, third] = [10, 20, 30].map(|after| ASKED + after * S);
    let mut history = History { tried_at: Some(third), ..History::default() };
    history.take_back(second, None);
    assert_eq!((history.tried_at, history.taken_back), (Some(third), false));
    history.take_back(third, Some(first));
    assert_eq!((history.tried_at, history.taken_back), (Some(first), true));
    history.tried_at = Some(third);
    history.take_back(third, Some(first));
    assert_eq!((history.tried_at, history.taken_back), (Some(third), true));
}

#[test]
fn hanko_is_down_by_what_it_did_not_answer_and_never_by_what_the_caller_did() {
    let outages: Vec<&str> = Code::ALL.iter().filter(|code| is_outage(**code)).map(|code| code.as_str()).collect();
    let unavailable = Code::ALL.iter().filter(|code| code.kind() == Kind::Unavailable).map(|code| code.as_str());
    let others = ["request_aborted", "flow_expired", "outcome_unknown", "internal_error"];
    assert_eq!(outages, unavailable.filter(|code| !others.contains(code)).collect::<Vec<_>>());
}
