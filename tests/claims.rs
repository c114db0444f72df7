//! From a payload to claims: what must be there, when it holds, and in what shape it is shown.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod clock;
mod compact;
mod tokens;

use compact::{compact, ADA, ANY, EXPIRES, ISSUED, SESSION};
use hanko_edge::claims::{self, Policy};
use hanko_edge::claims_view;
use hanko_edge::error::Code;
use hanko_edge::token::Token;
use serde_json::{json, Value};
use tokens::{payload, verify};

/// A moment at which the payload holds.
const NOW: i64 = ISSUED * 1000 + 500;

fn code(others: &Value) -> Option<Code> {
    verify(&payload(others), ANY, NOW).err()
}

/// The claims of a payload with these members, as they are shown.
fn shown(others: &Value) -> Value {
    let claims = verify(&payload(others), ANY, NOW).expect("claims");
    serde_json::from_str(claims.json()).expect("JSON")
}

#[test]
fn nothing_holds_without_a_good_signature() {
    for text in [payload(&json!({})), "no JSON".to_owned()] {
        let token = Token::parse(&compact(r#"{"alg":"RS256","kid":"a"}"#, &text), 1000).expect("a token");
        let refused = claims::verify(&token, false, ANY, NOW).map(|_| ()).map_err(|error| error.code());
        assert_eq!(refused, Err(Code::SignatureInvalid));
    }
}

#[test]
fn a_session_token_names_a_user_and_a_session() {
    let claims = verify(&payload(&json!({})), ANY, NOW).expect("claims");
    assert_eq!((claims.user_id.as_str(), claims.session_id.as_str()), (ADA, SESSION));
    assert_eq!((claims.expires_at, claims.issued_at), (EXPIRES * 1000, Some(ISSUED * 1000)));
    for name in ["sub", "session_id"] {
        for value in
            [json!(null), json!(1), json!([ADA]), json!(""), json!("hanko webhooks"), json!(ADA.to_uppercase())]
        {
            assert_eq!(code(&json!({ name: value })), Some(Code::NotSessionToken), "{name}: {value}");
        }
    }
}

#[test]
fn a_payload_that_is_no_strict_object_is_malformed() {
    let good = payload(&json!({}));
    for text in ["1", "null", "[]", "{", "", &format!("{good} 1"), &good.replacen('{', "{\"exp\":1,", 1)] {
        assert_eq!(verify(&format!(" {text}"), ANY, NOW).err(), Some(Code::ClaimsMalformed), "{text}");
    }
}

#[test]
fn a_token_is_valid_until_the_very_millisecond_of_exp() {
    let at = |tolerance, now| verify(&payload(&json!({})), Policy { tolerance, ..ANY }, now).err();
    assert_eq!(at(0, EXPIRES * 1000 - 1), None);
    assert_eq!(at(0, EXPIRES * 1000), Some(Code::TokenExpired));
    assert_eq!(at(5000, EXPIRES * 1000 + 4999), None);
    assert_eq!(at(5000, EXPIRES * 1000 + 5000), Some(Code::TokenExpired));
    assert_eq!(at(300_000, i64::MAX), Some(Code::TokenExpired));
}

#[test]
fn a_fraction_of_exp_counts() {
    let at = |exp: f64, now| verify(&payload(&json!({ "exp": exp })), ANY, now).err();
    assert_eq!(at(1_760_003_600.5, EXPIRES * 1000 + 499), None);
    assert_eq!(at(1_760_003_600.5, EXPIRES * 1000 + 500), Some(Code::TokenExpired));
    assert_eq!(at(1.760_003_6e9, EXPIRES * 1000 - 1), None);
    assert_eq!(at(1.760_003_6e9, EXPIRES * 1000), Some(Code::TokenExpired));
}

#[test]
fn iat_and_nbf_may_not_lie_ahead() {
    for name in ["iat", "nbf"] {
        let at = |tolerance, now| verify(&payload(&json!({ name: ISSUED })), Policy { tolerance, ..ANY }, now).err();
        assert_eq!(at(0, ISSUED * 1000), None, "{name}");
        assert_eq!(at(0, ISSUED * 1000 - 1), Some(Code::TokenNotActive), "{name}");
        assert_eq!(at(5000, ISSUED * 1000 - 5000), None, "{name}");
        assert_eq!(at(5000, ISSUED * 1000 - 5001), Some(Code::TokenNotActive), "{name}");
    }
    assert_eq!(code(&json!({ "nbf": ISSUED + 1 })), Some(Code::TokenNotActive));
    assert_eq!(code(&json!({ "iat": null })), None, "iat may be absent");
}

#[test]
fn before_nbf_is_early_whatever_is_tolerated() {
    let tolerant = Policy { tolerance: 60_000, ..ANY };
    let early = |others: Value, now| verify(&payload(&others), tolerant, now).expect("claims").is_early(now);
    assert!(early(json!({ "nbf": ISSUED + 9 }), (ISSUED + 9) * 1000 - 1));
    assert!(!early(json!({ "nbf": ISSUED + 9 }), (ISSUED + 9) * 1000), "from nbf on");
    assert!(!early(json!({ "nbf": ISSUED + 9 }), (ISSUED + 9) * 1000 + 1));
    assert!(!early(json!({}), ISSUED * 1000 - 1), "iat is no nbf");
}

#[test]
fn exp_is_required_and_times_are_numbers_in_range() {
    assert_eq!(code(&json!({ "exp": null })), Some(Code::ClaimMissing));
    for name in ["exp", "iat", "nbf"] {
        let bad =
            [json!("1"), json!(true), json!([1]), json!({}), json!(253_402_300_800_i64), json!(1e300), json!(-1e300)];
        for value in bad {
            assert_eq!(code(&json!({ name: value })), Some(Code::ClaimsMalformed), "{name}: {value}");
        }
        let null = payload(&json!({ name: 7 })).replace(&format!("\"{name}\":7"), &format!("\"{name}\":null"));
        assert_eq!(verify(&null, ANY, NOW).err(), Some(Code::ClaimsMalformed), "{name}: null is not absent");
    }
    assert_eq!(code(&json!({ "exp": -1 })), Some(Code::TokenExpired));
    assert_eq!(code(&json!({ "exp": 253_402_300_799_i64 })), None);
}

#[test]
fn iss_and_aud_are_compared_where_the_options_say_so() {
    let wanted = ["a".to_owned(), "b".to_owned()];
    let both = Policy { audience: &wanted, issuer: Some("i"), tolerance: 0 };
    let said = |others: Value, policy| verify(&payload(&others), policy, NOW).err();
    assert_eq!(said(json!({ "iss": "i", "aud": ["x", "b"] }), both), None);
    assert_eq!(said(json!({ "iss": "i", "aud": "a" }), both), None);
    assert_eq!(said(json!({ "aud": "a" }), both), Some(Code::ClaimMissing));
    assert_eq!(said(json!({ "iss": "i" }), both), Some(Code::ClaimMissing));
    for iss in [json!("I"), json!("i/"), json!(""), json!(["i"]), json!(1)] {
        assert_eq!(said(json!({ "iss": iss, "aud": "a" }), both), Some(Code::ClaimMismatch), "{iss}");
    }
    for aud in [json!("x"), json!("A"), json!([]), json!(["x"]), json!(["a", 1]), json!({ "a": 1 }), json!(1)] {
        assert_eq!(said(json!({ "iss": "i", "aud": aud }), both), Some(Code::ClaimMismatch), "{aud}");
    }
    assert_eq!(said(json!({ "iss": "x", "aud": ["y"] }), ANY), None);
    for others in [json!({ "iss": 1 }), json!({ "aud": 1 }), json!({ "aud": ["a", null] })] {
        assert_eq!(said(others.clone(), ANY), Some(Code::ClaimsMalformed), "{others}");
    }
}

#[test]
fn an_email_has_hankos_shape_or_is_malformed() {
    let email = json!({ "address": "ada@example.com", "is_primary": true, "is_verified": false });
    let more = json!({ "address": "ada@example.com", "is_primary": true, "is_verified": false, "x": 1 });
    assert_eq!(shown(&json!({ "email": email }))["email"], email);
    assert_eq!(shown(&json!({ "email": more }))["email"], email);
    for bad in [
        json!("ada@example.com"),
        json!(1),
        json!([]),
        json!({}),
        json!({ "address": 1, "is_primary": true, "is_verified": true }),
        json!({ "address": "a", "is_primary": "true", "is_verified": true }),
        json!({ "address": "a", "is_primary": true }),
    ] {
        assert_eq!(code(&json!({ "email": bad })), Some(Code::ClaimsMalformed), "{bad}");
    }
}

#[test]
fn claims_have_hankos_names_and_custom_claims_never_take_them() {
    let claims = shown(&json!({
        "aud": "one", "iss": "i", "amr": ["pwd"], "username": "ada", "nbf": ISSUED, "jti": "j", "role": { "a": [1] },
        "subject": "s", "expiration": "e", "issued_at": 1, "audience": [], "issuer": {}, "user_id": "u", "is_valid": false
    }));
    let expected = json!({
        "subject": ADA, "session_id": SESSION, "expiration": "2025-10-09T09:53:20Z", "issued_at": "2025-10-09T08:53:20Z",
        "audience": ["one"], "issuer": "i", "amr": ["pwd"], "username": "ada", "role": { "a": [1] },
        "user_id": "u", "is_valid": false
    });
    assert_eq!(claims, expected);
    for others in
        [json!({ "username": 1 }), json!({ "username": ["a"] }), json!({ "amr": "pwd" }), json!({ "amr": [1] })]
    {
        let name = others.as_object().and_then(|members| members.keys().next()).expect("a name").clone();
        assert_eq!(shown(&others).get(&name), None, "{others}");
    }
}

#[test]
fn custom_claims_cross_as_their_own_text() {
    let text = payload(&json!({ "z": 0 }))
        .replace("\"z\":0", r#""__proto__":{"a":1.50},"big":9007199254740993,"e\u0022":"\u003c""#);
    let json = verify(&text, ANY, NOW).expect("claims").json().to_owned();
    for piece in [r#""__proto__":{"a":1.50}"#, r#""big":9007199254740993"#, r#""e\"":"\u003c""#] {
        assert!(json.contains(piece), "{piece} in {json}");
    }
}

#[test]
fn times_are_written_as_hanko_writes_them() {
    let written = |iat: Value| shown(&json!({ "iat": iat }))["issued_at"].as_str().expect("text").to_owned();
    for (iat, text) in [
        (json!(0), "1970-01-01T00:00:00Z"),
        (json!(951_782_400), "2000-02-29T00:00:00Z"),
        (json!(1_078_012_799), "2004-02-28T23:59:59Z"),
        (json!(1_709_164_800), "2024-02-29T00:00:00Z"),
        (json!(1_740_787_200), "2025-03-01T00:00:00Z"),
        (json!(0.5), "1970-01-01T00:00:00.5Z"),
        (json!(1.25), "1970-01-01T00:00:01.25Z"),
        (json!(1.125), "1970-01-01T00:00:01.125Z"),
        (json!(10.0), "1970-01-01T00:00:10Z"),
        (json!(-1), "1969-12-31T23:59:59Z"),
        (json!(-62_135_596_800_i64), "0001-01-01T00:00:00Z"),
    ] {
        assert_eq!(written(iat.clone()), text, "{iat}");
    }
    let expiration = |exp: i64| shown(&json!({ "exp": exp }))["expiration"].as_str().expect("text").to_owned();
    assert_eq!(expiration(2_087_856_000), "2036-02-29T00:00:00Z");
    assert_eq!(expiration(4_107_542_400), "2100-03-01T00:00:00Z");
    assert_eq!(expiration(253_402_300_799), "9999-12-31T23:59:59Z");
}

#[test]
fn every_day_of_two_centuries_and_some_of_the_rest_is_written_right() {
    let day = 86_400;
    let every_day = (1..73_000).map(|number| number * day - 1);
    let some = (200..8000).map(|number| number * 365 * day + number);
    for exp in every_day.chain(some) {
        let token = Token::parse(&compact(r#"{"alg":"RS256"}"#, &format!("{{\"exp\":{exp}}}")), 1000).expect("a token");
        let (json, _) = claims::decode(&token).expect("claims");
        let text = json.trim_start_matches("{\"expiration\":\"").trim_end_matches("\"}");
        assert_eq!(clock::milliseconds(text), exp * 1000, "{text}");
        assert_eq!(text.len(), "1970-01-01T00:00:00Z".len());
    }
}

#[test]
fn what_nobody_has_verified_is_read_for_display_and_no_more() {
    let token = |text: &str| Token::parse(&compact(r#"{"alg":"none"}"#, text), 1000).expect("a token");
    let (claims, signed) = claims::decode(&token("{\"exp\":0, \"a\": 1}"))
        .map(|(claims, signed)| (claims, signed.to_owned()))
        .expect("claims");
    assert_eq!(
        (claims.as_str(), signed.as_str()),
        (r#"{"expiration":"1970-01-01T00:00:00Z","a":1}"#, "{\"exp\":0, \"a\": 1}")
    );
    assert_eq!(claims::decode(&token("{}")).expect("claims").0, "{}");
    assert!(claims::decode(&token("[]")).is_err() && claims::decode(&token("{\"exp\":\"1\"}")).is_err());
    assert_eq!(claims::unverified_time(&token("{\"iat\":2.5}"), "iat"), Some(2500));
    assert_eq!(claims::unverified_time(&token("{\"iat\":\"2\"}"), "iat"), None);
    assert_eq!(claims::unverified_time(&token("{}"), "iat"), None);
    assert_eq!(claims::unverified_identity(&token(&payload(&json!({})))), Ok((ADA.to_owned(), SESSION.to_owned())));
    let webhook = claims::unverified_identity(&token("{\"sub\":\"hanko webhooks\"}"));
    assert_eq!(webhook.map_err(|error| error.code()), Err(Code::NotSessionToken));
}

#[test]
fn by_cookie_the_answers_own_members_win_and_wrong_types_are_left_out() {
    let answer = json!({
        "subject": "x", "expiration": 1, "session_id": 1, "issued_at": {}, "issuer": [], "username": null,
        "audience": "a", "amr": [1], "email": "a", "role": "admin", "__proto__": { "a": 1 }
    });
    let shown = claims_view::by_cookie(&answer.to_string(), ADA, "2036-01-01T00:00:00Z").expect("claims");
    let expected =
        json!({ "subject": ADA, "expiration": "2036-01-01T00:00:00Z", "role": "admin", "__proto__": { "a": 1 } });
    assert_eq!(serde_json::from_str::<Value>(&shown).expect("JSON"), expected);
    let right = json!({
        "subject": ADA, "expiration": "e", "session_id": SESSION, "issued_at": "i", "issuer": "i", "username": "u",
        "audience": ["a"], "amr": ["pwd"], "email": { "address": "a", "is_primary": true, "is_verified": true }
    });
    let shown = claims_view::by_cookie(&right.to_string(), ADA, "e").expect("claims");
    assert_eq!(serde_json::from_str::<Value>(&shown).expect("JSON"), right);
    assert_eq!(claims_view::by_cookie("[]", ADA, "e"), None);
}

#[test]
fn no_message_shows_what_a_token_says() {
    let canary = "c4n4ry";
    let mut refused = 0;
    for others in [
        json!({ "sub": canary }),
        json!({ "exp": canary }),
        json!({ "iss": canary }),
        json!({ "aud": canary }),
        json!({ "email": canary }),
        json!({ "iat": [canary] }),
        json!({ "nbf": { canary: 1 } }),
    ] {
        let policy = Policy { audience: &["a".to_owned()], issuer: Some("i"), tolerance: 0 };
        let token = Token::parse(&compact(r#"{"alg":"RS256"}"#, &payload(&others)), 1000).expect("a token");
        let error = claims::verify(&token, true, policy, NOW).err().expect("refused");
        assert!(!format!("{error} {error:?}").contains(canary), "{error}");
        refused += 1;
    }
    assert_eq!(refused, 7);
}
