// The structural types fit what users have.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import ts from "typescript";

import { COMPILER_OPTIONS } from "../package/surface.mjs";

const target = fileURLToPath(new URL("../../target/", import.meta.url));

/** KVNamespace as @cloudflare/workers-types declares it, as far as it matters here. */
const CODE = `
import { createHanko, type KeyStore, type RevocationList } from "hanko-edge";
import { cacheKeyStore, kvKeyStore, kvRevocations, memoryRevocations, unstorageKeyStore, unstorageRevocations } from "hanko-edge/stores";
import { createStorage } from "unstorage";

interface KVNamespace<Key extends string = string> {
  get(key: Key, options?: Partial<{ type: undefined; cacheTtl: number }>): Promise<string | null>;
  get(key: Key, type: "text"): Promise<string | null>;
  get<T = unknown>(key: Key, type: "json"): Promise<T | null>;
  get(key: Key[], type: "text"): Promise<Map<string, string | null>>;
  put(key: Key, value: string | ArrayBuffer | ReadableStream, options?: { expiration?: number; expirationTtl?: number }): Promise<void>;
}
declare const kv: KVNamespace;
const apiUrl = "https://hanko.example";
export const stores: KeyStore[] = [cacheKeyStore(await caches.open("keys")), kvKeyStore(kv), unstorageKeyStore(createStorage())];
export const lists: RevocationList[] = [kvRevocations(kv, { prefix: "p:" }), unstorageRevocations(createStorage()), memoryRevocations({ max: 9 })];
export const client = createHanko({ apiUrl, keyStore: stores[0]!, revocations: lists[0]! });
`;

function problemsOf(code) {
  mkdirSync(target, { recursive: true });
  const folder = mkdtempSync(join(target, "stores-types-"));
  try {
    writeFileSync(join(folder, "user.mts"), code);
    const program = ts.createProgram([join(folder, "user.mts")], { ...COMPILER_OPTIONS, skipLibCheck: true });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a Cache, a KV namespace and an unstorage are taken as they are", () => {
  assert.deepEqual(problemsOf(CODE), []);
});

test("what is none of them is refused", () => {
  const problems = problemsOf(CODE.replace("kvKeyStore(kv)", "kvKeyStore(createStorage())"));
  assert.equal(problems.length, 1);
  assert.match(problems[0], /'KV'/);
});
