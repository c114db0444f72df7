//! The two encodings of a JOSE object, strict, in one place: base64url (RFC 7515 section 2) and JSON (RFC 8259).

use std::fmt;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Levels of nesting that are read in a header, a payload and a key document.
pub const MAX_DEPTH: u8 = 64;

/// The text is not what its encoding demands. There is nothing more specific worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotStrict;

/// Bytes of canonical base64url: no padding, no white space, unused bits zero.
pub fn base64url(text: &str) -> Result<Vec<u8>, NotStrict> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotStrict)
}

/// Whether every character is one of base64url's 64.
pub fn is_base64url(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// UTF-8 text, without replacement characters and without a byte order mark.
pub fn utf8(bytes: Vec<u8>) -> Result<String, NotStrict> {
    String::from_utf8(bytes).map_err(|_| NotStrict)
}

/// The members of a JSON object, in order, each with the text of its value.
pub type Members<'a> = Vec<(String, &'a str)>;

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
    let mut input = serde_json::Deserializer::from_str(text);
    let members = input.deserialize_map(UniqueMembers).map_err(|_| NotStrict)?;
    input.end().map_err(|_| NotStrict)?;
    let members: Members<'_> = members.into_iter().map(|(name, value)| (name, value.get())).collect();
    for (_, value) in &members {
        check(value, levels.saturating_sub(1))?;
    }
    Ok(members)
}

/// The value of a member, where it is there.
pub fn member<'a>(members: &[(String, &'a str)], name: &str) -> Option<&'a str> {
    members.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
}

/// The texts of the elements of a JSON array.
pub fn elements(json: &str) -> Option<Vec<&str>> {
    let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    Some(elements.into_iter().map(RawValue::get).collect())
}

/// A JSON array of strings.
pub fn strings(json: &str) -> Option<Vec<String>> {
    elements(json)?.into_iter().map(string).collect()
}

/// The text of a JSON string.
pub fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// A JSON object that is written member by member, so that no value is parsed or built that need not be.
#[derive(Debug, Default)]
pub struct Object(String);

impl Object {
    /// Writes a member whose value is JSON text already.
    pub fn put(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.push_string(name);
        self.0.push(':');
        self.0.push_str(value);
    }

    /// Writes a member whose value is a string.
    pub fn put_string(&mut self, name: &str, value: &str) {
        self.put(name, "");
        self.push_string(value);
    }

    /// The JSON text.
    pub fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }

    fn push_string(&mut self, text: &str) {
        let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if text.bytes().all(plain) {
            self.0.push('"');
            self.0.push_str(text);
            self.0.push('"');
        } else {
            self.0.push_str(&serde_json::Value::from(text).to_string());
        }
    }
}

fn check(value: &str, levels: u8) -> Result<(), NotStrict> {
    let mut input = serde_json::Deserializer::from_str(value);
    Nested(levels).deserialize(&mut input).map_err(|_| NotStrict)
}

struct UniqueMembers;

impl<'de> Visitor<'de> for UniqueMembers {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Self::Value = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.iter().zip(names.iter().skip(1)).any(|(name, next)| name == next) {
            return Err(A::Error::custom("a name stands twice"));
        }
        Ok(members)
    }
}

/// Reads any value and keeps nothing; the number says how many levels may still open.
#[derive(Clone, Copy)]
struct Nested(u8);

impl Nested {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while map.next_key_seed(Self(0))?.is_some() {
            map.next_value_seed(inner)?;
        }
        Ok(())
    }
}
