//! The lease that lets one call at a time do what must not overlap. The others look by their own timers: on Workers nothing
//! may wait for what another request began.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::call::{monotonic, Call};
use super::{fetch, memory};
use crate::error::Error;
use crate::queue::{Party, LEASE};

/// Milliseconds between two looks at what another call does.
pub(super) const LOOK: u32 = 15;

/// A call's claim to the lease of a name. It is given up when it is dropped, and prolonged while its call lives.
pub(super) struct Lease<'a> {
    call: &'a Call,
    name: String,
    number: u32,
    lapsed: Option<Party>,
    looked: bool,
    prolonging: Option<(Function, Closure<dyn FnMut()>)>,
}

impl<'a> Lease<'a> {
    /// The claim of one who stands in no queue: it waits for the holder's result, and not for a turn.
    pub(super) fn new(call: &'a Call, name: &str) -> Self {
        Self {
            call,
            name: name.to_owned(),
            number: fetch::random(u32::MAX),
            lapsed: None,
            looked: false,
            prolonging: None,
        }
    }

    /// Waits for its turn: first come, first served.
    ///
    /// # Errors
    /// `request_timeout`, `request_aborted`
    pub(super) async fn turn(call: &'a Call, name: &str) -> Result<Self, Error> {
        let mut lease = Self::new(call, name);
        memory::queue(name, |queue| queue.join(lease.number, monotonic()));
        loop {
            call.check()?;
            if lease.take() {
                return Ok(lease);
            }
            call.sleep(LOOK).await?;
        }
    }

    /// As [`turn`](Self::turn), among all who patch metadata of this user, whatever kind and by whatever API: Hanko writes
    /// all kinds at once.
    pub(super) async fn of_metadata(call: &'a Call, user_id: &str) -> Result<Self, Error> {
        Self::turn(call, &["metadata ", user_id].concat()).await
    }

    /// One look: whether the lease is this call's now.
    pub(super) fn take(&mut self) -> bool {
        let (number, lapsed) = (self.number, &mut self.lapsed);
        let taken = memory::queue(&self.name, |queue| queue.take(number, lapsed, monotonic()));
        // The first look follows no timer: in a host that was busy, those of a holder who lives had no turn before it.
        if !std::mem::replace(&mut self.looked, true) {
            self.lapsed = None;
        }
        if taken {
            let name = self.name.clone();
            let prolong = Closure::new(move || memory::queue(&name, |queue| queue.prolong(number, monotonic())));
            let every = u32::try_from(LEASE).unwrap_or_default().div_euclid(4);
            self.prolonging = Some((self.call.every(every, prolong.as_ref().unchecked_ref()), prolong));
        }
        taken
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some((stop, _)) = &self.prolonging {
            let _stopped = stop.call0(&JsValue::UNDEFINED);
        }
        memory::queue(&self.name, |queue| queue.leave(self.number));
    }
}
