/** The public types. Names that Hanko sends keep Hanko's spelling; durations are whole seconds, `timeout` alone is milliseconds. */
import type { DeniedCode, HankoErrorCode, UnavailableCode } from "./error.js";

export type { HankoErrorCode };

/** What `createHanko` takes. An option that there is not is `config_invalid`. */
export interface HankoOptions<C extends object = {}> {
  /** Base URL of the Hanko API, tenant path included. https, unless `allowInsecure`. */
  apiUrl: string | URL;
  /** Name of the session cookie. Default `"hanko"`. */
  cookieName?: string;
  /** Accept only tokens whose `aud` holds one of these. Default: not checked. */
  audience?: string | readonly string[];
  /** Accept only tokens with exactly this `iss`. Default: not checked (Hanko sends none by default). */
  issuer?: string;
  /** Seconds of clock difference to forgive, 0 to 300. Default 5. */
  clockTolerance?: number;
  /** Longest token looked at, in characters, 256 to 65536. Default 16384: templates with metadata make real tokens of over 9000. */
  maxTokenLength?: number;
  /**
   * How `authenticate` decides.
   * - `"local"`: signature and claims against the published keys. No request per call; cannot see a revoked session.
   * - `"remote"`: local checks first (a forgery costs no request), then Hanko is asked every time.
   * - `"hybrid"` (default): local checks every time; Hanko is asked once per session and `revalidateAfter`.
   *
   * Hanko answers "no" to everybody while its database is down. So a "no" for a token that passes the local checks
   * is confirmed before it counts: the key document past every cache, then Hanko once more (README, *Modes*).
   */
  mode?: "local" | "remote" | "hybrid";
  /** hybrid: seconds for which Hanko's last "yes" is believed, 1 to 3600. Default 60. */
  revalidateAfter?: number;
  /** hybrid: seconds past `revalidateAfter` for which a last "yes" still counts while Hanko is down, 0 to 86400, never past the idle time. Default 300. Per isolate. */
  outageGrace?: number;
  /** Seconds for which keys are used past their age while the key endpoint is down, 0 to 86400. Default 3600. */
  keysMaxStale?: number;
  /**
   * Origins whose cookie-carried unsafe requests are accepted (CSRF); the request's own origin is always one. Default: every origin.
   * `Origin` listed: yes; present and unlisted, or `null`: no; absent: `Sec-Fetch-Site` `same-origin` or `none`; both absent (no browser): yes.
   * GET, HEAD and OPTIONS are safe unless they upgrade to a WebSocket; a `Headers` has no method, so all of it counts as unsafe. Bearer is exempt.
   */
  allowedOrigins?: readonly string[];
  /** Used for every request, always with one `Request`. A service binding (`env.HANKO`) fits. Default: the host's `fetch`. */
  fetch?: typeof globalThis.fetch | { fetch: typeof globalThis.fetch };
  /** One deadline for the whole call, body included, in milliseconds, 100 to 30000. Default 5000. */
  timeout?: number;
  /** Verified tokens to remember, 0 (off) to 100000. Default 1000. */
  cacheSize?: number;
  /** A shared place for keys, beyond this isolate (Cache API, KV). Default: memory only. */
  keyStore?: KeyStore;
  /** A list of ended sessions, kept by webhooks. Checked in every mode. Default: none. */
  revocations?: RevocationList;
  /** Checks the custom claims at run time (any Standard Schema: Zod, Valibot, ArkType). */
  claimsSchema?: StandardSchemaV1<unknown, C>;
  /** Allows http and loopback, private and link-local hosts in `apiUrl`. For development. Default false. */
  allowInsecure?: boolean;
  /** Told about every key fetch, validation, cache hit and denial; gets codes and durations, never tokens or claims. */
  onEvent?: (event: HankoEvent) => void;
}

/** What every call takes. */
export interface CallOptions {
  /** Cancels this call: `request_aborted`, or `outcome_unknown` where metadata or a change by the Admin API was sent already. */
  signal?: AbortSignal;
  /** Keeps background work alive: `(promise) => ctx.waitUntil(promise)` in Workers. One that throws is as none. */
  waitUntil?: (promise: Promise<unknown>) => void;
}

