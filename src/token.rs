//! Token text to [`Token`]: parsed, and believed in nothing.

use std::fmt;

use crate::encoding::{self, NotStrict};
use crate::error::{Code, Error};

/// Longest header, in characters of base64url. Hanko's has about a hundred; each character more is work for a text that nobody
/// has signed yet.
pub const MAX_HEADER: usize = 8192;

/// A JWS in compact serialisation (RFC 7515 section 7.1), parsed. Nothing in it has been verified.
#[derive(Clone)]
pub struct Token(Box<Parts>);

#[derive(Clone)]
struct Parts {
    text: String,
    /// Bytes of the text before its second dot.
    signed: usize,
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// The members of a token's header that decide.
#[derive(Debug, Clone)]
pub struct Header {
    /// `alg`, as it stands.
    pub alg: String,
    /// `kid` and `typ`, where they are there. What else a header may name (`jku`, `x5t`) is never looked at.
    pub typed: jwt_compact::Header,
    /// Whether `crit` or `b64` is there, in any form.
    pub extended: bool,
}

impl Token {
    /// Parses a token of at most `max_length` characters.
    ///
    /// # Errors
    /// `token_too_large`, `token_malformed`; `header_unsupported` for a `cty` (nested tokens, RFC 7519 section 5.2).
    pub fn parse(text: &str, max_length: usize) -> Result<Self, Error> {
        if exceeds(text, max_length) {
            return Err(too_large());
        }
        let (header, payload, signature) = parts(text).ok_or_else(|| malformed("it is not three parts"))?;
        let signed = text.len().saturating_sub(signature.len()).saturating_sub(1);
        let header = parse_header(header)?;
        let bytes = |part| encoding::base64url(part).map_err(|_| malformed("a part is not canonical base64url"));
        let (payload, signature) = (bytes(payload)?, bytes(signature)?);
        Ok(Self(Box::new(Parts { text: text.to_owned(), signed, header, payload, signature })))
    }

    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// The payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.0.payload
    }

    /// The signature's bytes; never empty.
    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }

    /// What the signature signs: the first two parts with the dot between them.
    pub fn signed(&self) -> &[u8] {
        self.0.text.as_bytes().get(..self.0.signed).unwrap_or_default()
    }

    /// The `kid` of a header that this package accepts: RS256, no extension, `typ` absent or `JWT`, a `kid` of 1 to 256 bytes.
    ///
    /// # Errors
    /// `alg_not_allowed`, `header_unsupported` (RFC 7515 section 4.1.11, RFC 7797), `kid_missing`, `token_malformed`.
    pub fn kid(&self) -> Result<&str, Error> {
        if self.0.header.alg != "RS256" {
            return Err(Error::new(Code::AlgNotAllowed, "the token's alg is not RS256"));
        }
        if self.0.header.extended {
            return Err(unsupported("crit or b64"));
        }
        // RFC 7515 section 4.1.9: `application/` may be left out, and media types have no case.
        let typ = self.0.header.typed.token_type.as_deref().map(str::to_ascii_lowercase);
        if !matches!(typ.as_deref(), None | Some("jwt" | "application/jwt")) {
            return Err(unsupported("a typ other than JWT"));
        }
        match self.0.header.typed.key_id.as_deref() {
            None => Err(Error::new(Code::KidMissing, "the token names no key (kid)")),
            Some(kid) if kid.is_empty() || kid.len() > 256 => Err(malformed("its kid is not 1 to 256 bytes")),
            Some(kid) => Ok(kid),
        }
    }
}

/// Holds a credential, so it shows nothing of it.
impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

/// Whether the text has the outer shape of a token: exactly three parts, none empty, of base64url's characters.
pub fn is_compact(text: &str) -> bool {
    parts(text).is_some_and(|(header, payload, signature)| {
        [header, payload, signature].into_iter().all(encoding::is_base64url)
    })
}

/// Header, payload and signature: exactly three parts, none empty.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (header, rest) = text.split_once('.')?;
    let (payload, signature) = rest.split_once('.')?;
    let whole = !header.is_empty() && !payload.is_empty() && !signature.is_empty() && !signature.contains('.');
    whole.then_some((header, payload, signature))
}

/// Whether the text is longer than so many characters.
pub fn exceeds(text: &str, max_length: usize) -> bool {
    text.len() > max_length && text.chars().count() > max_length
}

/// `token_too_large`.
pub fn too_large() -> Error {
    Error::new(Code::TokenTooLarge, "the token is longer than maxTokenLength")
}

/// Whether a text is a canonical UUID that is not the nil one: lower-case hex, 8-4-4-4-12.
pub fn is_uuid(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => hex(byte),
        })
        && text.bytes().any(|byte| byte != b'0' && byte != b'-')
}

/// The header's JSON and the types of the members that decide. RFC 7515 section 4.1 knows strings only, and no null.
fn parse_header(part: &str) -> Result<Header, Error> {
    if part.len() > MAX_HEADER {
        return Err(malformed("its header is longer than 8192 characters"));
    }
    let strict = || -> Result<String, NotStrict> { encoding::utf8(encoding::base64url(part)?) };
    let text = strict().map_err(|_| malformed("its header is not canonical base64url of UTF-8"))?;
    let members = encoding::members(&text).map_err(|_| malformed("its header is not a strict JSON object"))?;
    let member = |name| encoding::member(&members, name);
    let text = |name| member(name).map(|json| encoding::string(json).ok_or_else(wrong_type)).transpose();
    if text("cty")?.is_some() {
        return Err(unsupported("cty"));
    }
    let mut typed = jwt_compact::Header::empty();
    (typed.key_id, typed.token_type) = (text("kid")?, text("typ")?);
    let extended = member("crit").or_else(|| member("b64")).is_some();
    Ok(Header { alg: text("alg")?.ok_or_else(wrong_type)?, typed, extended })
}

fn wrong_type() -> Error {
    malformed("its header has a member of a wrong type")
}

fn malformed(why: &'static str) -> Error {
    Error::new(Code::TokenMalformed, ["the token cannot be read: ", why].concat())
}

fn unsupported(what: &'static str) -> Error {
    Error::new(Code::HeaderUnsupported, ["the token's header has ", what, ", which is not supported"].concat())
}
