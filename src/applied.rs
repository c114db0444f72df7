//! Whether a patch was applied, by what is stored: one that would change nothing there was applied, or need not be.
//!
//! By the server's merge: null members of a new value are dropped, at any depth, unless the value took an object's place.
//! Values are compared and not texts: the order of members is random, and an administrator may have spelled them otherwise.
//! Iterative: metadata is up to 1500 levels deep.

use crate::encoding::{member, string, Members};
use crate::verbatim::{elements, members};

/// What the stored metadata says of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It would change nothing.
    Yes,
    /// It would change something.
    No,
    /// It would change something, but only as it does where it was applied once already; or what is stored cannot be read.
    Unclear,
}

/// What `stored`, a JSON object, says of `patch`, another one.
pub fn applied(stored: &str, patch: &str) -> Applied {
    let mut merges = vec![(stored, patch)];
    let mut result = Applied::Yes;
    while let Some((stored, patch)) = merges.pop() {
        let (Some(stored), Some(patch)) = (members(stored), members(patch)) else { return Applied::Unclear };
        for (name, change) in patch {
            match member(&stored, &name) {
                None if change == "null" => {}
                Some(stored) if is_object(stored) && is_object(change) => merges.push((stored, change)),
                Some(stored) => match compare(stored, change) {
                    Sameness { pruned: true, .. } => {}
                    Sameness { whole: true, .. } => result = Applied::Unclear,
                    _ => return Applied::No,
                },
                None => return Applied::No,
            }
        }
    }
    result
}

/// Whether a stored value is a new one without its null members, and whether it is the whole of it.
#[derive(Clone, Copy)]
struct Sameness {
    pruned: bool,
    whole: bool,
}

fn compare(stored: &str, value: &str) -> Sameness {
    let mut same = Sameness { pruned: value != "null", whole: value != "null" };
    let mut pairs = vec![(stored, value)];
    while let (Some((stored, value)), true) = (pairs.pop(), same.pruned || same.whole) {
        let equal = match (members(stored), members(value), elements(stored), elements(value)) {
            (Some(stored), Some(value), ..) => same.compare_members(&stored, &value, &mut pairs),
            (_, _, Some(stored), Some(value)) => {
                let equal = stored.len() == value.len();
                pairs.extend(stored.into_iter().zip(value));
                equal
            }
            _ => is_same_scalar(stored, value),
        };
        if !equal {
            return Sameness { pruned: false, whole: false };
        }
    }
    same
}

impl Sameness {
    fn compare_members<'a>(
        &mut self,
        stored: &Members<'a>,
        value: &Members<'a>,
        pairs: &mut Vec<(&'a str, &'a str)>,
    ) -> bool {
        for (name, value) in value {
            match (member(stored, name), *value) {
                (None, "null") => self.whole = false,
                (Some("null"), "null") => self.pruned = false,
                (None, _) => return false,
                (Some(stored), value) => pairs.push((stored, value)),
            }
        }
        stored.iter().all(|(name, _)| member(value, name).is_some())
    }
}

fn is_object(json: &str) -> bool {
    json.starts_with('{')
}

fn is_same_scalar(one: &str, other: &str) -> bool {
    let is_number = |json: &str| json.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if is_number(one) && is_number(other) {
        return decimal(one) == decimal(other);
    }
    match (string(one), string(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// A number as sign, digits without zeros at either end, and the power of ten of the last one. Nothing is rounded.
fn decimal(number: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole.trim_start_matches('-'), fraction].concat();
    let significant = digits.trim_end_matches('0');
    let places = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let power = exponent.parse::<i64>().unwrap_or(i64::MAX);
    let power =
        power.saturating_sub(places(fraction)).saturating_add(places(&digits)).saturating_sub(places(significant));
    let significant = significant.trim_start_matches('0');
    match significant {
        "" => (false, String::new(), 0),
        _ => (number.starts_with('-'), significant.to_owned(), power),
    }
}
