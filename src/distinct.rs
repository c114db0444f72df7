//! Whether names differ from one another, in a time that no choice of names makes long.

use std::collections::BinaryHeap;

/// Names that are few are compared with one another.
const FEW: usize = 24;

/// Whether no two of so many names are equal.
pub fn are_distinct<'a, I: Iterator<Item = &'a str>>(count: usize, names: impl Fn() -> I) -> bool {
    if count <= FEW {
        return names().enumerate().all(|(at, name)| names().take(at).all(|earlier| earlier != name));
    }
    // By a hash first, which most have for themselves. The texts of the others are put in order.
    let mut counts = vec![0_u8; count.saturating_mul(8).next_power_of_two()];
    let mask = counts.len().saturating_sub(1);
    for name in names() {
        if let Some(count) = counts.get_mut(hash(name) & mask) {
            *count = count.saturating_add(1);
        }
    }
    let is_alone = |name: &&str| counts.get(hash(name) & mask) == Some(&1);
    let mut alike: BinaryHeap<&str> = names().filter(|name| !is_alone(name)).collect();
    while let Some(name) = alike.pop() {
        if alike.peek() == Some(&name) {
            return false;
        }
    }
    true
}

/// FNV-1a.
fn hash(name: &str) -> usize {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ usize::from(byte)).wrapping_mul(0x0100_0193))
}
