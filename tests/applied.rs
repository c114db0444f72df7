//! Whether a patch was applied, by what is stored: every merge that a real server did, and what it leaves unclear.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::arithmetic_side_effects, reason = "a test counts")]

mod data;

use data::{list, text, vectors};
use hanko_edge::applied::{applied, Applied};
use hanko_edge::metadata::preview;
use serde_json::Value;

fn value(json: &str) -> Option<Value> {
    serde_json::from_str(json).ok()
}

/// What `patchUnsafeMetadata` can send: an object, as `JSON.stringify` writes it.
fn is_sendable(patch: &str) -> bool {
    value(patch).is_some_and(|value| value.is_object() && value.to_string().len() == patch.len() && has_doubles(&value))
}

fn has_doubles(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|double| number.to_string() == double.to_string()),
        Value::Array(elements) => elements.iter().all(has_doubles),
        Value::Object(members) => members.values().all(has_doubles),
        _ => true,
    }
}

#[test]
fn a_real_servers_result_shows_its_patch_as_applied() {
    let file = vectors("hanko-merge-server/flow_outputs.json");
    let (mut yes, mut unclear, mut before_yes, mut before_no) = (0, 0, 0, 0);
    for case in list(&file).iter().filter(|case| text(case, "outcome") == "stored") {
        let Some(patch) = case["patch"].as_str().filter(|patch| is_sendable(patch)) else { continue };
        let (before, after) = (case["before"].as_str().unwrap_or("{}"), case["after"].as_str().unwrap_or("{}"));
        let shown = case["after_shown"].as_str().unwrap_or("{}");
        let twice = case.get("after_twice").is_some();
        for stored in [after, shown] {
            assert_eq!(applied(stored, patch), if twice { Applied::Unclear } else { Applied::Yes }, "{case}");
        }
        (yes, unclear) = (yes + u32::from(!twice), unclear + u32::from(twice));
        let same = value(before).zip(value(after)).is_some_and(|(before, after)| before == after);
        assert_eq!(applied(before, patch), if same { Applied::Yes } else { Applied::No }, "before: {case}");
        (before_yes, before_no) = (before_yes + u32::from(same), before_no + u32::from(!same));
    }
    println!("{yes} applied, {unclear} unclear; before: {before_yes} nothing to do, {before_no} not applied");
    assert!(yes >= 187 && unclear >= 1 && before_yes >= 10 && before_no >= 178, "cases are missing");
}

