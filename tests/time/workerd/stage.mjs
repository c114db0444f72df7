/** Calls in real workerd, over real HTTP to the test servers of this process. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

import { clock } from "../support/clock.mjs";
import { whileServing } from "../support/http.mjs";
import { startFront } from "./front.mjs";
import { startWorker } from "./start-worker.mjs";

const DEADLINE_MS = 5000;
const SLACK_MS = 250;
const BEHIND_MS = 300;

/** `start` and `stop` it around its calls. */
export function workerd(compatibilityDate) {
  const servers = new Map();
  let front, worker;

  async function post(what) {
    const response = await fetch(worker.url, { method: "POST", body: JSON.stringify({ now: clock.now, ...what }) });
    if (!response.ok) throw new Error(await response.text());
    const { unhandled, ...answer } = await response.json();
    assert.deepEqual(unhandled, [], "something went unhandled");
    return answer;
  }

  return {
    name: `workerd ${compatibilityDate}`,

    async start() {
      front = await startFront((address) => servers.get(address));
      worker = await startWorker(compatibilityDate, "fault-worker.mjs");
    },

    async stop() {
      await worker?.stop();
      front?.stop();
    },

    reach(server) {
      const address = String(servers.size);
      servers.set(address, server);
      return { apiUrl: `${front.url}/${address}`, allowInsecure: true };
    },

    async call(what, deadline = what.client.timeout ?? DEADLINE_MS) {
      const began = performance.now();
      const { outcome } = await post(what);
      const took = performance.now() - began;
      assert.ok(took <= deadline + SLACK_MS, `settled after ${Math.round(took)} ms of ${deadline}`);
      return outcome;
    },

    async flood(what) {
      const { outcome, now } = await post(what);
      clock.advance((now - clock.now) / 1000);
      return outcome;
    },

    /** What goes on behind an answer has ended. */
    idle: () => delay(BEHIND_MS),

    withServer: whileServing,
  };
}
