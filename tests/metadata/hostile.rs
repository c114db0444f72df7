//! Depth, size, and what is no JSON.

use hanko_edge::error::Code;
use hanko_edge::metadata::preview;
use hanko_edge::parts::Parts;
use serde_json::value::RawValue;

use crate::{previewed, refusal};

const MIB: usize = 1 << 20;

fn nested(open: &str, close: &str, levels: usize) -> String {
    format!("{{\"a\":{}{}}}", open.repeat(levels), close.repeat(levels))
}

#[test]
fn fifteen_hundred_levels_merge_like_one() {
    let arrays = nested("[", "]", 1496);
    assert_eq!(previewed(None, &arrays).length, 2998);
    assert_eq!(previewed(Some(&arrays), r#"{"b":1}"#).length, 3004);
    let objects = |innermost: &str| format!("{}{innermost}{}", r#"{"a":"#.repeat(1500), "}".repeat(1500));
    assert_eq!(previewed(Some(&objects("1")), &objects("2")).metadata, objects("2"));
    assert_eq!(
        previewed(Some(&objects(r#"{"b":1}"#)), &objects(r#"{"b":null,"c":3}"#)).metadata,
        objects(r#"{"c":3}"#)
    );
    assert_eq!(
        previewed(None, &objects("null")).metadata,
        format!("{}{{}}{}", r#"{"a":"#.repeat(1499), "}".repeat(1499))
    );
}

#[test]
fn no_depth_overflows_the_stack() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let text = format!("{{\"a\":{}", open.repeat(MIB / open.len()));
        assert_eq!(refusal(None, &text), Some(Code::MetadataInvalid));
        assert_eq!(refusal(Some(&text), "{}"), Some(Code::MetadataInvalid));
    }
    let arrays = nested("[", "]", MIB);
    assert_eq!(previewed(None, &arrays).length, arrays.len());
    assert_eq!(previewed(Some(&arrays), "{}").length, arrays.len());
    let objects = nested("{\"a\":", "}", MIB / 8).replace(":}", ":1}");
    assert_eq!(previewed(Some(&objects), &objects).length, objects.len());
}

#[test]
fn many_members_take_no_square_of_their_number() {
    let member = |n: usize| format!("\"n{n}\":1");
    let members = |numbers: &mut dyn Iterator<Item = usize>| numbers.map(member).collect::<Vec<_>>().join(",");
    let (up, down) = (format!("{{{}}}", members(&mut (0..50_000))), format!("{{{}}}", members(&mut (0..50_000).rev())));
    assert_eq!(previewed(Some(&up), &down).metadata, up);
}

#[test]
fn names_that_stand_twice_in_each_other_end_early() {
    let levels = 60;
    let doubled = format!("{}1{}", r#"{"a":0,"a":"#.repeat(levels), "}".repeat(levels));
    let patch = format!("{}2{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    assert_eq!(refusal(Some(&doubled), &patch), Some(Code::MetadataTooLarge));
}

#[test]
fn what_is_not_the_text_of_an_object_is_refused() {
    let texts = [
        "",
        " ",
        "null",
        "1",
        "\"{}\"",
        "[]",
        "[{}]",
        "{",
        "}",
        "{}}",
        "{}x",
        "{} {}",
        "{,}",
        "{\"a\":1,}",
        "{\"a\"}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":NaN}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":[1}",
        "{\"a\":{]}",
        "\u{feff}{}",
        "{\"a\":tru}",
    ];
    for text in texts {
        assert_eq!(refusal(None, text), Some(Code::MetadataInvalid), "{text:?} as the patch");
        assert_eq!(refusal(Some(text), "{}"), Some(Code::MetadataInvalid), "{text:?} as what is stored");
        let clearing = preview(Some(text), None).expect_err("not an object either");
        assert_eq!(clearing.code(), Code::MetadataInvalid, "{text:?}");
    }
}

/// A generator of its own (splitmix64), so that a failure is the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(most).expect("small")).expect("small")
    }
}

#[test]
fn the_grammar_is_that_of_another_reader() {
    const PIECES: [&str; 30] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"\\\"",
        "\\u0041",
        "\\u12",
        "\\n",
        "\\x",
        "1",
        "0",
        "-",
        ".",
        "e",
        "+",
        "E5",
        "true",
        "false",
        "null",
        "nul",
        " ",
        "\n",
        "\t",
        "\u{e9}",
        "\u{1}",
        "{\"a\":[1,",
    ];
    const SEEDS: [&str; 4] = [
        r#"{"a":[1,{"b":null}],"c":"x\u0041"}"#,
        r#" [ -1.5e+5 , "" , { } ] "#,
        r#"[[],{},[{}],"\"",0]"#,
        r#"{"a":{"b":{"c":true}},"":false}"#,
    ];
    let mut random = Random(1);
    let mut good = 0;
    for round in 0..100_000 {
        let mut text = SEEDS[round % SEEDS.len()].to_owned();
        for _ in 0..=random.below(3) {
            let mut at = random.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let (before, after) = text.split_at(at);
            let after: String = after.chars().skip(random.below(3)).collect();
            text = format!("{before}{}{after}", PIECES[random.below(PIECES.len())]);
        }
        let is_json = serde_json::from_str::<&RawValue>(&text).is_ok();
        assert_eq!(Parts::read(&text).is_some(), is_json, "{text:?}");
        good += usize::from(is_json);
    }
    assert!((1000..99_000).contains(&good), "{good} of them are JSON");
}
