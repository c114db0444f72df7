/** A thousand calls at once: one request for the keys, whoever began. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clientOf, counted, serverWithSession, unavailable, brief, SIGNED_IN, STALE } from "./support/hanko.mjs";

const HERD = 1000;

const together = (hanko, token, count = HERD) =>
  Promise.all(Array.from({ length: count }, () => hanko.authenticate(token)));
const kinds = (auths) => [...new Set(auths.map(({ status, code }) => code ?? status))];

for (const delayMs of [0, 2000]) {
  test(`cold, a key server that takes ${delayMs} ms: one request`, async () => {
    const { server, token } = await serverWithSession();
    server.break({ delayMs }, "/.well-known");
    const { result, keys, all } = await counted(server, () => together(clientOf(server), token));
    assert.equal(result.length, HERD);
    assert.deepEqual({ kinds: kinds(result), keys, all }, { kinds: ["signed-in"], keys: 1, all: 1 });
  });
}

test("cold, by clients made in every call: one request", async () => {
  const { server, token } = await serverWithSession();
  server.break({ delayMs: 100 }, "/.well-known");
  const { result, keys } = await counted(server, () =>
    Promise.all(Array.from({ length: HERD }, () => clientOf(server).authenticate(token))),
  );
  assert.deepEqual({ kinds: kinds(result), keys }, { kinds: ["signed-in"], keys: 1 });
});

test("cold, a failure that heals at once: all are signed in after the one repeat", async () => {
  const { server, token } = await serverWithSession();
  server.break({ status: 503, times: 1, delayMs: 30 }, "/.well-known");
  const { result, keys } = await counted(server, () => together(clientOf(server), token));
  assert.deepEqual({ kinds: kinds(result), keys }, { kinds: ["signed-in"], keys: 2 });
});

test("cold, down: all are unavailable after two requests", async () => {
  const { server, token } = await serverWithSession();
  server.break({ status: 503, delayMs: 30 }, "/.well-known");
  const { result, keys } = await counted(server, () => together(clientOf(server), token));
  assert.deepEqual({ kinds: kinds(result), keys }, { kinds: ["keys_unavailable"], keys: 2 });
});

test("cold, one connection is dead: one of those who wait fetches at half of the deadline, for all", async () => {
  const { server, token } = await serverWithSession();
  server.break({ hang: true, times: 1 }, "/.well-known");
  const { result, keys } = await counted(server, () => together(clientOf(server, { timeout: 1000 }), token, 100));
  assert.deepEqual({ kinds: kinds(result), keys }, { kinds: ["signed-in"], keys: 2 });
});

test("the caller who fetches for the others gives up: another one fetches", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  server.break({ delayMs: 200 }, "/.well-known");
  const first = new AbortController();
  const { result, keys } = await counted(server, async () => {
    const given = hanko.authenticate(token, { signal: first.signal });
    const others = together(hanko, token, 100);
    setTimeout(() => first.abort(), 50);
    return [brief(await given), ...(await others).map(brief)];
  });
  const [given, ...others] = result;
  assert.deepEqual(given, unavailable("request_aborted"));
  assert.equal(others.length, 100);
  for (const other of others) assert.deepEqual(other, SIGNED_IN);
  assert.equal(keys, 2);
});

test("keys past their age, and the server hangs: everybody has an answer inside the deadline, from few requests", async () => {
  const real = Date.now;
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { timeout: 1000 });
  await hanko.authenticate(token);
  try {
    Date.now = () => real() + 600_000;
    server.break({ hang: true }, "/.well-known");
    const began = performance.now();
    // Each verifies by the old keys in the end: a thousand signatures alone may take the slack of a busy machine.
    const { result, keys } = await counted(server, () => together(hanko, token, 200));
    assert.ok(performance.now() - began < 1250, `${performance.now() - began} ms`);
    for (const auth of result) assert.deepEqual(brief(auth), STALE);
    assert.ok(keys <= 2, `${keys} requests`);
  } finally {
    Date.now = real;
  }
});
