//! Says whose future is being polled, so that after a trap the loader knows which call to blame.

use std::cell::Cell;
use std::future::{poll_fn, Future};
use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

thread_local! {
    static POLLED: Cell<u32> = const { Cell::new(0) };
}

/// The call whose future is being polled, 0 for none. After a trap: the one that trapped.
#[wasm_bindgen]
pub fn polled() -> u32 {
    POLLED.get()
}

/// Starts a call's future under its number. The promise never rejects.
pub(super) fn start(id: u32, mut future: Pin<Box<dyn Future<Output = String>>>) -> Promise {
    let traced = poll_fn(move |context| {
        POLLED.set(id);
        #[cfg(feature = "trap")]
        spring();
        let polled = future.as_mut().poll(context);
        POLLED.set(0);
        polled.map(|text| Ok(JsValue::from(text)))
    });
    future_to_promise(traced)
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
