//! `vectors/hanko-merge-server/flow_outputs.json`: what servers stored for a patch of the profile flow.

use hanko_edge::metadata::preview;
use serde_json::Value;

use crate::data::{list, text, vectors};
use crate::javascript::rewritten;
use crate::{assert_rows, previewed, refusal, same_value};

/// What this package does otherwise, and why.
const OTHERWISE: [(&str, &str); 15] = [
    ("flow-numbers-002", "JavaScript writes -0 as 0"),
    ("flow-numbers-057", "JavaScript writes -0 as 0"),
    ("flow-strings-031", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-strings-032", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-strings-033", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-strings-034", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-strings-035", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-strings-036", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-strings-037", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-names-019", "a lone surrogate in a name of the patch is refused: Hanko would store U+FFFD"),
    ("flow-names-020", "a lone surrogate in a name of the patch is refused: Hanko would store U+FFFD"),
    ("flow-names-021", "a lone surrogate in a name of the patch is refused: Hanko would store U+FFFD"),
    ("flow-limit-042", "a lone surrogate in the patch is refused: Hanko would store U+FFFD"),
    ("flow-duplicates-in-string-004", "the string form keeps a name that stands twice; an object cannot hold one"),
    ("flow-whole-011", "the string form must begin with its brace; this package sends no string but \"null\""),
];

#[test]
fn every_patch_of_the_profile_flow_comes_out_as_the_server_stored_it() {
    let rows = vectors("hanko-merge-server/flow_outputs.json");
    let different: Vec<String> =
        list(&rows).iter().filter(|row| !agrees(row)).map(|row| text(row, "id").to_owned()).collect();
    assert_eq!(list(&rows).len(), 331);
    assert_rows(&different, &OTHERWISE);
}

/// Whether the preview is what became of the row.
fn agrees(row: &Value) -> bool {
    let (before, after) = (row["before"].as_str(), row["after"].as_str());
    let Some((patch, as_object)) = sent(row) else { return text(row, "outcome") == "rejected" };
    let Some(patch) = patch else {
        let cleared = preview(before, None).expect("a clearing");
        return after.is_none() && (cleared.metadata.as_str(), cleared.length) == ("{}", 0);
    };
    if text(row, "outcome") == "rejected" {
        let over = row["error"]["cause"] == "metadata must not exceed character limit (3000)";
        return if over { !previewed(before, &patch).fits() } else { refusal(before, &patch).is_some() };
    }
    let (preview, after) = (previewed(before, &patch), after.expect("stored text"));
    let random = row["key_order"] == "random";
    let same = if random || !as_object { same_value(&preview.metadata, after) } else { preview.metadata == after };
    same && preview.fits()
        && preview.length == usize::try_from(row["length"].as_u64().expect("a length")).expect("a length")
}

/// The patch as text (None: clears) and whether it was sent as an object; None where this package sends no such thing.
fn sent(row: &Value) -> Option<(Option<String>, bool)> {
    let patch = row["patch"].as_str()?;
    match serde_json::from_str::<Value>(patch) {
        Ok(Value::String(string)) if string == "null" => Some((None, false)),
        // As it is written: only the object form passes through numbers and escapes.
        Ok(Value::String(string)) => Some((Some(string), false)),
        _ => Some((Some(rewritten(patch)?), true)),
    }
}

#[test]
fn a_patch_that_is_applied_twice() {
    let rows = vectors("hanko-merge-server/flow_outputs.json");
    let stored = list(&rows).iter().filter(|row| text(row, "outcome") == "stored" && row["after"].is_string());
    let mut differ = 0;
    for row in stored {
        let Some((Some(patch), true)) = sent(row) else { continue };
        let once = previewed(row["before"].as_str(), &patch).metadata;
        let twice = previewed(Some(&once), &patch).metadata;
        match row["after_twice"].as_str() {
            Some(after) => assert_eq!(twice, after, "{}", row["id"]),
            None => assert!(same_value(&once, &twice), "{}", row["id"]),
        }
        differ += usize::from(row["after_twice"].is_string());
    }
    assert_eq!(differ, 1, "there is one case in which twice is not once");
}
