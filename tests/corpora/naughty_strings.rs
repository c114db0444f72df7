//! The big list of naughty strings through every argument that takes a text: an answer or a typed error, never a panic,
//! and no message that repeats what was given.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::carrier;
use hanko_edge::claims::{self, Policy};
use hanko_edge::config::{parse_reading, Config, MAX_TOKEN_LENGTH};
use hanko_edge::error::{Code, Error};
use hanko_edge::given;
use hanko_edge::http::{retry_after, Response};
use hanko_edge::token::Token;
use hanko_edge::validate;
use serde_json::{json, Value};

use crate::data::{list, vectors};
use crate::folder::{json, Corpus};
use crate::host::parse_url;
use crate::oracle;

const BLNS: Corpus = Corpus { name: "blns", origin: "github.com/minimaxir/big-list-of-naughty-strings blns.json" };
/// The whole list, and the part of it that is handed around.
const SIZES: [usize; 2] = [515, 344];
/// The strings of three parts of base64url's characters: the shape of a token, which is all that a reader of headers sees.
const SHAPED: [&str; 2] = ["0.0.0", "RomansInSussex.co.uk"];
const ID: &str = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
/// Characters that a message may not repeat; shorter ones may stand in it by chance.
const REPEATED: usize = 16;

/// Judges every string.
fn each(judge: impl Fn(&str)) {
    let Some(folder) = BLNS.find() else { return };
    let file = json(&folder.join("blns.json"));
    assert!(SIZES.contains(&list(&file).len()), "strings are missing: {}", list(&file).len());
    for given in list(&file) {
        judge(given.as_str().expect("a string"));
    }
}

/// The code of a failure whose message does not repeat what was given.
fn code<T>(said: Result<T, Error>, given: &str) -> Option<Code> {
    let error = said.err()?;
    let repeats = given.chars().count() >= REPEATED && error.to_string().contains(given);
    assert!(!repeats, "{error} repeats {given:?}");
    Some(error.code())
}

#[test]
fn as_a_header_none_carries_a_token() {
    use Code::{TokenAmbiguous, TokenMalformed, TokenMissing};
    each(|given| {
        let (bearer, cookie) = (format!("Bearer {given}"), format!("hanko={given}"));
        let read = |authorization, cookie| {
            let said = carrier::read(authorization, cookie, "hanko", MAX_TOKEN_LENGTH);
            code(said, given)
        };
        for code in [read(Some(&bearer), None), read(None, Some(&cookie))] {
            let refused = code.is_some_and(|code| [TokenMissing, TokenAmbiguous, TokenMalformed].contains(&code));
            assert_eq!(refused, !SHAPED.contains(&given), "{given:?}: {code:?}");
        }
        assert_eq!([read(Some(given), None), read(None, Some(given))], [Some(TokenMissing); 2], "{given:?}");
    });
}

#[test]
fn as_a_token_each_is_malformed() {
    each(|given| assert_eq!(code(Token::parse(given, MAX_TOKEN_LENGTH), given), Some(Code::TokenMalformed)));
}

#[test]
fn as_a_member_of_the_header_each_is_read_as_it_stands() {
    let kid = |given: &str, header: Value| {
        let text = format!("{}.e30.c2ln", URL_SAFE_NO_PAD.encode(header.to_string()));
        let token = Token::parse(&text, MAX_TOKEN_LENGTH).expect("a token");
        let said = token.kid().map(str::to_owned);
        said.clone().map_err(|_| code(said, given).expect("an error"))
    };
    each(|given| {
        let named = if is_kid(given) { Ok(given.to_owned()) } else { Err(Code::TokenMalformed) };
        assert_eq!(kid(given, json!({ "alg": "RS256", "kid": given })), named);
        assert_eq!(kid(given, json!({ "alg": given, "kid": "a" })), Err(Code::AlgNotAllowed));
        assert_eq!(kid(given, json!({ "alg": "RS256", "kid": "a", "typ": given })), Err(Code::HeaderUnsupported));
    });
}

fn is_kid(given: &str) -> bool {
    (1..=256).contains(&given.len())
}

