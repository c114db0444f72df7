/** Keys past their age: what a failing key server changes, and what happens behind the answer. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./support/clock.mjs";
import {
  SIGNED_IN,
  STALE,
  brief,
  clientOf,
  counted,
  keyFetches,
  serverWithSession,
  signedOut,
  unavailable,
} from "./support/hanko.mjs";
import { withHeader } from "./support/tokens.mjs";

const FIRST_BACKOFFS = [1, 2, 4, 8, 16, 30, 30, 30];

test("down: fresh keys go on without a request; past their age stale, asked for at 1, 2, 4 to 30 s; then unavailable", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { keysMaxStale: 3600, cacheSize: 0 });
  await hanko.authenticate(token);
  server.break({ reset: true });
  clock.advance(599);
  assert.equal(await keyFetches(server, () => hanko.authenticate(token)), 0);
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
  clock.advance(1);
  assert.deepEqual(await secondsBetweenFetches(server, hanko, token), FIRST_BACKOFFS);
  clock.advance(4200 - 600 - FIRST_BACKOFFS.reduce((sum, one) => sum + one, 0) - 1);
  assert.deepEqual(brief(await hanko.authenticate(token)), STALE);
  clock.advance(1);
  assert.deepEqual(brief(await hanko.authenticate(token)), unavailable("keys_unavailable"));
  server.heal();
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
});

async function secondsBetweenFetches(server, hanko, token) {
  const between = [];
  const look = () => keyFetches(server, async () => assert.deepEqual(brief(await hanko.authenticate(token)), STALE));
  assert.equal(await look(), 1);
  for (let waited = 1; between.length < FIRST_BACKOFFS.length; waited++) {
    clock.advance(1);
    if ((await look()) === 0) continue;
    between.push(waited);
    waited = 0;
  }
  return between;
}

test("down: an unknown kid, however old its token, is unavailable", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  server.break({ status: 500 }, "/.well-known");
  clock.advance(30);
  const unknown = withHeader(token, { kid: "another" });
  const { result, keys } = await counted(server, () => hanko.authenticate(unknown));
  assert.deepEqual([brief(result), keys], [unavailable("keys_unavailable"), 1], "such a fetch is not retried");
  clock.advance(1);
  assert.deepEqual(brief(await hanko.authenticate(unknown)), unavailable("keys_unavailable"));
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
});

for (const [where, options] of [
  ["in front of the answer", {}],
  ["behind the answer", { waitUntil: () => {} }],
]) {
  test(`a key server that hangs does not use up the deadline of a call with stale keys, refreshed ${where}`, async () => {
    const { server, token } = await serverWithSession();
    const hanko = clientOf(server, { timeout: 800 });
    await hanko.authenticate(token);
    clock.advance(600);
    server.break({ hang: true });
    const began = performance.now();
    assert.equal((await hanko.authenticate(token, options)).status, "signed-in");
    assert.ok(performance.now() - began < 650, `${performance.now() - began} ms`);
  });
}

test("the caller gives up while keys past their age are refreshed: request_aborted", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  clock.advance(600);
  server.break({ delayMs: 300 });
  const controller = new AbortController();
  const asked = hanko.authenticate(token, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  assert.deepEqual(brief(await asked), unavailable("request_aborted"));
});

test("with waitUntil a refresh is behind the answer, and one at a time", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  clock.advance(600);
  server.break({ delayMs: 1000 });
  const behind = [];
  const call = () => hanko.authenticate(token, { waitUntil: (work) => behind.push(work) });
  const fetches = await keyFetches(server, async () => {
    const began = performance.now();
    for (let count = 0; count < 5; count++) assert.deepEqual(brief(await call()), SIGNED_IN);
    assert.ok(performance.now() - began < 900, "nobody waited");
    await Promise.all(behind);
  });
  assert.deepEqual([fetches, behind.length], [1, 1]);
  assert.equal(await keyFetches(server, () => hanko.authenticate(token)), 0, "the keys are fresh");
});

test("a waitUntil that throws is as none: the refresh is in front of the answer", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  clock.advance(600);
  await server.rotateKeys({ keepOld: false });
  const waitUntil = () => {
    throw new TypeError("Illegal invocation");
  };
  assert.deepEqual(brief(await hanko.authenticate(token, { waitUntil })), signedOut("key_not_found"));
});

test("an isolate that slept believes no removed key behind the answer, though a fetch failed before", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  clock.advance(31);
  server.break({ status: 503 });
  await hanko.authenticate(withHeader(token, { kid: "another" }));
  server.heal();
  await server.rotateKeys({ keepOld: false });
  clock.advance(3000);
  assert.deepEqual(brief(await hanko.authenticate(token, { waitUntil: () => {} })), signedOut("key_not_found"));
});
