/** Mode hybrid in time: when Hanko is asked, and what its last word counts while it is down. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./support/clock.mjs";
import {
  BY_HANKO,
  BY_HANKO_STALE,
  brief,
  clientOf,
  counted,
  serverWithSession,
  signedOut,
  unavailable,
} from "./support/hanko.mjs";

const BACKOFFS = [1, 2, 4, 8, 16, 30, 30];

async function hybrid(options = {}, serverOptions = {}) {
  const known = await serverWithSession(serverOptions);
  const hanko = clientOf(known.server, { mode: "hybrid", ...options });
  const look = async (callOptions) => {
    const { result, asks } = await counted(known.server, () => hanko.authenticate(known.token, callOptions));
    return { ...brief(result), asks };
  };
  return { ...known, hanko, look };
}

test("Hanko is asked once per revalidateAfter", async () => {
  const { look } = await hybrid({ revalidateAfter: 60 });
  assert.deepEqual(await look(), { ...BY_HANKO, asks: 1 });
  clock.advance(59.999);
  assert.deepEqual(await look(), { ...BY_HANKO, asks: 0 });
  clock.advance(0.001);
  assert.deepEqual(await look(), { ...BY_HANKO, asks: 1 });
});

test("earlier, where the session idles out earlier: an active user never does", async () => {
  const { look } = await hybrid({ revalidateAfter: 3600 }, { idleTimeout: 40 });
  assert.equal((await look()).asks, 1);
  clock.advance(19.999);
  assert.equal((await look()).asks, 0);
  clock.advance(0.001);
  assert.equal((await look()).asks, 1);
  let asks = 0;
  for (let call = 0; call < 100; call++) {
    clock.advance(15);
    const seen = await look();
    assert.equal(seen.status, "signed-in", `call ${call}`);
    asks += seen.asks;
  }
  assert.ok(asks >= 40 && asks <= 75, `${asks} asks in 1500 s`);
});

test("the time of idling out may be of another zone, with any fraction (RFC 3339)", async () => {
  const { server, token } = await serverWithSession({ idleTimeout: 40 });
  const fetch = async (request) => {
    const answer = await server.fetch(request);
    if (!request.url.endsWith("/sessions/validate")) return answer;
    const body = await answer.json();
    const elsewhere = new Date(Date.parse(body.idle_expires_at) + 7_200_000).toISOString();
    return Response.json({ ...body, idle_expires_at: elsewhere.replace("Z", "123456+02:00") });
  };
  const hanko = clientOf(server, { mode: "hybrid", revalidateAfter: 3600, fetch });
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
  clock.advance(20);
  const { result, asks } = await counted(server, () => hanko.authenticate(token));
  assert.deepEqual([result.status, asks], ["signed-in", 1]);
});

test("an idle user is signed out", async () => {
  const { look } = await hybrid({ revalidateAfter: 3600 }, { idleTimeout: 40 });
  await look();
  clock.advance(41);
  assert.deepEqual(await look(), { ...signedOut("session_ended"), asks: 2 });
});

test("an ended session is refused within revalidateAfter, with at most 3 requests, and remembered", async () => {
  const { server, sessionId, hanko, token, look } = await hybrid({ revalidateAfter: 60 });
  await look();
  server.revokeSession(sessionId);
  clock.advance(60);
  const { result, all } = await counted(server, () => hanko.authenticate(token));
  assert.deepEqual(brief(result), signedOut("session_ended"));
  assert.ok(all <= 3, `${all} requests`);
  const again = await counted(server, async () => {
    for (let call = 0; call < 100; call++) {
      assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("session_ended"));
      clock.advance(0.5);
    }
  });
  assert.equal(again.all, 0);
  clock.advance(10);
  assert.ok((await look()).asks > 0, "asked again after revalidateAfter");
});

test("down: the last yes counts for outageGrace more, stale; then unavailable", async () => {
  const { server, look } = await hybrid({ revalidateAfter: 60, outageGrace: 300 });
  await look();
  server.break({ status: 503 });
  clock.advance(59.999);
  assert.deepEqual(await look(), { ...BY_HANKO, asks: 0 });
  clock.advance(0.001);
  assert.deepEqual(await look(), { ...BY_HANKO_STALE, asks: 1 });
  clock.advance(299.999);
  assert.deepEqual(await look(), { ...BY_HANKO_STALE, asks: 1 });
  clock.advance(0.001);
  assert.deepEqual(await look(), { ...unavailable("server_error"), asks: 1 });
  server.heal();
  assert.deepEqual(await look(), { ...BY_HANKO, asks: 1 });
});

test("outageGrace 0: unavailable at once", async () => {
  const { server, look } = await hybrid({ outageGrace: 0 });
  await look();
  server.break({ reset: true });
  clock.advance(60);
  assert.deepEqual(await look(), { ...unavailable("network_error"), asks: 1 });
});

test("the grace ends at idle_expires_at", async () => {
  const { server, look } = await hybrid({ revalidateAfter: 60, outageGrace: 3600 }, { idleTimeout: 100 });
  await look();
  server.break({ status: 500 });
  clock.advance(99.999);
  assert.deepEqual(await look(), { ...BY_HANKO_STALE, asks: 1 });
  clock.advance(0.001);
  assert.equal((await look()).status, "unavailable");
});

test("there is no grace without a failure: the answer waits for Hanko", async () => {
  const { server, sessionId, look } = await hybrid({ revalidateAfter: 60, outageGrace: 3600 });
  await look();
  server.revokeSession(sessionId);
  clock.advance(60);
  assert.deepEqual(await look(), { ...signedOut("session_ended"), asks: 2 });
});

test("after a failure the last yes answers at once, and one call per 1 to 30 s asks again", async () => {
  const { server, look } = await hybrid({ revalidateAfter: 10, outageGrace: 3600 });
  await look();
  server.break({ status: 502 });
  clock.advance(10);
  assert.equal((await look()).asks, 1);
  const between = [];
  for (let waited = 1; between.length < BACKOFFS.length; waited++) {
    clock.advance(1);
    const seen = await look();
    assert.deepEqual(seen, { ...BY_HANKO_STALE, asks: seen.asks });
    if (seen.asks === 0) continue;
    between.push(waited);
    waited = 0;
  }
  assert.deepEqual(between, BACKOFFS);
});

test("with a last yes a Hanko that hangs costs half of the deadline, and 1 s at most", async () => {
  for (const [timeout, most] of [
    [400, 200],
    [5000, 1000],
  ]) {
    const { server, look } = await hybrid({ timeout });
    await look();
    server.break({ hang: true }, "/sessions");
    clock.advance(60);
    const began = performance.now();
    assert.deepEqual(await look(), { ...BY_HANKO_STALE, asks: 1 });
    const took = performance.now() - began;
    assert.ok(took >= most - 5 && took < most + 250, `${took} ms of ${timeout}`);
  }
});

test("with waitUntil the renewal is behind the answer, from half of revalidateAfter on, one at a time", async () => {
  const { server, look } = await hybrid({ revalidateAfter: 60 });
  await look();
  const behind = [];
  const options = { waitUntil: (work) => behind.push(work) };
  clock.advance(29.999);
  assert.deepEqual(await look(options), { ...BY_HANKO, asks: 0 });
  clock.advance(0.001);
  server.break({ delayMs: 50 });
  const { asks } = await counted(server, async () => {
    for (let call = 0; call < 5; call++) assert.equal((await look(options)).status, "signed-in");
    await Promise.all(behind);
  });
  assert.deepEqual({ asks, behind: behind.length }, { asks: 1, behind: 1 });
  clock.advance(59);
  assert.deepEqual(await look(), { ...BY_HANKO, asks: 0 }, "the renewal has been noted");
});

test("a waitUntil that throws is as none: no renewal is left half done, and nobody waits for one", async () => {
  const cached = [];
  const onEvent = ({ type, cached: fromMemory }) => type === "authenticated" && cached.push(fromMemory);
  const { look } = await hybrid({ revalidateAfter: 60, onEvent });
  let tries = 0;
  const options = {
    waitUntil: () => {
      tries++;
      throw new TypeError("Illegal invocation");
    },
  };
  await look(options);
  clock.advance(30);
  for (let call = 0; call < 5; call++) assert.deepEqual(await look(options), { ...BY_HANKO, asks: 0 });
  assert.deepEqual({ tries, cached: cached.slice(-3) }, { tries: 1, cached: [true, true, true] });
  clock.advance(30);
  assert.deepEqual(await look(options), { ...BY_HANKO, asks: 1 });
});

test("a session first seen while Hanko is down is unavailable", async () => {
  const { server, userId, hanko, look } = await hybrid();
  await look();
  const { token } = await server.createSession(userId);
  for (const [how, code] of [
    [{ status: 500 }, "server_error"],
    [{ reset: true }, "network_error"],
    [{ status: 429 }, "rate_limited"],
  ]) {
    server.break(how, "/sessions");
    assert.deepEqual(brief(await hanko.authenticate(token)), unavailable(code));
  }
});

test("of 20 good cookies at most 3 cost a request, and the newest are the ones", async () => {
  const { server, userId, hanko } = await hybrid();
  const iat = Math.floor(clock.now / 1000) - 100;
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, at) => server.createSession(userId, { claims: { iat: iat + at } })),
  );
  const headers = new Headers({ cookie: made.map(({ cookie }) => cookie).join("; ") });
  const { result, asks } = await counted(server, () => hanko.authenticate(headers));
  assert.equal(asks, 3);
  assert.equal(result.sessionId, made.at(-1).sessionId);
});

test("a slow yes that began earlier never overwrites a no that began later", async () => {
  const { server, sessionId, token, look } = await hybrid({ revalidateAfter: 60 });
  await look();
  clock.advance(60);
  const held = [];
  const slow = clientOf(server, {
    mode: "remote", // Who asks for himself.
    fetch: async (request) => {
      const answer = await server.fetch(request); // Yes: the session lives.
      await new Promise((resolve) => held.push(resolve));
      return answer;
    },
  });
  const early = slow.authenticate(token);
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  clock.advance(1);
  server.revokeSession(sessionId);
  assert.deepEqual((await look()).code, "session_ended");
  held.forEach((release) => release());
  await early;
  assert.deepEqual(await look(), { ...signedOut("session_ended"), asks: 0 });
});

test("calls at once: while one asks, a session with a last yes is asked about by few", async () => {
  const { server, token, hanko, look } = await hybrid({ revalidateAfter: 60, outageGrace: 300 });
  await look();
  clock.advance(60);
  server.break({ status: 503, delayMs: 100 });
  const herd = () => counted(server, () => Promise.all(Array.from({ length: 50 }, () => hanko.authenticate(token))));
  const first = await herd();
  assert.ok(first.result.every(({ status, stale }) => status === "signed-in" && stale));
  assert.equal(first.asks, 1, "one call asks, the others are told");
  clock.advance(40);
  const second = await herd();
  assert.ok(second.result.every(({ status, stale }) => status === "signed-in" && stale));
  assert.equal(second.asks, 1, "one call asks again, the others have the last yes");
});
