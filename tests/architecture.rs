//! The shape of `src`: imports go one way, JavaScript stays in `src/js`, files stay small.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

/// A module imports from ranks below its own only. Rooms of the plan that are not built yet have theirs already.
const RANKS: &[(&str, u8)] = &[
    ("address", 0),
    ("cache", 0),
    ("distinct", 0),
    ("number", 0),
    ("queue", 0),
    ("rfc3339", 0),
    ("spelling", 0),
    ("json", 1),
    ("parts", 2),
    ("merge", 3),
    ("encoding", 2),
    ("error", 3),
    ("freshness", 4),
    ("given", 4),
    ("config", 5),
    ("http", 4),
    ("verbatim", 4),
    ("registered", 4),
    ("shape", 5),
    ("token", 5),
    ("claims_view", 5),
    ("keys", 5),
    ("carrier", 6),
    ("claims", 6),
    ("session", 7),
    ("validate", 6),
    ("logout", 7),
    ("user", 7),
    ("metadata", 7),
    ("applied", 7),
    ("profile", 8),
    ("webhook", 8),
    ("admin_view", 8),
    ("admin", 9),
    ("flow", 9),
    ("js", 10),
];
const JAVASCRIPT: [&str; 6] =
    ["wasm_bindgen", "wasm_bindgen_futures", "js_sys", "web_sys", "gloo_net", "serde_wasm_bindgen"];
/// Lines of a file; the aim is 200.
const LONGEST: usize = 330;
const LONG: usize = 250;
/// Files that are longer for now, and how long they may be.
const LONGER: [(&str, usize); 0] = [];

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

impl Source {
    fn is_javascript(&self) -> bool {
        self.module == "js"
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for folder in [root.clone(), root.join("js")] {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let inner = path.strip_prefix(&root).expect("inside").with_extension("");
                let module = inner.iter().next().and_then(|part| part.to_str()).expect("a name").to_owned();
                let text = std::fs::read_to_string(&path).expect("text");
                found.push(Source { path, module, text });
            }
        }
    }
    assert!(found.len() >= 18, "sources are missing");
    found
}

fn rank(module: &str) -> u8 {
    let row = RANKS.iter().find(|(name, _)| *name == module);
    row.unwrap_or_else(|| panic!("{module} has no rank: say where it stands")).1
}

/// The modules that a source names after `crate::`, in `use` lines and in its text.
fn named(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let after = code.flat_map(|line| line.split("crate::").skip(1));
    let heads = after.flat_map(|rest| match rest.strip_prefix('{') {
        Some(group) => group.split(['}', ';']).next().unwrap_or_default().split(',').collect(),
        None => vec![rest],
    });
    let name =
        |head: &str| head.trim().chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
    heads.map(name).filter(|name: &String| !name.is_empty()).collect()
}

#[test]
fn imports_go_one_way() {
    let mut imports = 0_usize;
    for source in sources().iter().filter(|source| source.module != "lib") {
        let own = rank(&source.module);
        for module in named(&source.text) {
            imports = imports.saturating_add(1);
            let down = rank(&module) < own || (source.is_javascript() && module == "js");
            assert!(down, "{} imports {module}", source.path.display());
        }
        let sideways = source.text.contains("super::") && !source.is_javascript();
        assert!(!sideways, "{} imports by super", source.path.display());
    }
    assert!(imports >= 40, "imports are not found: {imports}");
}

#[test]
fn no_source_outside_the_face_names_a_javascript_crate() {
    let mut in_the_face = 0_usize;
    for source in sources() {
        for name in JAVASCRIPT {
            let named =
                source.text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| line.contains(name));
            assert!(!named || source.is_javascript(), "{} names {name}", source.path.display());
            in_the_face = in_the_face.saturating_add(usize::from(named));
        }
    }
    assert!(in_the_face >= JAVASCRIPT.len(), "the face uses each of them");
}

#[test]
fn lib_has_no_items_of_its_own_and_every_module_has_a_rank() {
    let lib = sources().into_iter().find(|source| source.module == "lib").expect("lib.rs");
    let items: Vec<&str> = lib.text.lines().filter(|line| !line.is_empty() && !line.starts_with("//")).collect();
    let modules: Vec<&str> = items.iter().filter_map(|line| line.strip_prefix("pub mod ")).collect();
    assert!(items.iter().all(|line| line.starts_with("pub mod ") || line.starts_with("#[cfg(")), "{items:?}");
    assert!(modules.len() >= 10, "{modules:?}");
    for module in modules {
        rank(module.trim_end_matches(';'));
    }
}

#[test]
fn no_test_and_no_unsafe_stands_in_src() {
    for source in sources() {
        for word in ["#[test]", "cfg(test)", "unsafe {", "unsafe fn", "unsafe impl"] {
            assert!(!source.text.contains(word), "{} has {word}", source.path.display());
        }
    }
}

#[test]
fn files_stay_small() {
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > LONG {
            println!("{lines} lines: {}", source.path.display());
        }
        let longer = LONGER.iter().find(|(path, _)| source.path.ends_with(path));
        assert!(longer.is_none() || lines > LONGEST, "{} is short again: strike its row", source.path.display());
        let most = longer.map_or(LONGEST, |(_, most)| *most);
        assert!(lines <= most, "{} has {lines} lines", source.path.display());
    }
}
