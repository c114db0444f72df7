/** What a test gives the server, checked at once: a test that breaks nothing, or something else, would pass for the wrong reason. */
import { argumentInvalid, misuse, unknownOption } from "../error.js";
import { isUuid } from "./claims.js";
import type { Break, TestHankoOptions } from "./types.js";

type Check = readonly [fits: (value: unknown) => boolean, must: string];

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown) => typeof value === "string";
const isFrom = (least: number, value: unknown) => typeof value === "number" && value >= least;
const isWhole = (least: number, most: number, value: unknown) =>
  Number.isInteger(value) && isFrom(least, value) && (value as number) <= most;

const TEXT: Check = [(value) => isText(value) && value !== "", "a text that is not empty"];
const SECONDS: Check = [(value) => isFrom(0, value) && value !== 0, "a number of seconds above 0"];
const BOOLEAN: Check = [(value) => typeof value === "boolean", "true or false"];
const OBJECT: Check = [isObject, "an object"];

const OPTIONS: { readonly [Name in keyof Required<TestHankoOptions>]: Check } = {
  apiUrl: [isUrl, "an absolute URL"],
  version: [(value) => value === "2.7" || value === "3.0", "2.7 or 3.0, as a text"],
  keyBits: [(value) => value === 2048 || value === 4096, "2048 or 4096"],
  customClaims: OBJECT,
  audience: [(value) => Array.isArray(value) && value.every(isText), "a list of texts"],
  issuer: TEXT,
  lifespan: SECONDS,
  idleTimeout: SECONDS,
  sessionLimit: [(value) => isWhole(1, Infinity, value), "a whole number from 1 on"],
  cookieName: TEXT,
  now: [(value) => typeof value === "function", "a function"],
};

const BREAK: { readonly [Name in keyof Required<Break>]: Check } = {
  status: [(value) => isWhole(200, 599, value), "a whole number from 200 to 599"],
  hang: BOOLEAN,
  reset: BOOLEAN,
  body: [isText, "a text"],
  headers: OBJECT,
  delayMs: [(value) => isFrom(0, value), "a number of milliseconds"],
  times: [(value) => isWhole(1, Infinity, value), "a whole number from 1 on"],
  afterApply: BOOLEAN,
};

/** @throws HankoError `config_invalid`, naming the option */
export function checkOptions(options: unknown): void {
  if (!isObject(options)) throw misuse("config_invalid", "the options must be an object");
  for (const [name, value] of Object.entries(options as object)) {
    if (!Object.hasOwn(OPTIONS, name)) throw unknownOption(name);
    const [fits, must] = OPTIONS[name as keyof TestHankoOptions];
    if (value !== undefined && !fits(value)) throw misuse("config_invalid", `option ${name} must be ${must}`);
  }
}

/** @throws HankoError `argument_invalid`, naming the member */
export function checkBreak(how: unknown, path: unknown): void {
  const known = Object.keys(BREAK);
  if (!isObject(how) || Object.keys(how as object).some((name) => !known.includes(name)))
    throw argumentInvalid("how", `an object of ${known.join(", ")}`);
  for (const [name, value] of Object.entries(how as object)) {
    const [fits, must] = BREAK[name as keyof Break];
    if (value !== undefined && !fits(value)) throw argumentInvalid(`how.${name}`, must);
  }
  if (!isText(path)) throw argumentInvalid("path", "a text");
}

/** @throws HankoError `argument_invalid` */
export function checkOutage(kind: unknown): void {
  if (kind !== "database-away" && kind !== "crowded" && kind !== null)
    throw argumentInvalid("kind", "database-away, crowded or null");
}

/** @throws HankoError `argument_invalid` */
export function checkUserId(userId: unknown): void {
  const [fits, must] = TEXT;
  if (!fits(userId)) throw argumentInvalid("userId", must);
}

/** Empty, it is a broken one, made on purpose. */
export function checkEvent(event: unknown): void {
  if (!isText(event)) throw argumentInvalid("event", "a text");
}

/** Ended or not: nobody ends a session by its token, or by the whole of what `createSession` gave. */
export function checkSessionId(sessionId: unknown): void {
  if (!isText(sessionId) || !isUuid(sessionId as string)) throw argumentInvalid("sessionId", "the id of a session");
}

/** A user who is `null`, or his id, would be another one. */
export function checkUser(user: unknown): void {
  if (!isObject(user)) throw argumentInvalid("user", "an object");
}

function isUrl(value: unknown): boolean {
  try {
    return isText(value) && Boolean(new URL(value as string));
  } catch {
    return false;
  }
}
