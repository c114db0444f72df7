//! The library that Hanko merges with: `vectors/hanko-merge-server/server_outputs.json` and `vectors/json-patch`.

use serde_json::Value;

use crate::data::{list, text, vectors};
use crate::{assert_rows, previewed, refusal, same_value};

/// By document and patch: what the library takes and a server never gives it.
const OTHERWISE: [(&str, &str); 8] = [
    (r#"["a","b"] ["c","d"]"#, "metadata is an object"),
    (r#"{"a":"b"} ["c"]"#, "a server refuses what is no object"),
    (r#"{"a":"foo"} null"#, "a server clears, or refuses"),
    (r#"{"a":"foo"} "bar""#, "a server refuses what is no object"),
    (r#"[1,2] {"a":"b","c":null}"#, "metadata is an object"),
    (r#"{"a":1} null"#, "a server clears, or refuses"),
    (r#"[] {"a":1}"#, "metadata is an object"),
    (r#"{"a":1} 1"#, "a server refuses what is no object"),
];

#[test]
fn every_output_of_the_library_that_came_with_the_servers() {
    let rows = vectors("hanko-merge-server/server_outputs.json");
    let different: Vec<String> = list(&rows)
        .iter()
        .filter(|row| !agrees(row))
        .map(|row| format!("{} {}", text(row, "doc"), text(row, "patch")))
        .collect();
    assert_eq!(list(&rows).len(), 43);
    assert_rows(&different, &OTHERWISE);
}

fn agrees(row: &Value) -> bool {
    let (doc, patch) = (Some(text(row, "doc")), text(row, "patch"));
    if refusal(doc, patch).is_some() {
        return row["out"].is_null();
    }
    let preview = previewed(doc, patch);
    same_value(&preview.metadata, text(row, "out")) && u64::try_from(preview.length).ok() == row["chars"].as_u64()
}

#[test]
fn every_output_of_the_library_for_escapes_and_doubled_names() {
    let rows = vectors("json-patch/merge_outputs.json");
    for row in list(&rows) {
        let preview = previewed(row["before"].as_str(), text(row, "patch"));
        assert_eq!(preview.metadata, text(row, "after"), "{}", row["id"]);
        assert_eq!(u64::try_from(preview.length).ok(), row["length"].as_u64(), "{}", row["id"]);
    }
    assert_eq!(list(&rows).len(), 53);
}
