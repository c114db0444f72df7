// The list of revocations of one process.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { memoryRevocations } from "hanko-edge/stores";
import { createTestHanko } from "hanko-edge/testing";

import { at, later } from "./clock.mjs";

const MINUTE = 60_000;
const inMinutes = (count) => new Date(Date.now() + count * MINUTE);
const session = (sessionId, issuedAt, userId = "user") => ({
  sessionId,
  userId,
  ...(issuedAt && { issuedAt }),
  expiresAt: inMinutes(60),
});

test("it answers at once, with a boolean", async () => {
  const list = memoryRevocations();
  assert.equal(list.isRevoked(session("a")), false);
  const revoking = list.revoke("a", inMinutes(1));
  assert.equal(list.isRevoked(session("a")), true, "before the promise of revoke has settled");
  await revoking;
  assert.equal(list.isRevoked(session("A")), true, "the case of an id does not count");
  assert.equal(list.isRevoked(session("b")), false);
  assert.equal(list.isRevoked(session("user", undefined, "a")), false, "users and sessions are apart");
});

test("a session is refused in every mode as soon as it is on the list, and another one is not", async () => {
  const hanko = await createTestHanko();
  const { user_id: userId } = await hanko.createUser();
  const [ended, other] = [await hanko.createSession(userId), await hanko.createSession(userId)];
  const revocations = memoryRevocations();
  const { apiUrl, fetch } = hanko;
  const client = createHanko({ apiUrl, fetch, revocations });
  for (const mode of ["local", "remote", "hybrid"]) {
    assert.equal((await client.authenticate(ended.token, { mode })).status, "signed-in");
  }
  await revocations.revoke(ended.sessionId, inMinutes(1));
  for (const mode of ["local", "remote", "hybrid"]) {
    assert.equal((await client.authenticate(ended.token, { mode })).code, "session_ended");
    assert.equal((await client.authenticate(other.token, { mode })).status, "signed-in");
  }
});

test("a user's sessions issued at or before a time are ended, and those that do not say when", () => {
  const list = memoryRevocations();
  const time = inMinutes(-5);
  list.revokeUser("user", time, inMinutes(1));
  const at = (offset) => list.isRevoked(session("s", new Date(Number(time) + offset)));
  assert.deepEqual([at(-1), at(0), at(1)], [true, true, false]);
  assert.equal(list.isRevoked(session("s")), true);
  assert.equal(list.isRevoked(session("s", undefined, "other")), false);
});

test("no call takes back what an earlier one said", async () => {
  const list = memoryRevocations();
  await list.revoke("s", inMinutes(10));
  await list.revoke("s", inMinutes(1));
  await list.revokeUser("user", inMinutes(-1), inMinutes(10));
  await list.revokeUser("user", inMinutes(-9), inMinutes(1));
  const issuedBetween = new Date(Date.now() - 5 * MINUTE);
  await later(9 * MINUTE, () => {
    assert.equal(list.isRevoked(session("s", new Date(), "other")), true);
    assert.equal(list.isRevoked(session("t", issuedBetween)), true);
  });
});

test("entries leave when they end, and only those make room", async () => {
  const list = memoryRevocations({ max: 3 });
  await list.revoke("a", inMinutes(1));
  await list.revoke("b", inMinutes(3));
  await list.revokeUser("c", new Date(), inMinutes(3));
  await assert.rejects(list.revoke("d", inMinutes(9)), /full/);
  await assert.rejects(list.revokeUser("d", new Date(), inMinutes(9)), /full/);
  await list.revoke("b", inMinutes(4));
  assert.deepEqual(
    ["a", "b", "d"].map((id) => list.isRevoked(session(id))),
    [true, true, false],
  );
  await later(MINUTE, async () => {
    assert.equal(list.isRevoked(session("a")), false);
    await list.revoke("d", inMinutes(9));
    await assert.rejects(list.revoke("e", inMinutes(9)), /full/);
    assert.deepEqual(
      ["b", "d"].map((id) => list.isRevoked(session(id))),
      [true, true],
    );
  });
});

test("each end makes room for one, in the millisecond in which it comes", async () => {
  const now = Date.now();
  const inMinutes = (count) => new Date(now + count * MINUTE);
  const list = memoryRevocations({ max: 3 });
  for (const minute of [3, 1, 2]) await at(now, () => list.revoke(`${minute}`, inMinutes(minute)));
  for (const minute of [1, 2, 3]) {
    const revoke = (id) => list.revoke(id, inMinutes(9));
    await at(now + minute * MINUTE - 1, () => assert.rejects(revoke("early"), /full/));
    await at(now + minute * MINUTE, () => revoke(`after ${minute}`));
    await at(now + minute * MINUTE, () => assert.rejects(revoke("one more"), /full/));
  }
});

test("what has ended already takes no room", async () => {
  const list = memoryRevocations({ max: 1 });
  for (let entry = 0; entry < 3; entry += 1) await list.revoke(`s${entry}`, new Date(Date.now() - 1));
  await list.revoke("a", inMinutes(1));
  assert.equal(list.isRevoked(session("a")), true);
  await list.revoke("b", new Date(Date.now() - 1));
});

test("it holds 100000 entries by default", async () => {
  const list = memoryRevocations();
  const until = inMinutes(5);
  for (let entry = 0; entry < 100_000; entry += 1) await list.revoke(`s${entry}`, until);
  await assert.rejects(list.revoke("one more", until), /full/);
  const asked = Array.from({ length: 100_000 }, (_, entry) => session(`s${entry}`));
  assert.ok(asked.every((one) => list.isRevoked(one)));
  assert.equal(list.isRevoked(session("one more")), false);
});
