//! The URLs of web-platform-tests as `apiUrl`.

use hanko_edge::config::Config;
use hanko_edge::error::Code;
use hanko_edge::given;
use serde_json::Value;

use crate::data::{list, text};
use crate::folder::{json, Corpus};
use crate::host::parse_url;

const URLS: Corpus = Corpus { name: "url", origin: "github.com/servo/rust-url url/tests/urltestdata.json" };
/// The accepted ones and what becomes of them: absolute, https, a public host, a path at most.
const ACCEPTED: [(&str, &str); 5] = [
    ("https://foo:443/", "https://foo"),
    ("https://foo:80/", "https://foo:80"),
    ("https://fa\u{df}.ExAmPlE/", "https://xn--fa-hia.example"),
    ("https://x/\u{ffff}y", "https://x/%EF%BF%BFy"),
    ("https://example.com/\"quoted\"", "https://example.com/%22quoted%22"),
];
/// Rows and failures of the whole file, and of the part of it that is handed around.
const SIZES: [(usize, usize); 2] = [(869, 273), (575, 179)];

#[test]
fn an_api_url_is_absolute_https_with_a_host_and_a_path_at_most() {
    let Some(folder) = URLS.find() else { return };
    let file = json(&folder.join("urltestdata.json"));
    let rows: Vec<&Value> = list(&file).iter().filter(|row| row.is_object()).collect();
    let failures = rows.iter().filter(|row| row["failure"] == true).count();
    assert!(SIZES.contains(&(rows.len(), failures)), "rows are missing: {} with {failures} failures", rows.len());
    for row in rows {
        let given = text(row, "input");
        let expected = ACCEPTED.iter().find(|(url, _)| *url == given).map(|(_, normal)| *normal);
        let said = Config::parse(&vec![("apiUrl".to_owned(), given::Value::Text(given.to_owned()))], parse_url);
        match (said, expected) {
            (Ok(config), expected) => assert_eq!(Some(config.api_url.as_str()), expected, "{given:?}"),
            (Err(error), None) => assert_eq!(error.code(), Code::ConfigInvalid, "{given:?}"),
            (Err(error), Some(_)) => panic!("{given:?}: {error}"),
        }
        assert!(row["failure"] != true || expected.is_none(), "{given:?} is no URL");
    }
}
