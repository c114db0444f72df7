//! Merges of metadata: what is stored and a patch, with a NUL between them, which no JSON holds.

use hanko_edge::error::Code;
use hanko_edge::metadata::preview;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// What is previewed is JSON, has the length that is told, and is what a merge of values makes of it.
pub fn metadata(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some((current, patch)) = text.split_once('\0') else { return };
    let preview = match preview(Some(current), Some(patch)) {
        Ok(preview) => preview,
        Err(error) if error.code() == Code::MetadataTooLarge => return,
        Err(error) => {
            assert_eq!(error.code(), Code::MetadataInvalid);
            assert!(!is_object(current) || !is_object(patch), "both are objects");
            return;
        }
    };
    // serde_json has limits of its own: of depth, and of a number's range.
    assert_eq!(preview.length, preview.metadata.chars().count());
    assert!(!preview.metadata.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    if let (Some(current), Some(patch)) = (tree(current), tree(patch)) {
        let merged = merge(current, patch);
        assert_eq!(tree(&preview.metadata), Some(merged));
    }
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok_and(|value| value.get().starts_with('{'))
}

/// The object, where no name stands twice in it and serde_json reads it.
fn tree(text: &str) -> Option<Map<String, Value>> {
    let Ok(Value::Object(tree)) = serde_json::from_str(text) else { return None };
    (!text.contains("$serde_json::private") && colons(text) == names(&Value::Object(tree.clone()))).then_some(tree)
}

fn names(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.len() + members.values().map(names).sum::<usize>(),
        Value::Array(items) => items.iter().map(names).sum(),
        _ => 0,
    }
}

/// Those outside strings: as many as there are members.
fn colons(json: &str) -> usize {
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b':' if !in_string => count += 1,
            _ => {}
        }
    }
    count
}

/// The server's rules (RFC 7396, but nulls inside arrays).
fn merge(mut current: Map<String, Value>, patch: Map<String, Value>) -> Map<String, Value> {
    for (name, change) in patch {
        let merged = match (current.remove(&name), change) {
            (_, Value::Null) => continue,
            (Some(Value::Object(stored)), Value::Object(change)) => Value::Object(merge(stored, change)),
            (Some(Value::Object(_)), change) => change,
            (_, change) => pruned(change),
        };
        current.insert(name, merged);
    }
    current
}

fn pruned(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(pruned).collect(),
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, pruned(value))).collect())
        }
        scalar => scalar,
    }
}
