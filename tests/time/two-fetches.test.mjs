/** Two clients of one Hanko with different `fetch`es: what happens to the requests of one is nothing to the other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { clock } from "./support/clock.mjs";
import {
  BY_HANKO,
  BY_HANKO_STALE,
  SIGNED_IN,
  STALE,
  brief,
  clientOf,
  counted,
  serverWithSession,
  unavailable,
} from "./support/hanko.mjs";

const FEW = 50;

const rejects = async () => {
  await delay(50);
  throw new TypeError("no binding of this name");
};
const hangs = () => new Promise(() => {});

for (const [mode, outcome, code] of [
  ["local", SIGNED_IN, "keys_unavailable"],
  ["hybrid", BY_HANKO, "network_error"],
]) {
  for (const [name, fetch, own] of [
    ["rejects", rejects, unavailable(code)],
    ["hangs", hangs, outcome], // It finds what the others had.
  ]) {
    test(`${mode}, a fetch that ${name}: who waits with another one tries by that, and once for all`, async () => {
      const { server, token } = await serverWithSession();
      if (mode === "hybrid") await clientOf(server).authenticate(token);
      const bad = clientOf(server, { mode, fetch, timeout: 1000 });
      const good = clientOf(server, { mode, timeout: 1000 });
      const { result, all } = await counted(server, async () => {
        const first = bad.authenticate(token);
        await delay(10);
        return Promise.all([first, ...Array.from({ length: FEW }, () => good.authenticate(token))]);
      });
      const [first, ...others] = result;
      assert.deepEqual(brief(first), own);
      for (const auth of others) assert.deepEqual(brief(auth), outcome);
      assert.equal(all, 1);
    });
  }
}

for (const [name, how, requests] of [
  ["down", { status: 503 }, 2],
  ["not to be reached", { reset: true }, 4],
]) {
  test(`${name}, and a fetch of its own in every call: ${requests} requests, and the failure is everybody's`, async () => {
    const { server, token } = await serverWithSession();
    server.break({ ...how, delayMs: 30 }, "/.well-known");
    const call = () => clientOf(server, { fetch: (request) => server.fetch(request) }).authenticate(token);
    const { result, keys } = await counted(server, () => Promise.all(Array.from({ length: FEW }, call)));
    for (const auth of result) assert.deepEqual(brief(auth), unavailable("keys_unavailable"));
    assert.equal(keys, requests);
  });
}

test("a key server that hangs, and a fetch of its own in every call: two requests at a time", async () => {
  const { server, token } = await serverWithSession();
  server.break({ hang: true }, "/.well-known");
  const call = () => clientOf(server, { timeout: 1000, fetch: (request) => server.fetch(request) }).authenticate(token);
  const { result, keys } = await counted(server, () => Promise.all(Array.from({ length: FEW }, call)));
  for (const auth of result) assert.deepEqual(brief(auth), unavailable("request_timeout"));
  assert.ok(keys <= 3, `${keys} requests`);
});

/** What a client with a fetch of its own that fails is told, and what one with a good fetch is told after it. */
const AFTER = [
  ["local, keys past their age", { mode: "local" }, ({ token }) => (clock.advance(600), token), STALE, SIGNED_IN],
  [
    "local, a key that is new",
    { mode: "local" },
    async ({ server, userId }) => {
      clock.advance(31);
      await server.rotateKeys();
      return (await server.createSession(userId)).token;
    },
    undefined,
    SIGNED_IN,
  ],
  ["hybrid", { mode: "hybrid" }, ({ token }) => (clock.advance(60), token), BY_HANKO_STALE, BY_HANKO],
];

for (const [name, failing, code] of [
  ["rejects", rejects, "keys_unavailable"],
  ["hangs", hangs, "request_timeout"],
]) {
  for (const [what, options, prepare, own = unavailable(code), others] of AFTER) {
    test(`${what}: a fetch that ${name} holds up its own client, and no other`, async () => {
      const known = await serverWithSession();
      const { server } = known;
      let tries = 0;
      const fetch = (request) => (tries++, failing(request));
      const good = clientOf(server, options);
      const bad = clientOf(server, { ...options, fetch, timeout: 200 });
      await good.authenticate(known.token);
      const token = await prepare(known);
      assert.deepEqual([brief(await bad.authenticate(token)), tries], [own, 1]);
      const again = own.code ? unavailable("keys_unavailable") : own;
      assert.deepEqual([brief(await bad.authenticate(token)), tries], [again, 1], "it rests");
      const { result, all } = await counted(server, () => good.authenticate(token));
      assert.deepEqual([brief(result), all], [others, 1]);
      assert.deepEqual(brief(await bad.authenticate(token)), others, "it finds what the other had");
    });

    test(`${what}: two fetches that ${name}, and it is everybody's`, async () => {
      const known = await serverWithSession();
      const good = clientOf(known.server, options);
      await good.authenticate(known.token);
      const token = await prepare(known);
      const { result, all } = await counted(known.server, async () => {
        for (let call = 0; call < 2; call++) {
          await clientOf(known.server, { ...options, fetch: (_) => failing(), timeout: 200 }).authenticate(token);
        }
        return good.authenticate(token);
      });
      assert.deepEqual([brief(result), all], [own.code ? unavailable("keys_unavailable") : own, 0]);
    });
  }
}

for (const [mode, outcome] of [
  ["local", SIGNED_IN],
  ["hybrid", BY_HANKO],
]) {
  test(`${mode}: a client with a fetch that rejects calls again and again, and ends no call of another`, async () => {
    const { server, token } = await serverWithSession();
    if (mode === "hybrid") await clientOf(server).authenticate(token);
    const bad = clientOf(server, { mode, fetch: rejects, timeout: 1000 });
    const good = clientOf(server, { mode, timeout: 1000 });
    const again = setInterval(() => bad.authenticate(token), 5);
    await delay(20);
    const auth = await good.authenticate(token);
    clearInterval(again);
    assert.deepEqual(brief(auth), outcome);
  });
}

for (const [mode, seconds, bridged, outcome] of [
  ["local", 600, STALE, SIGNED_IN],
  ["hybrid", 60, BY_HANKO_STALE, BY_HANKO],
]) {
  test(`${mode}: after an outage a fetch that rejects is the first again, and holds up no other client`, async () => {
    const { server, token } = await serverWithSession();
    const good = clientOf(server, { mode });
    const bad = clientOf(server, { mode, fetch: rejects });
    await good.authenticate(token);
    clock.advance(seconds);
    server.break({ status: 503 });
    assert.deepEqual(brief(await good.authenticate(token)), bridged);
    server.heal();
    clock.advance(2);
    assert.deepEqual(brief(await bad.authenticate(token)), bridged);
    const { result, all } = await counted(server, () => good.authenticate(token));
    assert.deepEqual([brief(result), all], [outcome, 1]);
  });

  test(`${mode}: after an outage who waits for a fetch that rejects tries by his own`, async () => {
    const { server, token } = await serverWithSession();
    const good = clientOf(server, { mode });
    if (mode === "hybrid") await clientOf(server).authenticate(token);
    server.break({ status: 503 });
    assert.equal((await good.authenticate(token)).status, "unavailable");
    server.heal();
    const first = clientOf(server, { mode, fetch: rejects }).authenticate(token);
    await delay(10);
    assert.deepEqual(brief(await good.authenticate(token)), outcome);
    await first;
  });
}
