//! JSONTestSuite: every file as the value of a member, and the files that hold an object as a header or payload holds it.

use hanko_edge::encoding::{members, utf8};
use hanko_edge::parts::Parts;

use crate::folder::{json_files, Corpus};

const JSON_TEST_SUITE: Corpus = Corpus { name: "JSONTestSuite", origin: "github.com/nst/JSONTestSuite test_parsing" };

/// What RFC 8259 leaves open, and what is decided here.
const OPEN: [(&str, bool, &[&str]); 5] = [
    (
        "a number within the range of a double, however it is rounded",
        true,
        &[
            "i_number_double_huge_neg_exp.json",
            "i_number_real_underflow.json",
            "i_number_too_big_neg_int.json",
            "i_number_too_big_pos_int.json",
            "i_number_very_big_negative_int.json",
        ],
    ),
    (
        "a number beyond it: JSON.parse would make Infinity of it",
        false,
        &[
            "i_number_huge_exp.json",
            "i_number_neg_int_huge_exp.json",
            "i_number_pos_double_huge_exp.json",
            "i_number_real_neg_overflow.json",
            "i_number_real_pos_overflow.json",
        ],
    ),
    (
        "a lone surrogate, which no UTF-8 can carry further",
        false,
        &[
            "i_object_key_lone_2nd_surrogate.json",
            "i_string_1st_surrogate_but_2nd_missing.json",
            "i_string_1st_valid_surrogate_2nd_invalid.json",
            "i_string_incomplete_surrogate_and_escape_valid.json",
            "i_string_incomplete_surrogate_pair.json",
            "i_string_incomplete_surrogates_escape_valid.json",
            "i_string_invalid_lonely_surrogate.json",
            "i_string_invalid_surrogate.json",
            "i_string_inverted_surrogates_U+1D11E.json",
            "i_string_lone_second_surrogate.json",
        ],
    ),
    (
        "not UTF-8, or with a byte order mark (RFC 8259 section 8.1)",
        false,
        &[
            "i_string_UTF-16LE_with_BOM.json",
            "i_string_UTF-8_invalid_sequence.json",
            "i_string_UTF8_surrogate_U+D800.json",
            "i_string_invalid_utf-8.json",
            "i_string_iso_latin_1.json",
            "i_string_lone_utf8_continuation_byte.json",
            "i_string_not_in_unicode_range.json",
            "i_string_overlong_sequence_2_bytes.json",
            "i_string_overlong_sequence_6_bytes.json",
            "i_string_overlong_sequence_6_bytes_null.json",
            "i_string_truncated-utf-8.json",
            "i_string_utf16BE_no_BOM.json",
            "i_string_utf16LE_no_BOM.json",
            "i_structure_UTF-8_BOM_empty_object.json",
        ],
    ),
    ("deeper than 64 levels", false, &["i_structure_500_nested_arrays.json"]),
];

/// Objects of the suite's `y_` files that a header, a payload or a key document may not be: RFC 7515 section 4 and
/// RFC 7519 section 4 let a name stand once.
const STAND_TWICE: [&str; 2] = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

#[test]
fn every_file_is_judged_as_the_value_of_a_member() {
    let Some(folder) = JSON_TEST_SUITE.find() else { return };
    let (mut must, mut must_not, mut open) = (0, 0, 0);
    for (name, bytes) in json_files(&folder.join("test_parsing")) {
        let expected = match name.as_bytes()[0] {
            b'y' => true,
            b'n' => false,
            _ => decision(&name),
        };
        *match name.as_bytes()[0] {
            b'y' => &mut must,
            b'n' => &mut must_not,
            _ => &mut open,
        } += 1;
        assert_eq!(is_value(bytes), expected, "{name}");
    }
    assert_eq!((must, must_not, open), (95, 188, 35));
    assert_eq!(OPEN.iter().map(|(_, _, names)| names.len()).sum::<usize>(), 35, "a decision is about no file");
}

#[test]
fn an_object_is_judged_by_itself_as_well() {
    let Some(folder) = JSON_TEST_SUITE.find() else { return };
    let (mut read, mut refused, mut twice) = (0, 0, Vec::new());
    for (name, bytes) in json_files(&folder.join("test_parsing")) {
        let is_object = bytes.trim_ascii_start().starts_with(b"{");
        let text = utf8(bytes).unwrap_or_default();
        match (name.as_bytes()[0], members(&text).is_ok()) {
            (b'y', true) => read += 1,
            (b'y', false) if is_object => twice.push(name),
            (b'n' | b'i', true) => panic!("{name} is read"),
            _ => refused += 1,
        }
    }
    assert_eq!(
        (read, refused, twice),
        (OBJECTS, 318 - OBJECTS - STAND_TWICE.len(), STAND_TWICE.map(str::to_owned).to_vec())
    );
}

#[test]
fn metadata_is_judged_by_the_grammar_alone() {
    let Some(folder) = JSON_TEST_SUITE.find() else { return };
    let (mut read, mut refused) = (0, 0);
    for (name, bytes) in json_files(&folder.join("test_parsing")) {
        let Ok(text) = utf8(bytes) else { continue };
        // What RFC 8259 leaves open is the server's to decide; it has stored all of it but a byte order mark.
        let expected = !name.starts_with('n') && !text.starts_with('\u{feff}');
        assert_eq!(Parts::read(&text).is_some(), expected, "{name}");
        *if expected { &mut read } else { &mut refused } += 1;
    }
    assert_eq!((read, refused), (116, 177));
}

/// The suite's good files that hold an object in which no name stands twice.
const OBJECTS: usize = 10;

fn decision(name: &str) -> bool {
    let row = OPEN.iter().find(|(_, _, names)| names.contains(&name));
    row.unwrap_or_else(|| panic!("{name} is not decided")).1
}

fn is_value(bytes: Vec<u8>) -> bool {
    utf8(bytes).is_ok_and(|text| members(&format!("{{\"a\":{text}}}")).is_ok_and(|members| members.len() == 1))
}
