/** A `KeyStore` over any place for texts. */
import type { KeyStore } from "../types.js";
import { entryOf, readEntry, type Texts } from "./entry.js";

export function keyStoreOver(texts: Texts, keyOf: (name: string) => Promise<string>): KeyStore {
  return {
    async get(name) {
      const read = readEntry(await texts.get(await keyOf(name)), name);
      return typeof read === "object" && typeof read.value === "string" ? read.value : undefined;
    },
    async put(name, value, ttlSeconds) {
      const until = Date.now() + ttlSeconds * 1000;
      await texts.put(await keyOf(name), entryOf(name, value, until), Math.ceil(ttlSeconds));
    },
  };
}