#[test]
fn values_are_compared_and_not_texts() {
    for (stored, patch) in [
        (r#"{"a":1.0}"#, r#"{"a":1}"#),
        (r#"{"a":1E2}"#, r#"{"a":100}"#),
        (r#"{"a":-0}"#, r#"{"a":0}"#),
        (r#"{"a":0.000e9}"#, r#"{"a":0}"#),
        (r#"{"a":120e-3}"#, r#"{"a":0.12}"#),
        (r#"{"a":1e+21}"#, r#"{"a":1000000000000000000000}"#),
        (r#"{"\u0061":"\u0062\/"}"#, r#"{"a":"b/"}"#),
        (r#"{"c":{"y":2,"x":1},"b":[{"q":1,"p":2}],"a":0}"#, r#"{"b":[{"p":2,"q":1}],"c":{"x":1,"y":2}}"#),
        (r#"{ "a" : [ 1 , true ] }"#, r#"{"a":[1,true]}"#),
        (r#"{"__proto__":{"a":1}}"#, r#"{"__proto__":{"a":1}}"#),
        (r#"{"big":1e400,"a":1}"#, r#"{"a":1}"#),
        ("{}", "{}"),
        (r#"{"a":1}"#, "{}"),
        ("{}", r#"{"a":null}"#),
        (r#"{"a":{"b":1}}"#, r#"{"a":{"c":null}}"#),
        (r#"{"a":{"b":1}}"#, r#"{"a":{}}"#),
        (r#"{"a":[null]}"#, r#"{"a":[null]}"#),
        (r#"{"a":[]}"#, r#"{"a":[]}"#),
    ] {
        assert_eq!(applied(stored, patch), Applied::Yes, "{stored} {patch}");
    }
}

#[test]
fn what_would_change_something_was_not_applied() {
    for (stored, patch) in [
        ("{}", r#"{"a":1}"#),
        (r#"{"a":1}"#, r#"{"a":2}"#),
        (r#"{"a":1}"#, r#"{"a":10}"#),
        (r#"{"a":1}"#, r#"{"a":-1}"#),
        (r#"{"a":1}"#, r#"{"a":0.1}"#),
        (r#"{"a":1}"#, r#"{"a":"1"}"#),
        (r#"{"a":"1"}"#, r#"{"a":1}"#),
        (r#"{"a":true}"#, r#"{"a":false}"#),
        (r#"{"a":1}"#, r#"{"a":null}"#),
        (r#"{"a":null}"#, r#"{"a":null}"#),
        (r#"{"a":null}"#, r#"{"a":{}}"#),
        ("{}", r#"{"a":{}}"#),
        ("{}", r#"{"a":{"b":null}}"#),
        (r#"{"a":{}}"#, r#"{"a":[]}"#),
        (r#"{"a":[]}"#, r#"{"a":{}}"#),
        (r#"{"a":[1]}"#, r#"{"a":[1,2]}"#),
        (r#"{"a":[1,2]}"#, r#"{"a":[1]}"#),
        (r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#),
        (r#"{"a":[{"b":1,"c":2}]}"#, r#"{"a":[{"b":1}]}"#),
        (r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":1,"c":2}]}"#),
        (r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":null}]}"#),
        (r#"{"a":[null]}"#, r#"{"a":[{}]}"#),
        (r#"{"a":{"b":{"c":1}}}"#, r#"{"a":{"b":{"c":2}}}"#),
        (r#"{"a":1e400}"#, r#"{"a":1}"#),
        (r#"{"a":9007199254740993}"#, r#"{"a":9007199254740992}"#),
        (r#"{"a":"\ud800"}"#, r#"{"a":"x"}"#),
        (r#"{"a":[{"b":null}],"z":1}"#, r#"{"a":[{"b":null}],"z":2}"#),
    ] {
        assert_eq!(applied(stored, patch), Applied::No, "{stored} {patch}");
    }
}

#[test]
fn what_only_a_first_time_leaves_behind_is_unclear() {
    for (stored, patch) in [
        (r#"{"a":[{"b":null}]}"#, r#"{"a":[{"b":null}]}"#),
        (r#"{"a":[{"b":null}],"z":1}"#, r#"{"z":1,"a":[{"b":null}]}"#),
        (r#"{"o":{"a":[1,[{"c":{"b":null}}]]}}"#, r#"{"o":{"a":[1,[{"c":{"b":null}}]]}}"#),
        (r#"{"a":1,"a":1}"#, r#"{"a":1}"#),
        (r#"{"\ud800":1,"a":1}"#, r#"{"a":1}"#),
        ("null", r#"{"a":1}"#),
        ("{}", "[]"),
    ] {
        assert_eq!(applied(stored, patch), Applied::Unclear, "{stored} {patch}");
    }
    let mixed = r#"{"a":[{"b":null},{}]}"#;
    assert_eq!(applied(mixed, r#"{"a":[{"b":null},{"b":null}]}"#), Applied::No, "neither as it was nor without nulls");
}

#[test]
fn no_depth_is_too_much() {
    let deep = |inner: &str| format!("{}{inner}{}", r#"{"a":"#.repeat(1500), "}".repeat(1500));
    assert_eq!(applied(&deep("1"), &deep("1")), Applied::Yes);
    assert_eq!(applied(&deep("1"), &deep("2")), Applied::No);
    let lists = |inner: &str| format!("{{\"a\":{}{inner}{}}}", "[".repeat(1500), "]".repeat(1500));
    assert_eq!(applied(&lists("1"), &lists("1")), Applied::Yes);
    assert_eq!(applied(&lists("1"), &lists("2")), Applied::No);
}

/// Numbers from a seed (xorshift, public domain).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    /// A small value of few names, so that patches meet what is stored.
    fn value(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 5 } else { 9 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => Value::from(self.below(3)),
            3 => Value::from(["", "a", "\u{2028}<"][usize::try_from(self.below(3)).unwrap_or_default()]),
            4 => Value::from(f64::from(u32::try_from(1 + self.below(3)).unwrap_or_default()) / 4.0),
            5 | 6 => Value::Array((0..self.below(3)).map(|_| self.value(depth - 1)).collect()),
            _ => self.object(depth - 1),
        }
    }

    fn object(&mut self, depth: u64) -> Value {
        let names = ["a", "b", "c", "__proto__"];
        let members = (0..self.below(4)).map(|_| {
            let name = names[usize::try_from(self.below(4)).unwrap_or_default()];
            (name.to_owned(), self.value(depth))
        });
        Value::Object(members.collect())
    }
}

#[test]
fn what_the_merge_stores_shows_its_patch_as_applied_and_nothing_else_does() {
    let mut seeded = Seeded(20_261_121);
    let (mut yes, mut unclear, mut same) = (0, 0, 0);
    for _ in 0..20_000 {
        let (before, patch) = (seeded.object(3).to_string(), seeded.object(3).to_string());
        let merge = |stored: &str| preview(Some(stored), Some(&patch)).expect("a merge").metadata;
        let (after, twice) = (merge(&before), merge(&merge(&before)));
        let is_idempotent = value(&after) == value(&twice);
        let expected = if is_idempotent { Applied::Yes } else { Applied::Unclear };
        assert_eq!(applied(&after, &patch), expected, "{before} {patch} {after}");
        let is_same = value(&before) == value(&after);
        assert_eq!(applied(&before, &patch) == Applied::Yes, is_same, "{before} {patch} {after}");
        (yes, unclear) = (yes + u32::from(is_idempotent), unclear + u32::from(!is_idempotent));
        same += u32::from(is_same);
    }
    println!("{yes} applied, {unclear} unclear, {same} with nothing to do");
    assert!(unclear >= 20 && same >= 1000, "{unclear} unclear, {same} with nothing to do");
}