/**
 * No function that returns a promise throws synchronously. An empty token is `token_malformed`, a longer one than `maxTokenLength`
 * `token_too_large`.
 *
 * Every method but `authenticate` may also throw `argument_invalid`, and what a request can fail with: `network_error`,
 * `request_timeout`, `request_aborted`, `redirect_blocked`, `response_invalid` (often a wrong `apiUrl`), `response_too_large`,
 * `rate_limited`, `server_error`; `internal_error` where the host lacks something.
 */
export interface Hanko<C extends object = {}> {
  /**
   * Who sent this request? `Authorization: Bearer` where there is one, else every session cookie.
   * Never rejects for anything a client or a network can do: an outage is `unavailable`, not `signed-out`. Misuse rejects (`argument_invalid`, `not_ready`, `wasm_blocked`).
   */
  authenticate(
    input: Request | Headers | string,
    options?: CallOptions & { mode?: HankoOptions["mode"] },
  ): Promise<Auth<C>>;

  /**
   * Checks the token against the published keys. Throws `HankoError` when it is not a valid session token.
   *
   * @throws HankoError `token_malformed`, `token_too_large`; `alg_not_allowed`, `header_unsupported`, `kid_missing`, `key_not_found`, `key_unusable`, `signature_invalid`;
   *   `claims_malformed`, `claim_missing`, `claim_mismatch`, `token_expired`, `token_not_active`, `not_session_token`; `session_ended` where `revocations` holds it;
   *   `keys_unavailable`, `keys_invalid`
   */
  verifySession(token: string, options?: CallOptions): Promise<Session<C>>;

  /**
   * Asks Hanko (`/sessions/validate`). With a token: POST, which also renews the idle time.
   * It is sent as it stands; the local checks only weigh a "no". A 400 that says the claims cannot be read is `claims_malformed`, or `not_session_token` for a token without UUID `sub` and `session_id`.
   * Without: GET with the browser's cookie, which does not; in a host without cookies of its own (no `document`, no `WorkerGlobalScope` of a page): `token_missing`. `is_valid: false` is an answer, not an error.
   * A "no" for a token that passes the local checks is confirmed first. Without a token the first "no", and one after a "yes",
   * is checked against the key document. Where Hanko turns out to be down this throws `server_error`.
   *
   * @throws HankoError `token_missing`, `token_malformed`, `token_too_large`, `claims_malformed`, `not_session_token`, `server_error`
   */
  validateSession(token?: string, options?: CallOptions): Promise<SessionStatus<C>>;

  /**
   * Checks a webhook's token against the published keys and returns its event. Refuses session tokens.
   *
   * @param body what Hanko sent: its text (`{"token": "...", "event": "..."}`), that text parsed, or the token alone; at most 262144 characters.
   *   Only the token is read: the `event` beside it is not signed. `maxTokenLength` and `issuer` are for sessions, `audience` and `clockTolerance` count here too.
   * @returns the signed event. `data` as sent, of any depth; a number that no JavaScript number holds (`1e400`) is `Infinity`
   * @throws HankoError `token_missing`, `token_malformed`, `token_too_large`; `alg_not_allowed`, `header_unsupported`, `kid_missing`, `key_not_found`, `key_unusable`, `signature_invalid`;
   *   `not_webhook_token` without the `sub` and `evt` of a webhook, or with a `session_id`; `claims_malformed`, also for a `user.*` or `session.*` event without the UUIDs of whom it is about;
   *   `claim_missing`, `claim_mismatch`, `token_expired`, `token_not_active`; `keys_unavailable`, `keys_invalid`
   */
  verifyWebhook(body: string | { token: string }, options?: CallOptions): Promise<WebhookEvent>;

  /**
   * The user of this token, or of the browser's cookie (`GET /me`). Metadata is read by `JSON.parse`, whatever was stored:
   * a number beyond a double (`1e400`) shows as `Infinity`.
   * Without a token in a host without cookies of its own: `token_missing`.
   *
   * @throws HankoError `unauthorized` (confirmed: `server_error` where Hanko is down), `token_expired`; `token_missing`, and for what is no
   * session token, without a request, `token_malformed`, `token_too_large`, `header_unsupported`, `claims_malformed`, `not_session_token`; an answer about
   * another person than the token's is `response_invalid`
   */
  getCurrentUser(options?: CallOptions & { token?: string }): Promise<User>;
  /**
   * A user by id, a UUID in lower case with dashes. Hanko's public API lets a user read only itself: any other id is
   * `forbidden`, on every version, and with a token without a request.
   *
   * @throws HankoError `argument_invalid`, `forbidden`, and what `getCurrentUser` throws
   */
  getUser(userId: string, options?: CallOptions & { token?: string }): Promise<User>;

