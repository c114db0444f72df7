//! Strict base64url and strict JSON.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use hanko_edge::encoding::{base64url, is_base64url, member, members, members_within, string, utf8, MAX_DEPTH};

#[test]
fn base64url_is_read_in_its_one_canonical_spelling() {
    for (text, bytes) in [("", &b""[..]), ("YQ", b"a"), ("YWI", b"ab"), ("YWJj", b"abc"), ("-_-_", b"\xfb\xff\xbf")] {
        assert_eq!(base64url(text).as_deref(), Ok(bytes), "{text}");
    }
    let bad =
        ["Y", "YR", "YWJ", "YQ=", "YQ==", "YW=I", " YQ", "YQ ", "Y Q", "YQ\n", "YQ\0", "+/+/", "YW.J", "YQ\u{e9}"];
    for text in bad {
        assert!(base64url(text).is_err(), "{text:?}");
    }
}

#[test]
fn base64url_has_sixty_four_characters() {
    let found = (0..=127_u8).map(char::from).filter(|char| is_base64url(&char.to_string())).count();
    assert_eq!(found, 64);
    assert!(!is_base64url("\u{e9}") && !is_base64url("a=") && is_base64url("-_aZ09"));
}

#[test]
fn members_stand_in_their_order_with_their_text() {
    let members = members(" {\"b\": 1.50 , \"a\":[ 1 ],\"\":\"\\u0061\"}\r\n\t").expect("an object");
    let pairs: Vec<(&str, &str)> = members.iter().map(|(name, value)| (&**name, *value)).collect();
    assert_eq!(pairs, [("b", "1.50"), ("a", "[ 1 ]"), ("", "\"\\u0061\"")]);
    assert_eq!(member(&members, "").and_then(string).as_deref(), Some("a"));
    assert_eq!((member(&members, "c"), string("1"), string("null")), (None, None, None));
}

#[test]
fn what_rfc_8259_does_not_allow_is_refused() {
    for text in [
        "",
        "[]",
        "null",
        "1",
        "\"a\"",
        "{",
        "{}}",
        "{} {}",
        "{}x",
        "{}\0",
        "\u{feff}{}",
        "\u{c}{}",
        "\u{a0}{}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":0x1}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":[1,]}",
        "{\"a\":tru}",
        "{\"a\":1/**/}",
    ] {
        assert!(members(text).is_err(), "{text:?}");
    }
}

/// RFC 8259 section 7: eight bytes are looked at in one step, so each place and each neighbour counts.
#[test]
fn a_string_ends_or_is_refused_at_any_place() {
    for neighbour in ["a", "d", "\u{7f}", "\u{e9}"] {
        for (place, byte) in (0..20).flat_map(|place| (0..=0x7f_u8).map(move |byte| (place, byte))) {
            let (before, after) = (neighbour.repeat(place), neighbour.repeat(20 - place));
            let json = format!("{{\"x\":\"{before}{}{after}\"}}", char::from(byte));
            let stands_for_itself = byte >= 0x20 && byte != b'"' && byte != b'\\';
            assert_eq!(members(&json).is_ok(), stands_for_itself, "{json:?}");
        }
    }
}

#[test]
fn a_name_stands_once_however_it_is_spelled() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"{"a":1,"b":2,"a":3}"#, r#"{"":1,"":2}"#] {
        assert!(members(text).is_err(), "{text}");
    }
    for text in [r#"{"a":1,"A":2}"#, r#"{"a":{"b":1,"b":2}}"#, r#"{"__proto__":1,"constructor":2}"#] {
        assert!(members(text).is_ok(), "{text}");
    }
}

