// Revocations that isolates share, on miniflare's real KV.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { FAULTS, LIMIT_MS } from "./faults.mjs";
import { startIsolates } from "./isolates.mjs";

const list = "kv";
const SIGNED_IN = { status: "signed-in", stale: false };
const ENDED = { status: "signed-out", code: "session_ended" };

let isolates;
before(async () => (isolates = await startIsolates()));
after(() => isolates?.stop());

const issuedAt = ({ token }) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).iat * 1000;

test("a session revoked in one isolate is ended there at once, in another within 10 s, and for others not at all", async () => {
  const person = await isolates.signedIn();
  const other = { ...person, ...(await person.hanko.createSession(person.userId)) };
  assert.deepEqual(await isolates.ask("one", person, { list }), SIGNED_IN);
  await isolates.ask("two", person, { revoke: person.sessionId });
  assert.deepEqual(await isolates.ask("two", person, { list }), ENDED);
  assert.deepEqual(await isolates.ask("three", person, { list }), ENDED, "an isolate that has not asked before");
  assert.deepEqual(await isolates.ask("one", person, { list, shift: 1000 }), SIGNED_IN, "remembered across requests");
  assert.deepEqual(await isolates.ask("one", person, { list, shift: 11_000 }), ENDED);
  assert.deepEqual(await isolates.ask("one", other, { list }), SIGNED_IN);
  assert.deepEqual(await isolates.ask("one", person, {}), SIGNED_IN, "the list made the difference");
});

test("a user's sessions up to a time are ended, later ones go on", async () => {
  const person = await isolates.signedIn();
  const revokeUser = async (time) =>
    isolates.ask("two", person, { revokeUser: person.userId, issuedBefore: new Date(time).toISOString() });
  await revokeUser(issuedAt(person) - 1);
  assert.deepEqual(await isolates.ask("one", person, { list }), SIGNED_IN);
  await revokeUser(issuedAt(person));
  assert.deepEqual(await isolates.ask("three", person, { list }), ENDED);
  await revokeUser(issuedAt(person) - 1);
  assert.deepEqual(await isolates.ask("one", person, { list, shift: 11_000 }), ENDED, "not taken back");
});

test("an entry ends with the time that was given, though KV keeps nothing for less than 60 s", async () => {
  const person = await isolates.signedIn();
  await isolates.ask("two", person, { revoke: person.sessionId, seconds: 30 });
  assert.deepEqual(await isolates.ask("one", person, { list, shift: 20_000 }), ENDED);
  assert.deepEqual(await isolates.ask("one", person, { list, shift: 31_000 }), SIGNED_IN);
});

// To KV, undefined and null are the absence of an entry.
const failures = Object.keys(FAULTS).filter((fault) => fault !== "answers undefined");
assert.equal(failures.length, 10);
for (const fault of failures) {
  test(`a list that ${fault} is unavailable within its share of the deadline: no yes, and no logout`, async () => {
    const person = await isolates.signedIn();
    const began = performance.now();
    const { status } = await isolates.ask("one", person, { list, fault });
    const took = performance.now() - began;
    assert.equal(status, "unavailable");
    assert.ok(took < LIMIT_MS, `${took} ms`);
  });
}
