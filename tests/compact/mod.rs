//! Tokens made by hand: nobody signs them, for tests of what happens before and after the signature.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::claims::Policy;

/// A person.
pub(crate) const ADA: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
/// A session.
pub(crate) const SESSION: &str = "2b25b8be-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
/// `iat`, in seconds since 1970.
pub(crate) const ISSUED: i64 = 1_760_000_000;
/// `exp`, likewise.
pub(crate) const EXPIRES: i64 = 1_760_003_600;

/// Header and payload as they stand, and a signature of three bytes.
pub(crate) fn compact(header: &str, payload: &str) -> String {
    format!("{}.{}.c2ln", encode(header), encode(payload))
}

/// A part of a token.
pub(crate) fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text.as_bytes())
}

/// Nothing but what every token must say.
pub(crate) const ANY: Policy<'static> = Policy { audience: &[], issuer: None, tolerance: 0 };
