//! The futures of all calls: whose is being polled, so that after a trap the loader knows which call to blame, and which are
//! lost, for a host may end a request with all that it awaits.

use std::cell::{Cell, RefCell};
use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::call::{self, monotonic, Call};
use super::text;

/// Milliseconds after which a call is lost: longer than any `timeout`.
const LOST_AFTER: i64 = 40_000;

type Work = Pin<Box<dyn Future<Output = String>>>;
/// When it is lost, and the work, which is away while it is polled.
type Running = (i64, Rc<RefCell<Option<Work>>>);

thread_local! {
    static POLLED: Cell<u32> = const { Cell::new(0) };
    static RUNNING: RefCell<Vec<Running>> = const { RefCell::new(Vec::new()) };
}

/// The call whose future is being polled, 0 for none. After a trap: the one that trapped.
#[wasm_bindgen]
pub fn polled() -> u32 {
    POLLED.get()
}

/// Starts a call's future under its number. The promise never rejects, and does not settle where the host ends the call.
pub(super) fn start(id: u32, work: Work) -> Promise {
    let work = Rc::new(RefCell::new(Some(work)));
    drop_lost();
    RUNNING.with_borrow_mut(|running| running.push((monotonic().saturating_add(LOST_AFTER), Rc::clone(&work))));
    future_to_promise(poll_fn(move |context| {
        POLLED.set(id);
        #[cfg(feature = "trap")]
        spring();
        let Some(mut future) = work.take() else { return Poll::Ready(Ok(text(Err(call::timed_out())).into())) };
        let polled = future.as_mut().poll(context);
        POLLED.set(0);
        match polled {
            Poll::Pending => drop(work.replace(Some(future))),
            Poll::Ready(_) => RUNNING.with_borrow_mut(|running| running.retain(|(_, other)| !Rc::ptr_eq(other, &work))),
        }
        polled.map(|text| Ok(JsValue::from(text)))
    }))
}

/// Starts work behind an answer, with a call of its own. False where the host does not keep it alive.
pub(super) fn behind<F: AsyncFnOnce(&Call) + 'static>(call: &Call, work: F) -> bool {
    let Some(own) = call.behind() else { return false };
    let _settled = start(
        0,
        Box::pin(async move {
            work(&own).await;
            own.close();
            String::new()
        }),
    );
    true
}

/// What is left of a call that never ended would stay for ever. Dropped when the list is free, for it may call the host.
fn drop_lost() {
    let now = monotonic();
    let lost: Vec<Running> =
        RUNNING.with_borrow_mut(|running| running.extract_if(.., |(lost_at, _)| *lost_at <= now).collect());
    for (_, work) in lost {
        drop(work.take());
    }
}

#[cfg(feature = "trap")]
pub(super) use trap::spring;
#[cfg(feature = "trap")]
pub use trap::trap_next_poll;

/// Traps on purpose, for the tests of what a trap may hurt.
#[cfg(feature = "trap")]
mod trap {
    use std::cell::RefCell;

    use wasm_bindgen::prelude::*;

    thread_local! {
        static ARMED: RefCell<Option<String>> = const { RefCell::new(None) };
    }

    /// The next poll of any call traps: by `panic`, `memory` or `stack`.
    #[wasm_bindgen]
    pub fn trap_next_poll(kind: String) {
        ARMED.set(Some(kind));
    }

    #[allow(clippy::panic)]
    pub(in crate::js) fn spring() {
        match ARMED.take().as_deref() {
            None => {}
            Some("memory") => {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(Vec::<u8>::with_capacity(1 << 30)); // Never written to, so it costs address space only.
                }
            }
            Some("stack") => {
                std::hint::black_box(descend(1));
            }
            Some(_) => panic!("on purpose"),
        }
    }

    #[allow(unconditional_recursion)]
    fn descend(depth: u64) -> u64 {
        let frame = std::hint::black_box([depth; 64]);
        descend(depth.wrapping_add(1)).wrapping_add(frame.iter().fold(0, |sum, word| sum ^ word))
    }
}
