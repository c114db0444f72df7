// What an isolate remembers of a list that is kept elsewhere, and what it writes there.
import assert from "node:assert/strict";
import { test } from "node:test";

import { kvRevocations, unstorageRevocations } from "hanko-edge/stores";

import { at } from "./clock.mjs";
import { countingKv } from "./counting.mjs";

const NOW = Date.now();
const inSeconds = (seconds) => new Date(NOW + seconds * 1000);
const session = (sessionId, userId) => ({ sessionId, userId, issuedAt: inSeconds(-60), expiresAt: inSeconds(3600) });

/** Isolates over one place: the memory of each is by binding. */
function isolatesOver(kv) {
  return () => kvRevocations({ get: kv.get, put: kv.put });
}

test("a revocation that was read is answered from memory, of a session as of a user", async () => {
  for (const revoke of [
    (list) => list.revoke("s", inSeconds(600)),
    (list) => list.revokeUser("u", inSeconds(0), inSeconds(600)),
  ]) {
    const kv = countingKv();
    const isolate = isolatesOver(kv);
    await at(NOW, () => revoke(isolate()));
    const other = isolate();
    for (const seconds of [0, 1, 9, 11]) {
      assert.equal(
        await at(NOW + seconds * 1000, () => other.isRevoked(session("s", "u"))),
        true,
        `after ${seconds} s`,
      );
      assert.equal(kv.reads.length, 3, "one of who wrote, two of who asked first");
    }
  }
});

test("of two names only the one that is not remembered is read, and it counts", async () => {
  const kv = countingKv();
  const isolate = isolatesOver(kv);
  const [one, other] = [isolate(), isolate()];
  await at(NOW, () => other.revoke("second", inSeconds(600)));
  kv.reads.length = 0;
  const ask = (...names) => at(NOW, () => one.isRevoked(session(...names)));
  assert.deepEqual([await ask("first", "u"), kv.reads.length], [false, 2]);
  assert.deepEqual([await ask("second", "u"), kv.reads.length], [true, 3]);
  assert.deepEqual([await ask("first", "v"), kv.reads.length], [false, 4]);
});

test("that nothing was found is believed for less than 10 s in KV, and not at all in an unstorage", async () => {
  const kv = countingKv();
  const lists = [kvRevocations(kv), unstorageRevocations({ getItem: kv.get, setItem: kv.put })];
  for (const [list, ...rows] of [
    [lists[0], [0, 2], [9_999, 0], [10_000, 2]],
    [lists[1], [0, 2], [0, 2]],
  ]) {
    for (const [after, reads] of rows) {
      kv.reads.length = 0;
      assert.equal(await at(NOW + after, () => list.isRevoked(session("s", "u"))), false);
      assert.equal(kv.reads.length, reads, `${after} ms later`);
    }
  }
});

test("10000 names are remembered: of one more the oldest is forgotten, which costs a read", async () => {
  const kv = countingKv();
  const list = kvRevocations(kv);
  const ask = (number) => at(NOW, () => list.isRevoked(session(`s${number}`, `u${number}`)));
  for (let number = 0; number < 5000; number += 1) await ask(number);
  kv.reads.length = 0;
  for (const [number, reads] of [
    [0, 0],
    [5000, 2],
    [1, 0],
    [0, 2],
    [1, 2],
    [3, 0],
  ]) {
    kv.reads.length = 0;
    assert.equal(await ask(number), false);
    assert.equal(kv.reads.length, reads, `session ${number}`);
  }
});

test("a place is told to keep an entry for 300 s past its end, and KV for 60 s at least", async () => {
  const kv = countingKv();
  const storage = { getItem: kv.get, setItem: (key, text, { ttl }) => kv.put(key, text, { ttl }) };
  for (const [number, [list, option]] of [
    [kvRevocations(kv), "expirationTtl"],
    [unstorageRevocations(storage), "ttl"],
  ].entries()) {
    for (const [seconds, ttl] of [
      [0.001, 301],
      [60, 360],
      [3600.5, 3901],
    ]) {
      await at(NOW, () => list.revoke(`s${number}-${seconds}`, inSeconds(seconds)));
      assert.equal(kv.writes.at(-1)[option], ttl, `${option} of ${seconds} s`);
    }
  }
});

test("what has ended is not written", async () => {
  const kv = countingKv();
  const list = kvRevocations(kv);
  for (const until of [inSeconds(0), inSeconds(-1)]) {
    await at(NOW, () => list.revoke("s", until));
    await at(NOW, () => list.revokeUser("u", inSeconds(0), until));
  }
  assert.deepEqual([kv.reads, kv.writes], [[], []]);
});

test("what changes one of the two times of an entry is written, whoever wrote before", async () => {
  const kv = countingKv();
  const isolate = isolatesOver(kv);
  const revokeUser = (before, until) => at(NOW, () => isolate().revokeUser("u", inSeconds(before), inSeconds(until)));
  for (const [before, until, writes] of [
    [-300, 600, 1],
    [-30, 600, 2],
    [-30, 900, 3],
    [-300, 600, 3],
    [-30, 900, 3],
  ]) {
    await revokeUser(before, until);
    assert.equal(kv.writes.length, writes);
  }
  assert.equal(await at(NOW, () => isolate().isRevoked(session("s", "u"))), true);
  assert.equal(await at(NOW + 899_999, () => isolate().isRevoked(session("s", "u"))), true);
});

test("an entry that cannot be read is replaced by a revocation", async () => {
  const kv = countingKv();
  const isolate = isolatesOver(kv);
  await at(NOW, () => isolate().revoke("s", inSeconds(600)));
  const [key, text] = [...kv.held][0];
  kv.held.set(key, "garbage");
  await assert.rejects(
    at(NOW, async () => isolate().isRevoked(session("s", "u"))),
    /holds what is none/,
  );
  await at(NOW, () => isolate().revoke("s", inSeconds(600)));
  assert.equal(kv.held.get(key), text);
});
