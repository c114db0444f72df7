//! Options, parsed and checked once. Errors name the option, never its value.

use crate::address::is_internal;
use crate::error::Error;
use crate::given::{invalid, Given, Options};

/// How `authenticate` decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The published keys alone.
    Local,
    /// The published keys, then Hanko, every time.
    Remote,
    /// The published keys, and Hanko now and then.
    Hybrid,
}

/// The options of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Normalised: origin and path, no slash at the end. Keys and memories belong to it.
    pub api_url: String,
    /// Name of the session cookie.
    pub cookie_name: String,
    /// Accepted `aud`; empty: not checked.
    pub audience: Vec<String>,
    /// Accepted `iss`.
    pub issuer: Option<String>,
    /// Seconds of clock difference to forgive.
    pub clock_tolerance: u32,
    /// Characters of the longest token that is looked at.
    pub max_token_length: usize,
    /// How `authenticate` decides.
    pub mode: Mode,
    /// Milliseconds for a whole call.
    pub timeout: u32,
    /// Seconds for which Hanko's last word is taken.
    pub revalidate_after: u32,
    /// Seconds past that for which a last yes counts while Hanko is down.
    pub outage_grace: u32,
    /// Seconds past their age for which keys are used while the endpoint is down.
    pub keys_max_stale: u32,
    /// Verified tokens to remember.
    pub cache_size: usize,
}

/// What the host's URL parser made of `apiUrl` (WHATWG URL).
#[derive(Debug, Clone, Default)]
pub struct UrlParts {
    /// `https:` and so on.
    pub protocol: String,
    /// Host without port, in the parser's spelling.
    pub hostname: String,
    /// Scheme, host and port.
    pub origin: String,
    /// The path.
    pub pathname: String,
}

/// Default of `cookieName`.
pub const COOKIE_NAME: &str = "hanko";
/// Default of `maxTokenLength`, in characters.
pub const MAX_TOKEN_LENGTH: usize = 16_384;

/// The options of `createHanko` that the core checks.
const KNOWN: [&str; 13] = [
    "apiUrl",
    "cookieName",
    "audience",
    "issuer",
    "clockTolerance",
    "maxTokenLength",
    "mode",
    "revalidateAfter",
    "outageGrace",
    "keysMaxStale",
    "timeout",
    "cacheSize",
    "allowInsecure",
];

impl Config {
    /// The mode of a call: the one that it names, else that of the options.
    pub fn mode_or(&self, named: Option<&str>) -> Mode {
        named.and_then(parse_mode).unwrap_or(self.mode)
    }

    /// Parses the options of `createHanko`; `parse_url` is the host's URL parser.
    ///
    /// # Errors
    /// `config_invalid`, naming the option.
    pub fn parse(options: &Options, parse_url: impl Fn(&str) -> Option<UrlParts>) -> Result<Self, Error> {
        let given = Given(options);
        given.only(&KNOWN)?;
        let allow_insecure = given.boolean("allowInsecure")?;
        let text = given.text("apiUrl")?.ok_or_else(|| invalid("apiUrl", "is missing"))?;
        Ok(Self {
            api_url: parse_api_url(text, allow_insecure, parse_url)?,
            cookie_name: cookie_name(&given)?,
            audience: given.texts("audience")?,
            issuer: given.text("issuer")?.map(str::to_owned),
            clock_tolerance: given.whole("clockTolerance", 0..=300, 5)?,
            max_token_length: max_token_length(&given)?,
            mode: mode(&given)?.unwrap_or(Mode::Hybrid),
            timeout: given.whole("timeout", 100..=30_000, 5000)?,
            revalidate_after: given.whole("revalidateAfter", 1..=3600, 60)?,
            outage_grace: given.whole("outageGrace", 0..=86_400, 300)?,
            keys_max_stale: given.whole("keysMaxStale", 0..=86_400, 3600)?,
            cache_size: given.whole("cacheSize", 0..=100_000, 1000)?.try_into().unwrap_or_default(),
        })
    }
}

/// Parses the options of `readToken`: the cookie's name and the longest token in characters.
///
/// # Errors
/// `config_invalid`, naming the option.
pub fn parse_reading(options: &Options) -> Result<(String, usize), Error> {
    let given = Given(options);
    given.only(&["cookieName", "maxTokenLength"])?;
    Ok((cookie_name(&given)?, max_token_length(&given)?))
}

/// Parses the options of `deletionCookie`: the cookie's name, and the domain as given.
///
/// # Errors
/// `config_invalid`, naming the option.
pub fn parse_deletion(options: &Options) -> Result<(String, Option<&str>), Error> {
    let given = Given(options);
    given.only(&["cookieName", "domain"])?;
    Ok((cookie_name(&given)?, given.text("domain")?))
}

/// Parses a mode's name. None where it is no mode.
fn parse_mode(name: &str) -> Option<Mode> {
    match name {
        "local" => Some(Mode::Local),
        "remote" => Some(Mode::Remote),
        "hybrid" => Some(Mode::Hybrid),
        _ => None,
    }
}

fn max_token_length(given: &Given<'_>) -> Result<usize, Error> {
    given
        .whole("maxTokenLength", 256..=65_536, 16_384)
        .map(|length| usize::try_from(length).unwrap_or(MAX_TOKEN_LENGTH))
}

fn mode(given: &Given<'_>) -> Result<Option<Mode>, Error> {
    let Some(value) = given.value("mode") else { return Ok(None) };
    let mode = value.text().and_then(parse_mode);
    mode.map(Some).ok_or_else(|| invalid("mode", "must be local, remote or hybrid"))
}

/// A cookie's name is a token (RFC 6265 section 4.1.1, RFC 9110 section 5.6.2).
fn cookie_name(given: &Given<'_>) -> Result<String, Error> {
    let name = given.text("cookieName")?.unwrap_or(COOKIE_NAME);
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.len() > 256 || !name.bytes().all(is_token) {
        return Err(invalid("cookieName", "must be a cookie's name (RFC 6265)"));
    }
    Ok(name.to_owned())
}

/// Dot segments, in every spelling (WHATWG URL section 4.1).
const DOTTED: [&str; 6] = [".", "..", "%2e", ".%2e", "%2e.", "%2e%2e"];

/// Decides on the text first: a URL parser trims, strips and folds what a reader would not see.
fn parse_api_url(
    text: &str,
    allow_insecure: bool,
    parse_url: impl Fn(&str) -> Option<UrlParts>,
) -> Result<String, Error> {
    let invalid = |why| Err(invalid("apiUrl", why));
    let rest = text.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//")).unwrap_or_default();
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if rest.is_empty() || text.contains(|char: char| !char.is_ascii_graphic() && char.is_ascii() || char == '\\') {
        return invalid("must be an absolute https URL");
    }
    if authority.is_empty() || authority.contains('%') || rest.contains(['?', '#', '@']) {
        return invalid("must have a host and a path at most: no credentials, query or fragment");
    }
    let dotted = |part: &str| DOTTED.iter().any(|dots| part.eq_ignore_ascii_case(dots));
    if path.split('/').any(dotted) {
        return invalid("must have no dot segments");
    }
    let Some(url) = parse_url(text) else { return invalid("must be an absolute https URL") };
    match url.protocol.as_str() {
        "https:" => {}
        "http:" if allow_insecure => {}
        _ => return invalid("must be https (http needs allowInsecure)"),
    }
    if !allow_insecure && is_internal(&url.hostname) {
        return invalid("must not name a loopback, private or link-local host (that needs allowInsecure)");
    }
    Ok([&url.origin, url.pathname.trim_end_matches('/')].concat())
}
