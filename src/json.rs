//! JSON's grammar (RFC 8259), from front to back, once. Nothing is built but what is asked for.

use std::borrow::Cow;

use crate::distinct;
use crate::number::Number;

/// What is refused though the grammar allows it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Levels that a member's or an element's value may open.
    pub levels: usize,
    /// Whether a lone surrogate, and a number outside the range of a double, are refused: no reader keeps them whole.
    pub strict: bool,
}

impl Limits {
    /// None but the grammar's.
    pub const NONE: Self = Self { levels: usize::MAX, strict: false };
}

/// A member of an object: its name, and the text of its value.
pub type Member<'a> = (Cow<'a, str>, &'a str);

/// The name of a member, as text.
#[inline(always)] // What is optimised for size would call `Cow::deref` for every member that is passed over.
pub fn name_of<'m>((name, _): &'m Member<'_>) -> &'m str {
    match name {
        Cow::Borrowed(name) => name,
        Cow::Owned(name) => name,
    }
}

/// The members of an object, in order, each with the text of its value. None where a name stands twice, or is no text.
pub fn members(text: &str, limits: Limits) -> Option<Vec<Member<'_>>> {
    let members = list(text, [b'{', b'}'], limits, |reader| Some((reader.name()?, reader.value()?)))?;
    distinct::are_distinct(members.iter().map(name_of)).then_some(members)
}

/// The texts of the elements of an array.
pub fn elements(text: &str, limits: Limits) -> Option<Vec<&str>> {
    list(text, [b'[', b']'], limits, Reader::value)
}

/// The text of a string. None where it holds a lone surrogate, which no text can.
pub fn string(text: &str) -> Option<String> {
    let mut reader = Reader { text, rest: text.as_bytes(), limits: Limits::NONE };
    let string = reader.string()?;
    reader.ends().map(|()| string.into_owned())
}

fn list<'a, T>(
    text: &'a str,
    [open, close]: [u8; 2],
    limits: Limits,
    one: impl Fn(&mut Reader<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut reader = Reader { text, rest: text.as_bytes(), limits };
    let mut list = Vec::with_capacity(16);
    reader.eat(open)?;
    if !reader.eats(close) {
        list.push(one(&mut reader)?);
        while reader.eats(b',') {
            list.push(one(&mut reader)?);
        }
        reader.eat(close)?;
    }
    reader.ends().map(|()| list)
}

/// Bytes that stand for themselves in a string: up to a quote, a backslash or a control character.
pub fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut rest = bytes;
    // Eight at a time: a byte that is zero, or below a space, borrows from its highest bit.
    while let Some((eight, more)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*eight);
        let (quote, backslash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5c));
        let below = word.wrapping_sub(ONES * 0x20) & !word
            | quote.wrapping_sub(ONES) & !quote
            | backslash.wrapping_sub(ONES) & !backslash;
        if below & (ONES * 0x80) != 0 {
            break;
        }
        rest = more;
    }
    while let [byte, more @ ..] = rest {
        if *byte < b' ' || *byte == b'"' || *byte == b'\\' {
            break;
        }
        rest = more;
    }
    bytes.len().saturating_sub(rest.len())
}

/// A place in a JSON text.
struct Reader<'a> {
    text: &'a str,
    rest: &'a [u8],
    limits: Limits,
}

