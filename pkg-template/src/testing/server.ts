/** The server as a whole: requests in, answers out. */
import { demand, REQUESTS } from "../host.js";
import type { JsonObject, User } from "../types.js";
import { failure, randomRequestId, toResponse } from "./answer.js";
import type { Answer } from "./answer.js";
import {
  checkBreak,
  checkEvent,
  checkOptions,
  checkOutage,
  checkSessionId,
  checkUser,
  checkUserId,
} from "./arguments.js";
import { corsHeaders } from "./cors.js";
import { Faults, abortable, broken } from "./faults.js";
import { generateKeys } from "./keys.js";
import { Outage } from "./outage.js";
import { answer } from "./routes/index.js";
import { newToken } from "./session-token.js";
import { addSession, addUser, createStore } from "./store.js";
import { SECOND, clock } from "./time.js";
import { sign } from "./token.js";
import type { Break, TestHanko, TestHankoOptions, TestRequest } from "./types.js";
import { webhookClaims } from "./webhook.js";
import type { Ask, Settings, World } from "./world.js";

const NEEDED = [...REQUESTS, "Response", "TextDecoder", "TextEncoder", "structuredClone"];

/**
 * A Hanko server in memory. It answers `GET|POST /sessions/validate`, `GET /me`, `POST /logout`, `POST /profile`, `GET /.well-known/jwks.json`,
 * `GET /`, the health checks and, as 2.7, `GET /users/{id}` and `GET /.well-known/config`, as a real one was recorded to; under `/admin` users, their metadata, their sessions, and webhooks, which are delivered;
 * everything else is 404, as there.
 * Two patches of one user that overlap lose one of the two, as there. Of the profile flow's actions only `patch_metadata` works.
 * CORS lists the one origin that Hanko lists by default, `http://localhost:8888`.
 *
 * @throws HankoError `config_invalid`, naming the option; `internal_error`, naming what the host lacks
 */
export async function createTestHanko(options: TestHankoOptions = {}): Promise<TestHanko> {
  // No global is called so, and so it is named where it is not there.
  demand((globalThis.crypto as Crypto | undefined)?.subtle ? NEEDED : [...NEEDED, "crypto.subtle"]);
  checkOptions(options);
  const settings = settingsOf(options);
  const keys = await generateKeys(settings.version, settings.keyBits);
  return new Server({ settings, keys, store: createStore(), now: clock(options.now) });
}

function settingsOf(options: TestHankoOptions): Settings {
  const { version = "3.0", keyBits = 2048, customClaims = {}, audience = ["localhost"] } = options;
  const { issuer, lifespan = 43200, idleTimeout, cookieName = "hanko", sessionLimit = 5 } = options;
  const given = options.apiUrl ?? `https://${crypto.randomUUID().slice(0, 8)}.hanko.test`;
  return {
    apiUrl: new URL(given).href.replace(/\/+$/, ""),
    ...{ version, keyBits, customClaims, audience, issuer, cookieName, sessionLimit },
    lifespan: lifespan * SECOND,
    idleTimeout: idleTimeout === undefined ? undefined : idleTimeout * SECOND,
  };
}

class Server implements TestHanko {
  readonly requests: TestRequest[] = [];
  readonly #world: World;
  readonly #faults = new Faults();
  readonly #outage = new Outage();

  constructor(world: World) {
    this.#world = world;
  }

  get apiUrl(): string {
    return this.#world.settings.apiUrl;
  }

