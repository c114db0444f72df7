//! Whose turn it is: one at a time, first come, first served, and nobody is held up for long by one who ended without a word.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::arithmetic_side_effects, reason = "a test's times are small")]

use hanko_edge::queue::{Party, Queue, LEASE};

const NOW: i64 = 1_800_000_000_000;

/// Somebody who looks for the lease.
struct Looker {
    number: u32,
    lapsed: Option<Party>,
}

impl Looker {
    fn new(number: u32) -> Self {
        Self { number, lapsed: None }
    }

    fn joined(number: u32, queue: &mut Queue, now: i64) -> Self {
        queue.join(number, now);
        Self::new(number)
    }

    fn looks(&mut self, queue: &mut Queue, now: i64) -> bool {
        queue.take(self.number, &mut self.lapsed, now)
    }
}

#[test]
fn one_has_it_until_it_gives_it_back() {
    let mut queue = Queue::default();
    let (mut one, mut two) = (Looker::new(1), Looker::new(2));
    assert!(!queue.is_held(NOW) && queue.is_empty());
    assert!(one.looks(&mut queue, NOW) && queue.is_held(NOW) && !queue.is_empty());
    assert!(!two.looks(&mut queue, NOW) && !two.looks(&mut queue, NOW));
    queue.leave(2);
    assert!(queue.is_held(NOW), "one who gives up takes nothing from the holder");
    queue.leave(1);
    assert!(!queue.is_held(NOW) && queue.is_empty());
    assert!(two.looks(&mut queue, NOW));
}

#[test]
fn the_first_to_come_is_the_first_served_whoever_looks_first() {
    let mut queue = Queue::default();
    let mut waiting: Vec<Looker> = (1..=5).map(|number| Looker::joined(number, &mut queue, NOW)).collect();
    let mut served = Vec::new();
    for now in (NOW..).take(5) {
        let turns: Vec<u32> = waiting
            .iter_mut()
            .rev()
            .filter_map(|looker| looker.looks(&mut queue, now).then_some(looker.number))
            .collect();
        assert!(!Looker::new(99).looks(&mut queue, now), "one who did not join comes last");
        assert_eq!(turns.len(), 1);
        turns.iter().for_each(|number| queue.leave(*number));
        waiting.retain(|looker| !turns.contains(&looker.number));
        served.extend(turns);
    }
    assert_eq!(served, [1, 2, 3, 4, 5]);
    assert!(queue.is_empty());
}

#[test]
fn a_lapsed_holder_is_passed_over_at_the_second_look_unless_it_said_that_it_lives() {
    let mut queue = Queue::default();
    let (mut one, mut two) = (Looker::new(1), Looker::joined(2, &mut queue, NOW));
    queue.leave(2);
    assert!(one.looks(&mut queue, NOW));
    assert!(!two.looks(&mut queue, NOW + LEASE - 1), "not lapsed");
    assert!(!two.looks(&mut queue, NOW + LEASE), "seen lapsed once");
    queue.prolong(1, NOW + LEASE);
    assert!(!two.looks(&mut queue, NOW + LEASE + 1), "it lives");
    assert!(!two.looks(&mut queue, NOW + 2 * LEASE), "seen lapsed once");
    queue.prolong(1, NOW + 2 * LEASE);
    assert!(!two.looks(&mut queue, NOW + 3 * LEASE), "another lapse, seen once");
    assert!(two.looks(&mut queue, NOW + 3 * LEASE + 1), "seen twice");
    queue.prolong(1, NOW + 3 * LEASE + 1);
    queue.leave(1);
    assert!(queue.is_held(NOW + 3 * LEASE + 2), "one who was passed over has nothing to prolong or give back");
}

#[test]
fn a_clock_that_is_set_back_holds_nobody_up() {
    let mut queue = Queue::default();
    let (mut one, mut two) = (Looker::new(1), Looker::new(2));
    assert!(one.looks(&mut queue, NOW + 3_600_000));
    assert!(!two.looks(&mut queue, NOW) && two.looks(&mut queue, NOW + 1));
    let mut three = Looker::new(3);
    assert!(!three.looks(&mut queue, NOW + 1 - LEASE) && !three.looks(&mut queue, NOW + 2 - LEASE), "a small step");
}

#[test]
fn those_who_ended_in_the_queue_are_passed_over_one_by_one() {
    let mut queue = Queue::default();
    for number in 1..=3 {
        queue.join(number, NOW);
    }
    let mut last = Looker::joined(4, &mut queue, NOW);
    let mut looks = 0;
    let mut now = NOW + LEASE;
    while !last.looks(&mut queue, now) {
        (looks, now) = (looks + 1, now + 15);
    }
    assert_eq!(looks, 3, "each was seen lapsed once");
    queue.leave(4);
    assert!(queue.is_empty());
}

#[test]
fn a_look_says_that_a_waiter_lives() {
    let mut queue = Queue::default();
    assert!(Looker::new(1).looks(&mut queue, NOW));
    let (mut two, mut three) = (Looker::joined(2, &mut queue, NOW), Looker::joined(3, &mut queue, NOW));
    for now in (NOW..NOW + 10 * LEASE).step_by(15) {
        queue.prolong(1, now);
        assert!(!three.looks(&mut queue, now) && !two.looks(&mut queue, now));
    }
    queue.leave(1);
    assert!(!three.looks(&mut queue, NOW + 10 * LEASE) && two.looks(&mut queue, NOW + 10 * LEASE));
}

#[test]
fn what_ended_long_ago_can_be_forgotten() {
    let mut queue = Queue::default();
    assert!(Looker::new(1).looks(&mut queue, NOW));
    queue.join(2, NOW + 1);
    assert!(!queue.is_forgotten(NOW + LEASE + 60_000));
    assert!(!queue.is_forgotten(NOW + LEASE + 60_001));
    assert!(queue.is_forgotten(NOW + LEASE + 60_002));
}
