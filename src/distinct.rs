//! Whether names differ from one another, in a time that no choice of names makes long.

use std::collections::BinaryHeap;

/// Names that are few are compared with one another.
const FEW: usize = 24;

/// Whether two names are equal. Most that are not differ in their length or their first byte, which costs no call.
#[inline(always)]
pub fn are_equal(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().first() == other.as_bytes().first() && one == other
}

/// Whether no two names are equal.
pub fn are_distinct<'a>(names: impl ExactSizeIterator<Item = &'a str> + Clone) -> bool {
    let count = names.len();
    if count <= FEW {
        return are_few_distinct(names);
    }
    // By a hash first, which most have for themselves. The texts of the others are put in order.
    let mut counts = vec![0_u8; count.saturating_mul(8).next_power_of_two()];
    let mask = counts.len().saturating_sub(1);
    for name in names.clone() {
        if let Some(count) = counts.get_mut(hash(name) & mask) {
            *count = count.saturating_add(1);
        }
    }
    let is_alone = |name: &&str| counts.get(hash(name) & mask) == Some(&1);
    let mut alike: BinaryHeap<&str> = names.filter(|name| !is_alone(name)).collect();
    while let Some(name) = alike.pop() {
        if alike.peek() == Some(&name) {
            return false;
        }
    }
    true
}

fn are_few_distinct<'a>(mut names: impl Iterator<Item = &'a str> + Clone) -> bool {
    while let Some(name) = names.next() {
        for other in names.clone() {
            if are_equal(name, other) {
                return false;
            }
        }
    }
    true
}

/// FNV-1a.
fn hash(name: &str) -> usize {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ usize::from(byte)).wrapping_mul(0x0100_0193))
}