  /** An arrow function: `fetch` is called without `this`. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    // workerd has none on requests that came from outside.
    const signal: AbortSignal = request.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    const path = pathBelow(this.apiUrl, request.url);
    const entry = { method: request.method, path, headers: Object.fromEntries(request.headers), body: "" };
    this.requests.push(entry);
    return abortable(signal, this.#settle(request, signal, entry));
  };

  async #settle(request: Request, signal: AbortSignal, entry: TestRequest): Promise<Response> {
    const how = this.#faults.next(entry.path);
    const { text, isUtf8 } = await bodyOf(request);
    entry.body = text;
    return broken(how, entry.path, signal, () => this.#serve(request.headers, entry, isUtf8));
  }

  async #serve(headers: Headers, { method, path, body }: TestRequest, isUtf8: boolean): Promise<Response> {
    const [pathname = "", ...query] = path.split("?");
    if (/%(?![\da-f]{2})/i.test(pathname)) return toResponse(badEscape());
    const database = this.#outage.next(pathname);
    const request = { method, path: pathname, query: query.join("?"), headers, body, isUtf8 };
    const ask: Ask = { world: this.#world, ...request, database, deletesCookie: false };
    const { status, headers: own, body: text } = path.startsWith("/") ? await answer(ask) : failure(404);
    const requestId = headers.get("x-request-id") || randomRequestId();
    // The Admin API knows no CORS.
    const isAdmin = pathname.startsWith("/admin/");
    const cors = isAdmin ? {} : corsHeaders(this.#world.settings.version, method, headers);
    const response = toResponse({ status, headers: { ...own, ...cors, "x-request-id": requestId }, body: text });
    if (ask.deletesCookie) response.headers.append("set-cookie", deletion(this.#world.settings.cookieName));
    return response;
  }

  async createUser(user: Partial<User> = {}): Promise<User> {
    checkUser(user);
    return addUser(this.#world.store, user, this.#world.now());
  }

  async createSession(
    userId: string,
    { claims = {}, header = {} }: { claims?: JsonObject; header?: JsonObject } = {},
  ): Promise<{ token: string; sessionId: string; cookie: string }> {
    checkUserId(userId);
    const { settings, store } = this.#world;
    if (!store.users.has(userId)) addUser(store, { user_id: userId }, this.#world.now());
    const user = store.users.get(userId);
    if (!user) throw new Error("a user who could not be made");
    const session = addSession(this.#world, userId);
    const token = await newToken(this.#world, user, session, claims, header);
    return { token, sessionId: session.id, cookie: `${settings.cookieName}=${token}` };
  }

  async createWebhook(
    event: string,
    data: unknown,
    { claims = {}, header = {} }: { claims?: JsonObject; header?: JsonObject } = {},
  ): Promise<{ token: string; event: string }> {
    checkEvent(event);
    const { settings, keys } = this.#world;
    const key = keys.at(-1);
    if (!key) throw new Error("a server without keys");
    return { token: await sign(key, webhookClaims(settings, event, data, this.#world.now(), claims), header), event };
  }

  revokeSession(sessionId: string): void {
    checkSessionId(sessionId);
    this.#world.store.sessions.delete(sessionId);
  }

  async rotateKeys({ keepOld = true }: { keepOld?: boolean } = {}): Promise<void> {
    const { version, keyBits } = this.#world.settings;
    const fresh = await generateKeys(version, keyBits);
    this.#world.keys = keepOld ? [...this.#world.keys, ...fresh] : fresh;
  }

  break(how: Break, path = ""): void {
    checkBreak(how, path);
    this.#faults.add(how, path);
  }

  setOutage(kind: "database-away" | "crowded" | null): void {
    checkOutage(kind);
    this.#outage.set(kind);
  }

  heal(): void {
    this.#faults.clear();
  }
}

/** Path and query below `apiUrl`; of anything else the whole URL. */
function pathBelow(apiUrl: string, url: string): string {
  const [whole = ""] = url.split("#");
  return whole.startsWith(`${apiUrl}/`) ? whole.slice(apiUrl.length) : whole;
}

/** `Request.text` would drop a byte order mark, which Hanko refuses (`validate#validate-post-body-shapes`). */
async function bodyOf(request: Request): Promise<{ text: string; isUtf8: boolean }> {
  if (request.method === "GET" || request.method === "HEAD") return { text: "", isUtf8: true };
  const bytes = await request.arrayBuffer();
  const decode = (fatal: boolean) => new TextDecoder("utf-8", { ignoreBOM: true, fatal }).decode(bytes);
  try {
    return { text: decode(true), isUtf8: true };
  } catch {
    return { text: decode(false), isUtf8: false };
  }
}

/** Go's own answer to a path with bad escapes, before Hanko sees it (`errors#plain-404`). */
function badEscape(): Answer {
  return { status: 400, headers: { "content-type": "text/plain; charset=utf-8" }, body: "400 Bad Request" };
}

function deletion(cookieName: string): string {
  return `${cookieName}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict`;
}
