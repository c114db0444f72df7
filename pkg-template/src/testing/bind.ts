/** JSON bodies, as Echo's binder and Go's JSON decoder read them into a struct (`validate#validate-post-body-shapes`, `admin#session-create-errors`). */
import type { JsonObject, JsonValue } from "../types.js";
import { failure } from "./answer.js";
import type { Answer } from "./answer.js";
import { jsonType } from "./claims.js";
import { firstValue } from "./json-text.js";
import type { Ask } from "./world.js";

/** What a field takes: a Go string, or anything. */
export interface Shape {
  /** The struct's name in Go. */
  struct: string;
  fields: Record<string, "string" | "any">;
  /** Whether null says something. */
  nullable?: boolean;
}

/** Members by field name; those that are null are left out where that says nothing. */
export type Bound = { value: JsonObject } | { answer: Answer };

/** The type of a body, without parameters. Its case counts (`validate#validate-post-content-types`). */
export function mediaType(headers: Headers): string {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return type.trim();
}

export function bind({ headers, body }: Ask, shape: Shape): Bound {
  if (body === "") return { value: {} };
  const type = mediaType(headers);
  if (type === "application/json") return bindJson(body, shape);
  if (type === "multipart/form-data") return bad("multipart: NextPart: EOF");
  if (["application/xml", "text/xml", "application/x-www-form-urlencoded"].includes(type)) return { value: {} };
  return { answer: failure(415) };
}

function bad(message: string): Bound {
  return { answer: failure(400, message) };
}

function bindJson(body: string, { struct, fields, nullable = false }: Shape): Bound {
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
    return bad(typeError(struct, value, "", offset + spanOf(text, value)));
  const bound: JsonObject = {};
  // Names are matched without case; of several the last counts; null changes nothing.
  for (const [name, one] of Object.entries(value ?? {})) {
    const field = name.toLowerCase();
    if (!Object.hasOwn(fields, field) || (one === null && !nullable)) continue;
    if (fields[field] === "string" && typeof one !== "string")
      return bad(typeError("string", one, field, offsetOf(body, [name, one])));
    bound[field] = one;
  }
  return { value: bound };
}

/** Go names the first byte that cannot be: of a literal the one that differs, else the first of the value. */
export function syntaxError(text: string): string {
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
