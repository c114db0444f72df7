/** hanko-edge without the WebAssembly module: the caller gives it to `init`. */
import { createClient } from "./client.js";
import { compile, type Source } from "./compile.js";
import { hasModule, instance } from "./core.js";
import { argumentInvalid, misuse } from "./error.js";
import { decode, read, type DecodedToken } from "./functions.js";
import { deletion } from "./logout.js";
import { preview, type MetadataPreview } from "./metadata.js";
import type { Hanko, HankoOptions, JsonObject } from "./types.js";

export { denyResponse } from "./functions.js";
export { HankoError } from "./error.js";
export type { DeniedCode, MisuseCode, UnavailableCode } from "./error.js";
export type * from "./types.js";

const load = (): WebAssembly.Module => {
  throw misuse("not_ready", "hanko-edge/slim needs await init(source) before anything else");
};

/**
 * A client of one Hanko API. Checks the options and makes no request.
 *
 * @throws HankoError `config_invalid`, naming the option; `wasm_blocked`, `internal_error` where the core cannot start, `not_ready` before `init`
 */
export function createHanko<C extends object = {}>(options: HankoOptions<C>): Hanko<C> {
  return createClient<C>(load, options);
}

/**
 * Starts the WebAssembly module, from a source that the caller names: `hanko-edge/core.wasm`. Needed before anything else.
 * Idempotent; a failed attempt may be repeated.
 *
 * @throws HankoError `wasm_blocked`, `argument_invalid`; `network_error`, `response_invalid` for a source that cannot be fetched;
 *   `internal_error` for another module than `hanko-edge/core.wasm`
 */
export async function init(source?: Source | Promise<Source>): Promise<void> {
  if (source !== undefined) await compile(source);
  else if (!hasModule()) throw argumentInvalid("the source", "given: hanko-edge/slim has none of its own");
  instance(load);
}

/**
 * Reads a token without checking it. For display and debugging: believe none of it.
 *
 * @returns the header (RFC 7515 section 4), the claims in Hanko's shape as far as they are there, and the payload as signed
 * @throws HankoError `token_malformed`, `token_too_large`, `header_unsupported`, `claims_malformed`, `argument_invalid`
 */
export function decodeToken<C extends object = {}>(token: string): DecodedToken<C> {
  return decode<C>(load, token);
}

/**
 * The one session token that a request carries (RFC 6750 section 2.1, or the session cookie), by its shape alone.
 *
 * @param options `cookieName` (default `hanko`), `maxTokenLength` in characters (default 16384)
 * @throws HankoError `token_missing`, `token_malformed`, `token_ambiguous`, `token_too_large`, `config_invalid`, `argument_invalid`
 */
export function readToken(
  input: Request | Headers,
  options?: { cookieName?: string; maxTokenLength?: number },
): { token: string; source: "authorization" | "cookie" } {
  return read(load, input, options);
}

/**
 * A `Set-Cookie` value that deletes the session cookie, as Hanko itself writes it with its default flags.
 *
 * @param options `cookieName` (default `hanko`), `domain` where the cookie was set for one (none for a `__Host-` cookie)
 * @throws HankoError `config_invalid`, `argument_invalid`
 */
export function deletionCookie(options?: { cookieName?: string; domain?: string }): string {
  return deletion(load, options);
}

/**
 * What `current` becomes under `patch` on a Hanko server, and whether it still fits. Sends nothing.
 *
 * Follows the server, not only RFC 7396: nulls inside arrays of objects vanish, unless the array replaces an object.
 *
 * @param current what is stored: as JSON text counted as it stands, where an administrator wrote unusual spellings (`1.0`,
 *   `\u0041`); as an object counted as any JavaScript client would store it; undefined where nothing is stored
 * @param patch a merge patch: null removes a member. null for the whole previews `clearUnsafeMetadata`
 * @returns the metadata as Hanko would store it, its length in code points, and whether that is within the limit
 * @throws HankoError `metadata_invalid`, naming the path of what is not JSON; `metadata_too_large` for more than 1 MiB of it
 */
export function previewMetadataPatch(
  current: JsonObject | string | undefined,
  patch: JsonObject | null,
): MetadataPreview {
  return preview(load, current, patch);
}
