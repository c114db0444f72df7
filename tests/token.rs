//! Token text to [`Token`], and the headers that are accepted.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::error::Code;
use hanko_edge::token::{is_compact, is_uuid, Token, MAX_HEADER};

const PAYLOAD: &str = "e30";

fn header(json: &str) -> Result<Token, Code> {
    let text = format!("{}.{PAYLOAD}.c2ln", URL_SAFE_NO_PAD.encode(json.as_bytes()));
    Token::parse(&text, 16_384).map_err(|error| error.code())
}

fn kid(json: &str) -> Result<String, Code> {
    header(json)?.kid().map(str::to_owned).map_err(|error| error.code())
}

#[test]
fn a_token_has_three_parts_of_base64url() {
    for text in ["", ".", "..", "a.b", "a.b.", ".a.b", "a..b", "a.b.c.d", "a.b.c ", "a.b.c=", "a.b.\u{e9}", "a/b.c.d"] {
        assert!(!is_compact(text), "{text:?}");
        assert_eq!(Token::parse(text, 100).map(|_| ()).map_err(|error| error.code()), Err(Code::TokenMalformed));
    }
    assert!(is_compact("a.b.c") && is_compact("-_.A0.z9"));
}

#[test]
fn the_parts_are_kept_as_they_are() {
    let token = header(r#"{"alg":"RS256","kid":"k","typ":"JWT"}"#).expect("a token");
    assert_eq!((token.payload(), token.signature()), (&b"{}"[..], &b"sig"[..]));
    let (signed, _) = token.text().rsplit_once('.').expect("a dot");
    assert_eq!(token.signed(), signed.as_bytes());
    let header = token.header();
    let (kid, typ) = (header.typed.key_id.as_deref(), header.typed.token_type.as_deref());
    assert_eq!((header.alg.as_str(), kid, typ), ("RS256", Some("k"), Some("JWT")));
}

#[test]
fn a_header_is_so_long_and_no_longer() {
    let of = |length: usize| {
        let frame = r#"{"alg":"RS256","x":""}"#.len();
        header(&format!(r#"{{"alg":"RS256","x":"{}"}}"#, "x".repeat(length / 4 * 3 - frame))).map(|_| ())
    };
    assert_eq!((of(MAX_HEADER), of(MAX_HEADER + 4)), (Ok(()), Err(Code::TokenMalformed)));
}

#[test]
fn parts_must_be_canonical() {
    let head = URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256","kid":"k"}"#);
    for (payload, signature) in [("e31", "c2ln"), ("e30", "c2lnZ"), ("e30", "YR"), ("e3", "c2ln")] {
        let parsed = Token::parse(&format!("{head}.{payload}.{signature}"), 1000);
        assert_eq!(
            parsed.map(|_| ()).map_err(|error| error.code()),
            Err(Code::TokenMalformed),
            "{payload} {signature}"
        );
    }
}

#[test]
fn the_limit_counts_characters_and_comes_first() {
    let text = "a.b.c";
    let too_large =
        |text: &str, limit| Token::parse(text, limit).is_err_and(|error| error.code() == Code::TokenTooLarge);
    assert!(too_large(text, 4) && !too_large(text, 5));
    assert!(too_large("\u{e9}\u{e9}\u{e9}", 2) && !too_large("\u{e9}\u{e9}\u{e9}", 3));
}

#[test]
fn only_plain_rs256_headers_are_accepted() {
    use Code::{AlgNotAllowed, HeaderUnsupported, KidMissing, TokenMalformed};
    let long = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(257));
    let rows: [(&str, Code); 27] = [
        (r#"{"alg":"none","kid":"k"}"#, AlgNotAllowed),
        (r#"{"alg":"HS256","kid":"k"}"#, AlgNotAllowed),
        (r#"{"alg":"rs256","kid":"k"}"#, AlgNotAllowed),
        (r#"{"alg":"RS256 ","kid":"k"}"#, AlgNotAllowed),
        (r#"{"alg":"","kid":"k"}"#, AlgNotAllowed),
        (r#"{"alg":"PS256","crit":["x"]}"#, AlgNotAllowed),
        (r#"{"alg":"RS256"}"#, KidMissing),
        (r#"{"alg":"RS256","kid":""}"#, TokenMalformed),
        (&long, TokenMalformed),
        (r#"{"kid":"k"}"#, TokenMalformed),
        (r#"{"alg":["RS256"],"kid":"k"}"#, TokenMalformed),
        (r#"{"alg":null,"kid":"k"}"#, TokenMalformed),
        (r#"{"alg":"RS256","kid":null}"#, TokenMalformed),
        (r#"{"alg":"RS256","kid":1}"#, TokenMalformed),
        (r#"{"alg":"RS256","kid":"k","typ":null}"#, TokenMalformed),
        (r#"{"alg":"RS256","kid":"k","kid":"k"}"#, TokenMalformed),
        (r#"{"alg":"RS256","kid":"k","\u006bid":"j"}"#, TokenMalformed),
        (r#"{"alg":"RS256","kid":"k"} "x""#, TokenMalformed),
        ("\u{feff}{\"alg\":\"RS256\",\"kid\":\"k\"}", TokenMalformed),
        (r#"["RS256"]"#, TokenMalformed),
        (r#"{"alg":"RS256","kid":"k","crit":[]}"#, HeaderUnsupported),
        (r#"{"alg":"RS256","kid":"k","crit":null}"#, HeaderUnsupported),
        (r#"{"alg":"RS256","kid":"k","b64":true}"#, HeaderUnsupported),
        (r#"{"alg":"RS256","kid":"k","cty":"JWT"}"#, HeaderUnsupported),
        (r#"{"alg":"RS256","kid":"k","typ":"at+jwt"}"#, HeaderUnsupported),
        (r#"{"alg":"RS256","kid":"k","typ":""}"#, HeaderUnsupported),
        (r#"{"alg":"RS256","kid":"k","typ":"JWT "}"#, HeaderUnsupported),
    ];
    for (json, code) in rows {
        assert_eq!(kid(json), Err(code), "{json}");
    }
}

#[test]
fn typ_is_a_media_type_and_other_members_are_ignored() {
    for json in [
        r#"{"alg":"RS256","kid":"k"}"#,
        r#"{"alg":"RS256","kid":"k","typ":"JWT"}"#,
        r#"{"alg":"RS256","kid":"k","typ":"jwt"}"#,
        r#"{"alg":"RS256","kid":"k","typ":"application/JWT"}"#,
        r#"{"alg":"RS256","kid":"k","jku":"https://evil.example","x":{"y":[1]}}"#,
    ] {
        assert_eq!(kid(json).as_deref(), Ok("k"), "{json}");
    }
    assert!(kid(&format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(256))).is_ok());
}

#[test]
fn a_uuid_is_lower_case_with_dashes_and_not_nil() {
    assert!(is_uuid("4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34") && is_uuid("00000000-0000-0000-0000-000000000001"));
    for text in [
        "",
        "00000000-0000-0000-0000-000000000000",
        "4F3C2E1A-9B7D-4C55-8A10-6D2F0E9B1C34",
        "4f3c2e1a9b7d4c558a106d2f0e9b1c34",
        "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c3",
        "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c345",
        "4f3c2e1a-9b7d-4c55-8a106-d2f0e9b1c34",
        "4f3c2e1g-9b7d-4c55-8a10-6d2f0e9b1c34",
        " 4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c3",
        "{4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c}",
    ] {
        assert!(!is_uuid(text), "{text}");
    }
}

#[test]
fn debugging_a_token_shows_nothing_of_it() {
    let token = header(r#"{"alg":"RS256","kid":"k"}"#).expect("a token");
    assert_eq!(format!("{token:?}"), "Token(..)");
}
