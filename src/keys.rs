//! The published keys: the key document (RFC 7517), the policy, and the choice by `kid`.

use crate::encoding::{self, member, Object};
use crate::error::{Code, Error};
use crate::freshness::MAX_AGE;
use crate::http::{Request, Response};

/// Keys in a document; more are refused.
const MAX_KEYS: usize = 100;
/// Bytes of a key document.
const MAX_BYTES: usize = 256 * 1024;

/// A key that the policy accepts: RSA, 2048 to 4096 bits, e = 65537, for RS256 signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The modulus, base64url as published.
    pub n: String,
    /// Bytes of the modulus, and so of a signature (RFC 8017 section 8.2.2).
    pub length: usize,
}

/// A key document's keys. A bad key never spoils its siblings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    entries: Vec<(String, Option<Key>)>,
}

impl KeySet {
    /// The key of this `kid`, with its place in the document.
    ///
    /// # Errors
    /// `key_not_found`; `key_unusable` for one that breaks the policy, and where two have the same `kid`.
    pub fn find(&self, kid: &str) -> Result<(usize, &Key), Error> {
        let mut named = self.entries.iter().enumerate().filter(|(_, (name, _))| name == kid);
        match (named.next(), named.next()) {
            (None, _) => Err(not_found()),
            (Some((at, (_, Some(key)))), None) => Ok((at, key)),
            _ => Err(Error::new(Code::KeyUnusable, "the token's key breaks the key policy")),
        }
    }

    /// Whether any key has this `kid`, usable or not.
    pub fn knows(&self, kid: &str) -> bool {
        self.entries.iter().any(|(name, _)| name == kid)
    }
}

/// What is kept of the keys in a shared store: `{ v, apiUrl, fetchedAt, document }`, as JSON text.
pub fn to_store(api_url: &str, fetched_at: i64, document: &str) -> String {
    let mut kept = Object::default();
    kept.put("v", "1");
    kept.put_string("apiUrl", api_url);
    kept.put("fetchedAt", &fetched_at.to_string());
    kept.put_string("document", document);
    kept.finish()
}

/// The keys of a shared store, checked like Hanko's own answer, and when they were fetched. None where they are not these
/// keys, were fetched in the future, or are past every use.
pub fn from_store(text: &str, api_url: &str, max_stale: i64, now: i64) -> Option<(KeySet, i64)> {
    let members = encoding::members(text).ok()?;
    let ours = member(&members, "v") == Some("1")
        && member(&members, "apiUrl").and_then(encoding::string).as_deref() == Some(api_url);
    let fetched_at: i64 = member(&members, "fetchedAt").and_then(|json| json.parse().ok())?;
    let age = now.checked_sub(fetched_at).filter(|age| (0..MAX_AGE.saturating_add(max_stale)).contains(age));
    let document = member(&members, "document").and_then(encoding::string)?;
    let set = parse_set(document.as_bytes()).ok()?;
    (ours && age.is_some()).then_some((set, fetched_at))
}

/// `key_not_found`.
pub fn not_found() -> Error {
    Error::new(Code::KeyNotFound, "no published key has the token's kid")
}

/// `GET /.well-known/jwks.json`, past every cache.
pub fn request() -> Request {
    Request::get("/.well-known/jwks.json", MAX_BYTES).past_caches()
}

/// The keys of the answer to [`request`].
///
/// # Errors
/// `keys_unavailable` for 5xx and 429, `keys_invalid` for a document without a usable key or with more than 100,
/// else as [`Response::refused`].
pub fn parse(response: &Response) -> Result<KeySet, Error> {
    match response.status {
        200 => parse_set(&response.body),
        429 | 500..=599 => Err(unavailable(&response.refused())),
        _ => Err(response.refused()),
    }
}

/// How a failure to fetch the keys is told in a local check: no answer is `keys_unavailable`.
pub fn fetch_failed(error: &Error) -> Error {
    match error.code() {
        Code::NetworkError => unavailable(error),
        _ => error.clone(),
    }
}

