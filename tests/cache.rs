//! The bounded memory, against a list that does the same slowly.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use hanko_edge::cache::Cache;

/// Pairs, what was looked at last at the end.
#[derive(Default)]
struct Slow(Vec<(String, u32)>);

impl Slow {
    fn get(&mut self, name: &str) -> Option<u32> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        let pair = self.0.remove(at);
        self.0.push(pair);
        self.0.last().map(|(_, value)| *value)
    }

    fn insert(&mut self, name: &str, value: u32, limit: usize) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value));
        let surplus = self.0.len().saturating_sub(limit);
        self.0.drain(..surplus);
    }
}

#[test]
fn a_hundred_thousand_steps_go_as_in_a_list() {
    let (mut cache, mut slow) = (Cache::default(), Slow::default());
    let (mut dice, mut hits) = (88_172_645_463_325_252_u64, 0);
    for step in 0..100_000 {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        // Names that differ at their beginning alone share the hash of their end.
        let name = format!("{}{}", dice % 83, if dice & 1024 == 0 { "" } else { ".the-same-end-of-many-characters" });
        if dice & 2048 == 0 {
            let limit = if step % 500 == 0 { step / 500 % 3 } else { 60 };
            let limit = usize::try_from(limit).unwrap_or_default();
            cache.insert(&name, step, limit);
            slow.insert(&name, step, limit);
        } else {
            let found = cache.get(&name).copied();
            assert_eq!(found, slow.get(&name), "step {step}: {name}");
            hits += u32::from(found.is_some());
        }
    }
    assert!((5_000..45_000).contains(&hits), "{hits} hits");
}

#[test]
fn a_value_is_changed_in_its_place() {
    let mut cache = Cache::default();
    cache.insert("a", 1, 2);
    if let Some(value) = cache.get("a") {
        *value = 2;
    }
    cache.insert("b", 3, 2);
    cache.insert("a", 4, 2);
    cache.insert("c", 5, 2);
    assert_eq!(["a", "b", "c", ""].map(|name| cache.get(name).copied()), [Some(4), None, Some(5), None]);
}
