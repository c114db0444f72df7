//! JSON as a flat list of its names and values (RFC 8259), each as it is spelled. Where a value ends is known, so that one can
//! be passed over at once, and no depth can overflow the stack. There is no limit but the grammar's.

use std::borrow::Cow;

use crate::number::Number;

/// A name, or a value with all that is in it.
#[derive(Debug, Clone, Copy)]
struct Part {
    from: usize,
    to: usize,
    is_name: bool,
    /// The place after it and what is in it.
    after: usize,
}

/// A JSON text and its parts, in order. A place is an index of this list; the whole value is at 0.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Without blanks between the parts.
    text: Cow<'a, str>,
    parts: Vec<Part>,
}

impl<'a> Parts<'a> {
    /// None where the text is not JSON.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut split = Split::of(text);
        split.value()?;
        if !split.has_blanks {
            return Some(Self { text: Cow::Borrowed(text), parts: split.parts });
        }
        let text = without_blanks(text)?;
        let mut split = Split::of(&text);
        split.value()?;
        let parts = split.parts;
        Some(Self { text: Cow::Owned(text), parts })
    }

    /// The text of the value at a place.
    pub fn text(&self, place: usize) -> &str {
        self.parts.get(place).map_or("", |part| self.of(*part))
    }

    /// The first byte of it: what kind of value it is.
    pub fn kind(&self, place: usize) -> u8 {
        let first = self.parts.get(place).and_then(|part| self.text.as_bytes().get(part.from));
        first.copied().unwrap_or_default()
    }

    /// The places of an array's elements or of an object's member values, these with the spelling of their names.
    pub fn children(&self, place: usize) -> impl Iterator<Item = (&str, usize)> {
        let end = self.parts.get(place).map_or(0, |part| part.after);
        let mut next = place.saturating_add(1);
        std::iter::from_fn(move || {
            let part = self.parts.get(next).filter(|_| next < end)?;
            let at = next.saturating_add(usize::from(part.is_name));
            next = self.parts.get(at)?.after;
            Some((if part.is_name { self.of(*part) } else { "" }, at))
        })
    }

    fn of(&self, part: Part) -> &str {
        self.text.get(part.from..part.to).unwrap_or_default()
    }
}

/// Blanks stand between parts, and in strings, which are kept.
fn without_blanks(text: &str) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(['"', ' ', '\t', '\n', '\r']) {
        let string = rest.get(at..).filter(|rest| rest.starts_with('"'));
        let end = at.saturating_add(string.map_or(Some(0), |string| string_length(string.as_bytes()))?);
        out.push_str(rest.get(..end)?);
        rest = rest.get(end.saturating_add(usize::from(string.is_none()))..)?;
    }
    out.push_str(rest);
    Some(out)
}

/// A place in a text, and the parts before it. Each step is None where the grammar does not allow what stands there.
struct Split<'a> {
    bytes: &'a [u8],
    at: usize,
    parts: Vec<Part>,
    /// The places of the objects and arrays that are open.
    open: Vec<usize>,
    has_blanks: bool,
}

impl<'a> Split<'a> {
    fn of(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, parts: Vec::new(), open: Vec::new(), has_blanks: false }
    }

    /// The one value of the text, and nothing after it.
    fn value(&mut self) -> Option<()> {
        loop {
            let first = self.peek()?;
            let is_object = first == b'{';
            if !is_object && first != b'[' {
                self.scalar(first)?;
            } else {
                self.open.push(self.parts.len());
                self.push(1, false);
                if self.peek()? != closing(first) {
                    self.name(is_object)?;
                    continue;
                }
            }
            if !self.goes_on()? {
                return self.peek().is_none().then_some(());
            }
        }
    }

    /// After a value, or after a bracket that is closed at once: whether another value is due.
    fn goes_on(&mut self) -> Option<bool> {
        while let Some(opened) = self.open.last().copied() {
            let byte = self.peek()?;
            self.at = self.at.saturating_add(1);
            let (at, after) = (self.at, self.parts.len());
            let part = self.parts.get_mut(opened)?;
            let first = self.bytes.get(part.from).copied()?;
            if byte == b',' {
                self.name(first == b'{')?;
                return Some(true);
            }
            if byte != closing(first) {
                return None;
            }
            (part.to, part.after) = (at, after);
            self.open.pop();
        }
        Some(false)
    }

    /// The name of a member and its colon, in an object.
    fn name(&mut self, is_object: bool) -> Option<()> {
        if is_object {
            self.peek().filter(|byte| *byte == b'"')?;
            self.push(string_length(self.rest())?, true);
            self.peek().filter(|byte| *byte == b':')?;
            self.at = self.at.saturating_add(1);
        }
        Some(())
    }

    fn scalar(&mut self, first: u8) -> Option<()> {
        let rest = self.rest();
        let length = match first {
            b'"' => string_length(rest)?,
            b't' if rest.starts_with(b"true") => 4,
            b'f' if rest.starts_with(b"false") => 5,
            b'n' if rest.starts_with(b"null") => 4,
            _ => rest.len().saturating_sub(Number::read(rest)?.1.len()),
        };
        self.push(length, false);
        Some(())
    }

    fn push(&mut self, length: usize, is_name: bool) {
        let to = self.at.saturating_add(length);
        let after = self.parts.len().saturating_add(1);
        self.parts.push(Part { from: self.at, to, is_name, after });
        self.at = to;
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no blank. It is not passed.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' => self.has_blanks = true,
                byte => return Some(*byte),
            }
            self.at = self.at.saturating_add(1);
        }
    }
}

/// The bracket that ends what another one begins.
const fn closing(bracket: u8) -> u8 {
    if bracket == b'{' {
        b'}'
    } else {
        b']'
    }
}

/// How long the string is that begins a text. None where it does not end, or holds what a string may not.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut bytes = text.iter();
    bytes.next();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return text.len().checked_sub(bytes.len()),
            b'\\' => match bytes.next()? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                b'u' if bytes.by_ref().take(4).filter(|byte| byte.is_ascii_hexdigit()).count() == 4 => {}
                _ => return None,
            },
            0..=0x1f => return None,
            _ => {}
        }
    }
    None
}
