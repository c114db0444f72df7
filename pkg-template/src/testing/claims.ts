/** The claims of a session: in its token, and as `/sessions/validate` tells them. */
import type { JsonObject, JsonValue } from "../types.js";
import type { StoredSession, StoredUser } from "./store.js";
import { SECOND, rfc3339 } from "./time.js";
import type { Micros } from "./time.js";
import type { Settings } from "./world.js";

/** Custom claims come first: Hanko's own win over them. */
export function newClaims(settings: Settings, user: StoredUser, session: StoredSession, now: Micros): JsonObject {
  const { username, emails } = user.profile;
  const primary = emails.find(({ is_primary }) => is_primary);
  const iat = Math.floor(now / SECOND);
  return {
    ...settings.customClaims,
    ...(primary && { email: { address: primary.address, is_primary: true, is_verified: primary.is_verified } }),
    ...(username !== undefined && { username }),
    ...(settings.issuer !== undefined && { iss: settings.issuer }),
    aud: settings.audience,
    exp: Math.floor(iat + settings.lifespan / SECOND),
    iat,
    session_id: session.id,
    sub: user.profile.user_id,
  };
}

/** Why Hanko cannot read these claims, in its words (`webhooks#webhook-token-as-session`, `custom-claims-names#email-object-wrong-types`). */
export function unreadable({ sub, email }: JsonObject): string | undefined {
  if (typeof sub === "string" && !isUuid(sub))
    return `'subject' is not a uuid: uuid: incorrect UUID length ${sub.length} in string ${JSON.stringify(sub)}`;
  if (email === undefined) return undefined;
  if (!isObject(email)) return `unexpected 'email' claim type: ${goType(email)}`;
  const members = { address: "string", is_primary: "boolean", is_verified: "boolean" };
  for (const [name, type] of Object.entries(members)) {
    const value = email[name] ?? null;
    if (value === null || typeof value === type) continue;
    const found = `cannot unmarshal ${jsonType(value)} into Go struct field EmailJWT.${name} of type ${type.replace("ean", "")}`;
    return `failed to unmarshal 'email' claim: json: ${found}`;
  }
  return undefined;
}

const OWN = new Set(["sub", "iat", "exp", "aud", "iss", "nbf", "jti", "session_id", "email", "username"]);

/** Custom claims replace Hanko's own names here (`custom-claims-shadow`), the other way round than in the token. */
export function toldClaims(payload: JsonObject): JsonObject {
  const { sub, iat, exp, aud, iss, session_id, email, username } = payload;
  const custom = Object.fromEntries(Object.entries(payload).filter(([name]) => !OWN.has(name)));
  return {
    ...(aud !== undefined && { audience: Array.isArray(aud) ? aud : [aud] }),
    ...(isObject(email) && { email: emailOf(email) }),
    ...(typeof exp === "number" && { expiration: rfc3339(Math.trunc(exp) * SECOND) }),
    ...(typeof iat === "number" && { issued_at: rfc3339(Math.trunc(iat) * SECOND) }),
    ...(iss !== undefined && { issuer: iss }),
    ...(session_id !== undefined && { session_id }),
    ...(sub !== undefined && { subject: sub }),
    ...(typeof username === "string" && { username }),
    ...custom,
  };
}

function emailOf({ address, is_primary, is_verified }: JsonObject): JsonObject {
  return { address: address ?? "", is_primary: is_primary ?? false, is_verified: is_verified ?? false };
}

export function isUuid(text: string): boolean {
  return /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The name that `encoding/json` has for a kind of JSON value. */
export function jsonType(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function goType(value: JsonValue): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  return typeof value === "number" ? "float64" : typeof value === "boolean" ? "bool" : "string";
}
