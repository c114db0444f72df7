//! The checker of json.org, as nativejson-benchmark carries it: each file as the value of a member.

use hanko_edge::encoding::{members, utf8};

use crate::folder::{json_files, Corpus};

const NATIVEJSON: Corpus =
    Corpus { name: "nativejson", origin: "github.com/miloyip/nativejson-benchmark data/jsonchecker" };
/// The corpus marks these two itself: RFC 8259 takes any value at the top, and leaves the depth to the reader (20 here).
const GOOD_SINCE: [&str; 2] = ["fail01_EXCLUDE.json", "fail18_EXCLUDE.json"];

#[test]
fn what_passes_is_read_as_it_stands_and_what_fails_is_refused() {
    let Some(folder) = NATIVEJSON.find() else { return };
    let (mut passed, mut failed) = (0, 0);
    for (name, bytes) in json_files(&folder.join("data/jsonchecker")) {
        let text = utf8(bytes).expect("UTF-8");
        let object = format!("{{\"a\":{text}}}");
        let read = members(&object).ok().map(|members| members.first().map(|(_, value)| (*value).to_owned()));
        let good = name.starts_with("pass") || GOOD_SINCE.contains(&name.as_str());
        assert_eq!(read, good.then(|| Some(text.trim().to_owned())), "{name}");
        *if good { &mut passed } else { &mut failed } += 1;
    }
    assert_eq!((passed, failed), (3 + GOOD_SINCE.len(), 31));
}
