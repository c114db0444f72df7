//! The core of `hanko-edge`: is this request made by a person who is signed in at Hanko?
//!
//! One file per step, each from plain values to plain values:
//!
//! ```text
//! request -> carrier -> token -> key -> signature -> claims -> session
//!            (find)    (parse)  (find)  (verify)    (verify)   (validate)
//! ```
//!
//! Nothing here reads a clock, draws randomness or does I/O: time is an argument, and everything a
//! server answers has two pure halves, a `request` and a `parse`. Only the module `js`, which WebAssembly has, touches a host.

pub mod address;
pub mod admin;
pub mod admin_view;
pub mod applied;
pub mod cache;
pub mod carrier;
pub mod claims;
pub mod claims_view;
pub mod config;
pub mod distinct;
pub mod encoding;
pub mod error;
pub mod flow;
pub mod freshness;
pub mod given;
pub mod http;
#[cfg(target_family = "wasm")]
pub mod js;
pub mod json;
pub mod keys;
pub mod logout;
pub mod merge;
pub mod metadata;
pub mod number;
pub mod parts;
pub mod profile;
pub mod queue;
pub mod registered;
pub mod rfc3339;
pub mod session;
pub mod shape;
pub mod spelling;
pub mod token;
pub mod user;
pub mod validate;
pub mod verbatim;
pub mod webhook;
