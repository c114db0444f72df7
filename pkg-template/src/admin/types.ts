/** The public types of `hanko-edge/admin`. */
import type { CallOptions, HankoOptions, JsonObject, User, UserMetadata } from "../types.js";

/** What `createAdmin` takes. */
export interface AdminOptions {
  /** Base URL of the Admin API, e.g. `https://{tenant_id}.hanko.io/admin`. Rules as for `HankoOptions.apiUrl`. */
  apiUrl: string | URL;
  /** Hanko Cloud's API key secret. A self-hosted Admin API has none: leave it out. Never shown, logged or sent anywhere else. */
  apiKey?: string;
  /** As in `HankoOptions`: always given one `Request`. */
  fetch?: HankoOptions["fetch"];
  /** One deadline for the whole call, bodies included, in milliseconds, 100 to 30000. Default 5000. */
  timeout?: number;
  /** Allows http and loopback, private and link-local hosts in `apiUrl`: a self-hosted Admin API is often there. Default false. */
  allowInsecure?: boolean;
}

/** What is stored about a user, with the kind that he never sees. */
export interface AdminMetadata extends UserMetadata {
  private_metadata: JsonObject;
}

/** A live session, as the Admin API lists it. Times are RFC 3339. */
export interface AdminSession {
  id: string;
  user_id: string;
  created_at: string;
  updated_at: string;
  expires_at: string;
  last_used: string;
  user_agent?: string;
  ip_address?: string;
}

/**
 * The public `User`'s shape, filled from the Admin API's, which names things differently: `webauthn_credentials` are split by
 * `mfa_only`, an identity's `id` is the one at the provider. What the Admin API does not tell is absent.
 */
export interface AdminUser extends Omit<User, "metadata" | "mfa_config"> {
  metadata: AdminMetadata;
  password?: { created_at: string; updated_at: string };
  otp?: { created_at: string };
}

/**
 * Ids are UUIDs, sent in lower case and with dashes however they were spelled; anything else is `argument_invalid`.
 *
 * Every method may also fail with `unauthorized` (the API key), `forbidden`, `not_found`, `rate_limited`, `server_error`,
 * `network_error`, `request_timeout`, `request_aborted`, `redirect_blocked`, `response_invalid` (often a wrong `apiUrl`),
 * `response_too_large`, `argument_invalid`.
 *
 * What changes something is sent once. Where its answer is lost, by the caller's abort too, or cannot be read, it is `outcome_unknown`.
 */
export interface Admin {
  /** `GET /users/{id}`. */
  getUser(userId: string, options?: CallOptions): Promise<AdminUser>;
  /** `GET /users/{id}/metadata`. */
  getMetadata(userId: string, options?: CallOptions): Promise<AdminMetadata>;
  /**
   * RFC 7396. `null` for a kind clears it; `null` for the whole clears all three (`PATCH /users/{id}/metadata`).
   * A lost answer is settled by reading: all that the patch names has its value there, or it is `outcome_unknown`.
   * Patches of one user are sent one after the other, those of `patchUnsafeMetadata` among them, because Hanko loses one of
   * two that overlap; other processes can still overlap.
   *
   * @throws HankoError `metadata_invalid` (not JSON), `metadata_too_large` (a kind over 3000 characters in Hanko's count)
   */
  patchMetadata(
    userId: string,
    patch: {
      public_metadata?: JsonObject | null;
      private_metadata?: JsonObject | null;
      unsafe_metadata?: JsonObject | null;
    } | null,
    options?: CallOptions,
  ): Promise<AdminMetadata>;
  /** A new session token for this user (`POST /sessions`). Beyond Hanko's limit of sessions the oldest one ends. */
  createSession(
    userId: string,
    options?: CallOptions & { userAgent?: string; ipAddress?: string },
  ): Promise<{ session_token: string }>;
  /** The sessions that have not expired (`GET /users/{id}/sessions`). */
  listSessions(userId: string, options?: CallOptions): Promise<AdminSession[]>;
  /**
   * `{ emails: [{ address, is_primary, is_verified }] }` or a username (`POST /users`).
   *
   * @throws HankoError `argument_invalid`, with `status` 409 where Hanko has the address or the username already
   */
  createUser(
    user: { emails?: { address: string; is_primary: boolean; is_verified: boolean }[]; username?: string },
    options?: CallOptions,
  ): Promise<AdminUser>;
  /** `DELETE /users/{id}`. The user's sessions end with it. */
  deleteUser(userId: string, options?: CallOptions): Promise<void>;
  /**
   * Ends every session of a user, for example after a changed password, which ends none by itself. Resolves to how many.
   * One request for each: where one fails the others are ended all the same, and then this fails as that one did.
   */
  deleteSessions(userId: string, options?: CallOptions): Promise<number>;
  /** Ends a session (`DELETE /users/{id}/sessions/{id}`). */
  deleteSession(userId: string, sessionId: string, options?: CallOptions): Promise<void>;
}
