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
import { webhookRoute } from "hanko-edge/webhooks";
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

/** Two storages over one place, and the end of it. Of the memory driver there is only one. */
const DRIVERS = {
  async memory() {
    const storage = createStorage({ driver: memoryDriver() });
    return { storages: [storage, storage], end: () => {} };
  },
  async fs() {
    const base = await mkdtemp(join(tmpdir(), "hanko-edge-stores-"));
    const storages = [0, 1].map(() => createStorage({ driver: fsDriver({ base }) }));
    return { storages, end: () => rm(base, { recursive: true, force: true }) };
  },
  async redis() {
    const redis = await startRedis();
    return { storages: [0, 1].map(() => createStorage({ driver: driverFor(redis) })), end: redis.stop };
  },
};

function driverFor({ host, port }) {
  const driver = redisDriver({ host, port, maxRetriesPerRequest: null });
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
  describe(`unstorage, ${name}`, () => {
    // By test, for node:test does not count the tests of a skipped suite.
    const options = { skip: name === "redis" && skip };
    let storages, end;
    before(async () => ({ storages, end } = options.skip ? {} : await open()));
    after(() => Promise.all((storages ?? []).map((storage) => storage.dispose())));
    after(() => end?.());

    test("the second process asks Hanko for no key while they are fresh", options, async () => {
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

    test("an entry comes back as the text it was, and is not believed past its end", options, async () => {
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

    test(
      "a session that one process revokes is ended in the other, one of a revoked user as well",
      options,
      async () => {
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
      },
    );

    test(
      "a webhook that one process takes ends a session in the other, which asks Hanko nothing",
      options,
      async () => {
        const [first, second] = storages.map((storage) => unstorageRevocations(storage));
        const person = await signedIn();
        const { hanko, sessionId, userId } = person;
        const ended = { mode: "hybrid", revocations: second };
        assert.equal((await ask(two, person, ended)).verifiedBy, "remote");
        const client = one.createHanko({ apiUrl: hanko.apiUrl, fetch: hanko.fetch });
        const expires_at = new Date(Date.now() + 60_000).toISOString();
        const data = { id: sessionId, user_id: userId, expires_at };
        const body = JSON.stringify(await hanko.createWebhook("session.delete.admin.revoke", data));
        const request = new Request("https://app.example/hook", { method: "POST", body });
        assert.equal((await webhookRoute(client, { revocations: first })(request)).status, 204);
        const { length } = hanko.requests;
        assert.equal((await ask(two, person, ended)).code, "session_ended");
        assert.equal(hanko.requests.length, length);
      },
    );

    test("a list whose entry cannot be read is unavailable, until the session is revoked again", options, async () => {
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

describe("unstorage, a Redis in trouble", () => {
  test("Redis drops what has ended", { skip }, async () => {
    const redis = await startRedis();
    const driver = driverFor(redis);
    const storage = createStorage({ driver });
    try {
      await unstorageKeyStore(storage, { prefix: "ttl:" }).put("name", "value", 90);
      const [key] = await storage.getKeys("ttl");
      const seconds = await driver.getInstance().ttl(key);
      assert.ok(seconds > 80 && seconds <= 90, `${seconds} s`);
    } finally {
      await storage.dispose();
      await redis.stop();
    }
  });

  test(
    "a Redis that hangs or is gone costs its share, never an answer; its list is unavailable",
    { skip },
    async () => {
      const redis = await startRedis();
      const storage = createStorage({ driver: driverFor(redis) });
      try {
        const revocations = unstorageRevocations(storage);
        const keyStore = unstorageKeyStore(storage);
        assert.equal((await ask(one, await signedIn(), { revocations, keyStore })).status, "signed-in");
        for (const trouble of [redis.pause, redis.stop]) {
          await trouble();
          assert.equal(await timed(ask(one, await signedIn(), { keyStore })), "signed-in");
          assert.equal(await timed(ask(one, await signedIn(), { revocations })), "unavailable");
        }
      } finally {
        await redis.stop();
        await storage.dispose();
      }
    },
  );
});

/** The status of an answer that waits for one share of the deadline, and no more. */
async function timed(answer) {
  const began = performance.now();
  const { status } = await answer;
  const took = performance.now() - began;
  assert.ok(took > SHARE_MS - 50 && took < LIMIT_MS, `${took} ms`);
  return status;
}
