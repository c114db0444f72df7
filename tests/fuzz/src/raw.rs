//! `verbatim::members` against serde_json's raw values, which have no limit of depth or number either.

use std::collections::BTreeMap;

use hanko_edge::verbatim;
use serde_json::value::RawValue;

use super::json::names_stand_once;

pub(super) type Raw<'a> = BTreeMap<String, &'a RawValue>;

/// The object, where it is one and no name stands twice in it; that `members` agrees is asserted.
pub(super) fn raw_object(text: &str) -> Option<Raw<'_>> {
    let raw: Option<Raw<'_>> = serde_json::from_str(text).ok();
    let raw = raw.filter(|raw| names_stand_once(text, raw.len()));
    let members = verbatim::members(text);
    assert_eq!(members.is_some(), raw.is_some());
    for (name, value) in members.into_iter().flatten() {
        assert_eq!(raw.as_ref().and_then(|raw| raw.get(&*name)).map(|value| value.get()), Some(value));
    }
    raw
}

/// A member's text, where it is there and not `null`.
pub(super) fn present<'a>(raw: &Raw<'a>, name: &str) -> Option<&'a str> {
    raw.get(name).map(|value| value.get()).filter(|text| *text != "null")
}

/// A member that is a string.
pub(super) fn string(raw: &Raw<'_>, name: &str) -> Option<String> {
    serde_json::from_str(present(raw, name)?).ok()
}

/// The elements of a list; an absent list is empty.
pub(super) fn list<'a>(raw: &Raw<'a>, name: &str) -> Vec<&'a RawValue> {
    present(raw, name).map_or_else(Vec::new, |text| serde_json::from_str(text).expect("a list"))
}

/// The text of an object that has members, with one more.
pub(super) fn with_member(text: &str, name: &str, value: &str) -> String {
    let rest = text.trim_start().strip_prefix('{').expect("an object");
    format!("{{\"{name}\":\"{value}\",{rest}")
}
