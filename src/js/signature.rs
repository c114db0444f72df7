//! A signature whose key is at hand: WebCrypto's own promise is all that is waited for, and the facade does the waiting.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call::now;
use super::memory::{self, Verified};
use super::{corridor, crypto, keyring, shown, text};
use crate::claims::{self, Claims};
use crate::config::Config;
use crate::error::Error;
use crate::token::Token;

/// A token that WebCrypto is at.
pub(super) struct Begun {
    config: Rc<Config>,
    token: Token,
    n: String,
}

/// Begins, where nothing else need be waited for; the call's number is for [`signature_verified`].
///
/// # Errors
/// Those of a token that is refused before its signature is looked at.
pub(super) fn begin(config: &Rc<Config>, id: u32, text: &str) -> Result<Option<Promise>, Error> {
    let token = Token::parse(text, config.max_token_length)?;
    let Some(found) = keyring::at_hand(config, token.kid()?)? else { return Ok(None) };
    let Some(promise) = crypto::begin(&found.key, found.length, &token)? else {
        return claims::read(&token, false).map(|_| None);
    };
    memory::begin_signature(id, Begun { config: Rc::clone(config), token, n: found.n });
    Ok(Some(promise))
}

/// What WebCrypto said of the token that a call has begun with: ok is the session where it is to be shown, else null. The
/// empty text where the token has been forgotten since.
#[wasm_bindgen]
pub fn signature_verified(id: u32, good: bool, show: bool) -> String {
    #[cfg(feature = "trap")]
    super::traced::spring();
    let Some(Begun { config, token, n }) = memory::end_signature(id) else { return String::new() };
    text(claims_of(&config, &token, n, good).and_then(|claims| {
        if !show {
            return Ok("null".to_owned());
        }
        claims.check(corridor::policy(&config), now())?;
        Ok(shown::session(&claims))
    }))
}

/// The claims of a token whose signature was looked at, which are remembered.
pub(super) fn claims_of(config: &Config, token: &Token, n: String, good: bool) -> Result<Claims, Error> {
    let claims = claims::read(token, good)?;
    if config.cache_size > 0 {
        let (kid, number) = (token.kid()?.to_owned(), memory::next_number());
        let verified = Rc::new(Verified { kid, n, claims: claims.clone(), number });
        memory::place(&config.api_url, |place| place.verified.insert(token.text(), verified, config.cache_size));
    }
    Ok(claims)
}
