//! What this instance remembers, bounded: configurations, and keys by `apiUrl`. Results only, never a promise:
//! on Workers nothing may wait for what another request began.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use web_sys::CryptoKey;

use super::fetch::Host;
use crate::config::Config;
use crate::keys::KeySet;

/// Configurations, and likewise addresses with keys.
const MAX_CONFIGS: usize = 1000;
/// Request ids of key documents that a cache might repeat.
const MAX_IDS: usize = 16;

/// The keys of one `apiUrl`.
#[derive(Default)]
pub(super) struct Keys {
    /// The set, and the imported keys by their place in it.
    pub(super) set: Option<(Rc<KeySet>, BTreeMap<usize, CryptoKey>)>,
    /// When the last good fetch began, in milliseconds since 1970, less the answer's `Age`.
    pub(super) fetched_at: i64,
    /// When the last fetch began, good or not.
    pub(super) tried_at: Option<i64>,
    /// Ids of earlier answers.
    pub(super) ids: Vec<String>,
    /// Hanko's last answer by cookie alone.
    pub(super) last_by_cookie: Option<bool>,
}

impl Keys {
    /// Remembers the id of an answer.
    pub(super) fn note_id(&mut self, id: Option<String>) {
        self.ids.extend(id.filter(|id| id.len() <= 256));
        let surplus = self.ids.len().saturating_sub(MAX_IDS);
        self.ids.drain(..surplus);
    }
}

#[derive(Default)]
struct Memory {
    next: u32,
    configs: BTreeMap<u32, Rc<Config>>,
    keys: BTreeMap<String, Keys>,
    host: Option<Host>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// The number of a configuration; equal ones share it, so that a client made in every request is as warm as one kept.
pub(super) fn remember(config: Config) -> u32 {
    MEMORY.with_borrow_mut(|memory| {
        if let Some((number, _)) = memory.configs.iter().find(|(_, known)| ***known == config) {
            return *number;
        }
        if memory.configs.len() >= MAX_CONFIGS {
            memory.configs.pop_first();
        }
        memory.next = memory.next.wrapping_add(1);
        memory.configs.insert(memory.next, Rc::new(config));
        memory.next
    })
}

/// The configuration of a number, where this instance knows it.
pub(super) fn config(number: u32) -> Option<Rc<Config>> {
    MEMORY.with_borrow(|memory| memory.configs.get(&number).cloned())
}

/// Looks at, or changes, what is known of the keys of an address.
pub(super) fn keys<T>(api_url: &str, look: impl FnOnce(&mut Keys) -> T) -> T {
    MEMORY.with_borrow_mut(|memory| {
        if !memory.keys.contains_key(api_url) && memory.keys.len() >= MAX_CONFIGS {
            memory.keys.pop_first();
        }
        look(memory.keys.entry(api_url.to_owned()).or_default())
    })
}

/// What the host takes, probed at the first call and never before.
pub(super) fn host(probe: impl FnOnce() -> Host) -> Host {
    MEMORY.with_borrow_mut(|memory| *memory.host.get_or_insert_with(probe))
}
