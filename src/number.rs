//! Numbers of JSON (RFC 8259 section 6) by their decimal digits: nothing is rounded.

/// The digits of 2^1024 - 2^970, the least number that rounds to no double (IEEE 754 section 7.4), without zeros at the end.
const BEYOND: &[u8] =
    b"1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070\
9633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447\
5730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904\
174497792";

/// A number as it is spelled.
#[derive(Debug, Clone, Copy)]
pub struct Number<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

impl<'a> Number<'a> {
    /// Reads the number that the text begins with; also gives what follows it.
    pub fn read(text: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (negative, text) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
        let (whole, mut text) = digits(text)?;
        if whole.len() > 1 && whole.starts_with(b"0") {
            return None;
        }
        let (mut fraction, mut exponent): (&[u8], i64) = (&[], 0);
        if !matches!(text, [b'.' | b'e' | b'E', ..]) {
            return Some((Self { negative, whole, fraction, exponent }, text));
        }
        if let Some(rest) = text.strip_prefix(b".") {
            (fraction, text) = digits(rest)?;
        }
        if let Some(rest) = text.strip_prefix(b"e").or_else(|| text.strip_prefix(b"E")) {
            let (below, rest) = match rest.split_first() {
                Some((b'-', rest)) => (true, rest),
                Some((b'+', rest)) => (false, rest),
                _ => (false, rest),
            };
            let power;
            (power, text) = digits(rest)?;
            let power = power.iter().fold(0, |power: i64, digit| push(power, *digit));
            exponent = if below { power.saturating_neg() } else { power };
        }
        Some((Self { negative, whole, fraction, exponent }, text))
    }

    /// Whether it is in the range of a double. `JSON.parse` would make Infinity of one that is not.
    pub fn is_double(&self) -> bool {
        if self.exponent == 0 && self.whole.len() < 309 {
            return true;
        }
        match self.magnitude() {
            None => true,
            Some((power, digits)) => power < 309 || power == 309 && digits.lt(BEYOND.iter().copied()),
        }
    }

    /// A thousand times the number, rounded down; none beyond 16 digits.
    pub fn thousandths(&self) -> Option<i64> {
        // A time as nearly all are: a whole number that fits.
        if self.fraction.is_empty() && self.exponent == 0 && self.whole.len() <= 13 {
            let whole = self.whole.iter().fold(0, |whole, digit| push(whole, *digit)).wrapping_mul(1000);
            return Some(if self.negative { whole.wrapping_neg() } else { whole });
        }
        let Some((power, mut digits)) = self.magnitude() else { return Some(0) };
        let length = usize::try_from(power.saturating_add(3).max(0)).ok().filter(|length| *length <= 16)?;
        let whole = (0..length).fold(0, |whole, _| push(whole, digits.next().unwrap_or(b'0')));
        let inexact = i64::from(digits.any(|digit| digit != b'0'));
        Some(if self.negative { whole.saturating_neg().saturating_sub(inexact) } else { whole })
    }

    /// The digits from the first that is not 0, and the power of ten before which they stand: 0.12 times 10^3 is 120.
    /// None of a zero.
    fn magnitude(&self) -> Option<(i64, impl Iterator<Item = u8> + 'a)> {
        let digits = self.whole.iter().chain(self.fraction).copied();
        let zeros = digits.clone().take_while(|digit| *digit == b'0').count();
        let power = i64::try_from(self.whole.len()).ok()?.saturating_sub(i64::try_from(zeros).ok()?);
        let mut digits = digits.skip(zeros).peekable();
        digits.peek()?;
        Some((power.saturating_add(self.exponent), digits))
    }
}

/// The digits that the text begins with, at least one, and what follows them.
fn digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at_checked(length).filter(|_| length > 0)
}

/// Beyond 16 digits it stays beyond them; a saturating product would be one of 128 bits in WebAssembly.
fn push(number: i64, digit: u8) -> i64 {
    const MOST: i64 = 10_i64.pow(17);
    number.min(MOST).wrapping_mul(10).wrapping_add(i64::from(digit.wrapping_sub(b'0')))
}
