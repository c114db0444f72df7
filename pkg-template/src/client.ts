/** `createHanko`: the client. Decides nothing; checks what crosses, and waits. */
import { checkCallOptions, openCall, withReason, type Call, type Send } from "./call.js";
import { callAndWait, callNow, type Instance, type Load } from "./core.js";
import { argumentInvalid, HankoError, misuse, type DeniedCode, type UnavailableCode } from "./error.js";
import type { Auth, CallOptions, Hanko, HankoOptions, Session, SessionStatus } from "./types.js";

/** Longest header that is looked at: 20 cookies of the longest token. */
const MAX_HEADER = 20 * 65536;

/** Options as given, so that a new instance can be told them again, and those of them that stay on this side. */
interface Client {
  readonly load: Load;
  readonly options: Readonly<Record<string, unknown>>;
  readonly send: Send;
  readonly timeout: number;
  readonly maxTokenLength: number;
  known?: { instance: Instance; number: number };
}

/** Headers that may carry a session, or a token itself. */
interface Carrier {
  authorization?: string;
  cookie?: string;
  token?: string;
}

export function createClient<C extends object>(load: Load, given: HankoOptions<C>): Hanko<C> {
  const { fetch, onEvent, ...options } = plain(given);
  if (onEvent !== undefined && typeof onEvent !== "function")
    throw misuse("config_invalid", "option onEvent must be a function");
  const timeout = typeof options["timeout"] === "number" ? options["timeout"] : 5000;
  const maxTokenLength = typeof options["maxTokenLength"] === "number" ? options["maxTokenLength"] : 16384;
  const client: Client = { load, options, send: sender(fetch), timeout, maxTokenLength };
  callNow(load, (glue) => glue.configure(options));
  return Object.freeze({
    authenticate: (input, options) => authenticate<C>(client, input, options),
    verifySession: (token, options) => verifySession<C>(client, token, options),
    validateSession: (token, options) => validateSession<C>(client, token, options),
    reloadKeys: (options) => reloadKeys(client, options),
  } satisfies Hanko<C>);
}

async function authenticate<C extends object>(client: Client, input: unknown, given: unknown): Promise<Auth<C>> {
  const options = checkCallOptions(given, ["mode"]);
  const mode = options["mode"];
  if (mode !== undefined && mode !== "local" && mode !== "remote" && mode !== "hybrid") {
    throw argumentInvalid("options.mode", "local, remote or hybrid");
  }
  const { authorization, cookie, token } = carrier(input);
  if (
    (token?.length ?? 0) > client.maxTokenLength ||
    (cookie?.length ?? 0) > MAX_HEADER ||
    (authorization?.length ?? 0) > MAX_HEADER
  ) {
    return { status: "signed-out", code: "token_too_large", message: TOO_LARGE };
  }
  try {
    const auth = await call<Auth<C>>(client, options, (running, id, number, call) =>
      running.glue.authenticate(id, number, call, authorization, cookie, token, mode),
    );
    return auth.status === "signed-in" ? dated(auth) : auth;
  } catch (error) {
    return told(error);
  }
}

async function verifySession<C extends object>(client: Client, token: unknown, given: unknown): Promise<Session<C>> {
  const options = checkCallOptions(given);
  const text = checkToken(client, token);
  const work = (running: Instance, id: number, number: number, call: Call) =>
    running.glue.verify_session(id, number, call, text);
  return dated(await call<Session<C>>(client, options, work));
}

async function validateSession<C extends object>(
  client: Client,
  token: unknown,
  given: unknown,
): Promise<SessionStatus<C>> {
  const options = checkCallOptions(given);
  const text = token === undefined ? undefined : checkToken(client, token);
  if (text === undefined && !hasCookies()) {
    throw denied("token_missing", "this host has no cookies of its own: give the token");
  }
  return call(client, options, (running, id, number, call) => running.glue.validate_session(id, number, call, text));
}

async function reloadKeys(client: Client, given: unknown): Promise<void> {
  await call(client, checkCallOptions(given), (running, id, number, call) =>
    running.glue.reload_keys(id, number, call),
  );
}

