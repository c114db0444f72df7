/** The token of a webhook: signed with the session keys, and of another shape (`webhooks#user-create-admin`). */
import type { JsonObject } from "../types.js";
import { objectText, sortedJson } from "./json.js";
import { compact, isJson } from "./json-text.js";
import { SECOND } from "./time.js";
import type { Micros } from "./time.js";
import type { Settings } from "./world.js";

/** Seconds. */
const LIFE = 300;

/** The text of an object is put in as it stands: values cannot hold a `1e400`. */
function dataText(data: unknown): string {
  if (typeof data === "string" && data.startsWith("{") && isJson(data)) return compact(data);
  return JSON.stringify(data) ?? "null";
}

/** `data` keeps its order, which at Hanko is that of a struct; the claims around it are sorted. */
export function webhookClaims(settings: Settings, event: string, data: unknown, now: Micros, more: JsonObject): string {
  const iat = Math.floor(now / SECOND);
  const claims = { aud: settings.audience, evt: event, exp: iat + LIFE, iat, sub: "hanko webhooks", ...more };
  const given = Object.entries(claims).filter(([, value]) => value !== undefined);
  const texts = new Map(given.map(([name, value]) => [name, sortedJson(value)]));
  if (!("data" in more)) texts.set("data", dataText(data));
  return objectText([...texts].map(([name, text]) => [JSON.stringify(name), text] as const).sort());
}
