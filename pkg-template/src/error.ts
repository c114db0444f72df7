/** Answer 401 or 403: we know that they may not. */
export type DeniedCode =
  | "token_missing"
  | "token_ambiguous"
  | "token_too_large"
  | "token_malformed"
  | "alg_not_allowed"
  | "header_unsupported"
  | "kid_missing"
  | "key_not_found"
  | "key_unusable"
  | "signature_invalid"
  | "claims_malformed"
  | "claim_missing"
  | "claim_mismatch"
  | "token_expired"
  | "token_not_active"
  | "not_session_token"
  | "not_webhook_token"
  | "session_ended"
  | "origin_not_allowed"
  | "unauthorized"
  | "forbidden"
  | "not_found";
/** Answer 503: we know nothing. Never a logout. */
export type UnavailableCode =
  | "keys_unavailable"
  | "keys_invalid"
  | "network_error"
  | "request_timeout"
  | "request_aborted"
  | "redirect_blocked"
  | "response_invalid"
  | "response_too_large"
  | "rate_limited"
  | "server_error"
  | "flow_expired"
  | "outcome_unknown"
  | "internal_error";
/** Fix the calling code. */
export type MisuseCode =
  "config_invalid" | "argument_invalid" | "metadata_invalid" | "metadata_too_large" | "not_ready" | "wasm_blocked";
/** Stable: part of the contract. */
export type HankoErrorCode = DeniedCode | UnavailableCode | MisuseCode;

/** A failure as the core tells it. */
export interface Failure {
  code: HankoErrorCode;
  kind: HankoError["kind"];
  message: string;
  status?: number;
  retryAfter?: number;
}

/** No message, field, stack or inspection of it ever holds a token, a claim value, a cookie, a header or a key. */
export class HankoError extends Error {
  override readonly name = "HankoError";
  /** Stable: part of the contract. */
  readonly code: HankoErrorCode;
  readonly kind: "denied" | "unavailable" | "misuse";
  /** HTTP status of Hanko's answer, where there was one. */
  declare readonly status?: number;
  /** Seconds after which another try may succeed. */
  declare readonly retryAfter?: number;

  /** Made by this package only. `options.cause` is the reason of the caller's own abort signal. */
  constructor(failure: Failure, options?: { cause: unknown }) {
    super(failure.message, options);
    this.code = failure.code;
    this.kind = failure.kind;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.retryAfter !== undefined) this.retryAfter = failure.retryAfter;
  }
}

/** The calling code is wrong. */
export function misuse(code: MisuseCode, message: string): HankoError {
  return new HankoError({ code, kind: "misuse", message });
}

/** `config_invalid` for an option that there is not. Its name may be anything, a secret in the wrong place included: only a plain one is shown. */
export function unknownOption(name: string): HankoError {
  return misuse("config_invalid", /^[a-z_]{1,32}$/i.test(name) ? `option ${name} is unknown` : "an option is unknown");
}

/** `argument_invalid`, naming the argument and never its value. */
export function argumentInvalid(argument: string, must: string): HankoError {
  return misuse("argument_invalid", `${argument} must be ${must}`);
}

/** `internal_error`: a fault of this package or its host. */
export function internalError(message: string): HankoError {
  return new HankoError({ code: "internal_error", kind: "unavailable", message });
}