async function call<T>(
  client: Client,
  options: CallOptions,
  work: (running: Instance, id: number, number: number, call: Call) => Promise<string>,
): Promise<T> {
  const open = openCall(client.send, client.timeout, options.signal);
  try {
    return await callAndWait<T>(client.load, async (running, id) => {
      const text = await work(running, id, numberOf(client, running), open);
      // The instance has forgotten this configuration to make room for others: tell it again.
      return text || work(running, id, numberOf(client, running, true), open);
    });
  } catch (error) {
    throw withReason(error, options.signal);
  } finally {
    open.close();
  }
}

/** The number under which an instance knows the client's options. */
function numberOf(client: Client, running: Instance, again = false): number {
  if (again || client.known?.instance !== running) {
    const { ok } = JSON.parse(running.glue.configure(client.options)) as { ok: number };
    client.known = { instance: running, number: ok };
  }
  return client.known.number;
}

/** A copy of the options' own members. A class instance could hide some behind its prototype. */
function plain(given: unknown): Record<string, unknown> {
  const prototype: unknown = typeof given === "object" && given !== null ? Object.getPrototypeOf(given) : undefined;
  if (prototype === undefined || (prototype !== null && Object.getPrototypeOf(prototype) !== null)) {
    throw misuse("config_invalid", "the options must be a plain object");
  }
  try {
    return Object.fromEntries(Object.entries(given as object).map(([name, value]) => [name, copy(value)]));
  } catch {
    throw misuse("config_invalid", "the options cannot be read");
  }
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return [...(value as unknown[])];
  if (Object.prototype.toString.call(value) === "[object URL]") return String(value);
  return value;
}

/** Calls a bare function without `this`, and an object as `object.fetch(request)`: a service binding needs its own. */
function sender(fetch: unknown): Send {
  if (fetch === undefined) return (request) => globalThis.fetch(request);
  if (typeof fetch === "function") {
    const bare = fetch as Send;
    return (request) => bare(request);
  }
  const bound = fetch as { fetch: Send } | null;
  if (typeof bound === "object" && typeof bound?.fetch === "function") return (request) => bound.fetch(request);
  throw misuse("config_invalid", "option fetch must be a function, or an object with a function fetch");
}

function carrier(input: unknown): Carrier {
  if (typeof input === "string") return { token: input };
  const object = input as { headers?: Headers; get?: unknown } | null | undefined;
  const headers = typeof object?.get === "function" ? (object as unknown as Headers) : object?.headers;
  if (typeof headers?.get !== "function")
    throw argumentInvalid("the first argument", "a Request, a Headers or a token");
  const [authorization, cookie] = [headers.get("authorization"), headers.get("cookie")];
  return {
    ...(typeof authorization === "string" && { authorization }),
    ...(typeof cookie === "string" && { cookie }),
  };
}

const TOO_LARGE = "the token is longer than maxTokenLength";

function checkToken(client: Client, token: unknown): string {
  if (typeof token !== "string") throw argumentInvalid("the token", "a string");
  if (token === "") throw denied("token_malformed", "the token is empty");
  if (token.length > client.maxTokenLength) throw denied("token_too_large", TOO_LARGE);
  return token;
}

/** A page, or a worker of one: only there does `credentials: "include"` send anything. workerd and Deno have no location. */
function hasCookies(): boolean {
  const { document, WorkerGlobalScope, location } = globalThis as unknown as Record<string, unknown>;
  return document !== undefined || (WorkerGlobalScope !== undefined && location !== undefined);
}

function denied(code: DeniedCode, message: string): HankoError {
  return new HankoError({ code, kind: "denied", message });
}

/** A failure as a result. Misuse, and what forbids the package to run, is no result. */
function told<C extends object>(error: unknown): Auth<C> {
  if (!(error instanceof HankoError) || error.kind === "misuse") throw error;
  const { code, message, retryAfter } = error;
  if (error.kind === "denied") return { status: "signed-out", code: code as DeniedCode, message };
  return {
    status: "unavailable",
    code: code as UnavailableCode,
    message,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** Times cross as milliseconds since 1970. */
function dated<T extends { expiresAt: Date }>(crossed: T): T {
  return { ...crossed, expiresAt: new Date(crossed.expiresAt) };
}
