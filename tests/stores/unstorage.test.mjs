// Keys and revocations in the real unstorage, with its memory, file and Redis drivers.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import * as one from "hanko-edge";
import { unstorageKeyStore, unstorageRevocations } from "hanko-edge/stores";
import { createTestHanko } from "hanko-edge/testing";
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import memoryDriver from "unstorage/drivers/memory";
import redisDriver from "unstorage/drivers/redis";

import { later } from "./clock.mjs";
import { LIMIT_MS, DEADLINE_MS, SHARE_MS } from "./faults.mjs";
import { keyFetches } from "./isolates.mjs";
import { reasonMissing, startRedis } from "./redis.mjs";

/** The CommonJS build is another copy of the package: another core with memories of its own, as in another process. */
const two = createRequire(import.meta.url)("hanko-edge");

const missing = reasonMissing();
const skip = missing !== undefined && process.env.CI !== "true" && missing;
if (skip) console.log(`skipped: unstorage with Redis: ${missing}`);

let folder, redis;
before(async () => (folder = await mkdtemp(join(tmpdir(), "hanko-edge-stores-"))));
before(async () => (redis = skip ? undefined : await startRedis()));
after(() => rm(folder, { recursive: true, force: true }));
after(() => redis?.stop());

/** Two storages over one place; of the memory driver there is only one. */
const DRIVERS = {
  memory: () => {
    const storage = createStorage({ driver: memoryDriver() });
    return [storage, storage];
  },
  fs: () => [0, 1].map(() => createStorage({ driver: fsDriver({ base: folder }) })),
  redis: () => [0, 1].map(() => createStorage({ driver: redisClient() })),
};

function redisClient() {
  const driver = redisDriver({ host: redis.host, port: redis.port, maxRetriesPerRequest: null });
  driver.getInstance().on("error", () => {});
  return driver;
}

async function signedIn() {
  const hanko = await createTestHanko();
  const { user_id: userId } = await hanko.createUser();
  return { hanko, userId, ...(await hanko.createSession(userId)) };
}

function ask({ createHanko }, { hanko, token }, options) {
  const { apiUrl, fetch } = hanko;
  const client = createHanko({ apiUrl, fetch, mode: "local", timeout: DEADLINE_MS, cacheSize: 0, ...options });
  return client.authenticate(token);
}

/** Keys are put into a store behind the answer. */
async function stored(keyStore, { hanko }) {
  for (let look = 0; look < 100; look += 1) {
    if ((await keyStore.get(hanko.apiUrl)) !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("the keys have not been stored");
}

for (const [name, open] of Object.entries(DRIVERS)) {
  describe(`unstorage, ${name}`, { skip: name === "redis" && skip }, () => {
    let storages;
    before(() => (storages = open()));
    after(() => Promise.all(storages.map((storage) => storage.dispose())));

    test("the second process asks Hanko for no key while they are fresh", async () => {
      const [first, second] = storages.map((storage) => unstorageKeyStore(storage));
      for (const [shift, fetches] of [
        [0, 1],
        [595_000, 1],
        [601_000, 2],
      ]) {
        const person = await signedIn();
        assert.equal((await ask(one, person, { keyStore: first })).status, "signed-in");
        await stored(first, person);
        const { status } = await later(shift, () => ask(two, person, { keyStore: second }));
        assert.deepEqual(
          { status, fetches: keyFetches(person) },
          { status: "signed-in", fetches },
          `${shift} ms later`,
        );
      }
    });

    test("an entry comes back as the text it was, and is not believed past its end", async () => {
      const [first, second] = storages.map((storage) => unstorageKeyStore(storage, { prefix: "an-entry/" }));
      for (const value of ['{"keys":[]}', "12", "true", "null", '"text"', "", "\u00e9\u2028\ud83d\ude00"]) {
        await first.put(value, value, 60);
        assert.equal(await second.get(value), value);
        assert.equal(await later(59_000, () => second.get(value)), value);
        assert.equal(await later(60_000, () => second.get(value)), undefined);
      }
      const keys = await storages[0].getKeys("an-entry");
      assert.equal(keys.length, 7);
      for (const key of keys) assert.match(key, /^an-entry:v1:[\da-f]{64}$/);
    });

    test("a session that one process revokes is ended in the other, one of a revoked user as well", async () => {
      const [first, second] = storages.map((storage) => unstorageRevocations(storage));
      const until = new Date(Date.now() + 60_000);
      for (const revoke of [
        ({ sessionId }) => first.revoke(sessionId, until),
        ({ userId }) => first.revokeUser(userId, new Date(), until),
      ]) {
        const person = await signedIn();
        assert.equal((await ask(two, person, { revocations: second })).status, "signed-in");
        await revoke(person);
        assert.equal((await ask(two, person, { revocations: second })).code, "session_ended");
        assert.equal((await ask(one, person, { revocations: first })).code, "session_ended");
        const afterEnd = () => ask(two, person, { revocations: second });
        assert.equal((await later(60_001, afterEnd)).status, "signed-in", "the entry has ended");
      }
    });

    test("a list whose entry cannot be read is unavailable, until the session is revoked again", async () => {
      const prefix = "unreadable:";
      const [first, second] = storages.map((storage) => unstorageRevocations(storage, { prefix }));
      const person = await signedIn();
      await first.revoke(person.sessionId, new Date(Date.now() + 60_000));
      const [key, ...others] = await storages[0].getKeys(prefix);
      assert.deepEqual(others, []);
      await storages[0].setItem(key, "garbage");
      assert.equal((await ask(two, person, { revocations: second })).status, "unavailable");
      await first.revoke(person.sessionId, new Date(Date.now() + 60_000));
      assert.equal((await ask(two, person, { revocations: second })).code, "session_ended");
    });
  });
}

describe("unstorage, a Redis in trouble", { skip }, () => {
  test("Redis drops what has ended", async () => {
    const driver = redisClient();
    const storage = createStorage({ driver });
    try {
      await unstorageKeyStore(storage, { prefix: "ttl:" }).put("name", "value", 90);
      const [key] = await storage.getKeys("ttl");
      const seconds = await driver.getInstance().ttl(key);
      assert.ok(seconds > 80 && seconds <= 90, `${seconds} s`);
    } finally {
      await storage.dispose();
    }
  });

  test("a Redis that hangs or is gone costs its share, never an answer; its list is unavailable", async () => {
    const own = await startRedis();
    const driver = redisDriver({ host: own.host, port: own.port, maxRetriesPerRequest: null });
    driver.getInstance().on("error", () => {});
    const storage = createStorage({ driver });
    try {
      const revocations = unstorageRevocations(storage);
      const keyStore = unstorageKeyStore(storage);
      assert.equal((await ask(one, await signedIn(), { revocations, keyStore })).status, "signed-in");
      for (const trouble of [own.pause, own.stop]) {
        await trouble();
        assert.equal(await timed(ask(one, await signedIn(), { keyStore })), "signed-in");
        assert.equal(await timed(ask(one, await signedIn(), { revocations })), "unavailable");
      }
    } finally {
      await own.stop();
      await storage.dispose();
    }
  });
});

/** The status of an answer that waits for one share of the deadline, and no more. */
async function timed(answer) {
  const began = performance.now();
  const { status } = await answer;
  const took = performance.now() - began;
  assert.ok(took > SHARE_MS - 50 && took < LIMIT_MS, `${took} ms`);
  return status;
}
