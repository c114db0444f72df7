//! Where the corpora lie: the folder that `HANKO_EDGE_VECTORS` names, else `../shared/vectors` beside the repository.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;

static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());

/// A corpus: its folder, and the repository that it comes from.
pub(crate) struct Corpus {
    /// The folder's name.
    pub(crate) name: &'static str,
    /// Repository and path.
    pub(crate) origin: &'static str,
}

impl Corpus {
    /// The corpus's folder. Absent, it is one visible line, and a failure under `CI=true`.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors");
        let folder = std::env::var_os("HANKO_EDGE_VECTORS").map_or_else(beside, PathBuf::from).join(self.name);
        if folder.is_dir() {
            return Some(folder);
        }
        let line = format!("skipped: {}: not found; it comes from {}", self.name, self.origin);
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{line}");
        if SAID.lock().expect("no test panics here").insert(self.name) {
            say(&line);
        }
        None
    }

    /// A JSON file of the corpus that not every copy of it has: absent, it is one visible line, and no failure.
    pub(crate) fn find_file(&self, file: &str) -> Option<Value> {
        let path = self.find()?.join(file);
        if path.is_file() {
            return Some(json(&path));
        }
        say(&format!("skipped: {}/{file}: not in this copy; it comes from {}", self.name, self.origin));
        None
    }
}

/// Not by `eprintln!`, which the test runner keeps to itself where a test passes; in one piece, between its own.
fn say(line: &str) {
    std::io::stderr().write_all(format!("\n{line}\n").as_bytes()).expect("standard error");
}

/// A JSON file.
pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&bytes(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file's bytes.
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The JSON files of a folder by name, in order.
pub(crate) fn json_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let json = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    let mut files: Vec<_> = json.map(|path| (name(&path), bytes(&path))).collect();
    files.sort();
    files
}
