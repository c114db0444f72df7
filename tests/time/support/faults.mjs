/** What every test of a failure asks: settled in time, nothing unhandled, nothing left behind. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

const SLACK_MS = 250;
/** The test runner's pipes, and what is closing already. */
const NOT_OURS = ["PipeWrap", "TTYWrap", "CloseReq"];
const HOST_ENDS_WITHIN_MS = 1500;

const unhandled = [];
for (const event of ["unhandledRejection", "uncaughtException"]) process.on(event, (error) => unhandled.push(error));

/** Runs `work`; it must settle within `deadline` milliseconds and 250, and leave nothing behind. */
export async function contained(deadline, work) {
  const before = resources();
  const result = await settled(deadline, work);
  await nothingLeft(before);
  return result;
}

/**
 * The same by the host's own `fetch`, which keeps sockets for the next request to a server that is still there, and timers
 * for a moment.
 */
export async function settledByHost(deadline, work) {
  const before = timers(resources());
  const result = await inTime(deadline, work);
  const until = performance.now() + HOST_ENDS_WITHIN_MS;
  while (timers(resources()) > before && performance.now() < until) await delay(20);
  assert.ok(timers(resources()) <= before, "a timer is left");
  return result;
}

/** Without sockets. */
async function settled(deadline, work) {
  const before = timers(resources());
  const result = await inTime(deadline, work);
  assert.deepEqual(timers(resources()), before, "a timer is left");
  return result;
}

async function inTime(deadline, work) {
  const began = performance.now();
  const result = await work();
  const took = performance.now() - began;
  assert.ok(took <= deadline + SLACK_MS, `settled after ${Math.round(took)} ms of ${deadline}`);
  await delay(0);
  assert.deepEqual(unhandled, [], "something went unhandled");
  return result;
}

/** Waits for sockets: their other end hears of it later. */
export async function nothingLeft(before) {
  const until = performance.now() + HOST_ENDS_WITHIN_MS;
  while (resources().length > before.length && performance.now() < until) await delay(20);
  assert.deepEqual(resources(), before, "something is left");
}

export function resources() {
  return process
    .getActiveResourcesInfo()
    .filter((one) => !NOT_OURS.includes(one))
    .sort();
}

function timers(all) {
  return all.filter((one) => one === "Timeout" || one === "Immediate").length;
}
