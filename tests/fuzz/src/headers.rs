//! The two headers that carry a token.

use std::collections::BTreeSet;

use hanko_edge::carrier::{find, read, Source};
use hanko_edge::config::MAX_TOKEN_LENGTH;
use hanko_edge::error::Code;
use hanko_edge::token::is_compact;

const NAME: &str = "hanko";

/// Cookies: at most 20, each once, each as it stands; other cookies change nothing.
pub fn cookie_header(input: &[u8]) {
    let Ok(header) = std::str::from_utf8(input) else { return };
    let found = find(None, Some(header), NAME);
    let others = format!("a=1; {header}; b=\"2\"; hanko2=x.y.z; Hanko=x.y.z");
    let among_others = find(None, Some(&others), NAME);
    let read = read(None, Some(header), NAME, MAX_TOKEN_LENGTH);
    match found {
        Ok(carried) => {
            assert!(carried.source == Source::Cookie && (1..=20).contains(&carried.tokens.len()));
            let different: BTreeSet<&String> = carried.tokens.iter().collect();
            assert_eq!(different.len(), carried.tokens.len());
            for token in &carried.tokens {
                assert!(!token.is_empty() && !token.contains(';') && header.contains(token.as_str()));
            }
            assert!(among_others.is_ok_and(|among| among == carried));
            match read {
                Ok((token, source)) => {
                    assert!(source == Source::Cookie && carried.tokens == [token.clone()] && is_compact(&token));
                }
                Err(error) => {
                    let several = carried.tokens.len() > 1;
                    assert_eq!(several, error.code() == Code::TokenAmbiguous, "{error}");
                    assert!(several || matches!(error.code(), Code::TokenMalformed | Code::TokenTooLarge));
                }
            }
        }
        Err(error) => {
            assert_eq!(error.code(), Code::TokenMissing);
            assert!(among_others.is_err() && read.is_err_and(|error| error.code() == Code::TokenMissing));
        }
    }
}

/// Authorization: of scheme Bearer it hides the cookie, whatever it holds; of another it does not.
pub fn authorization_header(input: &[u8]) {
    let Ok(header) = std::str::from_utf8(input) else { return };
    let words: Vec<&str> = header.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    let is_bearer = words.first().is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    match find(Some(header), Some("hanko=x.y.z"), NAME) {
        Ok(carried) if carried.source == Source::Cookie => assert!(!is_bearer && carried.tokens == ["x.y.z"]),
        Ok(carried) => {
            assert!(is_bearer && carried.source == Source::Authorization);
            assert!(words.len() == 2 && carried.tokens == words.get(1..).unwrap_or_default());
            assert!(carried.tokens.concat().bytes().all(|byte| byte.is_ascii_graphic() && byte != b','));
        }
        Err(error) => {
            assert!(is_bearer, "{error}");
            assert!(matches!(error.code(), Code::TokenMissing | Code::TokenAmbiguous | Code::TokenMalformed));
        }
    }
    match read(Some(header), None, NAME, MAX_TOKEN_LENGTH) {
        Ok((token, source)) => assert!(is_bearer && source == Source::Authorization && is_compact(&token)),
        Err(error) => assert!(is_bearer || error.code() == Code::TokenMissing),
    }
}
