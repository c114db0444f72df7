//! JSON as a flat list of its parts (RFC 8259), each as it is spelled. Where a value ends is known, so that one can be
//! passed over at once, and no depth can overflow the stack.

use crate::json::is_value;

/// A name, a scalar, or a bracket.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// As it is spelled.
    pub text: &'a str,
    /// Whether it is the name of a member; its value comes next.
    pub is_name: bool,
    /// The place after the value that begins here.
    pub after: usize,
}

/// The parts of a JSON text, in order. A place is an index of this list; the whole value is at 0.
#[derive(Debug)]
pub struct Parts<'a>(Vec<Part<'a>>);

impl<'a> Parts<'a> {
    /// None where the text is not JSON.
    pub fn read(text: &'a str) -> Option<Self> {
        is_value(text).then(|| Self(split(text)))
    }

    /// The spelling of what begins at a place; of an object or array its bracket.
    pub fn text(&self, place: usize) -> &'a str {
        self.0.get(place).map_or("", |part| part.text)
    }

    /// Every part of the value at a place.
    pub fn value(&self, place: usize) -> &[Part<'a>] {
        self.0.get(place).and_then(|part| self.0.get(place..part.after)).unwrap_or_default()
    }

    /// The places of an array's elements or of an object's member values, these with the spelling of their names.
    pub fn children(&self, place: usize) -> Vec<(&'a str, usize)> {
        let mut children = Vec::new();
        let mut at = place.saturating_add(1);
        while let Some(part) = self.0.get(at).filter(|part| !closes(part.text)) {
            let name = if part.is_name { part.text } else { "" };
            at = at.saturating_add(usize::from(part.is_name));
            children.push((name, at));
            at = self.0.get(at).map_or(usize::MAX, |value| value.after);
        }
        children
    }
}

/// Whether a part ends an object or an array.
pub fn closes(text: &str) -> bool {
    text == "}" || text == "]"
}

/// The text is JSON; so each byte says what begins there.
fn split(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut open): (Vec<Part<'_>>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(byte) = rest.bytes().next() {
        let length = if byte == b'"' { string_length(rest) } else { length(byte, rest) };
        let Some((text, after)) = rest.split_at_checked(length) else { break };
        rest = after;
        let place = parts.len();
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => continue,
            b':' => {
                if let Some(name) = parts.last_mut() {
                    name.is_name = true;
                }
                continue;
            }
            b'{' | b'[' => open.push(place),
            b'}' | b']' => {
                if let Some(opened) = open.pop().and_then(|opened| parts.get_mut(opened)) {
                    opened.after = place.saturating_add(1);
                }
            }
            _ => {}
        }
        parts.push(Part { text, is_name: false, after: place.saturating_add(1) });
    }
    parts
}

fn length(first: u8, text: &str) -> usize {
    if matches!(first, b'-' | b'0'..=b'9' | b'a'..=b'z') {
        return text.bytes().position(|byte| b" \t\n\r,]}".contains(&byte)).unwrap_or(text.len());
    }
    1
}

fn string_length(text: &str) -> usize {
    let mut escaped = true; // The first quote does not end it.
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end.saturating_add(1))
}
