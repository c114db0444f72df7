//! Who fetches the keys of an address: a lease in plain data, which works the same on every host. The others look for the
//! result by their own timers: on Workers nothing may wait for what another request began.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::call::{now, Call};
use super::{fetch, memory};

/// Milliseconds for which a fetching call need not say that it lives. On Workers a call may end without a word.
const LEASE: i64 = 400;

/// The right to fetch the keys of an address. It is prolonged while its call lives; an expired one is free.
pub(super) struct Lease {
    api_url: String,
    owner: u32,
    stop: Function,
    _prolong: Closure<dyn FnMut()>,
}

impl Lease {
    /// `expired` is the expired lease that this waiter saw at its last look. It is free only when it is still there at the
    /// next look: where the host was busy, the timer that prolongs it has had its turn by then.
    /// The lease, where nobody has it.
    pub(super) fn take(call: &Call, api_url: &str, expired: &mut Option<(u32, i64)>) -> Option<Self> {
        let owner = fetch::random(u32::MAX);
        let taken = memory::place(api_url, |place| {
            let lapsed = |until: i64| until <= now() || until > now().saturating_add(LEASE);
            let seen = std::mem::replace(expired, place.lease.filter(|(_, until)| lapsed(*until)));
            let free = place.lease.is_none() || (expired.is_some() && *expired == seen);
            if free {
                place.lease = Some((owner, now().saturating_add(LEASE)));
            }
            free
        });
        if !taken {
            return None;
        }
        let place = api_url.to_owned();
        let prolong = Closure::new(move || {
            memory::place(&place, |place| {
                if place.lease.is_some_and(|(holder, _)| holder == owner) {
                    place.lease = Some((owner, now().saturating_add(LEASE)));
                }
            });
        });
        let every = u32::try_from(LEASE).unwrap_or_default().div_euclid(4);
        let stop = call.every(every, prolong.as_ref().unchecked_ref());
        Some(Self { api_url: api_url.to_owned(), owner, stop, _prolong: prolong })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let _stopped = self.stop.call0(&JsValue::UNDEFINED);
        memory::place(&self.api_url, |place| {
            if place.lease.is_some_and(|(holder, _)| holder == self.owner) {
                place.lease = None;
            }
        });
    }
}