  /**
   * Ends this session at Hanko (`POST /logout`) and forgets it here: `authenticate` refuses it at once (`session_ended`), but
   * in mode `local`. Without a token: the browser's cookie. A session that has ended already is no error; that Hanko says so
   * is confirmed, because with its database away it says so to everybody (`server_error`). Safe to repeat.
   *
   * @throws HankoError `token_missing`, `token_malformed`, `token_too_large`, `header_unsupported`, `claims_malformed`, `not_session_token`, `server_error`
   */
  logout(options?: CallOptions & { token?: string }): Promise<void>;

  /**
   * Sends `patch` (a merge patch, RFC 7396: null removes a member) as the profile flow's `patch_metadata`; resolves to the
   * metadata as stored, both kinds always there.
   * Calls for one user are sent one after the other, because Hanko loses one of two that overlap; other processes of the same user can still overlap.
   * A lost answer is settled by an identical repeat, which cannot write twice, and by reading; `outcome_unknown` where that does not settle it.
   * Every other failure means that nothing was written.
   *
   * @throws HankoError `metadata_invalid` naming the path (not JSON: NaN, Infinity, bigint, undefined, lone surrogates, cycles),
   * `metadata_too_large`, `unauthorized`, `outcome_unknown`, `flow_expired`; `token_missing`, `token_malformed`, `token_too_large`, `header_unsupported`,
   * `claims_malformed`, `not_session_token`, `token_expired`
   */
  patchUnsafeMetadata(patch: JsonObject, options?: CallOptions & { token?: string }): Promise<UserMetadata>;
  /** Removes all unsafe metadata. Fails as `patchUnsafeMetadata`. */
  clearUnsafeMetadata(options?: CallOptions & { token?: string }): Promise<UserMetadata>;

  /**
   * Fetches the keys now (`GET /.well-known/jwks.json`, past every cache).
   *
   * @throws HankoError `keys_unavailable` for no answer, 5xx and 429; `keys_invalid`
   */
  reloadKeys(options?: CallOptions): Promise<void>;
}

/** What `authenticate` says, told apart by `status`. */
export type Auth<C extends object = {}> = SignedIn<C> | SignedOut | Unavailable;

/** They may. */
export interface SignedIn<C extends object = {}> extends Session<C> {
  status: "signed-in";
  /** The session itself, a secret: for further calls (`getCurrentUser({ token })`), not for a page or a log. */
  token: string;
  /** Where the token was; `"argument"` where it was given as text. */
  source: "authorization" | "cookie" | "argument";
  /** Who said yes last: the keys alone, or Hanko. */
  verifiedBy: "local" | "remote";
  /** True when an outage is being bridged with old keys or an old "yes". */
  stale: boolean;
}
/** We know that they may not: 401, or 403 for `origin_not_allowed`. */
export interface SignedOut {
  status: "signed-out";
  code: DeniedCode;
  /** For developers, and without secrets: no token, cookie or claim is in it. */
  message: string;
}
/** We know nothing: 503, and not a logout. */
export interface Unavailable {
  status: "unavailable";
  code: UnavailableCode;
  /** As in `SignedOut`. */
  message: string;
  /** Seconds after which it is worth another try, where that is known. */
  retryAfter?: number;
}

/** Of whom and of which session a verified token is. */
export interface Session<C extends object = {}> {
  /** `sub` of the token, a UUID. */
  userId: string;
  /** `session_id` of the token, a UUID. */
  sessionId: string;
  /** `exp` of the token. The session may end before. */
  expiresAt: Date;
  /** All claims, in Hanko's shape. */
  claims: Claims<C>;
}

/** Built from the signed token. Hanko's own names win over custom claims of the same name (those are in `decodeToken().payload`). Times are RFC 3339. */
export type Claims<C extends object = {}> = {
  subject: string;
  session_id: string;
  expiration: string;
  issued_at?: string;
  audience?: string[];
  issuer?: string;
  /** How the person signed in, e.g. `["pwd"]`. Absent on tokens that the Admin API made. */
  amr?: string[];
  email?: { address: string; is_primary: boolean; is_verified: boolean };
  username?: string;
} & C;

