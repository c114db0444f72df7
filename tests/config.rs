//! The options of `createHanko` and `readToken`: what each takes, and that an error names it and never shows its value.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod data;
mod host;
mod options;

use data::{list, text, vectors};
use hanko_edge::config::{parse_reading, Config, Mode};
use hanko_edge::error::{Code, Error};
use host::parse_url;
use options::options;
use serde_json::{json, Value};

const URL: &str = "https://passkeys.hanko.io";

fn parse(given: &Value) -> Result<Config, Error> {
    Config::parse(&options(given), parse_url)
}

fn api_url(text: &str, allow_insecure: bool) -> Result<String, Error> {
    parse(&json!({ "apiUrl": text, "allowInsecure": allow_insecure })).map(|config| config.api_url)
}

#[test]
fn every_api_url_case_is_judged_as_expected() {
    let file = vectors("attack-tokens/api_url_cases.json");
    let cases = list(&file);
    let mut accepted = 0_usize;
    for case in cases {
        let said = api_url(text(case, "apiUrl"), false);
        match text(case, "expect") {
            "accept" => {
                accepted = accepted.saturating_add(1);
                assert!(said.is_ok(), "{case}: {said:?}");
            }
            code => assert_refused(said.map(|_| ()), code, "apiUrl", text(case, "apiUrl")),
        }
    }
    assert_eq!((cases.len(), accepted), (35, 6));
}

/// The error has the code, names the option, and does not show the value.
fn assert_refused(said: Result<(), Error>, code: &str, option: &str, value: &str) {
    let error = said.err().unwrap_or_else(|| panic!("{option} takes {value}"));
    assert_eq!(error.code().as_str(), code, "{option}: {value}");
    assert!(error.message().contains(&format!("option {option} ")), "{option} is not named: {error}");
    assert!(value.len() < 3 || !error.message().contains(value), "{option} shows its value: {error}");
}

