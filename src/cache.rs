//! A memory with a bound: what was not looked at for longest leaves first.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Values by text, at most as many as each [`insert`](Self::insert) allows.
#[derive(Debug)]
pub struct Cache<V> {
    clock: u64,
    entries: BTreeMap<Rc<str>, (u64, V)>,
    order: BTreeMap<u64, Rc<str>>,
}

impl<V> Default for Cache<V> {
    fn default() -> Self {
        Self { clock: 0, entries: BTreeMap::new(), order: BTreeMap::new() }
    }
}

impl<V> Cache<V> {
    /// The value of a name, which counts as looked at.
    pub fn get(&mut self, name: &str) -> Option<&mut V> {
        let (name, (at, _)) = self.entries.get_key_value(name)?;
        let (name, at) = (Rc::clone(name), *at);
        self.order.remove(&at);
        self.clock = self.clock.wrapping_add(1);
        self.order.insert(self.clock, Rc::clone(&name));
        let (at, value) = self.entries.get_mut(&name)?;
        *at = self.clock;
        Some(value)
    }

    /// Remembers a value; what is too much by `limit` leaves.
    pub fn insert(&mut self, name: &str, value: V, limit: usize) {
        self.remove(name);
        self.clock = self.clock.wrapping_add(1);
        let name: Rc<str> = name.into();
        self.order.insert(self.clock, Rc::clone(&name));
        self.entries.insert(name, (self.clock, value));
        while self.entries.len() > limit {
            let Some((_, oldest)) = self.order.pop_first() else { return };
            self.entries.remove(&oldest);
        }
    }

    /// Forgets a name.
    pub fn remove(&mut self, name: &str) {
        if let Some((at, _)) = self.entries.remove(name) {
            self.order.remove(&at);
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
