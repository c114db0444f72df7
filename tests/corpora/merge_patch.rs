//! RFC 7396 by the examples of its appendix A, and by the tests of the `json-patch` crate.
//! Where a server differs from the RFC, a row says why, and a row that no longer holds fails.

use hanko_edge::metadata::preview;
use serde_json::{json, Value};

use crate::data::list;
use crate::folder::{json as read, Corpus};

const APPENDIX_A: Corpus = Corpus { name: "rfc7396", origin: "RFC 7396, appendix A" };
const CRATE: Corpus = Corpus { name: "merge-patch", origin: "github.com/idubrov/json-patch, specs/merge_tests.json" };

/// By original and patch.
const OTHERWISE: [(&str, &str); 5] = [
    (r#"["a","b"] ["c","d"]"#, "metadata is an object"),
    (r#"{"a":"b"} ["c"]"#, "a server refuses a patch that is no object"),
    (r#"{"a":"foo"} null"#, "a server clears by another way, which null of the package stands for"),
    (r#"{"a":"foo"} "bar""#, "a server refuses a patch that is no object"),
    (r#"[1,2] {"a":"b","c":null}"#, "metadata is an object"),
];

/// What RFC 7396 makes of a patch, section 2, as its pseudocode has it.
fn merge_patch(target: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut target = match target {
        Value::Object(target) => target,
        _ => serde_json::Map::new(),
    };
    for (name, value) in patch {
        let old = target.remove(name).unwrap_or(Value::Null);
        if !value.is_null() {
            target.insert(name.clone(), merge_patch(old, value));
        }
    }
    Value::Object(target)
}

fn different(rows: &Value, original: &str, expected: &str) -> Vec<String> {
    let agrees = |row: &Value| {
        let (before, patch) = (row[original].to_string(), row["patch"].to_string());
        assert_eq!(merge_patch(row[original].clone(), &row["patch"]), row[expected], "the pseudocode");
        merged(&before, &patch).as_ref() == Some(&row[expected])
    };
    let name = |row: &Value| format!("{} {}", row[original], row["patch"]);
    list(rows).iter().filter(|row| !agrees(row)).map(name).collect()
}

/// What the package makes of it; None where it refuses.
fn merged(before: &str, patch: &str) -> Option<Value> {
    let preview = preview(Some(before), Some(patch)).ok()?;
    Some(serde_json::from_str(&preview.metadata).expect("JSON"))
}

#[test]
fn every_example_of_appendix_a() {
    let Some(folder) = APPENDIX_A.find() else { return };
    let rows = read(&folder.join("appendix_a.json"));
    assert_eq!(list(&rows).len(), 15);
    assert_eq!(different(&rows, "original", "result"), OTHERWISE.map(|(row, _)| row));
}

#[test]
fn every_merge_test_of_the_crate() {
    let Some(folder) = CRATE.find() else { return };
    let rows = read(&folder.join("merge_tests.json"));
    assert_eq!(list(&rows).len(), 3);
    assert_eq!(different(&rows, "doc", "expected"), Vec::<String>::new());
}

/// The one deviation: null members vanish from objects inside arrays, unless the array replaces an object.
#[test]
fn nulls_inside_arrays_are_where_hanko_leaves_the_rfc() {
    let patch = json!({"a": [null, {"b": null, "c": [{"d": null}]}]});
    let pruned = json!({"a": [null, {"c": [{}]}]});
    for (stored, server) in [
        (json!({}), &pruned),
        (json!({"a": null}), &pruned),
        (json!({"a": 1}), &pruned),
        (json!({"a": [{"b": 1}]}), &pruned),
        (json!({"a": {"b": 1}}), &patch),
    ] {
        let rfc = merge_patch(stored.clone(), &patch);
        let ours = merged(&stored.to_string(), &patch.to_string()).expect("a merge");
        assert_eq!(ours, *server, "{stored}");
        assert_eq!(ours == rfc, server == &patch, "{stored}: the RFC makes {rfc}");
    }
}
