//! The two encodings of a JOSE object, strict, in one place: base64url (RFC 7515 section 2) and JSON (RFC 8259).

use crate::distinct::are_equal;
use crate::json::{self, Limits};

pub use crate::json::{name_of, Member};

/// Levels of nesting that are read in a header, a payload and a key document.
pub const MAX_DEPTH: u8 = 64;

/// The text is not what its encoding demands. There is nothing more specific worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotStrict;

/// Bytes of canonical base64url: no padding, no white space, unused bits zero.
pub fn base64url(text: &str) -> Result<Vec<u8>, NotStrict> {
    let mut bytes = vec![0; text.len().div_ceil(4).saturating_mul(3)];
    let (mut rest, mut free) = (text.as_bytes(), bytes.as_mut_slice());
    let mut above = 0;
    loop {
        let (group, more) = match rest {
            [a, b, c, d, more @ ..] => ([*a, *b, *c, *d], more),
            [a, b, c] => ([*a, *b, *c, b'A'], &[][..]),
            [a, b] => ([*a, *b, b'A', b'A'], &[][..]),
            [_] => return Err(NotStrict),
            [] => break,
        };
        let [a, b, c, d] = group;
        let [a, b, c, d] = [six(a), six(b), six(c), six(d)];
        above |= a | b | c | d;
        let [first, second, third, left @ ..] = free else { break };
        (*first, *second, *third) = (a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d);
        (rest, free) = (more, left);
    }
    let length = text.len().saturating_mul(3).div_euclid(4);
    let canonical = above < 64 && bytes.get(length..).is_some_and(|spare| spare.iter().all(|bits| *bits == 0));
    bytes.truncate(length);
    canonical.then_some(bytes).ok_or(NotStrict)
}

#[inline(always)]
#[allow(clippy::indexing_slicing)] // There is one for every byte.
fn six(character: u8) -> u8 {
    SEXTETS[usize::from(character)]
}

/// The value of each base64url character; 64 for every other byte.
#[allow(clippy::indexing_slicing, clippy::as_conversions, clippy::arithmetic_side_effects)] // The compiler runs it.
const SEXTETS: [u8; 256] = {
    let mut sextets = [64; 256];
    let mut rest: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut value = 0;
    while let [character, others @ ..] = rest {
        sextets[*character as usize] = value;
        value += 1;
        rest = others;
    }
    sextets
};

/// Whether every character is one of base64url's 64.
pub fn is_base64url(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// UTF-8 text, without replacement characters and without a byte order mark.
pub fn utf8(bytes: Vec<u8>) -> Result<String, NotStrict> {
    String::from_utf8(bytes).map_err(|_| NotStrict)
}

/// The members of a JSON object, in order, each with the text of its value.
pub type Members<'a> = Vec<Member<'a>>;

/// Reads the members of a JSON object.
///
/// Refused: a name that stands twice at this level (also by escapes), more than [`MAX_DEPTH`] levels,
/// a lone surrogate, a number outside the range of a double, anything after the object.
/// Deeper down the last of two equal names counts, as in `JSON.parse`.
pub fn members(text: &str) -> Result<Members<'_>, NotStrict> {
    members_within(text, MAX_DEPTH)
}

/// As [`members`], with so many levels, this object's own among them.
pub fn members_within(text: &str, levels: u8) -> Result<Members<'_>, NotStrict> {
    let levels = usize::from(levels.saturating_sub(1));
    json::members(text, Limits { levels, strict: true }).ok_or(NotStrict)
}

/// The value of a member, where it is there.
pub fn member<'a>(members: &[Member<'a>], name: &str) -> Option<&'a str> {
    members.iter().find(|member| are_equal(name_of(member), name)).map(|(_, value)| *value)
}

/// The texts of the elements of a JSON array, of which nothing is known but that they are JSON.
pub fn elements(json: &str) -> Option<Vec<&str>> {
    json::elements(json, Limits::NONE)
}

/// A JSON array of strings.
pub fn strings(json: &str) -> Option<Vec<String>> {
    elements(json)?.into_iter().map(string).collect()
}

/// The text of a JSON string.
pub fn string(json: &str) -> Option<String> {
    json::string(json)
}

/// A JSON object that is written member by member, so that no value is parsed or built that need not be.
#[derive(Debug, Default)]
pub struct Object(String);

impl Object {
    /// An object that will be about so many bytes long: one that grows is copied.
    pub fn of_length(bytes: usize) -> Self {
        Self(String::with_capacity(bytes.saturating_add(256)))
    }

    /// Writes a member whose value is JSON text already.
    pub fn put(&mut self, name: &str, value: &str) {
        self.put_name(name, value.len());
        self.0.push_str(value);
    }

    /// Writes a member whose value is a string.
    pub fn put_string(&mut self, name: &str, value: &str) {
        self.put_name(name, value.len());
        self.0.push('"');
        self.push_escaped(value);
        self.0.push('"');
    }

    /// The JSON text.
    pub fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }

    fn put_name(&mut self, name: &str, value: usize) {
        // Room at once for some members more: each growth copies all that is there.
        if self.0.capacity().saturating_sub(self.0.len()) < name.len().saturating_add(value).saturating_add(8) {
            self.0.reserve(name.len().saturating_add(value).saturating_add(256));
        }
        self.0.push_str(if self.0.is_empty() { "{\"" } else { ",\"" });
        self.push_escaped(name);
        self.0.push_str("\":");
    }

    fn push_escaped(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let (plain, special) = rest.split_at_checked(json::plain(rest.as_bytes())).unwrap_or_default();
            self.0.push_str(plain);
            let Some(byte) = special.bytes().next() else { break };
            self.push_escape(byte);
            rest = special.get(1..).unwrap_or_default();
        }
    }

    fn push_escape(&mut self, byte: u8) {
        if byte >= b' ' {
            self.0.extend(['\\', char::from(byte)]);
            return;
        }
        let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
        self.0.extend(['\\', 'u', '0', '0', digit(byte >> 4), digit(byte & 15)]);
    }
}
