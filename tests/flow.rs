//! The profile flow as a state machine: what is sent after what was heard, and how it ends. Hand-written sequences; what real
//! servers answered is in `flow_recorded.rs`.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod hearing;

use hanko_edge::error::{Code, Error};
use hanko_edge::flow::{Flow, Step};
use hanko_edge::http::Response;
use hanko_edge::profile::{parse, Answer, Change};
use hearing::End::{Failed, Stored, Weigh};
use hearing::Heard::{Bare, Begun, Fails, Flow as InFlow, Me, MeOf, Refused, Says, Shown, ShownOf};
use hearing::*;
use serde_json::json;

const HTML: &str = "<!doctype html>";

#[test]
fn a_first_patch_takes_three_requests_and_each_failure_has_its_end() {
    let rows = [
        row("all well", &[Begun, Shown(NOT_DONE), Shown(DONE)], TO_STEP_3, Stored(DONE)).keeps(),
        row("1: no session", &[Bare(401)], "begin", Weigh),
        row("1: no session, in the flow's shape", &[InFlow(401)], "begin", Weigh),
        row(
            "1: lost once",
            &[LOST, Begun, Shown("{}"), Shown(DONE)],
            "begin, begin, register f1 c1, patch f1 c2",
            Stored(DONE),
        )
        .keeps(),
        row("1: lost once, then 401 (idled out, Hanko 3)", &[LOST, InFlow(401)], "begin, begin", Weigh),
        row("1: lost twice", &[LOST, LOST], "begin, begin", Failed(Code::NetworkError)),
        row("1: not the flow's 403", &[InFlow(403)], "begin", Failed(Code::ResponseInvalid)),
        row("1: wrong address", &[Bare(404)], "begin", Failed(Code::ResponseInvalid)),
        row("1: wrong tenant", &[Bare(400)], "begin", Failed(Code::ResponseInvalid)),
        row("1: down", &[Bare(503)], "begin", Failed(Code::ServerError)),
        row("1: limited", &[Bare(429)], "begin", Failed(Code::RateLimited)),
        row("1: a redirect", &[Fails(Code::RedirectBlocked)], "begin", Failed(Code::RedirectBlocked)),
        row("1: a captive portal", &[Says(200, HTML)], "begin", Failed(Code::ResponseInvalid)),
        row("1: the answer of another step", &[Shown("{}")], "begin", Failed(Code::ResponseInvalid)),
        row("2: no session", &[Begun, InFlow(401)], "begin, register f1 c1", Weigh),
        row(
            "2: lost once",
            &[Begun, LOST, Begun, Shown("{}"), Shown(DONE)],
            "begin, register f1 c1, begin, register f2 c2, patch f2 c3",
            Stored(DONE),
        )
        .keeps(),
        row(
            "2: lost twice",
            &[Begun, LOST, Begun, LOST],
            "begin, register f1 c1, begin, register f2 c2",
            Failed(Code::NetworkError),
        ),
        row("1 and 2 lost", &[LOST, Begun, LOST], "begin, begin, register f1 c1", Failed(Code::NetworkError)),
        row(
            "2: refused once",
            &[Begun, InFlow(403), Begun, Shown("{}"), Shown(DONE)],
            "begin, register f1 c1, begin, register f2 c2, patch f2 c3",
            Stored(DONE),
        )
        .keeps(),
        row(
            "2: refused twice, never forbidden",
            &[Begun, InFlow(403), Begun, InFlow(403)],
            "begin, register f1 c1, begin, register f2 c2",
            Failed(Code::ResponseInvalid),
        ),
        row(
            "2: expired twice",
            &[Begun, InFlow(410), Begun, InFlow(410)],
            "begin, register f1 c1, begin, register f2 c2",
            Failed(Code::FlowExpired),
        ),
        row(
            "2: a number beyond a double is stored",
            &[Begun, Bare(500)],
            "begin, register f1 c1",
            Failed(Code::ServerError),
        ),
        row("2: busy or in trouble", &[Begun, InFlow(500)], "begin, register f1 c1", Failed(Code::ServerError)),
        row("2: another person", &[Begun, ShownOf(BOB, "{}")], "begin, register f1 c1", Failed(Code::ResponseInvalid)),
        row("2: the answer of another step", &[Begun, Begun], "begin, register f1 c1", Failed(Code::ResponseInvalid)),
        row(
            "2: shows another flow",
            &[Begun, Says(200, OTHER_FLOW)],
            "begin, register f1 c1",
            Failed(Code::ResponseInvalid),
        ),
        row(
            "2: no person",
            &[Begun, Says(200, r#"{"name":"profile_init","payload":{}}"#)],
            "begin, register f1 c1",
            Failed(Code::ResponseInvalid),
        ),
    ];
    for row in rows {
        row.check(true, patch(), &mut Talk::default(), None);
    }
}

#[test]
fn step_3_writes_once_or_not_at_all_and_says_which() {
    let rows = [
        at_step_3("does not fit", &[Refused(TOO_LONG)], "", Failed(Code::MetadataTooLarge)).keeps(),
        at_step_3("is no patch", &[Refused(NO_OBJECT)], "", Failed(Code::MetadataInvalid)).keeps(),
        at_step_3("no session", &[InFlow(401)], "", Weigh),
        at_step_3(
            "expired once",
            &[InFlow(410), Begun, Shown("{}"), Shown(DONE)],
            "begin, register f2 c3, patch f2 c4",
            Stored(DONE),
        )
        .keeps(),
        at_step_3(
            "expired, as a connection repeated it: not written again",
            &[InFlow(410), Begun, Shown(DONE)],
            "begin, register f2 c3",
            Stored(DONE),
        )
        .keeps(),
        at_step_3(
            "expired twice",
            &[InFlow(410), Begun, Shown("{}"), InFlow(410), Me("{}")],
            "begin, register f2 c3, patch f2 c4, me",
            Failed(Code::FlowExpired),
        ),
        at_step_3(
            "expired twice, as a connection repeated it",
            &[InFlow(410), Begun, Shown("{}"), InFlow(410), Me(DONE)],
            "begin, register f2 c3, patch f2 c4, me",
            Stored(DONE),
        ),
        at_step_3(
            "expired, then lost at step 1",
            &[InFlow(410), LOST, LOST],
            "begin, begin",
            Failed(Code::OutcomeUnknown),
        ),
        at_step_3("rolled back", &[InFlow(500), Me(NOT_DONE)], "me", Failed(Code::ServerError)),
        at_step_3("says rolled back, and is stored", &[InFlow(500), Me(DONE)], "me", Stored(DONE)),
        at_step_3(
            "says rolled back, and cannot be read",
            &[InFlow(500), Bare(500), Bare(500)],
            "me, me",
            Failed(Code::OutcomeUnknown),
        ),
        at_step_3("bare 500, stored", &[Bare(500), Me(DONE)], "me", Stored(DONE)),
        at_step_3("bare 500, not stored", &[Bare(500), Me(NOT_DONE)], "me", Failed(Code::OutcomeUnknown)),
        at_step_3("a proxy's 502, read at the second try", &[Bare(502), LOST, Me(DONE)], "me, me", Stored(DONE)),
        at_step_3("a 410 that is not the flow's", &[Bare(410), Me(NOT_DONE)], "me", Failed(Code::OutcomeUnknown)),
        at_step_3("a captive portal", &[Says(200, HTML), Me(NOT_DONE)], "me", Failed(Code::OutcomeUnknown)),
        at_step_3("a redirect", &[Fails(Code::RedirectBlocked), Me(NOT_DONE)], "me", Failed(Code::OutcomeUnknown)),
        at_step_3("a 400 that is not the flow's", &[Bare(400), Me(NOT_DONE)], "me", Failed(Code::OutcomeUnknown)),
        at_step_3("a 403 of a flow just begun: a connection repeated it", &[InFlow(403), Me(DONE)], "me", Stored(DONE)),
        at_step_3(
            "a 403 that nothing explains, never forbidden",
            &[InFlow(403), Me(NOT_DONE)],
            "me",
            Failed(Code::OutcomeUnknown),
        ),
        at_step_3("shows another person", &[ShownOf(BOB, DONE)], "", Failed(Code::OutcomeUnknown)),
        at_step_3("another person is read", &[Bare(500), MeOf(BOB, DONE)], "me", Failed(Code::OutcomeUnknown)),
        at_step_3("read as nonsense", &[Bare(500), Says(200, HTML)], "me", Failed(Code::OutcomeUnknown)),
        at_step_3("shows another flow", &[Says(200, OTHER_FLOW), Me(NOT_DONE)], "me", Failed(Code::OutcomeUnknown)),
    ];
    for row in rows {
        row.check(true, patch(), &mut Talk::default(), None);
    }
}

const OTHER_FLOW: &str = r#"{"name":"profile_init","payload":{"user":{"user_id":"4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34","metadata":{"unsafe_metadata":{"a":1}}}},"csrf_token":"x","actions":{"patch_metadata":{"href":"/profile?action=patch_metadata%4000000000-0000-4000-8000-000000000099"}}}"#;

#[test]
fn clearing_believes_only_an_answer_without_unsafe_metadata() {
    let rows = [
        row("cleared", &[Begun, Shown(DONE), Shown("{}")], TO_STEP_3, Stored("{}")).keeps(),
        row(
            "the answer shows it is not",
            &[Begun, Shown(DONE), Shown(DONE), Me(DONE)],
            "begin, register f1 c1, patch f1 c2, me",
            Failed(Code::OutcomeUnknown),
        ),
        row("lost, cleared", &[Begun, Shown(DONE), LOST, InFlow(403), Me("{}")], TO_READING, Stored("{}")),
        row(
            "lost, not cleared",
            &[Begun, Shown(DONE), LOST, InFlow(403), Me(DONE)],
            TO_READING,
            Failed(Code::OutcomeUnknown),
        ),
        row(
            "rolled back",
            &[Begun, Shown(DONE), InFlow(500), Me(DONE)],
            "begin, register f1 c1, patch f1 c2, me",
            Failed(Code::ServerError),
        ),
    ];
    for row in rows {
        row.check(true, Change::Clear, &mut Talk::default(), None);
    }
}

#[test]
fn a_patch_that_is_not_idempotent_is_never_reported_by_guess() {
    let change = || Change::Patch(r#"{"a":[{"b":null}]}"#.to_owned());
    const ONCE: &str = r#"{"a":[{"b":null}]}"#;
    const TWICE: &str = r#"{"a":[{}]}"#;
    let rows = [
        row(
            "stored as by a first time",
            &[Begun, Shown("{}"), InFlow(500), Me(ONCE)],
            "begin, register f1 c1, patch f1 c2, me",
            Failed(Code::OutcomeUnknown),
        ),
        row(
            "stored as by a second time",
            &[Begun, Shown("{}"), InFlow(500), Me(TWICE)],
            "begin, register f1 c1, patch f1 c2, me",
            Stored(TWICE),
        ),
        row("answered", &[Begun, Shown("{}"), Shown(ONCE)], TO_STEP_3, Stored(ONCE)).keeps(),
    ];
    for row in rows {
        row.check(true, change(), &mut Talk::default(), None);
    }
    let mut talk = Talk::default();
    let kept = kept(&mut talk);
    let stale = row(
        "stale",
        &[InFlow(403), Begun, Shown(ONCE)],
        "patch f1 c3, begin, register f2 c4",
        Failed(Code::OutcomeUnknown),
    );
    stale.check(true, change(), &mut talk, kept);
}

#[test]
fn a_call_that_ends_is_unknown_from_the_patch_on_and_harmless_before() {
    let late = || Error::new(Code::RequestTimeout, "");
    let heard = [Begun, Shown("{}"), InFlow(410), Begun, Shown("{}"), LOST, InFlow(403), Me(DONE)];
    let open = [false, false, true, true, true, true, true, true];
    let mut talk = Talk::default();
    let (mut flow, _) = Flow::start(asker(true), patch(), None, NOW);
    for (heard, open) in heard.into_iter().zip(open) {
        let code = if open { Code::OutcomeUnknown } else { Code::RequestTimeout };
        assert_eq!((flow.is_open(), flow.give_up(late()).code()), (open, code), "before {heard:?}");
        flow.next(talk.answer(heard), NOW);
    }
    let mut talk = Talk::default();
    let kept = kept(&mut talk);
    let (mut flow, _) = Flow::start(asker(true), patch(), kept, NOW);
    flow.next(talk.answer(InFlow(403)), NOW);
    assert!(flow.is_open(), "a 403 may be that of a repeat; step 2 shows it");
    flow.next(talk.answer(Begun), NOW);
    flow.next(talk.answer(InFlow(401)), NOW);
    assert_eq!(flow.give_up(late()).code(), Code::OutcomeUnknown);
}

#[test]
fn each_sending_leaves_time_to_settle_and_waits_before_it_is_tried_again() {
    let mut talk = Talk::default();
    let (mut flow, mut step) = Flow::start(asker(true), patch(), None, NOW);
    let mut times = Vec::new();
    for heard in [LOST, Begun, Shown("{}"), LATE, InFlow(500), LOST, Me(DONE)] {
        let Step::Send { pause, share, .. } = step else { panic!("it has ended") };
        times.push((pause, share));
        step = flow.next(talk.answer(heard), NOW);
    }
    assert_eq!(times, [(0, 100), (100, 100), (0, 100), (0, 65), (100, 50), (250, 50), (100, 100)]);
}

#[test]
fn what_is_unknown_tells_the_status_and_when_to_try_again() {
    let heard = [Begun, Shown("{}"), Bare(429), Me("{}")];
    let (_, step, _) = Talk::default().run(true, patch(), None, &heard);
    let Step::End(Err(error)) = step else { panic!("{step:?}") };
    assert_eq!((error.code(), error.status, error.retry_after), (Code::OutcomeUnknown, Some(429), Some(7)));
}

#[test]
fn nothing_shows_a_csrf_token_or_a_session() {
    let mut talk = Talk::default();
    let (mut flow, step) = Flow::start(asker(true), patch(), None, NOW);
    let mut shown = format!("{step:?}");
    for heard in [Begun, Shown("{}"), LOST] {
        shown += &format!("{:?}", flow.next(talk.answer(heard), NOW));
    }
    shown += &format!("{:?}", kept(&mut talk));
    assert!(!shown.contains("csrf-") && !shown.contains("ada.s"), "{shown}");
    assert_ne!(ADA, BOB);
}

#[test]
fn a_flow_is_taken_from_an_answer_only_where_its_address_is_hankos_own() {
    const ID: &str = "c2caea9e-a4e0-4335-9589-f704c88c407c";
    let begun = |href: String, csrf_token: &str| {
        let body = json!({
            "name": "preflight", "csrf_token": csrf_token, "actions": { "register_client_capabilities": { "href": href } }
        });
        parse(&Response { status: 200, body: body.to_string().into_bytes(), ..Response::default() })
    };
    let action = "/profile?action=register_client_capabilities%40";
    assert!(matches!(begun(format!("{action}{ID}"), "x"), Answer::Begun(_)));
    for href in [
        format!("{action}{}", ID.to_uppercase()),
        format!("{action}{ID}&x=1"),
        format!("{action}{ID}/../../logout"),
        format!("{action}00000000-0000-0000-0000-000000000000"),
        action.to_owned(),
        format!("https://evil.example{action}{ID}"),
        format!("//evil.example{action}{ID}"),
        format!("/tenant{action}{ID}"),
        format!("/profile?action=patch_metadata%40{ID}"),
        format!("/profile?action=register_client_capabilities@{ID}"),
        format!("/logout?action=register_client_capabilities%40{ID}"),
    ] {
        assert_eq!(begun(href.clone(), "x"), Answer::Other, "{href}");
    }
    assert_eq!(begun(format!("{action}{ID}"), ""), Answer::Other, "no csrf token");
}
