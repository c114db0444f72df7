/** What a route gets to see: the server, and one request to it. */
import type { JsonObject } from "../types.js";
import type { Answer } from "./answer.js";
import type { SigningKey } from "./keys.js";
import type { Store } from "./store.js";
import type { Micros } from "./time.js";

export interface Settings {
  apiUrl: string;
  version: "2.7" | "3.0";
  keyBits: number;
  customClaims: JsonObject;
  audience: string[];
  issuer: string | undefined;
  lifespan: Micros;
  /** Of a user, where the Admin API makes another. */
  sessionLimit: number;
  idleTimeout: Micros | undefined;
  cookieName: string;
}

export interface World {
  readonly settings: Settings;
  readonly store: Store;
  /** Oldest first; the last one signs. */
  keys: readonly SigningKey[];
  now(): Micros;
}

/** How the database serves one request: as it should, keys unreadable (so every token is unknown), or with an error. */
export type Database = "well" | "unreadable" | "failing";

/** Hanko answers this with 500. */
export class DatabaseFailure extends Error {}

/** No answer comes. */
export class ConnectionClosed extends TypeError {
  constructor() {
    super("fetch failed");
  }
}

export interface Ask {
  readonly world: World;
  readonly method: string;
  /** Below `apiUrl`, without the query. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly headers: Headers;
  readonly body: string;
  /** Whether the body's bytes were. */
  readonly isUtf8: boolean;
  readonly database: Database;
  /** Set where the answer deletes the session cookie. */
  deletesCookie: boolean;
}

export type Route = (ask: Ask) => Answer | Promise<Answer>;
