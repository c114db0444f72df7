//! A memory with a bound: what was not looked at for longest leaves first.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Values by text, at most as many as each [`insert`](Self::insert) allows.
#[derive(Debug)]
pub struct Cache<V> {
    order: Order,
    values: Vec<Option<V>>,
}

impl<V> Default for Cache<V> {
    fn default() -> Self {
        Self { order: Order::default(), values: Vec::new() }
    }
}

impl<V> Cache<V> {
    /// The value of a name, which counts as looked at.
    pub fn get(&mut self, name: &str) -> Option<&mut V> {
        let at = self.order.touch(name)?;
        self.values.get_mut(at)?.as_mut()
    }

    /// Remembers a value; what is too much by `limit` leaves.
    pub fn insert(&mut self, name: &str, value: V, limit: usize) {
        let at = self.order.add(name);
        if at >= self.values.len() {
            self.values.resize_with(at.saturating_add(1), || None);
        }
        self.put(at, Some(value));
        while self.order.len() > limit {
            let Some(oldest) = self.order.drop_oldest() else { return };
            self.put(oldest, None);
        }
    }

    fn put(&mut self, at: usize, value: Option<V>) {
        if let Some(place) = self.values.get_mut(at) {
            *place = value;
        }
    }
}

/// Names and when they were looked at last; the same code for every type of value.
#[derive(Debug, Default)]
struct Order {
    clock: u64,
    by_name: BTreeMap<Rc<str>, (u64, usize)>,
    by_time: BTreeMap<u64, Rc<str>>,
    free: Vec<usize>,
    places: usize,
}

impl Order {
    fn len(&self) -> usize {
        self.by_name.len()
    }

    fn touch(&mut self, name: &str) -> Option<usize> {
        let (time, place) = self.by_name.get_mut(name)?;
        let shared = self.by_time.remove(time)?;
        self.clock = self.clock.wrapping_add(1);
        *time = self.clock;
        self.by_time.insert(self.clock, shared);
        Some(*place)
    }

    fn add(&mut self, name: &str) -> usize {
        if let Some(place) = self.touch(name) {
            return place;
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.places = self.places.saturating_add(1);
            self.places.saturating_sub(1)
        });
        self.clock = self.clock.wrapping_add(1);
        let name: Rc<str> = name.into();
        self.by_time.insert(self.clock, Rc::clone(&name));
        self.by_name.insert(name, (self.clock, place));
        place
    }

    fn remove(&mut self, name: &str) -> Option<usize> {
        let (time, place) = self.by_name.remove(name)?;
        self.by_time.remove(&time);
        self.free.push(place);
        Some(place)
    }

    fn drop_oldest(&mut self) -> Option<usize> {
        let oldest = self.by_time.values().next().map(Rc::clone)?;
        self.remove(&oldest)
    }
}
