//! Whose turn it is, where calls must not overlap: a lease in plain data, and a queue for it. An expired one is free.
//!
//! Nobody is waited for by a promise: each looks at its own times. On Workers a call may end without a word.

/// Milliseconds for which one who holds the lease, or waits for it, need not say that it lives.
pub const LEASE: i64 = 400;
/// Milliseconds after which nobody can be looking any more.
const FORGOTTEN: i64 = 60_000;

/// One who holds the lease or waits for it, and how long that counts. Times in milliseconds of any one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    number: u32,
    until: i64,
}

impl Party {
    const fn new(number: u32, now: i64) -> Self {
        Self { number, until: now.saturating_add(LEASE) }
    }

    /// One that lies far ahead is of a clock that has been set back since.
    const fn has_lapsed(&self, now: i64) -> bool {
        self.until <= now || self.until > now.saturating_add(2 * LEASE)
    }
}

/// Who has the lease, and who is next.
#[derive(Debug, Default)]
pub struct Queue {
    holder: Option<Party>,
    waiting: Vec<Party>,
}

impl Queue {
    /// Stands at the end. Those who wait for another's result and not for a turn need not.
    pub fn join(&mut self, number: u32, now: i64) {
        self.waiting.push(Party::new(number, now));
    }

    /// Gives the lease back, or the place in the queue.
    pub fn leave(&mut self, number: u32) {
        self.waiting.retain(|party| party.number != number);
        self.holder = self.holder.filter(|holder| holder.number != number);
    }

    /// Says that it lives.
    pub fn prolong(&mut self, number: u32, now: i64) {
        for party in self.holder.iter_mut().chain(&mut self.waiting).filter(|party| party.number == number) {
            *party = Party::new(number, now);
        }
    }

    /// One look: whether it is this one's turn, which has the lease then.
    ///
    /// `lapsed` is the lapsed one that it saw ahead at its last look. That one is passed over only when it is still the
    /// same now: where the host was busy, the timer that prolongs it has had its turn by then.
    pub fn take(&mut self, number: u32, lapsed: &mut Option<Party>, now: i64) -> bool {
        self.prolong(number, now);
        while let Some(ahead) = self.ahead_of(number) {
            let seen = std::mem::replace(lapsed, Some(ahead).filter(|ahead| ahead.has_lapsed(now)));
            if lapsed.is_none() || *lapsed != seen {
                return false;
            }
            self.leave(ahead.number);
        }
        self.leave(number);
        self.holder = Some(Party::new(number, now));
        true
    }

    fn ahead_of(&self, number: u32) -> Option<Party> {
        let first = self.waiting.first().copied().filter(|first| first.number != number);
        self.holder.or(first)
    }

    /// Whether somebody has the lease.
    pub fn is_held(&self, now: i64) -> bool {
        self.holder.is_some_and(|holder| !holder.has_lapsed(now))
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.holder.is_none() && self.waiting.is_empty()
    }

    /// Whether all ended without a word, long ago.
    pub fn is_forgotten(&self, now: i64) -> bool {
        let long_ago = |party: &Party| party.until < now.saturating_sub(FORGOTTEN);
        self.holder.iter().chain(&self.waiting).all(long_ago)
    }
}
