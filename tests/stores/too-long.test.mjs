// What is far longer than any keys does not come into the core, whose memory never shrinks.
import assert from "node:assert/strict";
import { test } from "node:test";

import { watchMemories } from "../memories.mjs";

const memories = watchMemories();
const { createHanko } = await import("hanko-edge");
const { createTestHanko } = await import("hanko-edge/testing");

const MOST_BYTES = 4 * 2 ** 20;

async function signedIn(keyStore) {
  const hanko = await createTestHanko();
  const { token } = await hanko.createSession((await hanko.createUser()).user_id);
  const client = createHanko({ apiUrl: hanko.apiUrl, fetch: hanko.fetch, mode: "local", keyStore });
  assert.equal((await client.authenticate(token)).status, "signed-in");
  return hanko.requests.length;
}

test("a store that answers with 50 MB costs no memory, and never an answer", async () => {
  const put = async () => {};
  await signedIn({ get: async () => undefined, put });
  const before = memories[0].buffer.byteLength;
  assert.equal(await signedIn({ get: async () => "x".repeat(50e6), put }), 1, "the keys are Hanko's");
  const grown = memories[0].buffer.byteLength - before;
  assert.equal(memories.length, 1);
  assert.ok(grown < MOST_BYTES, `${grown} bytes`);
});
