//! Whether names differ: few and many, of every hash.
#![cfg(not(target_family = "wasm"))]

use std::collections::HashSet;

use hanko_edge::distinct::are_distinct;

fn ours(names: &[String]) -> bool {
    are_distinct(names.iter().map(String::as_str))
}

#[test]
fn as_a_set_says_for_every_count_and_every_place_of_a_second() {
    let mut twice = 0;
    for count in [0_usize, 1, 2, 23, 24, 25, 26, 100, 1000] {
        let names: Vec<String> = (0..count).map(|at| format!("name {at}")).collect();
        assert!(ours(&names), "{count} names");
        for (from, to) in [(0, count.saturating_sub(1)), (count / 3, count / 2), (count / 2, count.saturating_sub(1))] {
            let mut repeated = names.clone();
            if let (Some(name), Some(place)) = (names.get(from), repeated.get_mut(to)) {
                place.clone_from(name);
            }
            let expected = repeated.iter().collect::<HashSet<_>>().len() == count;
            assert_eq!(ours(&repeated), expected, "{count} names, {from} at {to}");
            twice += usize::from(!expected);
        }
    }
    assert!(twice >= 15, "{twice} lists with a name twice");
}

#[test]
fn names_that_share_a_place_are_told_apart_by_their_texts() {
    let hash = |name: &str| {
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    };
    let mut names: Vec<String> =
        (0..400_000).map(|at| format!("n{at}")).filter(|name| hash(name) & 0xfff == 7).collect();
    assert!((60..500).contains(&names.len()), "{} names in one of 4096 places", names.len());
    assert!(ours(&names));
    names.push("n0".to_owned());
    assert!(ours(&names));
    names.extend(names.first().cloned());
    assert!(!ours(&names));
}