#[test]
fn as_an_option_each_is_taken_or_config_invalid() {
    let option = |name: &str, given: &str| (name.to_owned(), given::Value::Text(given.to_owned()));
    let with = |name: &str, given: &str| {
        let others = [option("apiUrl", "https://hanko.example")].into_iter().filter(|other| other.0 != name);
        let options = others.chain([option(name, given)]).collect();
        code(Config::parse(&options, parse_url), given)
    };
    let taken = |yes| if yes { None } else { Some(Code::ConfigInvalid) };
    each(|given| {
        for name in ["apiUrl", "clockTolerance", "timeout", "allowInsecure", "mode"] {
            assert_eq!(with(name, given), Some(Code::ConfigInvalid), "{name} {given:?}");
        }
        for name in ["issuer", "audience"] {
            assert_eq!(with(name, given), taken(!given.is_empty()), "{name} {given:?}");
        }
        // RFC 6265 section 4.1.1.
        let is_name = (1..=256).contains(&given.len())
            && !given.contains(|char: char| !char.is_ascii_graphic() || "()<>@,;:\\\"/[]?={}".contains(char));
        assert_eq!(with("cookieName", given), taken(is_name), "cookieName {given:?}");
        let reading = parse_reading(&vec![option("cookieName", given)]);
        assert_eq!(code(reading, given), taken(is_name), "cookieName {given:?}");
        let unknown = Config::parse(&vec![(given.to_owned(), given::Value::Number(1.0))], parse_url);
        assert_eq!(unknown.map_err(|error| error.code()), Err(Code::ConfigInvalid), "{given:?}");
    });
}

#[test]
fn as_a_kid_each_finds_its_own_key_alone() {
    let published = vectors("attack-tokens/attack_tokens.json");
    each(|given| {
        let mut jwks = published["jwks"].clone();
        jwks["keys"][0]["kid"] = json!(given);
        let set = oracle::key_set(&jwks).expect("the other keys");
        let found = set.find(given).map(|(at, _)| at);
        assert_eq!(found.clone().ok(), is_kid(given).then_some(0), "{given:?}");
        assert_eq!(code(found, given), if is_kid(given) { None } else { Some(Code::KeyNotFound) }, "{given:?}");
        let document = Response { status: 200, body: given.into(), ..Response::default() };
        assert_eq!(code(hanko_edge::keys::parse(&document), given), Some(Code::KeysInvalid), "{given:?}");
    });
}

#[test]
fn as_a_claim_each_is_shown_as_it_was_signed() {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
    let verify = |name: &str, value: &str| {
        let mut payload = json!({ "sub": ID, "session_id": ID, "exp": 2 });
        payload[name] = json!(value);
        let text = format!("{header}.{}.c2ln", URL_SAFE_NO_PAD.encode(payload.to_string()));
        let policy = Policy { audience: &[], issuer: None, tolerance: 0 };
        claims::verify(&Token::parse(&text, MAX_TOKEN_LENGTH).expect("a token"), true, policy, 1000)
    };
    each(|given| {
        for (name, shown_as) in [(given, given), ("custom", "custom"), ("username", "username"), ("iss", "issuer")] {
            let claims = verify(name, given).unwrap_or_else(|error| panic!("{name:?}: {error}"));
            let shown: Value = serde_json::from_str(claims.json()).expect("JSON");
            assert_eq!(shown[shown_as], given, "{name:?}");
        }
        for name in ["sub", "session_id"] {
            assert_eq!(code(verify(name, given), given), Some(Code::NotSessionToken), "{name} {given:?}");
        }
        for name in ["exp", "iat", "nbf", "email"] {
            assert_eq!(code(verify(name, given), given), Some(Code::ClaimsMalformed), "{name} {given:?}");
        }
    });
}

#[test]
fn as_an_answer_none_is_one() {
    let parse = |status, body: &str| validate::parse(&Response { status, body: body.into(), ..Response::default() });
    each(|given| {
        let of_nobody = json!({ "is_valid": true, "user_id": given, "expiration_time": given }).to_string();
        for (status, body) in [(200, given), (400, given), (200, &of_nobody)] {
            assert_eq!(code(parse(status, body), given), Some(Code::ResponseInvalid), "{status} {given:?}");
        }
        let seconds = given.parse().ok().filter(|_| given.bytes().all(|byte| byte.is_ascii_digit()));
        let wait = retry_after(given, |_| None, 0);
        assert_eq!(wait.is_some(), !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_digit()), "{given:?}");
        assert!(seconds.is_none_or(|seconds: u32| wait == Some(seconds.min(86_400))), "{given:?}");
    });
}

#[test]
fn as_a_token_to_ask_about_each_is_sent_as_it_stands() {
    each(|given| {
        let body = validate::request(given).body.expect("a body");
        assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON"), json!({ "session_token": given }));
    });
}
