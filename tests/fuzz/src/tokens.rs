//! Token texts.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::claims;
use hanko_edge::config::MAX_TOKEN_LENGTH;
use hanko_edge::encoding::MAX_DEPTH;
use hanko_edge::error::Code;
use hanko_edge::token::{is_compact, Token};

use super::json::strict_object;

/// A text that parses is the one spelling of what was parsed.
pub fn token(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let token = match Token::parse(text, MAX_TOKEN_LENGTH) {
        Ok(token) => token,
        Err(error) => {
            let code = error.code();
            assert!(matches!(code, Code::TokenTooLarge | Code::TokenMalformed | Code::HeaderUnsupported), "{error}");
            assert_eq!(code == Code::TokenTooLarge, text.chars().count() > MAX_TOKEN_LENGTH);
            return;
        }
    };
    let parts: Vec<&str> = text.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { panic!("{} parts", parts.len()) };
    assert!(is_compact(text));
    assert_eq!(token.text(), text);
    assert_eq!(token.signed(), format!("{header}.{payload}").as_bytes());
    assert_eq!(URL_SAFE_NO_PAD.encode(token.payload()), *payload);
    assert_eq!(URL_SAFE_NO_PAD.encode(token.signature()), *signature);
    assert!(!token.signature().is_empty() && format!("{token:?}") == "Token(..)");
    header_is_read(&token, header);
    payload_is_shown(&token);
}

fn header_is_read(token: &Token, part: &str) {
    let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
    assert_eq!(URL_SAFE_NO_PAD.encode(&bytes), part);
    let Some(tree) = strict_object(std::str::from_utf8(&bytes).expect("UTF-8"), MAX_DEPTH) else { return };
    let text = |name| tree.get(name).and_then(|value| value.as_str());
    let header = token.header();
    assert_eq!(text("alg"), Some(header.alg.as_str()));
    assert_eq!((text("kid"), text("typ")), (header.typed.key_id.as_deref(), header.typed.token_type.as_deref()));
    let extended = tree.contains_key("crit") || tree.contains_key("b64");
    assert!(!tree.contains_key("cty") && extended == header.extended);
    if let Ok(kid) = token.kid() {
        assert!(text("alg") == Some("RS256") && text("kid") == Some(kid) && !extended);
        assert!((1..=256).contains(&kid.len()));
    }
}

fn payload_is_shown(token: &Token) {
    let unsigned = claims::read(token, false).map(|_| ()).map_err(|error| error.code());
    assert_eq!(unsigned, Err(Code::SignatureInvalid));
    match claims::decode(token) {
        Ok((_, payload)) => assert_eq!(payload.as_bytes(), token.payload()),
        Err(error) => assert_eq!(error.code(), Code::ClaimsMalformed),
    }
    let _ = claims::unverified_time(token, "iat");
    let _ = claims::unverified_identity(token);
}
