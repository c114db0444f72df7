//! Decimal numbers without rounding: against the doubles of serde_json, and at the ends of the range.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use hanko_edge::encoding::members;
use hanko_edge::number::Number;

/// 2^1024 - 2^970: the least number that rounds to no double.
const BEYOND: &str = "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587\
    2070963302864166928879109465555478519404026306574886715058206819089020007083836762738548458177115317644757302700698\
    55571366959622842914819860834936475292719074168444365510704342711559699508093042880177904174497792";

fn number(text: &str) -> Option<Number<'_>> {
    Number::read(text.as_bytes()).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

fn is_double(text: &str) -> bool {
    number(text).expect("a number").is_double()
}

#[test]
fn the_range_of_a_double_ends_half_a_step_beyond_the_largest() {
    let (most, last) = BEYOND.split_at(BEYOND.len() - 1);
    assert_eq!(last, "2");
    for (text, inside) in [
        (BEYOND.to_owned(), false),
        (format!("{most}1"), true),
        (format!("{most}1.{}", "9".repeat(1000)), true),
        (format!("{BEYOND}.000"), false),
        (format!("{BEYOND}0e-1"), false),
        (format!("0.000{most}1e+3"), true),
        (format!("-{BEYOND}e0"), false),
        ("1.7976931348623157e308".to_owned(), true),
        ("1.797693134862315807e308".to_owned(), true),
        ("1.797693134862315808e308".to_owned(), false),
        ("17.976931348623157E307".to_owned(), true),
        ("1e309".to_owned(), false),
        ("9".repeat(308), true),
        ("1".repeat(310), false),
        ("1".repeat(400), false),
        ("0e999999999999999999999999".to_owned(), true),
        ("-0.0E99999".to_owned(), true),
        ("1e-999999999999999999999999".to_owned(), true),
        ("1e999999999999999999999999".to_owned(), false),
        (format!("0.{}1e400", "0".repeat(300)), true),
        (format!("1{}e-400", "0".repeat(500)), true),
    ] {
        assert_eq!(is_double(&text), inside, "{text}");
        assert_eq!(text.parse::<f64>().expect("a number").is_finite(), inside, "{text}");
        assert_eq!(members(&format!("{{\"a\":{text}}}")).is_ok(), inside, "{text}");
    }
}

#[test]
fn thousandths_are_rounded_down_and_never_twice() {
    for (text, thousandths) in [
        ("0", Some(0)),
        ("-0.0", Some(0)),
        ("0e99", Some(0)),
        ("1", Some(1000)),
        ("-1", Some(-1000)),
        ("1.0015", Some(1001)),
        ("-1.0015", Some(-1002)),
        ("-1.001", Some(-1001)),
        ("1.001", Some(1001)),
        ("0.0009999", Some(0)),
        ("-0.0000001", Some(-1)),
        ("1e-400", Some(0)),
        ("1.7600036e9", Some(1_760_003_600_000)),
        ("17600036E+2", Some(1_760_003_600_000)),
        ("1760003600.5", Some(1_760_003_600_500)),
        ("12345e-2", Some(123_450)),
        ("0.000001760003600e15", Some(1_760_003_600_000)),
        ("9007199254740.991", Some(9_007_199_254_740_991)),
        ("9999999999999.999", Some(9_999_999_999_999_999)),
        ("10000000000000", None),
        ("1e300", None),
        ("-1e300", None),
        ("9223372036854775808", None),
        ("1e99999999999999999999", None),
    ] {
        assert_eq!(number(text).expect("a number").thousandths(), thousandths, "{text}");
    }
}

#[test]
fn what_is_no_number_is_none() {
    for text in
        ["", "-", "+1", "01", "-01", ".5", "1.", "1.e1", "1e", "1e+", "1e-", "e1", "NaN", "0x1", "1_0", "\u{661}"]
    {
        assert!(number(text).is_none(), "{text}");
    }
    let (_, rest) = Number::read(b"12.5e3,4").expect("a number");
    assert_eq!(rest, b",4");
}
