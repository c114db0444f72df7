//! RS256 by the `rsa` crate, in the place of the host's WebCrypto.

use hanko_edge::encoding::base64url;
use hanko_edge::http::Response;
use hanko_edge::keys::{Key, KeySet};
use hanko_edge::token::Token;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::Verifier;
use rsa::{BigUint, RsaPublicKey};
use serde_json::Value;

/// The keys of a key document, by the core's own parser.
pub(crate) fn key_set(document: &Value) -> Result<KeySet, hanko_edge::error::Error> {
    hanko_edge::keys::parse(&Response { status: 200, body: document.to_string().into_bytes(), ..Response::default() })
}

/// Whether the token's signature is the key's.
pub(crate) fn is_signed_by(token: &Token, key: &Key) -> bool {
    is_signature(token.signature(), token.signed(), key)
}

/// Whether these bytes are the key's signature of the text; bytes of another length than the modulus are none, as in
/// `src/js/crypto.rs`.
pub(crate) fn is_signature(signature: &[u8], signed: &[u8], key: &Key) -> bool {
    if signature.len() != key.length {
        return false;
    }
    let n = BigUint::from_bytes_be(&base64url(&key.n).expect("a modulus in base64url"));
    let key = RsaPublicKey::new(n, BigUint::from(65_537_u32)).expect("a key within the policy");
    let signature = Signature::try_from(signature).expect("bytes");
    VerifyingKey::<Sha256>::new(key).verify(signed, &signature).is_ok()
}
