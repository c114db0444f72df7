/** Keys in a `Cache` of the Cache API. */
import type { KeyStore } from "../types.js";
import { checkPlace } from "./arguments.js";
import { hashOf, type Texts } from "./entry.js";
import { keyStoreOver } from "./keys.js";

/** Keys of a `Cache` are URLs. No host is ever under `.invalid` (RFC 2606 section 2). */
const ORIGIN = "https://keys.hanko-edge.invalid";

/**
 * Keys in a `Cache` of the Cache API: `caches.default` in Workers, one opened by `caches.open` elsewhere. It is shared by the isolates of
 * one data centre, or by the pages of one origin.
 *
 * @throws HankoError `argument_invalid`
 */
export function cacheKeyStore(cache: {
  match(key: string): Promise<Response | undefined>;
  put(key: string, value: Response): Promise<void>;
}): KeyStore {
  checkPlace(cache, "cache", ["match", "put"]);
  const texts: Texts = {
    get: async (key) => (await cache.match(key))?.text(),
    // workerd keeps only what may be cached: without max-age it drops the answer.
    put: (key, text, seconds) =>
      cache.put(key, new Response(text, { headers: { "cache-control": `max-age=${seconds}` } })),
  };
  return keyStoreOver(texts, async (name) => `${ORIGIN}/v1/${await hashOf(name)}`);
}
