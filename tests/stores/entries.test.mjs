// What the stores and lists take, hold and ask for, over a KV that counts.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import {
  cacheKeyStore,
  kvKeyStore,
  kvRevocations,
  memoryRevocations,
  unstorageKeyStore,
  unstorageRevocations,
} from "hanko-edge/stores";
import { createTestHanko } from "hanko-edge/testing";

import { later } from "./clock.mjs";
import { countingKv } from "./counting.mjs";

/** Its hash has bytes under 16, whose nought counts. */
const NAME = "https://tenant.hanko.test/a?b";
const HASH = createHash("sha256").update(NAME).digest("hex");
const session = { sessionId: "s", userId: "u", issuedAt: new Date(), expiresAt: new Date(Date.now() + 3600_000) };
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000);

test("KV is given a key of a fixed length and a time to live that it takes", async () => {
  const kv = countingKv();
  const store = kvKeyStore(kv, { prefix: "p:" });
  for (const seconds of [1, 59.2, 60, 4200]) await store.put(NAME, "value", seconds);
  assert.deepEqual(
    kv.writes.map(({ key, expirationTtl }) => [key, expirationTtl]),
    [60, 60, 60, 4200].map((ttl) => [`p:v1:${HASH}`, ttl]),
  );
  await kvKeyStore(kv).put(NAME, "value", 60);
  assert.equal(kv.writes.at(-1).key, `hanko-edge:v1:${HASH}`);
  await store.put(NAME, "value", 1);
  assert.equal(await later(900, () => store.get(NAME)), "value");
  assert.equal(await later(1100, () => store.get(NAME)), undefined, "KV would hold it for 60 s");
});

test("a value that is no text is not handed on", async () => {
  const kv = countingKv();
  const store = kvKeyStore(kv);
  await store.put(NAME, "value", 60);
  const [{ key, value: text }] = kv.writes;
  kv.held.set(key, text.replace('"value":"value"', '"value":["value"]'));
  assert.notEqual(kv.held.get(key), text);
  assert.equal(await store.get(NAME), undefined);
});

test("a cache is given a URL, and told how long the answer may be kept", async () => {
  const put = [];
  const cache = {
    match: async (key) => put.find((one) => one.key === key)?.response,
    put: async (key, response) => put.push({ key, response }),
  };
  const store = cacheKeyStore(cache);
  await store.put(NAME, "value", 90.5);
  assert.equal(put[0].key, `https://keys.hanko-edge.invalid/v1/${HASH}`);
  assert.equal(put[0].response.headers.get("cache-control"), "max-age=91");
  assert.equal(await store.get("another name"), undefined);
  assert.equal(await store.get(NAME), "value");
});

test("a call makes two reads, and in the next 10 s none, whoever made the list", async () => {
  const kv = countingKv();
  assert.equal(await kvRevocations(kv).isRevoked(session), false);
  assert.equal(new Set(kv.reads).size, 2);
  assert.equal(kv.reads.length, 2);
  assert.equal(await later(9_900, () => kvRevocations(kv).isRevoked(session)), false);
  const answer = kvRevocations(kv).isRevoked(session);
  assert.equal(answer, false, "at once: no promise");
  assert.equal(kv.reads.length, 2);
  assert.equal(await later(10_100, () => kvRevocations(kv).isRevoked(session)), false);
  assert.equal(kv.reads.length, 4);
  assert.equal(await later(-60_000, () => kvRevocations(kv).isRevoked(session)), false, "a clock that was set back");
  assert.equal(kv.reads.length, 6);
});

test("a client that knows the token asks the list once: two reads, however often it is asked", async () => {
  const hanko = await createTestHanko();
  const { token } = await hanko.createSession((await hanko.createUser()).user_id);
  const kv = countingKv();
  const revocations = unstorageRevocations({ getItem: kv.get, setItem: kv.put });
  const client = createHanko({ apiUrl: hanko.apiUrl, fetch: hanko.fetch, mode: "local", revocations });
  for (const reads of [2, 4, 6]) {
    assert.equal((await client.authenticate(token)).status, "signed-in");
    assert.equal(kv.reads.length, reads);
  }
});

test("nothing is remembered of another binding or prefix", async () => {
  const [kv, other] = [countingKv(), countingKv()];
  await kvRevocations(kv).isRevoked(session);
  await kvRevocations(other).isRevoked(session);
  await kvRevocations(kv, { prefix: "p:" }).isRevoked(session);
  assert.deepEqual([kv.reads.length, other.reads.length], [4, 2]);
  await kvRevocations(kv).revoke("s", inSeconds(60));
  assert.equal(await kvRevocations(kv).isRevoked(session), true);
  assert.equal(await kvRevocations(kv, { prefix: "p:" }).isRevoked(session), false);
  assert.equal(await kvRevocations(other).isRevoked(session), false);
});

