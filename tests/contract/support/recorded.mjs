/** The package's calls, fed with recorded answers: they ask what was recorded and nothing else, and say of it what the contract says. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { readRecording } from "../../testing/replay/recording.mjs";
import { Replay } from "./replay.mjs";

export const RELEASES = ["2.7.0", "3.0.4"];

const realNow = Date.now;

/**
 * Registers a test: one scenario of a release, at its time.
 *
 * @param {object} about
 * @param {(all: object[]) => object[]} [about.exchanges] Which of the scenario's exchanges the package may ask for; each once, and each is to be asked for.
 * @param {number} [about.rest] How many of them are not.
 * @param {object} [about.confirm] See `Replay`.
 * @param {(server: Replay, chosen: object[]) => Promise<void>} call
 */
export function replay(release, name, { topic, scenario, exchanges = (all) => all, rest = 0, confirm }, call) {
  test(`${release}, ${topic}#${scenario}: ${name}`, async () => {
    const recording = readRecording(release, topic);
    const chosen = exchanges(recording.scenarios.find((one) => one.name === scenario).exchanges);
    const server = new Replay(recording, chosen, confirm);
    Date.now = () => Date.parse(chosen[0].at);
    const outcome = await call(server, chosen).catch((error) => error);
    Date.now = realNow;
    assert.deepEqual(server.stray, [], "asked, and not recorded");
    assert.equal(outcome, undefined);
    assert.equal(server.left.length, rest, "what was recorded and not asked for");
  });
}

export function tokenOf({ request }) {
  return /^Bearer (.*)$/.exec(request.headers.authorization)[1];
}

export function answerIn({ response }) {
  return JSON.parse(response.body);
}
