//! Wycheproof's raw RSA signatures: the key goes through our policy, the signature to the oracle by our rule of lengths.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hanko_edge::error::{Code, Error};
use hanko_edge::keys::KeySet;
use serde_json::{json, Value};

use crate::data::{list, text};
use crate::folder::{json, Corpus};
use crate::oracle;

const WYCHEPROOF: Corpus = Corpus {
    name: "wycheproof-primitives",
    origin: "github.com/C2SP/wycheproof testvectors_v1/rsa_*, ecdsa_* and ed25519_test.json",
};

/// File, cases, those signed as RS256 signs, those by a key of e = 3, which is refused.
const FILES: [(&str, usize, usize, usize); 13] = [
    ("rsa_signature_2048_sha256_test.json", 259, 7, 2),
    ("rsa_signature_4096_sha256_test.json", 258, 7, 0),
    ("rsa_pkcs1_2048_sig_gen_test.json", 43, 8, 3),
    ("rsa_pkcs1_3072_sig_gen_test.json", 26, 8, 2),
    ("rsa_pkcs1_4096_sig_gen_test.json", 24, 8, 0),
    ("rsa_signature_2048_sha384_test.json", 258, 1, 0),
    ("rsa_signature_2048_sha512_test.json", 259, 1, 1),
    ("rsa_pss_2048_sha256_mgf1_0_test.json", 103, 1, 0),
    ("rsa_pss_2048_sha256_mgf1_32_test.json", 108, 1, 0),
    ("rsa_pss_2048_sha256_mgf1sha1_20_test.json", 108, 1, 0),
    ("rsa_pss_2048_sha384_mgf1_48_test.json", 141, 1, 0),
    ("rsa_pss_4096_sha256_mgf1_32_test.json", 108, 1, 0),
    ("rsa_pss_4096_sha512_mgf1_64_test.json", 179, 1, 0),
];
/// Cases that are wrong for the algorithm of their file, because they are RS256, and so right for us.
const RS256_AMONG_OTHERS: [(&str, u64); 8] = [
    ("rsa_signature_2048_sha384_test.json", 221),
    ("rsa_signature_2048_sha512_test.json", 221),
    ("rsa_pss_2048_sha256_mgf1_0_test.json", 103),
    ("rsa_pss_2048_sha256_mgf1_32_test.json", 108),
    ("rsa_pss_2048_sha256_mgf1sha1_20_test.json", 108),
    ("rsa_pss_2048_sha384_mgf1_48_test.json", 140),
    ("rsa_pss_4096_sha256_mgf1_32_test.json", 108),
    ("rsa_pss_4096_sha512_mgf1_64_test.json", 178),
];
/// Keys of other kinds than RSA, and how many groups of cases have one.
const OTHER_KEYS: [(&str, usize); 3] = [
    ("ecdsa_secp256r1_sha256_p1363_test.json", 103),
    ("ecdsa_secp521r1_sha512_p1363_test.json", 98),
    ("ed25519_test.json", 78),
];

#[test]
fn a_signature_is_good_where_rs256_made_it_with_a_key_of_the_policy() {
    let Some(folder) = WYCHEPROOF.find() else { return };
    for (name, total, signed, by_small_exponents) in FILES {
        let file = json(&folder.join(name));
        let mut found = (0, 0, 0);
        for group in list(&file["testGroups"]) {
            let keys = key_of(group);
            for case in list(&group["tests"]) {
                let right = is_right(name, group, case);
                found.0 += 1;
                match &keys {
                    Ok(keys) => {
                        assert_eq!(is_signed(keys, case), right, "{name} {}: {}", case["tcId"], text(case, "comment"));
                        found.1 += usize::from(right);
                    }
                    Err(error) => {
                        assert_eq!((error.code(), exponent(group)), (Code::KeysInvalid, "03"), "{name}");
                        found.2 += 1;
                    }
                }
            }
        }
        assert_eq!(found, (total, signed, by_small_exponents), "{name}");
    }
}

#[test]
fn a_key_of_another_kind_is_none_of_ours() {
    let Some(folder) = WYCHEPROOF.find() else { return };
    for (name, groups) in OTHER_KEYS {
        let file = json(&folder.join(name));
        let keys = list(&file["testGroups"]).iter().filter_map(|group| group.get("publicKeyJwk"));
        let mut found = 0;
        for key in keys {
            let mut key = key.clone();
            key["kid"] = json!("a");
            let said = oracle::key_set(&json!({ "keys": [key] }));
            assert_eq!(said.map_err(|error| error.code()).err(), Some(Code::KeysInvalid), "{name}");
            found += 1;
        }
        assert_eq!(found, groups, "{name}");
    }
}

/// Whether RS256 accepts the case. `acceptable` is the signature whose digest lacks its NULL (RFC 8017 section 9.2), one of
/// SHA-1, or one by an exponent of 3: we take none of them.
fn is_right(name: &str, group: &Value, case: &Value) -> bool {
    if RS256_AMONG_OTHERS.iter().any(|(file, id)| *file == name && case["tcId"] == *id) {
        return true;
    }
    let rs256 = text(group, "sha") == "SHA-256" && text(group, "type") != "RsassaPssVerify";
    rs256 && exponent(group) == "010001" && text(case, "result") == "valid"
}

fn exponent(group: &Value) -> &str {
    text(numbers(group), "publicExponent")
}

/// Modulus and exponent in hexadecimal, signed, so with a leading zero byte.
fn numbers(group: &Value) -> &Value {
    group.get("publicKey").unwrap_or_else(|| &group["privateKey"])
}

fn key_of(group: &Value) -> Result<KeySet, Error> {
    let number = |name| {
        let bytes = hex(text(numbers(group), name));
        URL_SAFE_NO_PAD.encode(bytes.strip_prefix(&[0]).unwrap_or(&bytes))
    };
    let key = json!({ "kty": "RSA", "kid": "a", "n": number("modulus"), "e": number("publicExponent") });
    oracle::key_set(&json!({ "keys": [key] }))
}

fn is_signed(keys: &KeySet, case: &Value) -> bool {
    let (_, key) = keys.find("a").expect("the key");
    oracle::is_signature(&hex(text(case, "sig")), &hex(text(case, "msg")), key)
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).expect("a hexadecimal digit");
    let byte = |pair: &[u8]| u8::try_from(digit(&pair[0]) * 16 + digit(&pair[1])).expect("a byte");
    text.as_bytes().chunks_exact(2).map(byte).collect()
}
