/** hanko-edge for `workerd` and `edge-light`, where WebAssembly comes as a module and nothing may be compiled. */
import { createClient } from "./client.js";
import module from "./core.wasm?module";
import { instance, keepModule } from "./core.js";
import { argumentInvalid } from "./error.js";
import { fetched } from "./fetched.js";
import { decode, read, type DecodedToken } from "./functions.js";
import { deletion } from "./logout.js";
import { preview, type MetadataPreview } from "./metadata.js";
import type { Hanko, HankoOptions, JsonObject } from "./types.js";

export { denyResponse } from "./functions.js";
export { HankoError } from "./error.js";
export type { DeniedCode, MisuseCode, UnavailableCode } from "./error.js";
export type * from "./types.js";

const load = () => module;

/**
 * A client of one Hanko API. Checks the options and makes no request.
 *
 * @throws HankoError `config_invalid`, naming the option; `wasm_blocked`, `internal_error` where the core cannot start
 */
export function createHanko<C extends object = {}>(options: HankoOptions<C>): Hanko<C> {
  return createClient<C>(load, options);
}

/**
 * Starts the WebAssembly module ahead of its first use. Optional: every call starts it by itself. Here the host forbids
 * compiling, so it takes a Module or nothing.
 *
 * @throws HankoError `argument_invalid`; `network_error` for a promise that rejects; `internal_error` for another module than
 *   `hanko-edge/core.wasm`
 */
export async function init(source?: WebAssembly.Module | Promise<WebAssembly.Module>): Promise<void> {
  const given = await fetched(() => source);
  if (given !== undefined) {
    // By its tag: on Vercel's edge the module comes from another realm.
    if (Object.prototype.toString.call(given) !== "[object WebAssembly.Module]") {
      throw argumentInvalid("the source", "a WebAssembly.Module");
    }
    keepModule(given);
  }
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
