//! A patch as it leaves JavaScript: read by `JSON.parse`, written by `JSON.stringify`.

/// The text that JavaScript makes of a JSON text. None where it holds what this package refuses to send: a number beyond a
/// double (`Infinity`) or a lone surrogate. Names that stand twice are left to the core.
pub(crate) fn rewritten(json: &str) -> Option<String> {
    let (mut out, mut rest) = (String::new(), json);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest)?,
            '-' | '+' | '.' | '0'..='9' => rest.find([',', ']', '}', ' ', '\n']).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        rest = after;
        match first {
            ' ' | '\t' | '\n' | '\r' => {}
            '"' => out += &serde_json::to_string(&serde_json::from_str::<String>(part).ok()?).ok()?,
            '-' | '+' | '.' | '0'..='9' => out += &number(part)?,
            _ => out += part,
        }
    }
    Some(out)
}

fn string_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while *bytes.get(at)? != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}

/// ECMA-262 section 6.1.6.1.20, `Number::toString`. None for what is no number of JSON, and for what is beyond a double.
fn number(text: &str) -> Option<String> {
    serde_json::from_str::<&serde_json::value::RawValue>(text).ok()?;
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    if value == 0.0 {
        return Some("0".to_owned());
    }
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e')?;
    let (digits, exponent) = (mantissa.replace('.', ""), exponent.parse::<i32>().ok()?);
    let (count, point) = (i32::try_from(digits.len()).ok()?, exponent + 1);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    let shown = if count <= point && point <= 21 {
        format!("{digits}{}", zeros(point - count))
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(usize::try_from(point).ok()?);
        format!("{whole}.{fraction}")
    } else if -6 < point && point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else {
        let sign = if exponent < 0 { "-" } else { "+" };
        let (first, more) = digits.split_at(1);
        let fraction = if more.is_empty() { String::new() } else { format!(".{more}") };
        format!("{first}{fraction}e{sign}{}", exponent.abs())
    };
    Some(if value < 0.0 { format!("-{shown}") } else { shown })
}

#[test]
fn numbers_are_printed_as_javascript_prints_them() {
    for (text, shown) in [
        ("0", "0"),
        ("-0", "0"),
        ("1e-400", "0"),
        ("100", "100"),
        ("123456789012345680000", "123456789012345680000"),
        ("1e21", "1e+21"),
        ("-1.5e21", "-1.5e+21"),
        ("1.25", "1.25"),
        ("-12345.678", "-12345.678"),
        ("0.000001", "0.000001"),
        ("0.0000012", "0.0000012"),
        ("1e-7", "1e-7"),
        ("1.5e-7", "1.5e-7"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ] {
        assert_eq!(number(text).as_deref(), Some(shown), "{text}");
    }
    assert_eq!(["1e309", "+1", ".5", "1.", "01"].map(number), [const { None }; 5]);
}
