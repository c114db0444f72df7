//! What the fuzz targets begin with: everything of their kind in the vectors.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::Engine as _;
use serde_json::Value;

/// Inputs, each once.
pub type Seeds = BTreeSet<Vec<u8>>;

/// A target's seeds in this repository's vectors: attack tokens, carriers, recorded calls, merges, and what the fuzzing found.
pub fn of_vectors(target: &str, repository: &Path) -> Seeds {
    let mut seeds = found(target, repository);
    for file in files(&repository.join("tests/vectors")) {
        collect(target, "", &parsed(&file), &mut seeds);
    }
    seeds
}

/// Inputs at which a target once stopped. `npm run fuzz` adds them.
pub fn found(target: &str, repository: &Path) -> Seeds {
    let inputs = parsed(&repository.join(format!("tests/vectors/found/{target}.json")));
    let inputs = inputs.as_array().into_iter().flatten().filter_map(|one| one["input"].as_str());
    inputs.map(|input| STANDARD.decode(input).expect("base64")).collect()
}

/// A target's seeds in the public corpora: in the folder that `HANKO_EDGE_VECTORS` names, else in `../shared/vectors`.
pub fn of_corpora(target: &str, repository: &Path) -> Seeds {
    let beside = || repository.join("../shared/vectors");
    let corpora = std::env::var_os("HANKO_EDGE_VECTORS").map_or_else(beside, PathBuf::from);
    let mut seeds = Seeds::new();
    for file in files(&corpora.join("wycheproof-jws")) {
        collect(target, "", &parsed(&file), &mut seeds);
    }
    if !matches!(target, "token" | "cookie_header" | "authorization_header" | "metadata") {
        seeds.extend(files(&corpora.join("JSONTestSuite/test_parsing")).iter().map(|file| bytes(file)));
    }
    if matches!(target, "cookie_header" | "authorization_header") {
        let strings = parsed(&corpora.join("blns/blns.json"));
        let texts = strings.as_array().into_iter().flatten().filter_map(Value::as_str);
        let before = if target == "cookie_header" { "hanko=" } else { "Bearer " };
        seeds.extend(texts.map(|text| format!("{before}{text}").into_bytes()));
    }
    seeds
}

/// Walks a file; `name` is the member that holds the value.
fn collect(target: &str, name: &str, value: &Value, seeds: &mut Seeds) {
    match value {
        Value::String(text) => seeds.extend(of_text(target, name, text)),
        Value::Array(items) => {
            // A header as a pair of name and value.
            if let [Value::String(header), Value::String(text)] = items.as_slice() {
                seeds.extend(of_text(target, header, text));
            }
            items.iter().for_each(|item| collect(target, name, item, seeds));
        }
        Value::Object(members) => {
            if target == "key_document" && members.get("keys").is_some_and(Value::is_array) {
                seeds.insert(value.to_string().into_bytes());
            }
            if let ("metadata", Some(patch)) = (target, members.get("patch").and_then(Value::as_str)) {
                let before = members.get("before").and_then(Value::as_str).unwrap_or("{}");
                seeds.insert(format!("{before}\0{patch}").into_bytes());
            }
            members.iter().for_each(|(name, member)| collect(target, name, member, seeds));
        }
        _ => {}
    }
}

fn of_text(target: &str, name: &str, text: &str) -> Vec<Vec<u8>> {
    let name = name.to_ascii_lowercase();
    let as_it_stands = match target {
        "token" => matches!(name.as_str(), "token" | "jws"),
        "cookie_header" => name == "cookie",
        "authorization_header" => name == "authorization",
        "validate_answer" => name == "body" && (text.contains("is_valid") || text.contains("token claims")),
        "key_document" => name == "body" && text.contains("\"keys\""),
        "user_answer" => name == "body" && text.contains("\"id\"") && !is_of_the_flow(text),
        "admin_answer" => name == "body" && ADMIN.iter().any(|part| text.contains(part)) && !is_of_the_flow(text),
        "flow_answer" => name == "body" && is_of_the_flow(text),
        _ => false,
    };
    match target {
        _ if as_it_stands => vec![text.as_bytes().to_vec()],
        "token" => tokens(text).map(|token| token.as_bytes().to_vec()).collect(),
        "claims" => tokens(text).filter_map(payload).collect(),
        "webhook" => tokens(text).filter_map(payload).filter(|payload| is_of_a_webhook(payload)).collect(),
        _ => Vec::new(),
    }
}

/// What stands in answers of the Admin API.
const ADMIN: [&str; 4] = ["\"id\"", "_metadata\"", "session_token", "\"message\""];

fn is_of_the_flow(body: &str) -> bool {
    body.contains("\"csrf_token\"") && body.contains("\"actions\"")
}

fn is_of_a_webhook(payload: &[u8]) -> bool {
    String::from_utf8_lossy(payload).contains("\"evt\"")
}

/// The tokens within a text.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_ascii_alphanumeric() && !"-_.".contains(char))
        .filter(|word| word.starts_with("eyJ") && word.split('.').count() == 3)
}

fn payload(token: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()
}

/// The JSON files below a folder, in order; none where it is absent.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    let is_json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    paths.into_iter().flat_map(below).filter(is_json).collect()
}

fn parsed(file: &Path) -> Value {
    serde_json::from_slice(&bytes(file)).unwrap_or_default()
}

fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_default()
}
