/** Keys and revocations in Cloudflare KV. */
import type { KeyStore, RevocationList } from "../types.js";
import { checkPlace, prefixIn } from "./arguments.js";
import { hashOf, type Texts } from "./entry.js";
import { keyStoreOver } from "./keys.js";
import { Recent } from "./recent.js";
import { revocationsOver } from "./revocations.js";

/** KV refuses an `expirationTtl` under 60. */
const SHORTEST_TTL = 60;
/** Milliseconds. KV itself is no faster in telling another region. */
const NOT_REVOKED_FOR = 10_000;
/** By binding and prefix: a list that is made inside each request remembers as much as one that is kept. */
const recents = new WeakMap<KV, Map<string, Recent>>();

/** Cloudflare KV. */
export interface KV {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options?: { expirationTtl?: number }): Promise<void>;
}

/**
 * Keys in Cloudflare KV, shared by all regions. `prefix` comes before every key; default `hanko-edge:`.
 *
 * @throws HankoError `config_invalid`, `argument_invalid`
 */
export function kvKeyStore(kv: KV, options?: { prefix?: string }): KeyStore {
  const prefix = prefixIn(options);
  return keyStoreOver(textsIn(kv), async (name) => `${prefix}v1:${await hashOf(name)}`);
}

/**
 * Revocations in Cloudflare KV. Two reads a call; what they found is remembered for 10 s in the isolate, then answered at once.
 *
 * KV is eventually consistent: another region may see a revocation a minute or more later. Of two writes for one session or
 * user at the same time one is lost. `revoke` and `revokeUser` reject where KV fails, and are then to be repeated.
 *
 * @throws HankoError `config_invalid`, `argument_invalid`
 */
export function kvRevocations(kv: KV, options?: { prefix?: string }): RevocationList {
  const prefix = prefixIn(options);
  const texts = textsIn(kv);
  const ofBinding = recents.get(kv) ?? new Map<string, Recent>();
  const recent = ofBinding.get(prefix) ?? new Recent(NOT_REVOKED_FOR);
  recents.set(kv, ofBinding.set(prefix, recent));
  return revocationsOver(texts, prefix, recent);
}

function textsIn(kv: KV): Texts {
  checkPlace(kv, "kv", ["get", "put"]);
  return {
    get: (key) => kv.get(key),
    put: (key, text, seconds) => kv.put(key, text, { expirationTtl: Math.max(SHORTEST_TTL, seconds) }),
  };
}
