/** hanko-edge/stores: ready places for keys and revocations beyond one isolate or process. */
export { cacheKeyStore } from "./stores/cache.js";
export { kvKeyStore, kvRevocations } from "./stores/kv.js";
export type { KV } from "./stores/kv.js";
export { memoryRevocations } from "./stores/memory.js";
export { unstorageKeyStore, unstorageRevocations } from "./stores/unstorage.js";
export type { Unstorage } from "./stores/unstorage.js";
