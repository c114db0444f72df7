//! The calls in `vectors/recorded`: what was asked, when, and what the server answered.
#![allow(dead_code, reason = "no test needs all of it")]

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io::Write;
use std::path::Path;

use hanko_edge::http::Response;
use serde_json::value::RawValue;
use serde_json::Value;

use crate::clock;
use crate::data::{list, text, vectors};

/// The recorded releases.
pub(crate) const VERSIONS: [&str; 2] = ["2.7.0", "3.0.4"];

/// One call and its answer.
pub(crate) struct Exchange {
    version: String,
    /// `topic#scenario`.
    pub(crate) name: String,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// The public keys of every token in the file.
    pub(crate) jwks: Value,
    request: Value,
    response: Value,
    cut: bool,
}

/// Every call of these topics; notes, deliveries and answers without their request are none.
pub(crate) fn exchanges(version: &str, topics: &[&str]) -> Vec<Exchange> {
    topics.iter().flat_map(|topic| of_topic(version, topic)).collect()
}

/// Calls of a version after 3.0.4, which lies beside the repository, with the shared vectors. Absent, it is one visible
/// line, and a failure under `CI=true`.
pub(crate) fn exchanges_of_head(topics: &[&str]) -> Vec<Exchange> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors");
    let vectors = std::env::var_os("HANKO_EDGE_VECTORS").map_or(beside, Into::into);
    let folder = vectors.join("../recorded/head");
    if !folder.is_dir() {
        let line =
            format!("skipped: recorded/head ({}): not found; it lies with the shared vectors", topics.join(", "));
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{line}");
        std::io::stderr().write_all(format!("\n{line}\n").as_bytes()).expect("standard error");
        return Vec::new();
    }
    let read = |topic: &&str| {
        let text = std::fs::read(folder.join(format!("{topic}.json"))).expect("a recording");
        of_file("head", topic, &serde_json::from_slice(&text).expect("JSON"))
    };
    topics.iter().flat_map(read).collect()
}

fn of_topic(version: &str, topic: &str) -> Vec<Exchange> {
    of_file(version, topic, &vectors(&format!("recorded/{version}/{topic}.json")))
}

fn of_file(version: &str, topic: &str, file: &Value) -> Vec<Exchange> {
    let calls = list(&file["scenarios"]).iter().flat_map(|scenario| {
        let calls = list(&scenario["exchanges"]).iter().filter(|exchange| exchange.get("kind").is_none());
        calls.map(move |exchange| (scenario, exchange))
    });
    calls
        .map(|(scenario, exchange)| Exchange {
            version: version.to_owned(),
            name: format!("{topic}#{}", text(scenario, "name")),
            at: clock::milliseconds(text(exchange, "at")),
            jwks: file["jwks"].clone(),
            request: exchange["request"].clone(),
            response: exchange["response"].clone(),
            cut: exchange["cut"] == true,
        })
        .collect()
}

impl Exchange {
    /// Whether the request's path holds this one; the recordings try other spellings of it too.
    pub(crate) fn is_to(&self, path: &str) -> bool {
        text(&self.request, "path").contains(path)
    }

    /// The method and the whole path of a call to the public API, `None` for other addresses.
    pub(crate) fn route(&self) -> Option<(&str, &str)> {
        let public = self.request.get("to").is_none();
        public.then(|| (text(&self.request, "method"), text(&self.request, "path")))
    }

    /// The request's body, empty where it had none.
    pub(crate) fn sent(&self) -> &str {
        self.request["body"].as_str().unwrap_or_default()
    }

    /// Whether an answer of this status came, and its body is not cut.
    pub(crate) fn is_whole(&self, status: u16) -> bool {
        self.is_answered() && self.status() == status && !self.cut
    }

    /// Whether an answer came.
    pub(crate) fn is_answered(&self) -> bool {
        self.response["status"].is_u64()
    }

    /// The method, the path and the body of a call to the Admin API. The recording of `admin-metadata` does not name it.
    pub(crate) fn admin_route(&self) -> Option<(&str, &str, &str)> {
        let admin = self.request["to"] == "admin" || self.name.starts_with("admin-metadata#");
        let body = self.request["body"].as_str().unwrap_or_default();
        admin.then(|| (text(&self.request, "method"), text(&self.request, "path"), body))
    }

    /// Whether the body was sent as JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.request["headers"]["content-type"] == "application/json"
    }

    /// The status, where an answer came.
    pub(crate) fn status(&self) -> u16 {
        self.response["status"].as_u64().and_then(|status| status.try_into().ok()).expect("an answer")
    }

    /// The answer's body.
    pub(crate) fn body(&self) -> &str {
        self.response["body"].as_str().unwrap_or_default()
    }

    /// The JSON text of a member of the answer, however deeply nested.
    pub(crate) fn member(&self, name: &str) -> Option<&str> {
        let members: HashMap<String, &RawValue> = serde_json::from_str(self.body()).expect("an object");
        members.get(name).map(|value| value.get())
    }

    /// A header of the answer; names are lower-case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response["headers"][name].as_str()
    }

    /// The answer as the core takes it.
    pub(crate) fn response(&self) -> Response {
        Response { status: self.status(), body: self.body().as_bytes().to_vec(), ..Response::default() }
    }

    /// The different tokens in the request's headers and body.
    pub(crate) fn tokens(&self) -> BTreeSet<String> {
        let sent = format!("{} {}", self.request["headers"], self.request["body"]);
        sent.split(|char: char| !char.is_ascii_alphanumeric() && !"-_.".contains(char))
            .filter(|word| word.starts_with("eyJ") && word.split('.').count() == 3)
            .map(str::to_owned)
            .collect()
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.version, self.name, self.request["method"])
    }
}
