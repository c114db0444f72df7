//! JSON that passes through as it stands (RFC 8259): the texts of members and elements, their grammar checked and nothing else.
//!
//! For answers that hold what a person may have written himself. Hanko stores metadata 1500 levels deep and numbers
//! like `1e400`; a reader with limits would let that person make his own record unreadable. So there is no limit of
//! depth or number here, a lone surrogate is no fault inside a value, and a value crosses as its text. Linear in the
//! input, and iterative: no depth can overflow the stack. What else crosses is read by `encoding`, which is strict.

use crate::encoding::{string, Members};

/// The members of a JSON object, in order, each with the text of its value. None where the text is not one object, or
/// where a name stands twice at this level or is no text.
pub fn members(text: &str) -> Option<Members<'_>> {
    let mut scan = Scan { text, at: 0 };
    let mut members = Members::new();
    scan.blank();
    scan.take(b'{')?;
    scan.blank();
    if !scan.skip(b'}') {
        loop {
            let name = scan.part(Scan::name)?;
            scan.colon()?;
            members.push((decoded(name)?, scan.part(Scan::value)?));
            if scan.ends(b'}')? {
                break;
            }
        }
    }
    scan.end()?;
    names_stand_once(&members).then_some(members)
}

/// The texts of the elements of a JSON array. None where the text is not one array.
pub fn elements(text: &str) -> Option<Vec<&str>> {
    let mut scan = Scan { text, at: 0 };
    let mut elements = Vec::new();
    scan.blank();
    scan.take(b'[')?;
    scan.blank();
    if !scan.skip(b']') {
        loop {
            elements.push(scan.part(Scan::value)?);
            if scan.ends(b']')? {
                break;
            }
        }
    }
    scan.end()?;
    Some(elements)
}

fn decoded(name: &str) -> Option<String> {
    let plain = name.strip_prefix('"')?.strip_suffix('"')?;
    if plain.contains('\\') {
        return string(name);
    }
    Some(plain.to_owned())
}

fn names_stand_once(members: &Members<'_>) -> bool {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.iter().zip(names.iter().skip(1)).all(|(name, next)| name != next)
}

/// A place in a text. Each step is None where the grammar does not allow what stands there.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    /// The text that a step passes, white space before it left out.
    fn part(&mut self, step: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        self.blank();
        let from = self.at;
        step(self)?;
        self.text.get(from..self.at)
    }

    /// Any value. What is open is kept as the bytes that close it.
    fn value(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            self.blank();
            match self.next()? {
                b'{' if !self.closes(b'}') => {
                    self.name()?;
                    self.colon()?;
                    open.push(b'}');
                    continue;
                }
                b'[' if !self.closes(b']') => {
                    open.push(b']');
                    continue;
                }
                b'{' | b'[' => {}
                b'"' => self.rest_of_string()?,
                b't' => self.literal("rue")?,
                b'f' => self.literal("alse")?,
                b'n' => self.literal("ull")?,
                first => self.rest_of_number(first)?,
            }
            loop {
                let Some(close) = open.last().copied() else { return Some(()) };
                if !self.ends(close)? {
                    if close == b'}' {
                        self.blank();
                        self.name()?;
                        self.colon()?;
                    }
                    break;
                }
                open.pop();
            }
        }
    }

    fn name(&mut self) -> Option<()> {
        self.take(b'"')?;
        self.rest_of_string()
    }

    fn colon(&mut self) -> Option<()> {
        self.blank();
        self.take(b':')
    }

    /// After a member or an element: whether the object or array ends here, or a comma follows.
    fn ends(&mut self, close: u8) -> Option<bool> {
        self.blank();
        match self.next()? {
            b',' => Some(false),
            byte => (byte == close).then_some(true),
        }
    }

    fn closes(&mut self, close: u8) -> bool {
        self.blank();
        self.skip(close)
    }

    fn rest_of_string(&mut self) -> Option<()> {
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            self.next().filter(u8::is_ascii_hexdigit)?;
                        }
                    }
                    _ => return None,
                },
                byte if byte < b' ' => return None,
                _ => {}
            }
        }
    }

    fn rest_of_number(&mut self, first: u8) -> Option<()> {
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.skip(b'.') {
            self.next().filter(u8::is_ascii_digit)?;
            self.digits();
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _signed = self.skip(b'+') || self.skip(b'-');
            self.next().filter(u8::is_ascii_digit)?;
            self.digits();
        }
        Some(())
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.step();
        }
    }

    fn literal(&mut self, rest: &str) -> Option<()> {
        rest.bytes().try_for_each(|byte| self.take(byte))
    }

    fn end(&mut self) -> Option<()> {
        self.blank();
        self.peek().is_none().then_some(())
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.skip(byte).then_some(())
    }

    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.step();
        }
        is_next
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.step();
        byte
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}
