/** Two clients of one Hanko with different `fetch`es: what happens to the requests of one is nothing to the other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { BY_HANKO, SIGNED_IN, brief, clientOf, counted, serverWithSession, unavailable } from "./support/hanko.mjs";

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
