//! Every way a call can fail, with a stable code each.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::encoding::Object;

/// What a failure means for the one who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// We know that they may not: answer 401 or 403.
    Denied,
    /// We know nothing: answer 503. Never a logout.
    Unavailable,
    /// The calling code is wrong.
    Misuse,
}

macro_rules! codes {
    ($($kind:ident { $($(#[$doc:meta])* $name:ident = $text:literal,)+ })+) => {
        /// The stable code of a failure; part of the public contract.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($($(#[$doc])* $name,)+)+ }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)+)+];

            /// The code as the contract spells it, e.g. `token_expired`.
            pub const fn as_str(self) -> &'static str {
                match self { $($(Self::$name => $text,)+)+ }
            }

            /// Whether the code denies, tells of an outage, or of misuse.
            pub const fn kind(self) -> Kind {
                match self { $($(Self::$name => Kind::$kind,)+)+ }
            }
        }
    };
}

codes! {
    Denied {
        /// The request carries no session token.
        TokenMissing = "token_missing",
        /// The request carries several, and which one counts cannot be told.
        TokenAmbiguous = "token_ambiguous",
        /// Longer than `maxTokenLength` characters.
        TokenTooLarge = "token_too_large",
        /// Not a JWS in compact serialisation (RFC 7515 section 7.1) with canonical base64url and a strict JSON header.
        TokenMalformed = "token_malformed",
        /// `alg` is not RS256.
        AlgNotAllowed = "alg_not_allowed",
        /// `crit`, `b64`, `cty` or a `typ` other than JWT (RFC 7515 section 4.1, RFC 8725 section 3.11).
        HeaderUnsupported = "header_unsupported",
        /// No `kid`: Hanko always sets one.
        KidMissing = "kid_missing",
        /// No published key has this `kid`.
        KeyNotFound = "key_not_found",
        /// The published key of this `kid` breaks the key policy.
        KeyUnusable = "key_unusable",
        /// The signature is not the key's.
        SignatureInvalid = "signature_invalid",
        /// The payload is not strict JSON, or a claim has a wrong type.
        ClaimsMalformed = "claims_malformed",
        /// `exp`, or an `iss` or `aud` that the options demand, is absent.
        ClaimMissing = "claim_missing",
        /// `iss` or `aud` is not what the options demand.
        ClaimMismatch = "claim_mismatch",
        /// On or after `exp` (RFC 7519 section 4.1.4).
        TokenExpired = "token_expired",
        /// Before `nbf` or `iat`.
        TokenNotActive = "token_not_active",
        /// No UUID `sub` and `session_id`: for example one of Hanko's webhook tokens.
        NotSessionToken = "not_session_token",
        /// Not one of Hanko's webhook tokens.
        NotWebhookToken = "not_webhook_token",
        /// Hanko says that the session has ended.
        SessionEnded = "session_ended",
        /// The origin is not in `allowedOrigins`.
        OriginNotAllowed = "origin_not_allowed",
        /// Hanko does not accept the session.
        Unauthorized = "unauthorized",
        /// The session is good, the request is not its to make.
        Forbidden = "forbidden",
        /// The Admin API knows no such thing.
        NotFound = "not_found",
    }
    Unavailable {
        /// The key document cannot be had.
        KeysUnavailable = "keys_unavailable",
        /// The key document is not a JWK set with a usable key (RFC 7517 section 5).
        KeysInvalid = "keys_invalid",
        /// No answer.
        NetworkError = "network_error",
        /// No whole answer before the deadline.
        RequestTimeout = "request_timeout",
        /// The caller's signal ended the call.
        RequestAborted = "request_aborted",
        /// The answer is a redirect; none is followed.
        RedirectBlocked = "redirect_blocked",
        /// The answer is not what this server answers: often a wrong `apiUrl`.
        ResponseInvalid = "response_invalid",
        /// The answer is too long.
        ResponseTooLarge = "response_too_large",
        /// Status 429.
        RateLimited = "rate_limited",
        /// A 5xx, or a "no" that Hanko's own key document does not bear out.
        ServerError = "server_error",
        /// The profile flow expired.
        FlowExpired = "flow_expired",
        /// Whether a write was done cannot be told.
        OutcomeUnknown = "outcome_unknown",
        /// A fault of this package or its host.
        InternalError = "internal_error",
    }
    Misuse {
        /// An option is unknown, of a wrong type or out of range.
        ConfigInvalid = "config_invalid",
        /// An argument is.
        ArgumentInvalid = "argument_invalid",
        /// The metadata is not JSON.
        MetadataInvalid = "metadata_invalid",
        /// The metadata cannot fit.
        MetadataTooLarge = "metadata_too_large",
        /// The WebAssembly module has not been started (`hanko-edge/slim`).
        NotReady = "not_ready",
        /// The host forbids WebAssembly.
        WasmBlocked = "wasm_blocked",
    }
}

impl Kind {
    /// The kind as the contract spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Unavailable => "unavailable",
            Self::Misuse => "misuse",
        }
    }
}

/// A failure. Its message never holds a token, a claim's value, a cookie, a header's value or a key.
///
/// Boxed: failures are rare, and what every result carries along is copied at every step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Failure>);

/// What an [`Error`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    code: Code,
    message: Cow<'static, str>,
    /// HTTP status of Hanko's answer, where there was one.
    pub status: Option<u16>,
    /// Seconds after which another try may succeed.
    pub retry_after: Option<u32>,
}

impl Error {
    /// A failure with its code and a sentence that holds no secret.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self::with_message(code, message.into())
    }

    #[inline(never)]
    fn with_message(code: Code, message: Cow<'static, str>) -> Self {
        Self(Box::new(Failure { code, message, status: None, retry_after: None }))
    }

    /// The same failure, with the HTTP status that caused it.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What the failure means for the one who asked.
    pub fn kind(&self) -> Kind {
        self.code.kind()
    }

    /// One sentence for a developer.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// `{ code, kind, message, status?, retryAfter? }`, as it crosses to JavaScript: JSON text.
    pub fn to_json(&self) -> String {
        let mut shown = Object::default();
        shown.put_string("code", self.code.as_str());
        shown.put_string("kind", self.kind().as_str());
        shown.put_string("message", &self.message);
        if let Some(status) = self.status {
            shown.put("status", &status.to_string());
        }
        if let Some(seconds) = self.retry_after {
            shown.put("retryAfter", &seconds.to_string());
        }
        shown.finish()
    }
}

impl Deref for Error {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Failure {
        &mut self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}
