//! The tenant of `vectors/attack-tokens`: its options and its clock, and the corridor with them.

use hanko_edge::claims::{self, Claims, Policy};
use hanko_edge::config::MAX_TOKEN_LENGTH;
use hanko_edge::error::Error;
use hanko_edge::keys::{Key, KeySet};
use hanko_edge::token::Token;
use serde_json::Value;

use crate::data::text;

/// What the tenant demands of a token, and when.
pub(crate) struct Tenant {
    audience: [String; 1],
    issuer: String,
    tolerance: i64,
    now: i64,
}

impl Tenant {
    /// The tenant of this file.
    pub(crate) fn of(file: &Value) -> Self {
        let milliseconds = |seconds: &Value| seconds.as_i64().expect("a number of seconds") * 1000;
        Self {
            audience: [text(&file["config"], "audience").to_owned()],
            issuer: text(&file["config"], "issuer").to_owned(),
            tolerance: milliseconds(&file["config"]["clockToleranceSeconds"]),
            now: milliseconds(&file["now"]),
        }
    }

    /// The corridor in the order of `src/js/corridor.rs`; the first error ends it.
    pub(crate) fn verify(
        &self,
        text: &str,
        keys: &KeySet,
        is_signed_by: impl FnOnce(&Token, &Key) -> bool,
    ) -> Result<Claims, Error> {
        let token = Token::parse(text, MAX_TOKEN_LENGTH)?;
        let (_, key) = keys.find(token.kid()?)?;
        let policy = Policy { audience: &self.audience, issuer: Some(&self.issuer), tolerance: self.tolerance };
        claims::verify(&token, is_signed_by(&token, key), policy, self.now)
    }
}
