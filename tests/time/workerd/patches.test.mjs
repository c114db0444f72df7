/**
 * Patches of one user in real workerd, each in a request of its own: they wait for each other by a lease in plain data. A request
 * that ends in the middle takes its turn with it; the others go on when that has lapsed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createTestHanko } from "hanko-edge/testing";
import { startFront } from "./front.mjs";
import { startWorker } from "./start-worker.mjs";

const ROUNDS = 12;
const AT_ONCE = 8;
/** Milliseconds for each answer of Hanko's; and until one that ended without a word is passed over. */
const ANSWER_MS = 5;
const LAPSE_MS = 400;

for (const compatibilityDate of ["2024-01-01", "2026-04-01"]) {
  test(`${compatibilityDate}: of ${AT_ONCE} patches at once none is lost; who ends in the middle holds nobody up for long`, async () => {
    const hanko = await createTestHanko();
    const userId = (await hanko.createUser()).user_id;
    const { token } = await hanko.createSession(userId);
    hanko.break({ delayMs: ANSWER_MS });
    const front = await startFront(() => hanko);
    const worker = await startWorker(compatibilityDate, "patch-worker.mjs");
    const patch = async (change, giveUpAfter) => {
      const headers = { authorization: `Bearer ${token}`, "x-hanko": `${front.url}/hanko` };
      if (giveUpAfter !== undefined) headers["x-give-up"] = String(giveUpAfter);
      const began = performance.now();
      const answer = await fetch(worker.url, { method: "POST", headers, body: JSON.stringify(change) });
      return { ...(await answer.json()), ms: performance.now() - began };
    };
    const stored = async () => {
      const answer = await hanko.fetch(`${hanko.apiUrl}/admin/users/${userId}/metadata`);
      return (await answer.json()).unsafe_metadata;
    };
    try {
      for (let round = 1; round <= ROUNDS; round++) {
        const names = Array.from({ length: AT_ONCE }, (_, at) => `k${at}`);
        const told = await Promise.all(names.map((name) => patch({ [name]: round })));
        for (const [at, one] of told.entries()) assert.strictEqual(one.stored?.[`k${at}`], round, JSON.stringify(one));
        assert.deepEqual(await stored(), Object.fromEntries(names.map((name) => [name, round])));
      }
      await checkThoseWhoEnd(patch, stored);
    } finally {
      await worker.stop();
      front.stop();
    }
  });
}

/** Every second one is cut off by its own Worker while it has the lease, waits for it, or writes. */
async function checkThoseWhoEnd(patch, stored) {
  let longest = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const calls = Array.from({ length: AT_ONCE }, (_, at) =>
      at % 2 === 0 ? patch({ [`e${at}`]: round }, 1 + ((round * 7 + at * 5) % 40)) : patch({ [`k${at}`]: round }),
    );
    const told = await Promise.all(calls);
    const whole = await stored();
    for (const [at, one] of told.entries()) {
      if (at % 2 === 0) continue;
      assert.strictEqual(one.stored?.[`k${at}`], round, JSON.stringify(one));
      assert.strictEqual(whole[`k${at}`], round, `round ${round}: k${at} is lost`);
      longest = Math.max(longest, one.ms);
    }
  }
  console.log(`workerd: the longest wait behind those who end was ${Math.round(longest)} ms`);
  assert.ok(longest < (AT_ONCE / 2) * 2 * LAPSE_MS + 1000, `${longest} ms`);
}
