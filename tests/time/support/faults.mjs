/** What every test of a failure asks: settled in time, nothing unhandled, nothing left behind. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

const SLACK_MS = 250;
const SOCKETS_END_WITHIN_MS = 1500;

const unhandled = [];
for (const event of ["unhandledRejection", "uncaughtException"]) process.on(event, (error) => unhandled.push(error));

/** Runs `work`; it must settle within `deadline` milliseconds and 250, and leave nothing behind. */
export async function contained(deadline, work) {
  const before = resources();
  const began = performance.now();
  const result = await work();
  const took = performance.now() - began;
  assert.ok(took <= deadline + SLACK_MS, `settled after ${Math.round(took)} ms of ${deadline}`);
  await nothingLeft(before);
  return result;
}

/** Timers at once; sockets when their other end has heard of it. */
async function nothingLeft(before) {
  await delay(0);
  assert.deepEqual(timers(resources()), timers(before), "a timer is left");
  const until = performance.now() + SOCKETS_END_WITHIN_MS;
  while (resources().length > before.length && performance.now() < until) await delay(20);
  assert.deepEqual(resources(), before, "something is left");
  assert.deepEqual(unhandled, [], "something went unhandled");
}

function resources() {
  return process.getActiveResourcesInfo().sort();
}

function timers(all) {
  return all.filter((one) => one === "Timeout" || one === "Immediate").length;
}
