/** What `hanko-edge/testing` shows of itself. */
import type { JsonObject, User } from "../types.js";

/** What `createTestHanko` takes. */
export interface TestHankoOptions {
  /** Base URL, tenant path included. Default `https://<random>.hanko.test`, so that two servers never share keys. */
  apiUrl?: string;
  /** Which answers to give. `GET /users/{id}` and the two keys of a fresh server exist only in 2.7. Default `"3.0"`. */
  version?: "2.7" | "3.0";
  /** Length of the RSA keys. Hanko's have 4096 bits, which take seconds to make. Default 2048. */
  keyBits?: 2048 | 4096;
  /** Session JWT template, as claims to add. Hanko's own claims win over them, as at Hanko. */
  customClaims?: JsonObject;
  /** `aud` of new tokens. Default `["localhost"]`. */
  audience?: string[];
  /** `iss` of new tokens. Default: none. */
  issuer?: string;
  /** Seconds from `iat` to `exp`. Default 43200. */
  lifespan?: number;
  /** Seconds without use after which a session ends (`session.idle_timeout`). Default: it does not. */
  idleTimeout?: number;
  /** Sessions of one user, of which the Admin API ends the oldest when it makes another. Default 5. */
  sessionLimit?: number;
  /** Name of the session cookie. Default `"hanko"`. */
  cookieName?: string;
  /** The server's clock. Default: `Date.now`. */
  now?: () => Date;
}

/**
 * How requests fail. Of several members each does its part, in this order: `afterApply`, `delayMs`, then one of
 * `hang`, `reset`, `status` with `body` and `headers`. With `delayMs` or `headers` alone the true answer comes, later or with these headers set.
 */
export interface Break {
  /**
   * Answered instead of the true status, 200 to 599. Without `body`: Hanko's JSON error of that status; at `/profile` the flow's, which says
   * that nothing was done, or with `afterApply` the bare one, by which Hanko shows a patch that was written and whose csrf token is lost.
   */
  status?: number;
  /** Never settles until the request's signal aborts, then rejects with its reason. */
  hang?: boolean;
  /** Rejects with a `TypeError`, as `fetch` does when the connection is cut. */
  reset?: boolean;
  /** Answered instead of the true body, as `text/plain` unless `headers` says otherwise. Status 200 unless `status` says otherwise. */
  body?: string;
  /** Set on the answer. */
  headers?: Record<string, string>;
  /** Milliseconds to wait first. The work is then done even if the request's signal has aborted: a server writes on when its client has gone. */
  delayMs?: number;
  /** Heals by itself after so many requests. */
  times?: number;
  /** The server does its work first, and then its answer is lost: as `reset`, unless `hang`, `status` or `body` says how. */
  afterApply?: boolean;
}

/** A request as it arrived. */
export interface TestRequest {
  method: string;
  /** Path below `apiUrl`, query included. Of a request to anywhere else the whole URL. */
  path: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** Empty until it has been read; complete once the answer is there. */
  body: string;
}

/** A Hanko in memory, and what can be done to it. */
export interface TestHanko {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** The public API, and under `/admin` the Admin API. Give it to `createHanko({ fetch })`, or serve it. Honours the signal of a request everywhere. */
  readonly fetch: typeof globalThis.fetch;
  /** A user. Default: a new id, and one primary verified e-mail address unless `email`, `emails` or `username` is given. Private metadata: by the Admin API. */
  createUser(user?: Partial<User>): Promise<User>;
  /**
   * A session and its signed token, as the Admin API makes them; `session.limit` is not applied.
   * A user who does not exist yet is made. `claims` and `header` override anything, to make broken tokens on purpose; what is `undefined` there is left out.
   *
   * @returns `cookie` as a browser would send it: `hanko=<token>`. `sessionId` is the server's, whatever `claims` says.
   */
  createSession(
    userId: string,
    options?: { claims?: JsonObject; header?: JsonObject },
  ): Promise<{ token: string; sessionId: string; cookie: string }>;
  /**
   * The body of a webhook's request: `JSON.stringify` of it is what Hanko would post. Nothing is sent.
   * `data` is a JSON value, or an object's JSON text, which is put in as it stands (`1e400`). `claims` and `header` override anything, as in `createSession`.
   */
  createWebhook(
    event: string,
    data: unknown,
    options?: { claims?: JsonObject; header?: JsonObject },
  ): Promise<{ token: string; event: string }>;
  /** Ends a session, as an administrator or another device would. */
  revokeSession(sessionId: string): void;
  /** A new key, listed last, which signs from now on. The older ones stay listed, unless `keepOld` is false. */
  rotateKeys(options?: { keepOld?: boolean }): Promise<void>;
  /** Every request, or those whose path begins so, fails in this way until `heal`. Of several that match the latest counts. */
  break(how: Break, path?: string): void;
  /**
   * A bad day of the server as a whole, as recorded from real ones.
   * - `"database-away"`: it says "no" to everybody (validate `is_valid: false`, `/me`, `/profile` and `/logout` 401), the key document is 500, the health check is well.
   * - `"crowded"`: too few database connections. 5 % of the answers are a false "no", 5 % of the key documents and 6 (validate) to 20 % (`/me`, `/profile`) of the answers are 500, by a generator that starts anew with each call of `setOutage`.
   * - `null` ends it.
   */
  setOutage(kind: "database-away" | "crowded" | null): void;
  /** Ends everything that `break` began. */
  heal(): void;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly TestRequest[];
}
