//! What follows a lost answer, a flow that was kept for its token, and a patch by the browser's cookie.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod hearing;

use hanko_edge::error::Code;
use hanko_edge::flow::{Flow, Step};
use hanko_edge::profile::Kept;
use hearing::End::{Failed, Stored, Weigh};
use hearing::Heard::{Bare, Begun, Fails, Flow as InFlow, Me, MeOf, Refused, Says, Shown, ShownOf};
use hearing::*;

const HTML: &str = "<!doctype html>";

#[test]
fn a_lost_answer_is_repeated_once_to_the_byte_and_then_settled_by_reading() {
    const LOST_AT_3: [Heard; 3] = [Begun, Shown("{}"), LOST];
    let rows: [(&str, &'static [Heard], &str, End, bool); 14] = [
        ("written now", &[Shown(DONE)], "", Stored(DONE), true),
        ("refused now, so never written", &[Refused(TOO_LONG)], "", Failed(Code::MetadataTooLarge), true),
        ("processed before, stored", &[InFlow(403), Me(DONE)], ", me", Stored(DONE), false),
        (
            "processed before, refused or overwritten",
            &[InFlow(403), Me("{}")],
            ", me",
            Failed(Code::OutcomeUnknown),
            false,
        ),
        ("still busy, stored", &[InFlow(500), Me(DONE)], ", me", Stored(DONE), false),
        ("still busy: never server_error", &[InFlow(500), Me("{}")], ", me", Failed(Code::OutcomeUnknown), false),
        ("bare 500, stored", &[Bare(500), Me(DONE)], ", me", Stored(DONE), false),
        ("lost again, stored", &[LOST, Me(DONE)], ", me", Stored(DONE), false),
        ("late again, not stored", &[LATE, Me("{}")], ", me", Failed(Code::OutcomeUnknown), false),
        (
            "the session ended: never unauthorized",
            &[InFlow(401), InFlow(401), Bare(401)],
            ", me, me",
            Failed(Code::OutcomeUnknown),
            false,
        ),
        ("the flow ended: never begun anew", &[InFlow(410), Me("{}")], ", me", Failed(Code::OutcomeUnknown), false),
        ("shows another person", &[ShownOf(BOB, DONE)], "", Failed(Code::OutcomeUnknown), false),
        ("all is lost", &[LOST, LOST, LOST], ", me, me", Failed(Code::OutcomeUnknown), false),
        ("too long an answer", &[Fails(Code::ResponseTooLarge), Me(DONE)], ", me", Stored(DONE), false),
    ];
    for (name, heard, sent, end, keeps) in rows {
        for first in [LOST, LATE] {
            let heard: Vec<Heard> = LOST_AT_3.iter().copied().chain(heard.iter().copied()).collect();
            let heard: Vec<Heard> =
                heard.iter().enumerate().map(|(at, one)| if at == 2 { first } else { *one }).collect();
            let (was_sent, was_end, kept) = Talk::default().run(true, patch(), None, &heard);
            assert_eq!(was_sent, format!("{TO_STEP_3}, patch f1 c2{sent}"), "{name}");
            assert!(is_end(&was_end, &end), "{name}: {was_end:?}");
            assert_eq!(kept.is_some(), keeps, "{name}");
        }
    }
    assert_eq!(TO_READING, format!("{TO_STEP_3}, patch f1 c2, me"));
}

#[test]
fn a_second_patch_takes_one_request_and_a_stale_flow_is_begun_anew_once() {
    let rows = [
        row("all well", &[Shown(DONE)], "patch f1 c3", Stored(DONE)).keeps(),
        row("refused", &[Refused(TOO_LONG)], "patch f1 c3", Failed(Code::MetadataTooLarge)).keeps(),
        row("no session", &[InFlow(401)], "patch f1 c3", Weigh),
        row(
            "stale, not stored",
            &[InFlow(403), Begun, Shown(NOT_DONE), Shown(DONE)],
            "patch f1 c3, begin, register f2 c4, patch f2 c5",
            Stored(DONE),
        )
        .keeps(),
        row(
            "stale, as a connection repeated it: not written again",
            &[InFlow(403), Begun, Shown(DONE)],
            "patch f1 c3, begin, register f2 c4",
            Stored(DONE),
        )
        .keeps(),
        row(
            "stale twice",
            &[InFlow(403), Begun, Shown("{}"), InFlow(403), Me("{}")],
            "patch f1 c3, begin, register f2 c4, patch f2 c5, me",
            Failed(Code::OutcomeUnknown),
        ),
        row("stale, then lost", &[InFlow(403), LOST, LOST], "patch f1 c3, begin, begin", Failed(Code::OutcomeUnknown)),
        row("stale, then no session", &[InFlow(403), InFlow(401)], "patch f1 c3, begin", Failed(Code::OutcomeUnknown)),
        row(
            "stale, then another person",
            &[InFlow(403), Begun, ShownOf(BOB, "{}")],
            "patch f1 c3, begin, register f2 c4",
            Failed(Code::OutcomeUnknown),
        ),
        row("a firewall's 403", &[Says(403, HTML), Me("{}")], "patch f1 c3, me", Failed(Code::OutcomeUnknown)),
        row(
            "expired",
            &[InFlow(410), Begun, Shown("{}"), Shown(DONE)],
            "patch f1 c3, begin, register f2 c4, patch f2 c5",
            Stored(DONE),
        )
        .keeps(),
        row(
            "expired, as a connection repeated it: not written again",
            &[InFlow(410), Begun, Shown(DONE)],
            "patch f1 c3, begin, register f2 c4",
            Stored(DONE),
        )
        .keeps(),
        row(
            "expired twice",
            &[InFlow(410), Begun, Shown("{}"), InFlow(410), Me("{}")],
            "patch f1 c3, begin, register f2 c4, patch f2 c5, me",
            Failed(Code::FlowExpired),
        ),
        row("lost, written now", &[LOST, Shown(DONE)], "patch f1 c3, patch f1 c3", Stored(DONE)).keeps(),
        row("lost, written before", &[LOST, InFlow(403), Me(DONE)], "patch f1 c3, patch f1 c3, me", Stored(DONE)),
        row(
            "lost, and not there: no second patch",
            &[LOST, InFlow(403), Me("{}")],
            "patch f1 c3, patch f1 c3, me",
            Failed(Code::OutcomeUnknown),
        ),
        row("rolled back", &[InFlow(500), Me("{}")], "patch f1 c3, me", Failed(Code::ServerError)),
        row("bare 500", &[Bare(500), Me(DONE)], "patch f1 c3, me", Stored(DONE)),
    ];
    for row in rows {
        let mut talk = Talk::default();
        let kept = kept(&mut talk);
        row.check(true, patch(), &mut talk, kept);
    }
}

#[test]
fn a_flow_is_used_while_it_is_young_and_not_long_unused() {
    const HOUR: i64 = 3_600_000;
    let kept = kept(&mut Talk::default()).expect("a flow");
    let rows = [
        (0, 0, true),
        (599_999, 599_999, true),
        (600_000, 600_000, false),
        (600_000, 0, true),
        (23 * HOUR - 1, 0, true),
        (23 * HOUR, 0, false),
        (-1, 0, false),
        (0, -1, false),
    ];
    for (age, rest, usable) in rows {
        let old = Kept { began_at: NOW.saturating_sub(age), used_at: NOW.saturating_sub(rest), ..kept.clone() };
        assert_eq!(old.is_usable(NOW), usable, "{age} ms old, {rest} ms unused");
        let (_, step) = Flow::start(asker(true), patch(), Some(old), NOW);
        let Step::Send { request, .. } = step else { panic!("nothing is sent") };
        assert_eq!(request.query.is_some(), usable, "{age} ms old, {rest} ms unused");
    }
    let (_, step) = Flow::start(asker(false), patch(), Some(kept), NOW);
    assert!(matches!(step, Step::Send { request, .. } if request.query.is_none()), "by cookie none is gone on with");
}

#[test]
fn its_age_counts_from_its_first_step_and_patches_do_not_extend_it() {
    let mut talk = Talk::default();
    let kept = kept(&mut talk).map(|kept| Kept { began_at: NOW - 1000, used_at: NOW - 10, ..kept });
    let (_, _, again) = talk.run(true, patch(), kept, &[Shown(DONE)]);
    let again = again.expect("a flow");
    assert_eq!((again.began_at, again.used_at), (NOW - 1000, NOW));
    let heard = [InFlow(410), Begun, Shown("{}"), Shown(DONE)];
    let (_, _, anew) = talk.run(true, patch(), Some(again), &heard);
    assert_eq!(anew.map(|anew| anew.began_at), Some(NOW), "begun anew");
}

#[test]
fn by_cookie_no_flow_is_kept_and_step_3_is_never_repeated() {
    let rows = [
        row("all well", &[Begun, Shown("{}"), Shown(DONE)], TO_STEP_3, Stored(DONE)),
        row("whoever it is", &[Begun, ShownOf(BOB, "{}"), ShownOf(BOB, DONE)], TO_STEP_3, Stored(DONE)),
        row(
            "the person changes at step 3",
            &[Begun, Shown("{}"), ShownOf(BOB, DONE)],
            TO_STEP_3,
            Failed(Code::OutcomeUnknown),
        ),
        row("refused", &[Begun, Shown("{}"), Refused(TOO_LONG)], TO_STEP_3, Failed(Code::MetadataTooLarge)),
        row(
            "lost, stored",
            &[Begun, Shown("{}"), LOST, Me(DONE)],
            "begin, register f1 c1, patch f1 c2, me",
            Stored(DONE),
        ),
        row(
            "lost, not stored",
            &[Begun, Shown("{}"), LOST, Me("{}")],
            "begin, register f1 c1, patch f1 c2, me",
            Failed(Code::OutcomeUnknown),
        ),
        row(
            "lost, another person is read",
            &[Begun, Shown("{}"), LOST, MeOf(BOB, DONE)],
            "begin, register f1 c1, patch f1 c2, me",
            Failed(Code::OutcomeUnknown),
        ),
        row("no session", &[Begun, Shown("{}"), InFlow(401)], TO_STEP_3, Weigh),
        row(
            "expired, and another person begins",
            &[Begun, Shown("{}"), InFlow(410), Begun, ShownOf(BOB, "{}")],
            "begin, register f1 c1, patch f1 c2, begin, register f2 c3",
            Failed(Code::OutcomeUnknown),
        ),
        row(
            "steps 1 and 2 may be repeated",
            &[LOST, Begun, Shown("{}"), Shown(DONE)],
            "begin, begin, register f1 c1, patch f1 c2",
            Stored(DONE),
        ),
    ];
    for row in rows {
        row.check(false, patch(), &mut Talk::default(), None);
    }
}
