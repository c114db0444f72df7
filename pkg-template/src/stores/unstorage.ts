/** Keys and revocations in whatever unstorage has a driver for. */
import type { KeyStore, RevocationList } from "../types.js";
import { checkPlace, prefixIn } from "./arguments.js";
import { hashOf, type Texts } from "./entry.js";
import { keyStoreOver } from "./keys.js";
import { Recent } from "./recent.js";
import { revocationsOver } from "./revocations.js";

/** https://unstorage.unjs.io: Redis, Vercel KV, Upstash, Deno KV, S3, files and more by one interface. */
export interface Unstorage {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: string, options?: { ttl?: number }): Promise<void>;
}

/**
 * Keys in an unstorage. `prefix` comes before every key; default `hanko-edge:`.
 *
 * @throws HankoError `config_invalid`, `argument_invalid`
 */
export function unstorageKeyStore(storage: Unstorage, options?: { prefix?: string }): KeyStore {
  const prefix = prefixIn(options);
  return keyStoreOver(textsIn(storage), async (name) => `${prefix}v1:${await hashOf(name)}`);
}

/**
 * Revocations in an unstorage: seen by every process at its next call, which makes two reads. Drivers that know no `ttl`
 * (memory, files) keep ended entries, which are not believed. Of two writes for one session or user at the same time one is
 * lost. `revoke` and `revokeUser` reject where the storage fails, and are then to be repeated.
 *
 * @throws HankoError `config_invalid`, `argument_invalid`
 */
export function unstorageRevocations(storage: Unstorage, options?: { prefix?: string }): RevocationList {
  return revocationsOver(textsIn(storage), prefixIn(options), new Recent(0));
}

function textsIn(storage: Unstorage): Texts {
  checkPlace(storage, "storage", ["getItem", "setItem"]);
  return {
    get: (key) => storage.getItem(key),
    put: (key, text, seconds) => storage.setItem(key, text, { ttl: seconds }),
  };
}
