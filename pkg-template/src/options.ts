/** The options of `createHanko` that stay on this side: functions and objects. The core checks all others. */
import type { Lent, Send } from "./call.js";
import { misuse, type MisuseCode } from "./error.js";
import { parseOrigins } from "./origin.js";
import { parseSchema } from "./schema.js";
import type { HankoEvent, KeyStore, RevocationList, StandardSchemaV1 } from "./types.js";

export interface ClientOptions extends Lent {
  /** For the core, as given, so that a new instance can be told them again. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Characters. */
  readonly maxTokenLength: number;
  readonly allowedOrigins: readonly string[] | undefined;
  readonly claimsSchema: StandardSchemaV1 | undefined;
}

/** @throws HankoError `config_invalid`, naming the option */
export function parseOptions(given: unknown): ClientOptions {
  const { fetch, onEvent, keyStore, revocations, allowedOrigins, claimsSchema, ...options } = plain(given);
  if (onEvent !== undefined && typeof onEvent !== "function") {
    throw misuse("config_invalid", "option onEvent must be a function");
  }
  return {
    options,
    send: sender(fetch),
    fetch: fetch === undefined ? 0 : numberOfFetch(fetch as object),
    timeout: numberOr(options["timeout"], 5000),
    maxTokenLength: numberOr(options["maxTokenLength"], 16384),
    onEvent: onEvent as ((event: HankoEvent) => void) | undefined,
    keyStore: lent<KeyStore>("keyStore", keyStore, ["get", "put"]),
    revocations: lent<RevocationList>("revocations", revocations, ["isRevoked", "revoke", "revokeUser"]),
    allowedOrigins: parseOrigins(allowedOrigins),
    claimsSchema: parseSchema(claimsSchema),
  };
}

function numberOr(option: unknown, otherwise: number): number {
  return typeof option === "number" ? option : otherwise;
}

/** The options of a function that may be called without. @throws HankoError `argument_invalid` */
export function optional(given: unknown): Record<string, unknown> {
  return given === undefined ? {} : plain(given, "argument_invalid");
}

/** A copy of the options' own members. A class instance could hide some behind its prototype. */
export function plain(given: unknown, code: MisuseCode = "config_invalid"): Record<string, unknown> {
  const prototype: unknown = typeof given === "object" && given !== null ? Object.getPrototypeOf(given) : undefined;
  if (prototype === undefined || (prototype !== null && Object.getPrototypeOf(prototype) !== null)) {
    throw misuse(code, "the options must be a plain object");
  }
  try {
    // A member may be called `__proto__`: spread makes it a member, and then assigning changes that.
    const copied = { ...(given as Record<string, unknown>) };
    for (const name of Object.keys(copied)) copied[name] = copy(copied[name]);
    return copied;
  } catch {
    throw misuse(code, "the options cannot be read");
  }
}

function copy(value: unknown): unknown {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return [...(value as unknown[])];
  // By its tag where it comes from another realm; older compatibility dates of workerd give it none.
  if (value instanceof URL || Object.prototype.toString.call(value) === "[object URL]") return String(value);
  return value;
}

/** Calls a bare function without `this`, and an object as `object.fetch(request)`: a service binding needs its own. */
function sender(fetch: unknown): Send {
  if (fetch === undefined) return (request) => globalThis.fetch(request);
  if (typeof fetch === "function") {
    const bare = fetch as Send;
    return (request) => bare(request);
  }
  const bound = fetch as { fetch: Send };
  if (typeof bound === "object" && isFunction(bound, "fetch")) return (request) => bound.fetch(request);
  throw misuse("config_invalid", "option fetch must be a function, or an object with a function fetch");
}

/** Who waits for another's request must know whether his own would be sent otherwise; the function itself is not kept for that. */
const FETCHES = new WeakMap<object, number>();
let fetches = 0;

function numberOfFetch(fetch: object): number {
  const number = FETCHES.get(fetch) ?? ++fetches;
  FETCHES.set(fetch, number);
  return number;
}

/** An object of the caller's that has these methods. */
export function lent<T>(name: string, option: unknown, methods: readonly string[]): T | undefined {
  if (option === undefined) return undefined;
  if (typeof option !== "object" || !methods.every((method) => isFunction(option, method)))
    throw misuse("config_invalid", `option ${name} must be an object with the functions ${methods.join(", ")}`);
  return option as T;
}

/** Of null, and where a getter or a proxy of the caller's throws, nothing is one. */
function isFunction(object: unknown, name: string): boolean {
  try {
    return typeof (object as Record<string, unknown>)[name] === "function";
  } catch {
    return false;
  }
}
