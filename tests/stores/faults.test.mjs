// Stores that fail, in Node: every maker, every fault.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { cacheKeyStore, kvKeyStore, unstorageKeyStore } from "hanko-edge/stores";
import { createTestHanko } from "hanko-edge/testing";

import { DEADLINE_MS, FAULTS, faulty, LIMIT_MS, SHARE_MS, WAITING } from "./faults.mjs";
import { keyFetches } from "./isolates.mjs";

const MAKERS = {
  cache: (fault) => cacheKeyStore(faulty(fault, ["match", "put"])),
  kv: (fault) => kvKeyStore(faulty(fault, ["get", "put"])),
  unstorage: (fault) => unstorageKeyStore(faulty(fault, ["getItem", "setItem"])),
};
const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(error));

for (const [name, make] of Object.entries(MAKERS)) {
  for (const fault of Object.keys(FAULTS)) {
    test(`${name}: a store that ${fault} costs a quarter of the deadline at most, and never an answer`, async () => {
      const hanko = await createTestHanko();
      const { token } = await hanko.createSession((await hanko.createUser()).user_id);
      const { apiUrl, fetch } = hanko;
      const client = createHanko({ apiUrl, fetch, mode: "local", timeout: DEADLINE_MS, keyStore: make(fault) });
      const began = performance.now();
      assert.equal((await client.authenticate(token)).status, "signed-in");
      const took = performance.now() - began;
      assert.equal(keyFetches({ hanko }), 1);
      assert.ok(took < LIMIT_MS, `${took} ms`);
      if (WAITING.includes(fault)) assert.ok(took > SHARE_MS - 50, `${took} ms: the store was not asked`);
    });
  }
}

test("no failure of a store goes unhandled", async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(unhandled, []);
});
