/** The body of `POST /sessions/validate`, as Echo's binder and Go's JSON decoder read it (`validate#validate-post-body-shapes`, `-content-types`). */
import type { JsonValue } from "../types.js";
import { failure } from "./answer.js";
import type { Answer } from "./answer.js";
import { jsonType } from "./claims.js";
import { firstValue } from "./json-text.js";

const MISSING = "code=400, message=session_token is a required field";

/** The token, or the answer to a body without one. */
export function readSessionToken(contentType: string, body: string): { token: string } | { answer: Answer } {
  const bad = (message: string) => ({ answer: failure(400, message) });
  if (body === "") return bad(MISSING);
  if (contentType.startsWith("application/json")) return readJson(body, bad);
  if (contentType.startsWith("multipart/form-data")) return bad("multipart: NextPart: EOF");
  if (/^(application\/xml|text\/xml|application\/x-www-form-urlencoded)/.test(contentType)) return bad(MISSING);
  return { answer: failure(415) };
}

function readJson<T>(body: string, bad: (message: string) => T): { token: string } | T {
  const text = firstValue(body);
  if (text === undefined) return bad(body.trim() === "" ? "EOF" : "unexpected EOF");
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return bad(syntaxError(text));
  }
  const offset = body.indexOf(text);
  if (value !== null && (typeof value !== "object" || Array.isArray(value)))
    return bad(typeError("dto.ValidateSessionRequest", value, "", offset + spanOf(text, value)));
  // Names are matched without case; of several the last counts; null changes nothing.
  const given = Object.entries(value ?? {}).filter(([name, one]) => /^session_token$/i.test(name) && one !== null);
  const wrong = given.find(([, one]) => typeof one !== "string");
  if (wrong) return bad(typeError("string", wrong[1], "session_token", offsetOf(body, wrong)));
  const token = given.at(-1)?.[1];
  return typeof token === "string" && token !== "" ? { token } : bad(MISSING);
}

/** Go names the first byte that cannot be: of a literal the one that differs, else the first of the value. */
function syntaxError(text: string): string {
  const literal = ["true", "false", "null"].find((one) => one.startsWith(text.charAt(0)));
  const at = literal ? [...literal].findIndex((c, index) => c !== text[index]) : 0;
  const where = literal
    ? `in literal ${literal} (expecting '${literal.charAt(at)}')`
    : "looking for beginning of value";
  const [byte = 0] = new TextEncoder().encode(text.slice(at));
  return `Syntax error: offset=${at + 1}, error=invalid character '${String.fromCharCode(byte)}' ${where}`;
}

function typeError(expected: string, value: JsonValue, field: string, offset: number): string {
  return `Unmarshal type error: expected=${expected}, got=${jsonType(value)}, field=${field}, offset=${offset}`;
}

/** Go's offset stands behind a scalar, and behind the opening bracket of anything else. */
function spanOf(text: string, value: JsonValue): number {
  return typeof value === "object" ? 1 : text.length;
}

function offsetOf(body: string, [name, value]: [string, JsonValue]): number {
  const member = new RegExp(`"${name}"\\s*:\\s*`).exec(body);
  return (member ? member.index + member[0].length : 0) + spanOf(JSON.stringify(value), value);
}
