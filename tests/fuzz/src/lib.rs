//! What each fuzz target does with an input. `npm test` runs it over its seeds, `npm run fuzz` over what libFuzzer makes of them.

mod admin;
mod answers;
mod claims;
mod flows;
mod headers;
mod json;
mod keys;
mod metadata;
mod raw;
pub mod seeds;
mod tokens;
mod users;
mod webhooks;

pub use admin::admin_answer;
pub use answers::validate_answer;
pub use claims::claims;
pub use flows::flow_answer;
pub use headers::{authorization_header, cookie_header};
pub use keys::key_document;
pub use metadata::metadata;
pub use tokens::token;
pub use users::user_answer;
pub use webhooks::webhook;
