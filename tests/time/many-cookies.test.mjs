/** Requests with many session cookies: what they cost, and that those which have ended do not hide a live one again and again. */
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

/** A server, and a request with so many sessions of one user, the newest first. */
async function cookies(count, options) {
  const { server, userId } = await serverWithSession();
  const iat = Math.floor(clock.now / 1000) - 10;
  const made = await Promise.all(
    Array.from({ length: count }, (_, at) => server.createSession(userId, { claims: { iat: iat - at } })),
  );
  const headers = new Headers({ cookie: made.map(({ cookie }) => cookie).join("; ") });
  return { server, made, headers, hanko: clientOf(server, options) };
}

test("20 cookies, and the key server is down: two requests", async () => {
  const { server, headers, hanko } = await cookies(20);
  server.break({ status: 503 });
  const { result, all } = await counted(server, () => hanko.authenticate(headers));
  assert.deepEqual([brief(result), all], [unavailable("keys_unavailable"), 2]);
});

test("20 sessions that Hanko has said yes of: behind the answer it is asked about the one that counts", async () => {
  const { server, headers, hanko, made } = await cookies(20, { mode: "hybrid" });
  for (let call = 0; call < 8; call++) assert.deepEqual(brief(await hanko.authenticate(headers)), BY_HANKO);
  clock.advance(31);
  const behind = [];
  const { result, asks } = await counted(server, async () => {
    const auth = await hanko.authenticate(headers, { waitUntil: (work) => behind.push(work) });
    await Promise.all(behind);
    return auth;
  });
  assert.deepEqual([brief(result), result.token, asks], [BY_HANKO, made[0].token, 1]);
});

for (const mode of ["hybrid", "remote"]) {
  test(`${mode}: a live session behind three newer ones that have ended is hidden once, and not at every visit`, async () => {
    const { server, headers, hanko, made } = await cookies(4, { mode, revalidateAfter: 60 });
    for (const { sessionId } of made.slice(0, 3)) server.revokeSession(sessionId);
    assert.deepEqual(brief(await hanko.authenticate(headers)), signedOut("session_ended"));
    assert.deepEqual(brief(await hanko.authenticate(headers)), BY_HANKO);
    for (let visit = 0; visit < 5; visit++) {
      clock.advance(120);
      const auth = await hanko.authenticate(headers);
      assert.deepEqual([brief(auth), auth.token], [BY_HANKO, made[3].token], `visit ${visit}`);
    }
  });
}

test("what Hanko said no of last is asked about after what nobody knows", async () => {
  const { server, headers, hanko, made } = await cookies(4, { mode: "hybrid", revalidateAfter: 60 });
  for (const { sessionId } of made.slice(0, 3)) server.revokeSession(sessionId);
  assert.deepEqual(brief(await hanko.authenticate(headers)), signedOut("session_ended"));
  clock.advance(120);
  assert.deepEqual(brief(await hanko.authenticate(headers)), BY_HANKO);
});

test("three sessions with a last yes, and Hanko hangs: its silence is waited for once", async () => {
  const { server, headers, hanko } = await cookies(3, { mode: "hybrid", timeout: 1000 });
  assert.deepEqual(brief(await hanko.authenticate(headers)), BY_HANKO);
  clock.advance(60);
  server.break({ hang: true }, "/sessions");
  const began = performance.now();
  const { result, asks } = await counted(server, () => hanko.authenticate(headers));
  const took = performance.now() - began;
  assert.deepEqual([brief(result), asks], [BY_HANKO_STALE, 1]);
  assert.ok(took < 750, `${took} ms`);
  server.heal();
  clock.advance(31);
  assert.deepEqual(brief(await hanko.authenticate(headers)), BY_HANKO);
});
