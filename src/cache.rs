//! A memory with a bound: what was not looked at for longest leaves first.

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
        let at = self.place(name)?;
        self.values.get_mut(at)?.as_mut()
    }

    /// Where a name's value stands, for [`at`](Self::at). Another's may stand there later.
    pub fn place(&mut self, name: &str) -> Option<usize> {
        let at = self.order.find(name)?;
        self.order.touch(at);
        Some(at)
    }

    /// The value that stands there, which counts as looked at.
    pub fn at(&mut self, place: usize) -> Option<&mut V> {
        let value = self.values.get_mut(place)?.as_mut()?;
        self.order.touch(place);
        Some(value)
    }

    /// Remembers a value; what is too much by `limit` leaves.
    pub fn insert(&mut self, name: &str, value: V, limit: usize) {
        let at = self.order.add(name);
        if at >= self.values.len() {
            self.values.resize_with(at.saturating_add(1), || None);
        }
        self.put(at, Some(value));
        while self.order.count > limit {
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

/// Names in a hash table, chained, and in the order of the last look; the same code for every type of value.
#[derive(Debug, Default)]
struct Order {
    /// The first entry of each chain, by hash; a power of two of them.
    chains: Vec<Place>,
    entries: Vec<Entry>,
    free: Vec<usize>,
    oldest: Place,
    newest: Place,
    count: usize,
}

/// Where an entry stands, if there is one.
type Place = Option<usize>;

#[derive(Debug, Default)]
struct Entry {
    name: Box<str>,
    hash: usize,
    /// The next one of the same chain.
    next: Place,
    older: Place,
    newer: Place,
}

impl Order {
    fn touch(&mut self, at: usize) {
        if self.newest != Some(at) {
            self.unlink(at);
            self.link(at);
        }
    }

    fn find(&self, name: &str) -> Place {
        let hash = hash(name);
        let mut at = *self.chains.get(self.chain(hash))?;
        while let Some(entry) = self.entry(at) {
            if entry.hash == hash && *entry.name == *name {
                return at;
            }
            at = entry.next;
        }
        None
    }

    fn add(&mut self, name: &str) -> usize {
        if let Some(at) = self.find(name) {
            self.touch(at);
            return at;
        }
        if self.count >= self.chains.len() {
            self.grow();
        }
        let at = self.free.pop().unwrap_or(self.entries.len());
        if at == self.entries.len() {
            self.entries.push(Entry::default());
        }
        if let Some(entry) = self.entries.get_mut(at) {
            (entry.name, entry.hash) = (name.into(), hash(name));
        }
        self.count = self.count.saturating_add(1);
        self.chain_up(at);
        self.link(at);
        at
    }

    fn drop_oldest(&mut self) -> Place {
        let at = self.oldest?;
        self.unlink(at);
        let entry = std::mem::take(self.entries.get_mut(at)?);
        let chain = self.chain(entry.hash);
        let mut before = *self.chains.get(chain)?;
        if before == Some(at) {
            *self.chains.get_mut(chain)? = entry.next;
        }
        while let Some(other) = before.and_then(|before| self.entries.get_mut(before)) {
            if other.next == Some(at) {
                other.next = entry.next;
                break;
            }
            before = other.next;
        }
        self.free.push(at);
        self.count = self.count.saturating_sub(1);
        Some(at)
    }

    /// Doubles the chains, and puts each entry into its new one.
    fn grow(&mut self) {
        let length = self.chains.len().saturating_mul(2).max(8);
        self.chains = vec![None; length];
        let mut at = self.oldest;
        while let Some(here) = at {
            self.chain_up(here);
            at = self.entry(at).and_then(|entry| entry.newer);
        }
    }

    fn chain_up(&mut self, at: usize) {
        let Some(chain) = self.entry(Some(at)).map(|entry| self.chain(entry.hash)) else { return };
        let (Some(first), Some(entry)) = (self.chains.get_mut(chain), self.entries.get_mut(at)) else { return };
        entry.next = first.replace(at);
    }

    fn link(&mut self, at: usize) {
        let newest = self.newest.replace(at);
        if let Some(entry) = self.entries.get_mut(at) {
            (entry.older, entry.newer) = (newest, None);
        }
        *self.newer_of(newest) = Some(at);
    }

    fn unlink(&mut self, at: usize) {
        let Some(entry) = self.entries.get(at) else { return };
        let (older, newer) = (entry.older, entry.newer);
        *self.newer_of(older) = newer;
        match newer.and_then(|newer| self.entries.get_mut(newer)) {
            Some(entry) => entry.older = older,
            None => self.newest = older,
        }
    }

    /// Where it is kept who is newer than this one; than none: the oldest.
    fn newer_of(&mut self, at: Place) -> &mut Place {
        match at.and_then(|at| self.entries.get_mut(at)) {
            Some(entry) => &mut entry.newer,
            None => &mut self.oldest,
        }
    }

    fn entry(&self, at: Place) -> Option<&Entry> {
        self.entries.get(at?)
    }

    const fn chain(&self, hash: usize) -> usize {
        hash & self.chains.len().wrapping_sub(1)
    }
}

/// FNV-1a of the end of the name: of a token that is its signature, which nobody can choose.
fn hash(name: &str) -> usize {
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = name.bytes().rev().take(24).fold(0x811c_9dc5, mix);
    usize::try_from(hash).unwrap_or_default()
}
