//! JSON that passes through as it stands: the same grammar as the strict reader's, and none of its limits.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use hanko_edge::encoding;
use hanko_edge::verbatim::{elements, members};

#[test]
fn members_stand_in_their_order_with_their_text() {
    let read = members(" {\"b\": 1.50 , \"a\":[ 1 ],\"\":\"\\u0061\" ,\"\\u0063\":{ }}\r\n\t").expect("an object");
    let pairs: Vec<(&str, &str)> = read.iter().map(|(name, value)| (&**name, *value)).collect();
    assert_eq!(pairs, [("b", "1.50"), ("a", "[ 1 ]"), ("", "\"\\u0061\""), ("c", "{ }")]);
    assert_eq!(
        elements(" [ 1 , [2,[]], {\"a\":3} ,\"]\"]\n").expect("an array"),
        ["1", "[2,[]]", "{\"a\":3}", "\"]\""]
    );
    assert_eq!((elements("[]"), elements(" [ ] ")), (Some(Vec::new()), Some(Vec::new())));
    assert_eq!((members("{}"), members(" { } ")), (Some(Vec::new()), Some(Vec::new())));
}

fn is_json(text: &str) -> bool {
    elements(&format!("[{text}]")).is_some_and(|elements| elements.len() == 1)
}

/// Texts that are one JSON value, and texts that are none (RFC 8259), with neither limits nor surrogates in them.
const GOOD: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "10",
    "1.0",
    "0.10",
    "1e5",
    "1E+5",
    "1e-05",
    "12345678901234567890",
    "\"\"",
    "\"a\u{e9}\u{7f}\u{2028}\u{1f600}\"",
    r#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00""#,
    "[]",
    "[ ]",
    "[1,[],{}]",
    "{}",
    "{ }",
    "{\"a\":{\"a\":[{\"b\":null}]},\"c\":\"}\"}",
    "\t[\r\n1 ,2 ] ",
    "{\"a\" : 1 , \"b\" : [ ]}",
];
const BAD: [&str; 62] = [
    "",
    " ",
    "nul",
    "nulL",
    "true1",
    "tru",
    "fals",
    "TRUE",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "+1",
    "-",
    "01",
    "-01",
    "1.",
    ".5",
    "-.5",
    "1e",
    "1e+",
    "1.e5",
    "0x1",
    "1_0",
    "1a",
    "--1",
    "\"",
    "\"a",
    "'a'",
    "\"\n\"",
    "\"\t\"",
    "\"\0\"",
    "\"\u{1f}\"",
    r#""\x""#,
    r#""\u12""#,
    r#""\u12g4""#,
    r#""\u{61}""#,
    r#""\""#,
    "[",
    "]",
    "[1",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1]]",
    "[}",
    "{",
    "}",
    "{]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{a:1}",
    "{\"a\" 1}",
    "{1:1}",
    "{\"a\":1}}",
    "{} {}",
    "1 1",
    "\u{feff}{}",
    "{\"a\":1/**/}",
    "\u{a0}1",
];

#[test]
fn the_grammar_is_that_of_the_strict_reader() {
    for (texts, good) in [(&GOOD[..], true), (&BAD[..], false)] {
        for text in texts {
            assert_eq!(is_json(text), good, "{text:?}");
            let inside = format!("{{\"a\":{text}}}");
            let strict = encoding::members(&inside).ok();
            // Blanks round a value belong to none.
            assert_eq!(members(&inside), strict, "{inside:?}");
        }
    }
    for text in ["[]", "null", "1", "\"a\"", "", "{}x", "{} {}"] {
        assert_eq!(members(text), None, "{text:?}");
    }
    for text in ["{}", "null", "1", "\"a\"", "", "[]x", "[] []"] {
        assert_eq!(elements(text), None, "{text:?}");
    }
}

#[test]
fn a_name_stands_once_at_the_level_that_is_read_however_it_is_spelled() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"{"a":1,"b":2,"a":3}"#, r#"{"\ud800":1}"#] {
        assert_eq!(members(text), None, "{text}");
    }
    for text in [r#"{"a":1,"A":2}"#, r#"{"a":{"b":1,"b":2,"\ud800":3}}"#, r#"{"__proto__":1,"constructor":2}"#] {
        assert!(members(text).is_some(), "{text}");
    }
}

#[test]
fn what_a_person_may_have_stored_stays_as_it_is() {
    for value in ["1e400", "-1e400", r#""\ud800""#, r#""\udc00x""#, r#"{"\ud800":1,"\ud800":2}"#, "1E-400"] {
        for value in [value.to_owned(), format!("[{{\"b\":{value}}}]")] {
            let text = format!("{{\"metadata\":{value},\"id\":\"x\"}}");
            let read = members(&text).expect("readable");
            assert_eq!(encoding::member(&read, "metadata"), Some(value.as_str()));
        }
    }
}

#[test]
fn no_depth_overflows_the_stack_and_the_time_is_linear() {
    let small = std::thread::Builder::new().stack_size(64 * 1024);
    let deep = small.spawn(|| {
        for levels in [64, 1401, 1500, 500_000] {
            let lists = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            let objects = format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
            assert!(is_json(&lists) && is_json(&objects), "{levels}");
            assert!(members(&objects).is_some() && elements(&lists).is_some(), "{levels}");
            assert!(!is_json(&lists.replacen(']', "}", 1)) && !is_json(&objects.replacen('}', "]", 1)), "{levels}");
        }
        let mebibyte = 1024 * 1024;
        for open in ["[", "{\"a\":", "\"", "\\", "[{\"a\":"] {
            let text = open.repeat(mebibyte);
            assert!(!is_json(&text) && members(&text).is_none() && elements(&text).is_none(), "{open}");
        }
    });
    deep.expect("a thread").join().expect("no overflow");
    let time = |elements: usize| {
        let text = format!("[{}0]", "[{\"a\":1}],".repeat(elements));
        let began = Instant::now();
        assert!(is_json(&text));
        began.elapsed()
    };
    let (once, eight) = (time(20_000), time(160_000));
    assert!(
        eight < once.saturating_mul(8 * 4).max(Duration::from_millis(50)),
        "{once:?}, eight times as much: {eight:?}"
    );
}
