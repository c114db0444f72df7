/** The test server against the recordings of real Hanko servers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { exchangesOf, readRecording, topicsOf } from "./replay/recording.mjs";
import { replay } from "./replay/run.mjs";

const RELEASES = { 2.7: "2.7.0", "3.0": "3.0.4" };

/** Every recorded topic, and how many of its exchanges are replayed: in 2.7, in 3.0; undefined where it is not recorded. */
const TOPICS = [
  ["admin", 100, 100],
  ["admin-metadata", 117, 117],
  ["admin-session-limit", 11, 11],
  ["big-tokens", 3, 3],
  ["cookies", 25, 25],
  ["cors", 53, 55],
  ["custom-claims", 7, 7],
  ["custom-claims-deep", 5, 5],
  ["custom-claims-names", 8, 8],
  ["custom-claims-shadow", 24, 24],
  ["default-lifespan", 1, 1],
  ["errors", 66, 64],
  ["expiry", 18, 16],
  ["flow-auth", 39, 39],
  ["flow-concurrency", 5, 5],
  ["flow-config", 68, 68],
  ["flow-input", 95, 95],
  ["flow-limits", 23, 23],
  ["flow-limits-unicode", 16, 16],
  ["flow-patch", 104, 104],
  ["flow-retry", 37, 37],
  ["flow-tenants", undefined, 0],
  ["flow-values", 35, 35],
  ["flow-views", 28, 28],
  ["idle", 39, 36],
  ["idle-capped", 4, 4],
  ["issuer-audience", 7, 7],
  ["jwks", 20, 18],
  ["outage", 79, 74],
  ["outage-connections", 1, 1],
  ["outage-slow", 4, 4],
  ["outage-wrong-secret", 7, 7],
  ["rate-limit", 0, 0],
  ["request-id", 4, 4],
  ["session-lifecycle", 17, 17],
  ["tenants", undefined, 0],
  ["tenants-off", undefined, 8],
  ["users", 52, 52],
  ["users-credentials", 7, 7],
  ["validate", 80, 80],
  ["validate-get", 76, 76],
  ["webhooks", 24, 23],
  ["webhooks-delivery", 22, 22],
  ["webhooks-email", 0, 0],
];

const steps = readJson("replay/steps.json");
const divergences = readJson("replay/divergences.json");
const notReplayed = readJson("replay/not-replayed.json");

for (const [version, release] of Object.entries(RELEASES)) {
  const topics = TOPICS.map(([topic, ...counts]) => ({ topic, count: counts[version === "2.7" ? 0 : 1] }));

  test(`every topic of ${release} is here`, () => {
    const counted = topics.filter(({ count }) => count !== undefined).map(({ topic }) => topic);
    assert.deepEqual(counted, topicsOf(release).sort());
  });

  for (const { topic, count } of topics.filter((one) => one.count !== undefined)) {
    test(`${topic} of ${release}`, async () => {
      await assertReplay(version, release, topic, count);
    });
  }
}

test("what is named in steps, divergences and not-replayed is recorded, and each has its reason", () => {
  const recordings = Object.values(RELEASES).flatMap((release) =>
    topicsOf(release).map((topic) => readRecording(release, topic)),
  );
  const names = [...new Set(recordings.flatMap((recording) => exchangesOf(recording).map(({ name }) => name)))];
  const named = [...Object.keys(steps), ...divergences.flatMap(({ exchanges }) => exchanges)];
  assert.ok(named.length > 150);
  assert.deepEqual(
    named.filter((name) => !names.includes(name)),
    [],
  );
  const beginnings = notReplayed.flatMap(({ exchanges }) => exchanges);
  assert.deepEqual(
    beginnings.filter((beginning) => !names.some((name) => name.startsWith(beginning))),
    [],
  );
  assert.ok([...divergences, ...notReplayed].every(({ reason }) => reason.length > 20));
});

async function assertReplay(version, release, topic, count) {
  const recording = readRecording(release, topic);
  const { compared, skipped, apart } = await replay(version, recording, steps, reasonToSkip);
  assert.equal(compared, count);
  const left = Object.values(skipped).reduce((sum, one) => sum + one, 0);
  assert.equal(compared + left, exchangesOf(recording).length);
  const expected = divergences
    .filter(({ versions }) => !versions || versions.includes(version))
    .flatMap(({ exchanges }) => exchanges)
    .filter((name) => name.startsWith(`${topic}#`));
  const surprises = [...apart].filter(([name]) => !expected.includes(name));
  assert.deepEqual(surprises, [], "differs, and is not a named divergence");
  const agreeing = expected.filter((name) => !apart.has(name));
  assert.deepEqual(agreeing, [], "is a named divergence, and agrees");
}

function reasonToSkip(name, { kind, request }) {
  if (kind) return "No request was recorded, or it is one that Hanko made: webhook.test.mjs has the webhooks.";
  if (request.to === "management") return "The management API is not served.";
  if (/^\/(login|registration)(\?|$)/.test(request.path))
    return "Nobody signs in or up here: createUser, createSession.";
  return notReplayed.find(({ exchanges }) => exchanges.some((beginning) => name.startsWith(beginning)))?.reason;
}

function readJson(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}