test("a revocation once seen is not taken back by a region that lags behind", async () => {
  const kv = countingKv();
  await kvRevocations(kv).revoke("s", inSeconds(60));
  await kvRevocations(kv).revokeUser("other", session.issuedAt, inSeconds(60));
  kv.held.clear();
  assert.equal(await later(30_000, () => kvRevocations(kv).isRevoked(session)), true);
  const old = { ...session, sessionId: "old", userId: "other" };
  const issuedLater = { ...old, sessionId: "new", issuedAt: inSeconds(1) };
  const ask = (one) => later(30_000, () => kvRevocations(kv).isRevoked(one));
  assert.deepEqual([await ask(issuedLater), await ask(old)], [false, true]);
  assert.equal(await later(60_000, () => kvRevocations(kv).isRevoked(session)), false);
});

const LISTS = {
  kv: (slowness) => {
    const kv = countingKv(slowness);
    return () => kvRevocations({ get: kv.get, put: kv.put });
  },
  unstorage: (slowness) => {
    const kv = countingKv(slowness);
    return () => unstorageRevocations({ getItem: kv.get, setItem: kv.put });
  },
};

for (const [name, place] of Object.entries(LISTS)) {
  test(`${name}: no call takes back what an earlier one said, in whatever isolate`, async () => {
    const list = place();
    await list().revoke("s", inSeconds(600));
    await list().revoke("s", inSeconds(60));
    await list().revokeUser("u", inSeconds(-60), inSeconds(600));
    await list().revokeUser("u", inSeconds(-600), inSeconds(60));
    const issuedAt = inSeconds(-300);
    await later(500_000, async () => {
      assert.equal(await list().isRevoked({ ...session, userId: "other" }), true);
      assert.equal(await list().isRevoked({ ...session, sessionId: "other", issuedAt }), true);
      assert.equal(await list().isRevoked({ ...session, sessionId: "other" }), false, "issued later");
      const { issuedAt: _, ...unsaid } = session;
      assert.equal(await list().isRevoked({ ...unsaid, sessionId: "other" }), true, "without a time");
    });
  });

  test(`${name}: of two writes at once in one isolate both count`, async () => {
    const list = place({ delayMs: 20 });
    const own = list();
    await Promise.all([
      own.revokeUser("u", inSeconds(600), inSeconds(60)),
      own.revokeUser("u", inSeconds(-600), inSeconds(600)),
    ]);
    assert.equal(await list().isRevoked({ ...session, sessionId: "other" }), true);
    assert.equal(await later(300_000, () => list().isRevoked({ ...session, sessionId: "other" })), true);
  });
}

test("a write that changes nothing is left out, one that fails rejects", async () => {
  const kv = countingKv();
  const until = inSeconds(60);
  for (let time = 0; time < 3; time += 1) await kvRevocations(kv).revoke("s", until);
  assert.equal(kv.writes.length, 1);
  const broken = { get: kv.get, put: () => Promise.reject(new Error("the write fails")) };
  await assert.rejects(kvRevocations(broken).revoke("t", until), /the write fails/);
  await assert.rejects(kvRevocations(broken).revoke("t", until), /the write fails/, "and again");
});

const config = { name: "HankoError", code: "config_invalid", kind: "misuse" };
const argument = { name: "HankoError", code: "argument_invalid", kind: "misuse" };

test("options and places are checked at once", () => {
  const kv = countingKv();
  const storage = { getItem: kv.get, setItem: kv.put };
  let refused = 0;
  for (const prefix of ["a b", "a?b", "a#b", "\u00e9", "a".repeat(257), 7, {}, ["a"]]) {
    for (const make of [kvKeyStore, kvRevocations]) assert.throws(() => make(kv, { prefix }), config);
    for (const make of [unstorageKeyStore, unstorageRevocations])
      assert.throws(() => make(storage, { prefix }), config);
    refused += 1;
  }
  assert.equal(refused, 8);
  assert.throws(() => kvKeyStore(kv, { Prefix: "a" }), config);
  assert.throws(() => kvKeyStore(kv, "a"), config);
  for (const max of [0, -1, 1.5, NaN, Infinity, "9"]) assert.throws(() => memoryRevocations({ max }), config);
  for (const place of [undefined, null, 7, {}, { get: kv.get }]) {
    for (const make of [cacheKeyStore, kvKeyStore, kvRevocations, unstorageKeyStore, unstorageRevocations]) {
      assert.throws(() => make(place), argument);
    }
  }
});

test("what would be forgotten or misread is refused, by every list", async () => {
  const kv = countingKv();
  const lists = [memoryRevocations(), kvRevocations(kv), unstorageRevocations({ getItem: kv.get, setItem: kv.put })];
  const until = inSeconds(60);
  const noText = (name) => ({ ...argument, message: `${name} must be a text that is not empty` });
  const noTime = (name) => ({ ...argument, message: `${name} must be a valid Date` });
  for (const list of lists) {
    for (const id of ["", undefined, null, 7, {}]) {
      await assert.rejects(list.revoke(id, until), noText("sessionId"));
      await assert.rejects(list.revokeUser(id, until, until), noText("userId"));
    }
    for (const time of [undefined, null, Number(until), until.toISOString(), new Date(NaN)]) {
      await assert.rejects(list.revoke("s", time), noTime("until"));
      await assert.rejects(list.revokeUser("u", time, until), noTime("issuedBefore"));
      await assert.rejects(list.revokeUser("u", until, time), noTime("until"));
    }
  }
  assert.equal(kv.writes.length, 0);
});