/** What `/sessions/validate` answers. Times are RFC 3339. */
export type SessionStatus<C extends object = {}> =
  | { is_valid: true; user_id: string; expiration_time: string; idle_expires_at?: string; claims: Claims<C> }
  | { is_valid: false };

/** One shape for every Hanko version: `username` is always a string, `email` always the primary address. Times are RFC 3339. */
export interface User {
  user_id: string;
  created_at: string;
  updated_at: string;
  email?: string;
  username?: string;
  name?: string;
  given_name?: string;
  family_name?: string;
  picture?: string;
  emails: { id: string; address: string; is_verified: boolean; is_primary: boolean; identities?: Identity[] }[];
  identities: Identity[];
  passkeys: WebauthnCredential[];
  security_keys: WebauthnCredential[];
  mfa_config?: { auth_app_set_up: boolean; totp_enabled: boolean; security_keys_enabled: boolean };
  metadata: UserMetadata;
}
/** What is stored about a user, and shown to him. */
export interface UserMetadata {
  /** Written by the Admin API alone. */
  public_metadata: JsonObject;
  /** Written by the user himself: believe none of it. */
  unsafe_metadata: JsonObject;
}
/** An account elsewhere that signs the user in. */
export interface Identity {
  id: string;
  identity_id?: string;
  provider: string;
}
/** A passkey or a security key, as Hanko describes it. */
export interface WebauthnCredential {
  id: string;
  name?: string;
  public_key: string;
  attestation_type: string;
  aaguid: string;
  last_used_at?: string;
  created_at: string;
  transports: string[];
  backup_eligible: boolean;
  backup_state: boolean;
  mfa_only: boolean;
}

/** An event whose token was verified. */
export interface WebhookEvent<D = unknown> {
  /** SHA-256 of the token, base64url. Hanko's webhook tokens have no id and can be replayed for 5 minutes: remember this to see each event once. */
  id: string;
  /** The signed event name (`evt`), never the unsigned one beside the token. */
  event: string;
  /** As sent. `email.send` holds a passcode in clear: do not log it. */
  data: D;
  /** `iat` of the token. */
  issuedAt: Date;
  /** `exp` of the token, until when it can be posted again. */
  expiresAt: Date;
}

/** A shared place for key documents. What it returns is checked as Hanko's answer is; one that fails never costs an answer. */
export interface KeyStore {
  /** The text that was put there, or undefined. */
  get(key: string): Promise<string | undefined>;
  /** Keeps `value` for `ttlSeconds`, or less. */
  put(key: string, value: string, ttlSeconds: number): Promise<void>;
}
/** A list of ended sessions, asked before any yes. One that fails makes the answer `internal_error`, which is neither yes nor no. */
export interface RevocationList {
  /** Whether this session has been revoked, by itself or with its user's. `expiresAt` is when it ends anyway. */
  isRevoked(session: {
    sessionId: string;
    userId: string;
    issuedAt?: Date;
    expiresAt: Date;
  }): boolean | Promise<boolean>;
  /** This session, until it would have ended by itself. */
  revoke(sessionId: string, until: Date): void | Promise<void>;
  /** Every session of this user issued at or before `issuedBefore` (Hanko's clock; no `issuedAt` counts as before), remembered until `until`. A deleted user's sessions end without an event of their own. */
  revokeUser(userId: string, issuedBefore: Date, until: Date): void | Promise<void>;
}
/** What `onEvent` hears. Durations are milliseconds; `cached` is true where nothing had to be verified or asked. */
export type HankoEvent =
  | { type: "keys_fetched"; ok: boolean; code?: HankoErrorCode; durationMs: number }
  | { type: "session_validated"; ok: boolean; code?: HankoErrorCode; durationMs: number }
  | { type: "authenticated"; status: Auth["status"]; code?: HankoErrorCode; cached: boolean; durationMs: number }
  | { type: "restarted"; cause: "trap" };

/** What JSON can say. */
export type JsonObject = { [key: string]: JsonValue };
/** As `JsonObject`. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** https://standardschema.dev, the parts used here. */
export interface StandardSchemaV1<I = unknown, O = I> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) =>
      | { value: O; issues?: undefined }
      | { issues: readonly { message: string }[] }
      | Promise<{ value: O; issues?: undefined } | { issues: readonly { message: string }[] }>;
    /** Never read. The specification's `| undefined` here would not fit a narrower type under `exactOptionalPropertyTypes`. */
    readonly types?: any;
  };
}
