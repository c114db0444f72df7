//! What the host does for the core.

use hanko_edge::config::UrlParts;
use url::Url;

/// The WHATWG parser of the `url` crate, in the place of the host's.
pub(crate) fn parse_url(text: &str) -> Option<UrlParts> {
    let url = Url::parse(text).ok()?;
    Some(UrlParts {
        protocol: format!("{}:", url.scheme()),
        hostname: url.host_str().unwrap_or_default().to_owned(),
        origin: url.origin().ascii_serialization(),
        pathname: url.path().to_owned(),
    })
}
