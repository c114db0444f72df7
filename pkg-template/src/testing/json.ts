/** JSON as Go's `encoding/json` writes it. */
import type { JsonValue } from "../types.js";
import { elements, members } from "./json-text.js";

/** A number that a 64-bit float cannot hold: Go's decoder fails on it. */
export class NumberBeyondFloat extends Error {}

/** A map in Go: members sorted by the bytes of their names. Objects cannot hold that order (`"0"` always comes first), texts can. */
export function sortedJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  return objectText(given.map(([name, member]) => [JSON.stringify(name), sortedJson(member)] as const).sort(byName));
}

/**
 * JSON text as Go writes it after it has read it into maps: names sorted, of doubled ones the last,
 * numbers through a 64-bit float, lone surrogates as U+FFFD. The text must be JSON.
 */
export function reread(text: string, read: (text: string) => string = parseString): string {
  if (text.startsWith("["))
    return `[${elements(text)
      .map((one) => reread(one, read))
      .join(",")}]`;
  if (text.startsWith('"')) return goString(read(text));
  if (!text.startsWith("{")) return /^[-\d]/.test(text) ? goNumber(text) : text;
  const found = new Map(members(text).map(({ name, value }) => [read(name), value]));
  return objectText([...found].map(([name, value]) => [goString(name), reread(value, read)] as const).sort(byName));
}

/** Names and values are JSON texts. */
export function objectText(parts: readonly (readonly [name: string, value: string])[]): string {
  return `{${parts.map(([name, value]) => `${name}:${value}`).join(",")}}`;
}

/** A Go string holds no lone surrogates: each becomes U+FFFD. */
export function parseString(text: string): string {
  return (JSON.parse(text) as string).replace(/[\ud800-\udfff]/gu, "\ufffd");
}

/** As github.com/tidwall/gjson reads it, which takes two escapes for one where the first is a surrogate (`flow-whole-039`). */
export function parseLoosely(text: string): string {
  const isPair = (first: string, second: string) => /^d[89ab]/i.test(first) && /^d[c-f]/i.test(second);
  const escapes = /\\(?:u(d[89a-f][\da-f]{2})(?:\\u([\da-f]{4}))?|.)/gi;
  return parseString(
    text.replace(escapes, (all, first?: string, second = "") =>
      first === undefined || isPair(first, second) ? all : "\\ufffd",
    ),
  );
}

export function goString(value: string): string {
  return escapeAsGo(JSON.stringify(value));
}

/** The characters that Go escapes and JavaScript does not. In JSON text they stand inside strings only. */
export function escapeAsGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Go and JavaScript print floats alike, but for negative zero. */
function goNumber(text: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new NumberBeyondFloat();
  return Object.is(value, -0) ? "-0" : String(value);
}

/** By the names' own characters, not by their escapes. */
function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return compareCodePoints(JSON.parse(a) as string, JSON.parse(b) as string);
}

/** The order of code points is that of their UTF-8 bytes. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((c, index) => c !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}
