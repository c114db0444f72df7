/** JSON Web Tokens (RFC 7515, RFC 7519): signed as Hanko signs them, and read as leniently as Hanko reads them. */
import type { JsonObject } from "../types.js";
import { escapeAsGo, sortedJson } from "./json.js";
import { RS256 } from "./keys.js";
import type { SigningKey } from "./keys.js";

/** `claims` is JSON text. `header` overrides members of Hanko's own; the signature is by `key` and RS256 whatever it says. */
export async function sign(key: SigningKey, claims: string, header: JsonObject = {}): Promise<string> {
  const parts = [sortedJson({ alg: "RS256", kid: key.kid, typ: "JWT", ...header }), claims];
  const input = parts.map((part) => encode(utf8(escapeAsGo(part)))).join(".");
  const signature = await crypto.subtle.sign(RS256, key.privateKey, utf8(input));
  return `${input}.${encode(new Uint8Array(signature))}`;
}

/** The claims of a token that one of these keys signed. White space around it and one `=` behind it are allowed (`validate#validate-post-garbage`). */
export async function verify(keys: readonly SigningKey[], text: string): Promise<JsonObject | undefined> {
  const parts = text.trim().replace(/=$/, "").split(".");
  const [header, payload, signature] = parts.map(decode);
  if (parts.length !== 3 || !header || !payload || !signature) return undefined;
  const { alg, kid } = parseObject(header) ?? {};
  const key = keys.find((one) => one.kid === kid);
  if (alg !== "RS256" || !key) return undefined;
  const signed = utf8(parts.slice(0, 2).join("."));
  const good = await crypto.subtle.verify(RS256, key.publicKey, signature, signed);
  return good ? parseObject(payload) : undefined;
}

function parseObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function encode(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function decode(part: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(part) || part.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}