/// What an unknown `kid` means while no fetch is allowed, in milliseconds since 1970.
///
/// A token older than the last good fetch would have been signed by a key that was listed then: `key_not_found`.
/// A newer one may be signed by a key that is newer still: `keys_unavailable`, so that a rotation is no logout.
pub fn unknown(issued_at: Option<i64>, last_good: i64, next_fetch: i64, now: i64) -> Error {
    if issued_at.is_none_or(|issued_at| issued_at <= last_good) {
        return not_found();
    }
    let wait = next_fetch.saturating_sub(now).max(0);
    let mut error =
        Error::new(Code::KeysUnavailable, "the token's key is not known yet, and the keys were fetched just now");
    error.retry_after = u32::try_from(wait.div_euclid(1000).saturating_add(1)).ok();
    error
}

fn unavailable(error: &Error) -> Error {
    let mut told = Error::new(Code::KeysUnavailable, ["the key document cannot be had: ", error.message()].concat());
    told.status = error.status;
    told.retry_after = error.retry_after;
    told
}

fn invalid(why: &'static str) -> Error {
    Error::new(Code::KeysInvalid, ["the key document ", why].concat()).with_status(200)
}

fn parse_set(body: &[u8]) -> Result<KeySet, Error> {
    let text = std::str::from_utf8(body).map_err(|_| invalid("is not UTF-8"))?;
    let members = encoding::members(text).map_err(|_| invalid("is not a strict JSON object"))?;
    let keys = member(&members, "keys").and_then(encoding::elements).ok_or_else(|| invalid("has no list of keys"))?;
    if keys.len() > MAX_KEYS {
        return Err(invalid("has more than 100 keys"));
    }
    let entries: Vec<_> = keys.iter().filter_map(|key| parse_key(key)).collect();
    let set = KeySet { entries };
    let usable = set.entries.iter().any(|(kid, _)| set.find(kid).is_ok());
    usable.then_some(set).ok_or_else(|| invalid("has no usable key"))
}

/// A key with its `kid`; without a `kid` it can never be chosen and is left out.
fn parse_key(json: &str) -> Option<(String, Option<Key>)> {
    let members = encoding::members(json).ok()?;
    let text = |name| member(&members, name).and_then(encoding::string);
    let kid = text("kid").filter(|kid| !kid.is_empty() && kid.len() <= 256)?;
    let absent_or = |name, value| member(&members, name).is_none() || text(name).as_deref() == Some(value);
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| member(&members, name).is_some());
    let verifies = member(&members, "key_ops").is_none_or(|json| {
        encoding::strings(json).is_some_and(|ops| ops.iter().any(|operation| operation == "verify"))
    });
    let accepted = text("kty").as_deref() == Some("RSA")
        && text("e").as_deref() == Some("AQAB")
        && absent_or("alg", "RS256")
        && absent_or("use", "sig")
        && verifies
        && !private;
    let key = text("n").filter(|_| accepted).and_then(parse_modulus);
    Some((kid, key))
}

/// 2048 to 4096 bits, odd, without leading zeros (RFC 7518 section 6.3.1.1), without the ROCA fingerprint.
fn parse_modulus(n: String) -> Option<Key> {
    let bytes = encoding::base64url(&n).ok()?;
    let first = bytes.first()?;
    let bits = bytes.len().checked_mul(8)?.checked_sub(usize::try_from(first.leading_zeros()).ok()?)?;
    let odd = bytes.last().is_some_and(|last| last & 1 == 1);
    let good = *first != 0 && odd && (2048..=4096).contains(&bits) && !is_roca(&bytes);
    good.then_some(Key { n, length: bytes.len() })
}

/// CVE-2017-15361: the moduli of that generator are powers of 65537 modulo every small prime.
fn is_roca(modulus: &[u8]) -> bool {
    const PRIMES: [u32; 38] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
        109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];
    PRIMES.iter().all(|&prime| {
        let times = |a: u32, b: u32| a.wrapping_mul(b).checked_rem(prime).unwrap_or_default();
        let residue = modulus.iter().fold(0, |residue, &byte| {
            times(residue, 256).wrapping_add(u32::from(byte)).checked_rem(prime).unwrap_or_default()
        });
        let generator = times(65537, 1);
        std::iter::successors(Some(1), |&power| Some(times(power, generator)).filter(|&next| next != 1))
            .any(|power| power == residue)
    })
}
