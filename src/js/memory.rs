//! What this instance remembers, bounded. Results only, never a promise: on Workers nothing may wait for what another
//! request began.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::CryptoKey;

use super::call::monotonic;
use super::fetch::Host;
use super::signature::Begun;
use super::together::{Ends, Errand};
use crate::cache::Cache;
use crate::claims::Claims;
use crate::config::Config;
use crate::error::Error;
use crate::freshness::History;
use crate::keys::KeySet;
use crate::profile::Kept;
use crate::queue::Queue;
use crate::session::Said;

/// Configurations, and likewise addresses.
const MAX_CONFIGS: usize = 1000;
/// Request ids of key documents that a cache might repeat.
const MAX_IDS: usize = 16;
/// Signatures that are looked at; a call whose own is forgotten begins again.
const MAX_BEGUN: usize = 1000;
/// Sessions of which it is remembered what Hanko said.
const MAX_SAID: usize = 10_000;

/// What is known of one `apiUrl`.
#[derive(Default)]
pub(super) struct Place {
    /// The keys.
    pub(super) set: Option<Rc<KeySet>>,
    /// Those of them that have been imported, by their place in the set.
    pub(super) imported: Vec<(usize, CryptoKey)>,
    /// When they were fetched.
    pub(super) history: History,
    fetched: Ends,
    /// Ids of earlier answers.
    pub(super) ids: Vec<String>,
    /// Hanko's last answer by cookie alone.
    pub(super) last_by_cookie: Option<bool>,
    /// Tokens that have been verified, with the modulus of their key.
    pub(super) verified: Cache<Rc<Verified>>,
    /// Profile flows that go on, each by the token it was begun with. None inside: somebody is at it, or it came to no good.
    pub(super) flows: Cache<Option<Kept>>,
    said: Cache<Remembered>,
}

/// A token whose signature was good.
pub(super) struct Verified {
    /// The key's name.
    pub(super) kid: String,
    /// The key's modulus: another key of the same name is another key.
    pub(super) n: String,
    /// The claims, not yet checked against any option or time.
    pub(super) claims: Claims,
    /// No other that was ever verified has this number.
    pub(super) number: i64,
}

/// A session that Hanko has been asked about, or is.
#[derive(Default)]
struct Remembered {
    said: Option<Said>,
    /// The number of the ask that was answered so.
    answered: i64,
    asked: Ends,
}

impl Place {
    /// Remembers the id of an answer.
    pub(super) fn note_id(&mut self, id: Option<String>) {
        self.ids.extend(id.filter(|id| id.len() <= 256));
        let surplus = self.ids.len().saturating_sub(MAX_IDS);
        self.ids.drain(..surplus);
    }

    /// What Hanko said of a session.
    pub(super) fn said(&mut self, session_id: &str) -> Option<Said> {
        self.said.get(session_id)?.said
    }

    /// Remembers an answer: a slow yes never replaces a later no.
    pub(super) fn note_answer(&mut self, session_id: &str, ask: i64, said: Said) {
        self.remembered(session_id, |known| {
            if known.answered <= ask {
                (known.said, known.answered) = (Some(said), ask);
            }
        });
    }

    /// Remembers that a session is asked about: who doubts it meanwhile doubts what will be said, too.
    pub(super) fn note_ask(&mut self, session_id: &str) {
        self.remembered(session_id, |_| ());
    }

    /// Whether a session has been asked about, or is.
    pub(super) fn knows(&mut self, session_id: &str) -> bool {
        self.said.get(session_id).is_some()
    }

    /// Believes a yes no more, nor what an ask that began before will say.
    pub(super) fn doubt(&mut self, session_id: &str, latest: i64) {
        if let Some(known) = self.said.get(session_id) {
            known.said = known.said.filter(|said| !said.yes);
            known.answered = latest;
        }
    }

    /// Remembers that an ask failed which began after the one that was answered.
    pub(super) fn note_failure(&mut self, session_id: &str, ask: i64, began: i64, error: &Error, fetch: u32) {
        let known = self.said.get(session_id).filter(|known| known.answered < ask);
        if let Some(said) = known.and_then(|known| known.said.as_mut()) {
            said.failures.note(error, fetch);
            said.failed_at = began;
        }
    }

    /// Looks at, or changes, how an errand ended.
    pub(super) fn ends<T>(&mut self, errand: &Errand<'_>, look: impl FnOnce(&mut Ends) -> T) -> T {
        match errand {
            Errand::Fetch => look(&mut self.fetched),
            Errand::Ask(session_id) => self.remembered(session_id, |known| look(&mut known.asked)),
        }
    }

    fn remembered<T>(&mut self, session_id: &str, look: impl FnOnce(&mut Remembered) -> T) -> T {
        if let Some(known) = self.said.get(session_id) {
            return look(known);
        }
        let mut fresh = Remembered::default();
        let looked = look(&mut fresh);
        self.said.insert(session_id, fresh, MAX_SAID);
        looked
    }
}