#[test]
fn one_server_has_one_spelling() {
    for (given, normal) in [
        ("https://EXAMPLE.com", "https://example.com"),
        ("HTTPS://example.com/", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443//", "https://example.com:8443"),
        ("https://example.com/Tenant-1/", "https://example.com/Tenant-1"),
        ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
    ] {
        assert_eq!(api_url(given, false), Ok(normal.to_owned()), "{given}");
    }
}

#[test]
fn http_and_internal_hosts_need_allow_insecure() {
    for given in [
        "http://example.com",
        "http://localhost:8000",
        "https://localhost.",
        "https://app.localhost",
        "https://127.1",
        "https://0x7f000001",
        "https://10.0.0.1",
        "https://172.16.0.1",
        "https://192.168.1.1",
        "https://169.254.169.254",
        "https://100.64.0.1",
        "https://224.0.0.1",
        "https://255.255.255.255",
        "https://[::]",
        "https://[::1]",
        "https://[fe80::1]",
        "https://[fd00::1]",
        "https://[ff02::1]",
        "https://[::ffff:10.0.0.1]",
        "https://[::127.0.0.1]",
        "https://[64:ff9b::169.254.169.254]",
    ] {
        assert_refused(api_url(given, false).map(|_| ()), "config_invalid", "apiUrl", given);
        assert!(api_url(given, true).is_ok(), "{given} is refused with allowInsecure");
    }
    for given in ["https://172.32.0.1", "https://100.128.0.1", "https://11.0.0.1", "https://[2606:4700::1111]"] {
        assert!(api_url(given, false).is_ok(), "{given} is refused");
    }
}

#[test]
fn allow_insecure_allows_nothing_else() {
    for given in ["ftp://localhost", "javascript://localhost/x", "http://user@localhost", "http://localhost/?a"] {
        assert_refused(api_url(given, true).map(|_| ()), "config_invalid", "apiUrl", given);
    }
}

#[test]
fn wrong_types_and_ranges_are_refused_by_name() {
    let rows = [
        ("apiUrl", json!([null, 1, true, "", {}, []])),
        ("cookieName", json!([null, 1, "", "a b", "a;secret", "a=secret", "a\"secret", "sécret", "x".repeat(257)])),
        ("audience", json!([null, 1, "", [], [""], ["a", 1], [["secret"]], { "secret": 1 }])),
        ("issuer", json!([null, 1, "", ["secret"]])),
        ("clockTolerance", json!([null, -1, 301, 1.5, "secret", true])),
        ("maxTokenLength", json!([null, 255, 65_537, 300.5, "secret", 1e300])),
        ("mode", json!([null, "", "Local", "secret", 1])),
        ("revalidateAfter", json!([null, 0, 3601, 1.5, "secret"])),
        ("outageGrace", json!([null, -1, 86_401, "secret"])),
        ("keysMaxStale", json!([null, -1, 86_401, "secret"])),
        ("timeout", json!([null, 99, 30_001, 4_294_967_396_u64, "secret"])),
        ("cacheSize", json!([null, -1, 100_001, "secret"])),
        ("allowInsecure", json!([null, 0, "TRUE", "secret"])),
    ];
    let mut tried = 0_usize;
    for (option, values) in rows {
        for value in list(&values) {
            let mut given = json!({ "apiUrl": URL });
            given[option] = value.clone();
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let error = parse(&given);
            assert_refused(error.clone().map(|_| ()), "config_invalid", option, &shown);
            assert!(!error.is_err_and(|error| error.message().contains("ecret")), "{option} shows a value");
            tried = tried.saturating_add(1);
        }
    }
    assert_eq!(tried, 70);
}

#[test]
fn the_ends_of_each_range_are_taken() {
    for (option, least, most) in [
        ("clockTolerance", 0, 300),
        ("maxTokenLength", 256, 65_536),
        ("revalidateAfter", 1, 3600),
        ("outageGrace", 0, 86_400),
        ("keysMaxStale", 0, 86_400),
        ("timeout", 100, 30_000),
        ("cacheSize", 0, 100_000),
    ] {
        for value in [least, most] {
            let mut given = json!({ "apiUrl": URL });
            given[option] = value.into();
            assert!(parse(&given).is_ok(), "{option} refuses {value}");
        }
    }
}

#[test]
fn what_is_left_out_has_the_default_of_the_contract() {
    let default = parse(&json!({ "apiUrl": URL })).expect("a configuration");
    let expected = Config {
        api_url: URL.to_owned(),
        cookie_name: "hanko".to_owned(),
        audience: Vec::new(),
        issuer: None,
        clock_tolerance: 5,
        max_token_length: 16_384,
        mode: Mode::Hybrid,
        timeout: 5000,
        revalidate_after: 60,
        outage_grace: 300,
        keys_max_stale: 3600,
        cache_size: 1000,
    };
    assert_eq!(default, expected);
}

#[test]
fn what_is_given_is_kept() {
    let given = json!({
        "apiUrl": URL, "cookieName": "__Host-hanko", "audience": ["a", "b"], "issuer": "i", "clockTolerance": 7,
        "maxTokenLength": 300, "mode": "local", "timeout": 1000, "revalidateAfter": 1, "outageGrace": 2, "keysMaxStale": 3,
        "cacheSize": 4
    });
    let config = parse(&given).expect("a configuration");
    assert_eq!((config.cookie_name.as_str(), config.issuer.as_deref()), ("__Host-hanko", Some("i")));
    assert_eq!(config.audience, ["a", "b"]);
    assert_eq!((config.clock_tolerance, config.max_token_length, config.timeout), (7, 300, 1000));
    assert_eq!((config.revalidate_after, config.outage_grace), (1, 2));
    assert_eq!((config.keys_max_stale, config.cache_size, config.mode), (3, 4, Mode::Local));
    let one = parse(&json!({ "apiUrl": URL, "audience": "a", "mode": "remote" })).expect("a configuration");
    assert_eq!((one.audience, one.mode), (vec!["a".to_owned()], Mode::Remote));
}

#[test]
fn an_option_that_is_missing_or_unknown_is_refused() {
    assert_refused(parse(&json!({})).map(|_| ()), "config_invalid", "apiUrl", "");
    let said = parse(&json!({ "apiUrl": URL, "cookiename": "secret" }));
    assert_refused(said.map(|_| ()), "config_invalid", "cookiename", "secret");
    let said = parse(&json!({ "apiUrl": URL, "cookie_name": "secret" }));
    assert_refused(said.map(|_| ()), "config_invalid", "cookie_name", "secret");
}

#[test]
fn a_name_that_may_be_a_secret_is_not_shown() {
    let said = parse(&json!({ "apiUrl": URL, "eyJhbGciOiJSUzI1NiJ9.secret": 1 })).expect_err("unknown");
    assert_eq!(said.code(), Code::ConfigInvalid);
    assert!(!said.message().contains("secret"), "{said}");
}

#[test]
fn read_token_takes_two_options() {
    let read = |given: Value| parse_reading(&options(&given)).map_err(|error| error.message().to_owned());
    assert_eq!(read(json!({})), Ok(("hanko".to_owned(), 16_384)));
    assert_eq!(read(json!({ "cookieName": "c", "maxTokenLength": 256 })), Ok(("c".to_owned(), 256)));
    assert_eq!(read(json!({ "apiUrl": URL })), Err("option apiUrl is unknown".to_owned()));
    assert!(read(json!({ "maxTokenLength": 255 })).is_err());
    assert!(read(json!({ "cookieName": " " })).is_err());
}
