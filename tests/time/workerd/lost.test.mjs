/** Requests that workerd ends in the middle: what the core had for them is given back when nobody can be waiting any more. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { startKeyServer } from "./key-server.mjs";
import { startWorker } from "./start-worker.mjs";

const WAVES = 4;
const WAVE = 500;
const AT_ONCE = 20;

for (const compatibilityDate of ["2024-01-01", "2026-04-26"]) {
  test(`${compatibilityDate}: ${WAVES} waves of ${WAVE} lost requests take hardly more memory than one`, async () => {
    const keyServer = await startKeyServer(50);
    const worker = await startWorker(compatibilityDate, "lost-worker.mjs");
    try {
      const { user_id: userId } = await keyServer.hanko.createUser();
      const { token } = await keyServer.hanko.createSession(userId);
      const headers = { authorization: `Bearer ${token}`, "x-hanko": `${keyServer.url}/lost` };
      const ask = async (path) => (await fetch(worker.url + path, { headers })).json();
      await ask("/");
      const sizes = [await ask("/later")];
      for (let wave = 0; wave < WAVES; wave++) {
        for (let sent = 0; sent < WAVE; sent += AT_ONCE) {
          const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => ask("/")));
          assert.deepEqual(answers, new Array(AT_ONCE).fill("gave up"));
        }
        sizes.push(await ask("/later"));
      }
      const [first, ...others] = sizes.slice(1).map((size, wave) => size - sizes[wave]);
      console.log(`workerd ${compatibilityDate}: ${WAVE} lost requests took ${first} bytes, then ${others.join(", ")}`);
      assert.ok(first > 0, "they took some");
      for (const growth of others) assert.ok(growth <= first / 5, `${growth} bytes after ${first}`);
    } finally {
      await worker.stop();
      keyServer.stop();
    }
  });
}
