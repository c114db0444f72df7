//! What each fuzz target does with an input. `npm test` runs it over its seeds, `npm run fuzz` over what libFuzzer makes of them.

mod answers;
mod claims;
mod headers;
mod json;
mod keys;
mod metadata;
mod people;
pub mod seeds;
mod tokens;

pub use answers::validate_answer;
pub use claims::claims;
pub use headers::{authorization_header, cookie_header};
pub use keys::key_document;
pub use metadata::metadata;
pub use people::{admin_answer, user_answer};
pub use tokens::token;
