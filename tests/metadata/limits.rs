//! The limit of 3000 code points, at its edge.

use hanko_edge::error::Code;
use hanko_edge::metadata::{fits_alone, preview, LIMIT};

use crate::previewed;

/// A character as `JSON.stringify` writes it, and what it costs.
const COSTS: [(&str, usize); 22] = [
    ("x", 1),
    ("/", 1),
    (" ", 1),
    ("'", 1),
    ("\u{7f}", 1),
    ("\u{e9}", 1),
    ("\u{301}", 1),
    ("\u{2027}", 1),
    ("\u{fffd}", 1),
    ("\u{1f600}", 1),
    ("\\\"", 2),
    ("\\\\", 2),
    ("\\b", 2),
    ("\\t", 2),
    ("\\n", 2),
    ("\\u0000", 6),
    ("\\u001f", 6),
    ("<", 6),
    (">", 6),
    ("&", 6),
    ("\u{2028}", 6),
    ("\u{2029}", 6),
];

/// An object of exactly this length: the character as often as it fits, the rest filled up.
fn object(character: &str, cost: usize, length: usize) -> String {
    let room = length - r#"{"a":""}"#.len();
    format!(r#"{{"a":"{}{}"}}"#, character.repeat(room / cost), "x".repeat(room % cost))
}

#[test]
fn right_at_the_limit_for_every_kind_of_character() {
    for (character, cost) in COSTS {
        for length in [2999, 3000, 3001] {
            let patch = object(character, cost, length);
            let preview = previewed(None, &patch);
            assert_eq!((preview.length, preview.fits()), (length, length <= LIMIT), "{character:?}");
            assert_eq!(fits_alone(&patch).is_ok(), length <= LIMIT, "{character:?}");
        }
    }
}

#[test]
fn names_cost_the_same() {
    for (character, cost) in COSTS.into_iter().filter(|(character, _)| *character != "\\b") {
        let name = format!("{{\"{}{}\":1}}", character.repeat(2994 / cost), "x".repeat(2994 % cost));
        let over = name.replace(":1}", ":12}");
        assert_eq!((previewed(None, &name).length, previewed(None, &over).length), (3000, 3001), "{character:?}");
    }
}

#[test]
fn it_is_the_result_that_counts() {
    let stored = object("x", 1, 3000);
    let large = object("y", 1, 3000).replace("\"a\"", "\"b\"");
    assert_eq!(previewed(Some(&stored), &large).length, 3000 + 3000 - 1);
    assert_eq!(previewed(Some(&stored), &large.replacen('{', r#"{"a":null,"#, 1)).length, 3000);
    assert_eq!(previewed(Some(&stored), r#"{"a":null}"#).length, 2);
    let removals: Vec<String> = (0..5000).map(|n| format!("\"n{n}\":null")).collect();
    let removals = format!("{{{}}}", removals.join(","));
    assert_eq!(previewed(Some(&stored), &removals).metadata, stored);
    assert_eq!(fits_alone(&removals), Ok(()));
}

#[test]
fn what_an_administrator_wrote_is_counted_as_it_stands() {
    let stored = format!(r#"{{"a":"{}"}}"#, "\\u0041".repeat(498));
    assert_eq!(stored.len(), 2996);
    assert_eq!(previewed(Some(&stored), r#"{"b":1}"#).length, 3002);
    let read: String = stored.replace("\\u0041", "A");
    assert_eq!(previewed(Some(&read), r#"{"b":1}"#).length, 512);
    assert_eq!(previewed(Some(r#"{"a":1.0,"b":"\ud83d\ude00\/"}"#), "{}").length, 30);
}

#[test]
fn nothing_is_stored_after_a_clearing() {
    let cleared = preview(Some(r#"{"a":1}"#), None).expect("a clearing");
    assert_eq!((cleared.metadata.as_str(), cleared.length, cleared.fits()), ("{}", 0, true));
    assert_eq!(previewed(None, "{}").length, 2, "an empty patch stores an empty object");
}

#[test]
fn a_patch_that_cannot_fit_says_so() {
    let error = fits_alone(&object("<", 6, 3001)).expect_err("too large");
    assert_eq!(error.code(), Code::MetadataTooLarge);
    assert_eq!(fits_alone("[]").expect_err("no object").code(), Code::MetadataInvalid);
}