#[derive(Default)]
struct Memory {
    next: u32,
    numbers: i64,
    configs: Vec<(u32, Rc<Config>)>,
    places: Vec<(String, Rc<RefCell<Place>>)>,
    queues: Vec<(String, Queue)>,
    begun: Vec<(u32, Begun)>,
    host: Option<Host>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// The number of a configuration; equal ones share it, so that a client made in every request is as warm as one kept.
pub(super) fn remember(config: Config) -> u32 {
    MEMORY.with_borrow_mut(|memory| {
        if let Some((number, _)) = memory.configs.iter().find(|(_, known)| **known == config) {
            return *number;
        }
        if memory.configs.len() >= MAX_CONFIGS {
            memory.configs.remove(0);
        }
        memory.next = memory.next.wrapping_add(1);
        memory.configs.push((memory.next, Rc::new(config)));
        memory.next
    })
}

/// The configuration of a number, where this instance knows it.
pub(super) fn config(number: u32) -> Option<Rc<Config>> {
    let find =
        |memory: &Memory| memory.configs.iter().find(|(known, _)| *known == number).map(|(_, config)| config.clone());
    MEMORY.with_borrow(find)
}

/// A number above all earlier ones: of a token that is verified, or of an ask that begins. Asks are ordered by it, whatever
/// the clock does, and whatever has been forgotten of an address.
pub(super) fn next_number() -> i64 {
    MEMORY.with_borrow_mut(|memory| {
        memory.numbers = memory.numbers.wrapping_add(1);
        memory.numbers
    })
}

/// Keeps a token while WebCrypto is at its signature. A call that never comes back, as on Workers, leaves when there are many.
pub(super) fn begin_signature(id: u32, begun: Begun) {
    MEMORY.with_borrow_mut(|memory| {
        if memory.begun.len() >= MAX_BEGUN {
            memory.begun.remove(0);
        }
        memory.begun.push((id, begun));
    });
}

/// The token of a call.
pub(super) fn end_signature(id: u32) -> Option<Begun> {
    MEMORY.with_borrow_mut(|memory| {
        let at = memory.begun.iter().position(|(known, _)| *known == id)?;
        Some(memory.begun.remove(at).1)
    })
}

/// Looks at, or changes, what is known of an address.
pub(super) fn place<T>(api_url: &str, look: impl FnOnce(&mut Place) -> T) -> T {
    look(&mut place_of(api_url).borrow_mut())
}

/// Apart, so that it is compiled once and not for every look.
#[inline(never)]
fn place_of(api_url: &str) -> Rc<RefCell<Place>> {
    MEMORY.with_borrow_mut(|memory| {
        if let Some((_, place)) = memory.places.iter().find(|(known, _)| known == api_url) {
            return Rc::clone(place);
        }
        if memory.places.len() >= MAX_CONFIGS {
            memory.places.remove(0);
        }
        let place = Rc::default();
        memory.places.push((api_url.to_owned(), Rc::clone(&place)));
        place
    })
}

/// Believes no yes about a session more, of whatever address: none but the one it is of knows its id.
pub(super) fn doubt(session_id: &str) {
    let latest = next_number();
    MEMORY.with_borrow(|memory| {
        for (_, place) in &memory.places {
            place.borrow_mut().doubt(session_id, latest);
        }
    });
}

/// Looks at, or changes, the queue of a name. One where nobody stands is not kept.
pub(super) fn queue<T>(name: &str, look: impl FnOnce(&mut Queue) -> T) -> T {
    let mut queue = take_queue(name).unwrap_or_default();
    let looked = look(&mut queue);
    keep_queue(name, queue);
    looked
}

/// With thousands of them, each looked at every so often, the look must cost next to nothing: names differ at their end, and
/// those that are forgotten are only looked for when there is a new one.
fn take_queue(name: &str) -> Option<Queue> {
    let now = monotonic();
    MEMORY.with_borrow_mut(|memory| {
        let is_it = |known: &str| known.len() == name.len() && known.bytes().rev().eq(name.bytes().rev());
        let at = memory.queues.iter().position(|(known, _)| is_it(known));
        if at.is_none() {
            memory.queues.retain(|(_, queue)| !queue.is_forgotten(now));
        }
        at.map(|at| memory.queues.swap_remove(at).1)
    })
}

fn keep_queue(name: &str, queue: Queue) {
    if !queue.is_empty() {
        MEMORY.with_borrow_mut(|memory| memory.queues.push((name.to_owned(), queue)));
    }
}

/// What the host takes, probed at the first call and never before.
pub(super) fn host(probe: impl FnOnce() -> Host) -> Host {
    MEMORY.with_borrow_mut(|memory| *memory.host.get_or_insert_with(probe))
}
