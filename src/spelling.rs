//! Strings of JSON as Go's `encoding/json` reads and writes them, which is how they are stored and counted.

use std::borrow::Cow;
use std::str::Chars;

/// The text of a string; each lone surrogate in it is U+FFFD, as Go reads it.
pub fn lossy(string: &str) -> Cow<'_, str> {
    let inner = string.get(1..string.len().saturating_sub(1)).unwrap_or_default();
    if !has_escape(string) {
        return Cow::Borrowed(inner);
    }
    let (mut units, mut chars) = (Vec::new(), inner.chars());
    while let Some(char) = chars.next() {
        let escape = if char == '\\' { chars.next() } else { None };
        units.push(match escape {
            None => {
                units.extend_from_slice(char.encode_utf16(&mut [0; 2]));
                continue;
            }
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => hexadecimal(&mut chars),
            Some(itself) => u16::try_from(u32::from(itself)).unwrap_or_default(),
        });
    }
    Cow::Owned(String::from_utf16_lossy(&units))
}

fn hexadecimal(chars: &mut Chars<'_>) -> u16 {
    let digits = chars.take(4).filter_map(|char| char.to_digit(16));
    let unit = digits.fold(0_u32, |unit, digit| unit.wrapping_shl(4) | digit);
    u16::try_from(unit).unwrap_or_default()
}

/// A name as the merge writes it anew in every object that it looks into: no escapes but these.
pub fn respelled(name: &str) -> Cow<'_, str> {
    if !has_escape(name) {
        return Cow::Borrowed(name);
    }
    let mut spelled = "\"".to_owned();
    for char in lossy(name).chars() {
        match char {
            '"' | '\\' => spelled.extend(['\\', char]),
            '\n' => spelled.push_str("\\n"),
            '\r' => spelled.push_str("\\r"),
            '\t' => spelled.push_str("\\t"),
            '\0'..=' ' if char != ' ' => push_escape(&mut spelled, char),
            _ => spelled.push(char),
        }
    }
    spelled.push('"');
    Cow::Owned(spelled)
}

/// Go escapes these five wherever they stand, which in JSON is in strings only.
pub fn escaped(json: String) -> String {
    // The last two begin with this byte.
    if !json.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | 0xe2)) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        let (before, after) = rest.split_at_checked(at).unwrap_or_default();
        escaped.push_str(before);
        let mut chars = after.chars();
        chars.next().into_iter().for_each(|char| push_escape(&mut escaped, char));
        rest = chars.as_str();
    }
    escaped.push_str(rest);
    escaped
}

fn has_escape(string: &str) -> bool {
    string.bytes().any(|byte| byte == b'\\')
}

fn push_escape(text: &mut String, char: char) {
    text.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        let digit = u32::from(char).wrapping_shr(shift) & 15;
        text.extend(char::from_digit(digit, 16));
    }
}
