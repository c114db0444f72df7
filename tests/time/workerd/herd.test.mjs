/**
 * F20: herds in real workerd, of which some end in the middle: their client hangs up, or the Worker answers without waiting.
 * All that a request began, its fetches and timers, ends with it there: nobody may wait for them. Waves of requests, each at
 * an address whose keys nobody has, or whose session nobody has asked about; the first ones of each wave, which fetch or ask
 * for all, are among those that end.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { after, before, test } from "node:test";

import { startKeyServer } from "./key-server.mjs";
import { startWorker } from "./start-worker.mjs";

const WAVES = 5;
const WAVE = 100;
const KEY_SERVER_MS = 200;
const TIMEOUT_MS = 5000;
const SLACK_MS = 250;
/** What another call's end may cost. */
const ADDED_MS = 700;

const HERDS = [
  { name: "local", mode: "local", warm: false },
  { name: "hybrid", mode: "hybrid", warm: false },
  { name: "hybrid with keys at hand", mode: "hybrid", warm: true },
];

let keyServer, userId, token;
before(async () => {
  keyServer = await startKeyServer(KEY_SERVER_MS);
  userId = (await keyServer.hanko.createUser()).user_id;
  token = (await keyServer.hanko.createSession(userId)).token;
});
after(() => keyServer.stop());

for (const compatibilityDate of ["2024-01-01", "2026-04-26"]) {
  for (const { name, mode, warm } of HERDS) {
    test(`${compatibilityDate}, ${name}: every answer right, none after its deadline, whoever ends`, async () => {
      const worker = await startWorker(compatibilityDate);
      try {
        await checkWaves(worker.url, { label: `${compatibilityDate}, ${name}`, mode, warm });
      } finally {
        await worker.stop();
      }
    });
  }
}

async function checkWaves(url, { label, mode, warm }) {
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  const [answered, ended] = [[], []];
  const prefix = label.replaceAll(/\W+/g, "-");
  await ask(agent, url, `warm-up-${prefix}`, mode);
  for (let wave = 0; wave < WAVES; wave++) {
    const address = `${prefix}-${wave}`;
    if (warm) await ask(agent, url, address, "local");
    const calls = Array.from({ length: WAVE }, (_, at) => ask(agent, url, address, mode, endOf(at)));
    for (const call of await Promise.all(calls)) (call.ended ? ended : answered).push(call);
  }
  agent.destroy();
  const took = answered.map(({ ms }) => ms).sort((a, b) => a - b);
  const p99 = took[Math.floor(took.length * 0.99)];
  const [fetches, asks] = [keyServer.fetches, keyServer.asks].map((counts) => {
    return [...counts].filter(([address]) => address.startsWith(prefix));
  });
  const [most, mostAsks] = [fetches, asks].map((counts) => Math.max(0, ...counts.map(([, count]) => count)));
  const own = KEY_SERVER_MS * (mode === "hybrid" && !warm ? 2 : 1);
  console.log(
    `workerd ${label}: ${answered.length} answered, ${ended.length} ended in the middle; ` +
      `added wait p50 ${Math.round(took[took.length >> 1] - own)} ms, p99 ${Math.round(p99 - own)} ms; ` +
      `at most ${most} key documents and ${mostAsks} asks for ${WAVE} requests`,
  );
  assert.equal(answered.length + ended.length, WAVES * WAVE);
  assert.ok(ended.length >= WAVES * WAVE * 0.25, `${ended.length} ended`);
  for (const { body } of answered) assert.deepEqual(body, { status: "signed-in", userId });
  assert.ok(p99 - own <= ADDED_MS + SLACK_MS, `${p99 - own} ms more than the server took`);
  assert.ok(took.at(-1) <= TIMEOUT_MS + SLACK_MS, `${took.at(-1)} ms`);
  assert.equal(fetches.length, WAVES, "each wave had an address of its own");
  assert.equal(asks.length, mode === "local" ? 0 : WAVES);
  const [unlucky, others] = warm ? [mostAsks, most] : [most, mostAsks];
  assert.ok(unlucky >= 2, "in some wave the one that fetched, or asked, for all has ended");
  assert.ok(unlucky <= WAVE / 5 && others <= 2, `${unlucky} and ${others} requests for ${WAVE}`);
}

/** How the call at this place of a wave ends in the middle: 15 of 100 hang up, 15 are given up. */
function endOf(at) {
  const after = 30 + ((at * 37) % KEY_SERVER_MS);
  if (at < 10 || at % 18 === 0) return { giveUpAfter: after };
  return at % 6 === 1 ? { hangUpAfter: after } : {};
}

/** One request to the Worker. */
async function ask(agent, url, address, mode, { hangUpAfter, giveUpAfter } = {}) {
  const headers = {
    authorization: `Bearer ${token}`,
    "x-hanko": `${keyServer.url}/${address}`,
    "x-mode": mode,
    "x-timeout": TIMEOUT_MS,
    ...(giveUpAfter && { "x-give-up": giveUpAfter }),
  };
  const began = performance.now();
  const sent = request(url, { agent, headers });
  const timer = hangUpAfter && setTimeout(() => sent.destroy(), hangUpAfter);
  try {
    sent.end();
    const [response] = await once(sent, "response");
    const body = JSON.parse(Buffer.concat(await response.toArray()));
    return { body, ms: performance.now() - began, ended: body.status === "gave up" };
  } catch (error) {
    if (hangUpAfter === undefined) throw error;
    return { ended: true };
  } finally {
    clearTimeout(timer);
  }
}
