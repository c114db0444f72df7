//! `encoding::members` against serde_json's own tree.

use hanko_edge::encoding::{members_within, NotStrict};
use serde_json::{Map, Value};

/// The object, where it is strict; that `members` agrees is asserted.
pub(super) fn strict_object(text: &str, levels: u8) -> Option<Map<String, Value>> {
    let members = members_within(text, levels);
    // serde_json keeps this name for itself: a tree reads it in a way of its own.
    if text.contains("$serde_json::private") {
        return None;
    }
    let tree = tree(text, levels);
    match (&members, &tree) {
        (Ok(members), Some(tree)) => {
            assert_eq!(members.len(), tree.len());
            for (name, value) in members {
                assert_eq!(serde_json::from_str::<Value>(value).ok().as_ref(), tree.get(&**name));
            }
        }
        (Err(NotStrict), None) => {}
        (Ok(_), None) => panic!("read, but not strict"),
        (Err(NotStrict), Some(_)) => panic!("strict, but not read"),
    }
    tree
}

fn tree(text: &str, levels: u8) -> Option<Map<String, Value>> {
    let Ok(Value::Object(tree)) = serde_json::from_str(text) else { return None };
    let (deepest, _) = shape(text);
    (names_stand_once(text, tree.len()) && deepest <= usize::from(levels)).then_some(tree)
}

/// Whether an object of so many different names has no more members than that.
pub(super) fn names_stand_once(json: &str, names: usize) -> bool {
    let (_, commas) = shape(json);
    names == if names == 0 { 0 } else { commas + 1 }
}

/// How deep JSON is nested, and how many commas stand at its first level.
fn shape(json: &str) -> (usize, usize) {
    let (mut depth, mut deepest, mut commas) = (0_usize, 0, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 1 => commas = commas.saturating_add(1),
            _ => {}
        }
        deepest = depth.max(deepest);
    }
    (deepest, commas)
}
