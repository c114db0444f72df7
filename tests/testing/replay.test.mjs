/** The test server against the recordings of real Hanko servers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readRecording } from "./replay/recording.mjs";
import { replay } from "./replay/run.mjs";

const RELEASES = { 2.7: "2.7.0", "3.0": "3.0.4" };

/** Topic, and how many of its exchanges are on this server's routes: in 2.7, in 3.0. */
const TOPICS = [
  ["validate", 78, 78],
  ["validate-get", 76, 76],
  ["session-lifecycle", 12, 12],
  ["expiry", 14, 12],
  ["default-lifespan", 1, 1],
  ["idle", 28, 25],
  ["idle-capped", 4, 4],
  ["cookies", 25, 25],
  ["custom-claims", 7, 7],
  ["custom-claims-deep", 5, 5],
  ["custom-claims-names", 8, 8],
  ["custom-claims-shadow", 24, 24],
  ["big-tokens", 3, 3],
  ["issuer-audience", 7, 7],
  ["jwks", 20, 18],
  ["outage", 58, 53],
  ["outage-wrong-secret", 5, 5],
  ["request-id", 4, 4],
  ["errors", 62, 60],
  ["users", 51, 51],
  ["users-credentials", 4, 4],
];

const steps = readJson("replay/steps.json");
const divergences = readJson("replay/divergences.json");

for (const [version, release] of Object.entries(RELEASES)) {
  for (const [topic, ...counts] of TOPICS) {
    test(`${topic} of ${release}`, async () => {
      await assertReplay(version, release, topic, counts[version === "2.7" ? 0 : 1]);
    });
  }

  test(`webhooks#webhook-token-as-session of ${release}`, async () => {
    const isMeant = ({ name }) => name === "webhook-token-as-session";
    await assertReplay(version, release, "webhooks", version === "2.7" ? 9 : 8, isMeant);
  });
}

test("every step and every divergence names an exchange that is replayed", () => {
  const names = new Set(
    Object.values(RELEASES).flatMap((release) =>
      TOPICS.flatMap(([topic]) => exchangesOf(readRecording(release, topic))),
    ),
  );
  const named = [...Object.keys(steps), ...divergences.flatMap(({ exchanges }) => exchanges)];
  assert.ok(named.length > 50);
  assert.deepEqual(
    named.filter((name) => !names.has(name)),
    [],
  );
  assert.ok(divergences.every(({ reason }) => reason.length > 20));
});

async function assertReplay(version, release, topic, count, isMeant) {
  const { compared, apart } = await replay(version, readRecording(release, topic), steps, isMeant);
  assert.equal(compared, count);
  const expected = divergences
    .filter(({ versions }) => !versions || versions.includes(version))
    .flatMap(({ exchanges }) => exchanges)
    .filter((name) => name.startsWith(`${topic}#`));
  const surprises = [...apart].filter(([name]) => !expected.includes(name));
  assert.deepEqual(surprises, [], "differs, and is not a named divergence");
  const agreeing = expected.filter((name) => !apart.has(name));
  assert.deepEqual(agreeing, [], "is a named divergence, and agrees");
}

function exchangesOf({ topic, scenarios }) {
  return scenarios.flatMap(({ name, exchanges }) => exchanges.map((_, index) => `${topic}#${name}[${index}]`));
}

function readJson(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}
