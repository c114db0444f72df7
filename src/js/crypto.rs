//! RS256 by the host's WebCrypto (RFC 7518 section 3.3). The algorithm is this code's, never the token's.

use js_sys::{Array, Object, Promise};
use serde::Serializer as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use crate::error::{Code, Error};
use crate::keys::Key;
use crate::token::Token;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = importKey, catch)]
    fn import_key(
        format: &str,
        key: &Object,
        algorithm: &Object,
        extractable: bool,
        usages: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = verify, catch)]
    fn verify_signature(algorithm: &str, key: &CryptoKey, signature: &[u8], data: &[u8]) -> Result<Promise, JsValue>;
}

/// Makes a key usable for [`verify`].
pub(super) async fn import(key: &Key) -> Result<CryptoKey, Error> {
    let jwk = to_object(&[("kty", "RSA"), ("n", &key.n), ("e", "AQAB"), ("alg", "RS256")])?;
    let usages = Array::of1(&"verify".into());
    let promise = import_key("jwk", &jwk, &algorithm()?, false, &usages).map_err(|_| failed())?;
    let key = JsFuture::from(promise).await.map_err(|_| failed())?;
    Ok(key.unchecked_into())
}

/// Whether the token's signature is the key's.
pub(super) async fn verify(key: &CryptoKey, length: usize, token: &Token) -> Result<bool, Error> {
    let Some(promise) = begin(key, length, token)? else { return Ok(false) };
    let good = JsFuture::from(promise).await.map_err(|_| failed())?;
    Ok(good.as_bool() == Some(true))
}

/// WebCrypto's promise to say so. A signature of another length than the modulus is none (RFC 8017 section 8.2.2).
pub(super) fn begin(key: &CryptoKey, length: usize, token: &Token) -> Result<Option<Promise>, Error> {
    if token.signature().len() != length {
        return Ok(None);
    }
    let promise = verify_signature("RSASSA-PKCS1-v1_5", key, token.signature(), token.signed());
    promise.map(Some).map_err(|_| failed())
}

fn algorithm() -> Result<Object, Error> {
    to_object(&[("name", "RSASSA-PKCS1-v1_5"), ("hash", "SHA-256")])
}

/// Members of ours only: their names are known, so none of them can be `__proto__`.
fn to_object(members: &[(&str, &str)]) -> Result<Object, Error> {
    let writer = Serializer::json_compatible();
    let object = writer.collect_map(members.iter().copied());
    object.map(JsCast::unchecked_into).map_err(|_| failed())
}

fn failed() -> Error {
    Error::new(Code::InternalError, "WebCrypto failed, or is not there (in a browser it needs a secure context)")
}