impl<'a> Reader<'a> {
    /// Reads this byte, and the white space before it.
    fn eat(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.next()? == byte).then_some(())
    }

    /// Whether this byte is next, after white space; it is read then.
    fn eats(&mut self, byte: u8) -> bool {
        self.skip_space();
        match self.rest {
            [next, rest @ ..] if *next == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Whether nothing follows but white space.
    fn ends(mut self) -> Option<()> {
        self.skip_space();
        self.rest.is_empty().then_some(())
    }

    /// The text of a value.
    fn value(&mut self) -> Option<&'a str> {
        self.skip_space();
        let (text, before) = (self.text, self.rest.len());
        self.skip_value()?;
        let end = |left| text.len().checked_sub(left);
        text.get(end(before)?..end(self.rest.len())?)
    }

    /// The name of a member, and the colon after it.
    fn name(&mut self) -> Option<Cow<'a, str>> {
        self.skip_space();
        let name = self.string()?;
        self.eat(b':').map(|()| name)
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.eat(b'"')?;
        let mut string = Cow::Borrowed(self.plain()?);
        while self.next()? == b'\\' {
            let whole = string.to_mut();
            whole.push(self.escape()??);
            whole.push_str(self.plain()?);
        }
        Some(string)
    }

    /// Goes on to the end of a value. What is open is kept as the brackets that end it: the machine's stack stays flat.
    fn skip_value(&mut self) -> Option<()> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.skip_space();
            let end = match self.next()? {
                b'{' => b'}',
                b'[' => b']',
                first => {
                    self.skip_scalar(first)?;
                    0
                }
            };
            if end != 0 {
                open.push(end);
                if open.len() > self.limits.levels {
                    return None;
                }
                if !self.eats(end) {
                    self.skip_name_in(end)?;
                    continue;
                }
                open.pop();
            }
            if self.skip_ends(&mut open)? {
                return Some(());
            }
        }
    }

    /// After a value: closes what ends here, and goes on to the next value. Whether all is closed.
    fn skip_ends(&mut self, open: &mut Vec<u8>) -> Option<bool> {
        while let Some(end) = open.last() {
            self.skip_space();
            match self.next()? {
                b',' => {
                    self.skip_name_in(*end)?;
                    return Some(false);
                }
                byte if byte == *end => drop(open.pop()),
                _ => return None,
            }
        }
        Some(true)
    }

    fn skip_name_in(&mut self, end: u8) -> Option<()> {
        if end == b']' {
            return Some(());
        }
        self.eat(b'"')?;
        self.skip_string()?;
        self.eat(b':')
    }

    fn skip_scalar(&mut self, first: u8) -> Option<()> {
        let word: &[u8] = match first {
            b'"' => return self.skip_string(),
            b'-' | b'0'..=b'9' => return self.skip_number(),
            b't' => b"rue",
            b'f' => b"alse",
            b'n' => b"ull",
            _ => return None,
        };
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn skip_string(&mut self) -> Option<()> {
        self.plain()?;
        while self.next()? == b'\\' {
            let char = self.escape()?;
            if self.limits.strict && char.is_none() {
                return None;
            }
            self.plain()?;
        }
        Some(())
    }

    fn skip_number(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let from = bytes.len().checked_sub(self.rest.len())?.checked_sub(1)?;
        let (number, rest) = Number::read(bytes.get(from..)?)?;
        self.rest = rest;
        (!self.limits.strict || number.is_double()).then_some(())
    }

    /// Characters that stand for themselves, up to a quote or an escape. Control characters are refused.
    fn plain(&mut self) -> Option<&'a str> {
        let from = self.text.len().checked_sub(self.rest.len())?;
        let length = plain(self.rest);
        self.rest = self.rest.get(length..)?;
        if self.rest.first()? < &b' ' {
            return None;
        }
        self.text.get(from..from.checked_add(length)?)
    }

    /// What follows a backslash: a character, or a lone surrogate, which is none.
    fn escape(&mut self) -> Option<Option<char>> {
        Some(Some(match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_unit().map(|first| self.character(first)),
            _ => return None,
        }))
    }

    /// A character of one UTF-16 code unit, or of two where a fitting escape follows.
    fn character(&mut self, first: u32) -> Option<char> {
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        let before = self.rest;
        self.rest = self.rest.strip_prefix(b"\\u")?;
        match self.code_unit() {
            Some(second @ 0xdc00..0xe000) => {
                let high = first.wrapping_sub(0xd800).wrapping_shl(10);
                char::from_u32(high.wrapping_add(second).wrapping_add(0x1_0000).wrapping_sub(0xdc00))
            }
            _ => {
                self.rest = before;
                None
            }
        }
    }

    fn code_unit(&mut self) -> Option<u32> {
        let (four, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        four.iter().try_fold(0_u32, |unit, byte| {
            let digit = match byte {
                b'0'..=b'9' => byte.wrapping_sub(b'0'),
                b'a'..=b'f' | b'A'..=b'F' => (byte | 32).wrapping_sub(b'a').wrapping_add(10),
                _ => return None,
            };
            Some(unit.wrapping_shl(4) | u32::from(digit))
        })
    }

    #[inline(always)] // Here and below: what is optimised for size would call them for every byte.
    fn skip_space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    #[inline(always)]
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
}
