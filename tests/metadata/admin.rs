//! `vectors/hanko-merge-server/admin_outputs.json`: what servers stored for a patch of the Admin API. The same merge; the
//! patch is kept as it is written.

use hanko_edge::metadata::{preview, LIMIT};
use hanko_edge::verbatim::members;
use serde_json::Value;

use crate::data::{list, text, vectors};
use crate::{assert_rows, same_value};

const KINDS: [&str; 3] = ["public_metadata", "private_metadata", "unsafe_metadata"];

/// What the Admin API does otherwise than the profile flow, which the preview follows, and why.
const OTHERWISE: [(&str, &str); 12] = [
    ("admin-kinds-007", "an empty patch of nothing stores nothing; in the flow it stores {}"),
    ("admin-kinds-008", "an empty patch of nothing stores nothing; in the flow it stores {}"),
    ("admin-kinds-010", "an empty patch of nothing stores nothing; in the flow it stores {}"),
    ("admin-kinds-034", "an empty patch of nothing stores nothing; in the flow it stores {}"),
    ("admin-body-005", "of a kind that stands twice the first counts; an object cannot hold one"),
    ("admin-body-006", "of a kind that stands twice the first counts; an object cannot hold one"),
    ("admin-body-008", "of a kind that stands twice the first counts; an object cannot hold one"),
    ("admin-rejected-022", "what follows the first value is ignored; it is not JSON"),
    ("admin-merge-021", "a name that stands twice is kept; an object cannot hold one"),
    ("admin-merge-022", "a name that stands twice is kept; an object cannot hold one"),
    ("admin-merge-024", "a name that stands twice is kept; an object cannot hold one"),
    ("admin-merge-026", "a name that stands twice is kept; an object cannot hold one"),
];

#[test]
fn every_kind_of_every_patch_of_the_admin_api_comes_out_as_the_server_stored_it() {
    let rows = vectors("hanko-merge-server/admin_outputs.json");
    let different: Vec<String> =
        list(&rows).iter().filter(|row| !agrees(row)).map(|row| text(row, "id").to_owned()).collect();
    assert_eq!(list(&rows).len(), 125);
    assert_rows(&different, &OTHERWISE);
}

fn agrees(row: &Value) -> bool {
    let body = text(row, "patch");
    let Some(patch) = members(body) else { return text(row, "outcome") == "rejected" };
    let kinds = KINDS.map(|kind| {
        let patch = patch.iter().find(|(name, _)| name == kind).map(|(_, patch)| *patch);
        after(row, kind, patch)
    });
    if text(row, "outcome") == "rejected" {
        return kinds.contains(&None);
    }
    KINDS.iter().zip(kinds).all(|(kind, preview)| {
        let (after, length) = (row["after"][*kind].as_str(), row["length"][*kind].as_u64());
        match (preview, after) {
            (Some(Some((metadata, counted))), Some(after)) => {
                same_value(&metadata, after) && u64::try_from(counted).ok() == length
            }
            (preview, after) => preview == Some(None) && after.is_none(),
        }
    })
}

/// What is stored of a kind, with its length; None where it is refused.
fn after(row: &Value, kind: &str, patch: Option<&str>) -> Option<Option<(String, usize)>> {
    let before = row["before"][kind].as_str();
    match patch {
        None => Some(before.map(|before| (before.to_owned(), before.chars().count()))),
        Some("null") => Some(None),
        Some(patch) => {
            let preview = preview(before, Some(patch)).ok().filter(|preview| preview.length <= LIMIT)?;
            Some(Some((preview.metadata, preview.length)))
        }
    }
}
