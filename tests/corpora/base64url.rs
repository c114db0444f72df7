//! The forgiving base64 of web-platform-tests, the other way round: ours forgives nothing.

use hanko_edge::encoding::base64url;

use crate::data::list;
use crate::folder::{json, Corpus};

const BASE64: Corpus = Corpus { name: "base64", origin: "github.com/servo/rust-url data-url/tests/base64.json" };
/// The rows that are canonical base64url too.
const CANONICAL: [&str; 4] = ["", "abcd", "abc", "YQ"];

#[test]
fn only_the_canonical_rows_decode() {
    let Some(folder) = BASE64.find() else { return };
    let file = json(&folder.join("base64.json"));
    let mut decoded = Vec::new();
    for row in list(&file) {
        let text = row[0].as_str().expect("a text");
        if let Ok(bytes) = base64url(text) {
            assert_eq!(serde_json::to_value(&bytes).expect("bytes"), row[1], "{text:?} decodes to something else");
            decoded.push(text);
        }
    }
    assert_eq!((list(&file).len(), decoded), (80, CANONICAL.to_vec()));
}
