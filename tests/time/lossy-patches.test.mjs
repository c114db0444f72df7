/**
 * Ten thousand patches through a network that loses, delays, repeats and makes up: none is reported wrongly, none is written
 * twice. A resolved call was written once, `outcome_unknown` once or not at all, every other failure was not.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import { FATE_NAMES } from "./support/lossy-network.mjs";

const RUNS = 10_000;
const WORKERS = 2;

test(`${RUNS} patches over a lossy network: 0 reported wrongly, 0 written twice`, async () => {
  const began = performance.now();
  const shares = await Promise.all(Array.from({ length: WORKERS }, (_, at) => share(at)));
  const sum = (name) => sumOf(shares.map((share) => share[name]));
  const [outcomes, met] = [sum("outcomes"), sum("met")];
  const requests = shares.reduce((all, share) => all + share.requests, 0);
  const took = Math.round((performance.now() - began) / 1000);
  console.log(`${RUNS} patches, ${requests} requests, ${took} s: ${shown(outcomes)}`);
  console.log(`met: ${shown(met)}`);
  assert.deepEqual(
    shares.flatMap(({ wrong }) => wrong),
    [],
  );
  assert.equal(
    Object.values(outcomes).reduce((all, one) => all + one),
    RUNS,
  );
  for (const name of FATE_NAMES) assert.ok(met[name] >= 20, `${name}: ${met[name]}`);
  const codes = [
    "unauthorized",
    "server_error",
    "outcome_unknown",
    "flow_expired",
    "metadata_too_large",
    "request_aborted",
  ];
  for (const code of codes) assert.ok(outcomes[code] >= 20, `${code}: ${outcomes[code]}`);
  assert.ok(outcomes.stored >= RUNS / 2, "most patches are stored in the end");
});

/** A worker, because the test runner watches every promise of its own thread. */
async function share(at) {
  const size = RUNS / WORKERS;
  const workerData = { from: at * size, to: (at + 1) * size };
  const worker = new Worker(new URL("support/lossy-patches.mjs", import.meta.url), { workerData });
  const [told] = await once(worker, "message");
  await worker.terminate();
  return told;
}

function sumOf(counts) {
  const sum = {};
  for (const [name, times] of counts.flatMap(Object.entries)) sum[name] = (sum[name] ?? 0) + times;
  return sum;
}

function shown(counts) {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return sorted.map(([name, times]) => `${name} ${times}`).join(", ");
}
