/** What a store is given to hold: one text that says what it is for and when it ends, under the hash of what it is for. */

/** In front of the JSON, so that no store takes the text for JSON and answers with an object (unstorage's `getItem` does). */
const MARK = "hanko-edge/v1 ";

/** A place for texts. What it holds past `seconds` may be dropped, and is not believed in any case. */
export interface Texts {
  get(key: string): Promise<unknown>;
  put(key: string, text: string, seconds: number): Promise<void>;
}

/** `undefined`: the text is no entry, or of another name. `ended`: it was one. */
export type Read = { value: unknown; until: number } | "ended" | undefined;

/** The entry of a value. `until` is in milliseconds since 1970. */
export function entryOf(name: string, value: unknown, until: number): string {
  return MARK + JSON.stringify({ name, until, value });
}

/** Reads what a store returned. Its own expiry counts, whatever the store makes of it. */
export function readEntry(text: unknown, name: string): Read {
  if (typeof text !== "string" || !text.startsWith(MARK)) return undefined;
  const entry = parse(text.slice(MARK.length));
  if (entry["name"] !== name || typeof entry["until"] !== "number") return undefined;
  return entry["until"] > Date.now() ? { value: entry["value"], until: entry["until"] } : "ended";
}

/** Seconds that are left until then, rounded up. */
export function secondsUntil(until: number): number {
  return Math.ceil((until - Date.now()) / 1000);
}

/** Hex SHA-256: of one length and one alphabet, whatever is named. */
export async function hashOf(name: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What is no JSON, or JSON of something else, has no members. */
function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