#[test]
fn lone_surrogates_and_numbers_beyond_a_double_are_refused_at_every_depth() {
    for value in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\ud800""#, r#""\ud800x""#, "1e400", "-1e400"] {
        for text in [format!("{{\"a\":{value}}}"), format!("{{\"a\":[{{\"b\":{value}}}]}}")] {
            assert!(members(&text).is_err(), "{text}");
        }
    }
    assert!(members(r#"{"\ud800":1}"#).is_err() && members(r#"{"a":{"\ud800":1}}"#).is_err());
    for text in
        [r#"{"a":"\ud83d\ude00"}"#, r#"{"a":1e308}"#, r#"{"a":1e-400}"#, r#"{"a":123456789012345678901234567890}"#]
    {
        assert!(members(text).is_ok(), "{text}");
    }
}

#[test]
fn sixty_four_levels_are_read_and_no_more() {
    let lists = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    let objects = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    assert_eq!(MAX_DEPTH, 64);
    assert!(members(&lists(63)).is_ok() && members(&objects(64)).is_ok());
    assert!(members(&lists(64)).is_err() && members(&objects(65)).is_err());
    assert!(members_within(&lists(64), 65).is_ok() && members_within(&lists(65), 65).is_err());
    for deep in [100_000, 1_000_000] {
        assert!(members(&lists(deep)).is_err() && members(&"{\"a\":".repeat(deep)).is_err());
    }
}

#[test]
fn text_is_utf8_without_repair() {
    assert_eq!(utf8(b"\xc3\xa9".to_vec()).as_deref(), Ok("\u{e9}"));
    for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3"] {
        assert!(utf8(bytes.to_vec()).is_err(), "{bytes:?}");
    }
}

/// A generator without a library: Marsaglia's xorshift64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("small")
    }
}

/// Members at the first level of an object that is not empty.
fn names(json: &str) -> usize {
    let (mut depth, mut commas, mut in_string, mut escaped) = (0, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth -= 1,
            b',' if !in_string && depth == 1 => commas += 1,
            _ => {}
        }
    }
    commas + 1
}

#[test]
fn what_the_reader_says_serde_json_says_too() {
    let seeds = [
        r#"{"sub":"4f3c2e1a-9b7d-4c55","exp":1760003600,"aud":["a","b"],"email":{"address":"a@b","is_primary":true}}"#,
        r#"{ "a" : [ 1 , -2.5e+3, 0.0E-1, {} , [] , [[null,false]] ], "b\"\\\/\b\f\n\r\t" : "\u00e9\ud83d\ude00é" }"#,
        r#"{"":{"x":{"y":[{"z":"\u0000"}]}},"n":1.7976931348623157e308,"m":-1e-400,"o":123456789012345678901234567890}"#,
    ];
    let pieces = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "\u{1}", "\u{b}", "0", "1", "-", "+", ".", "e", "E9",
        "e308", "t", "true", "null", "\\u", "\\ud800", "\\udc00", "d", "\\x", "é", "\u{feff}", "/", "\"a\":1,", "a",
    ];
    let (mut dice, mut read) = (Dice(0x9e37_79b9_7f4a_7c15), 0);
    for round in 0..60_000 {
        let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..dice.roll(3) {
            let (at, length) = (dice.roll(text.len()), dice.roll(3));
            let piece = pieces[dice.roll(pieces.len())];
            drop(text.splice(at..(at + length).min(text.len()), piece.chars()));
        }
        let text: String = text.into_iter().collect();
        let tree: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&text).ok();
        let ours = members(&text).ok();
        match (&ours, &tree) {
            (Some(ours), Some(tree)) => {
                read += 1;
                assert_eq!(ours.len(), tree.len(), "{text}");
                for (name, value) in ours {
                    let value: serde_json::Value = serde_json::from_str(value).expect("a value");
                    assert_eq!(Some(&value), tree.get(&**name), "{text}");
                    assert_eq!(string(&value.to_string()).as_deref(), value.as_str(), "{text}");
                }
            }
            (None, None) => {}
            // A name that stands twice is the one thing that only ours refuses.
            (None, Some(tree)) => assert!(tree.len() < names(&text), "{text}"),
            (Some(_), None) => unreachable!("{text}"),
        }
    }
    assert!((20_000..50_000).contains(&read), "{read} of the texts are read");
}
