/** One deadline for a whole call, whatever it waits for in turn, and however short it is. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./support/clock.mjs";
import { contained } from "./support/faults.mjs";
import { BY_HANKO_STALE, brief, clientOf, serverWithSession, signedOut } from "./support/hanko.mjs";

for (const timeout of [400, 1000, 2000]) {
  test(`keys past their age and a yes past its time, of a Hanko that hangs: stale, within ${timeout} ms`, async () => {
    const { server, token } = await serverWithSession();
    const hanko = clientOf(server, { mode: "hybrid", timeout, outageGrace: 3600 });
    await hanko.authenticate(token);
    clock.advance(600);
    server.break({ hang: true });
    for (let call = 0; call < 2; call++) {
      assert.deepEqual(
        brief(await contained(timeout, () => hanko.authenticate(token))),
        BY_HANKO_STALE,
        `call ${call}`,
      );
    }
  });
}

test("a caller who aborts while a last yes counts is told so", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { mode: "hybrid", timeout: 1000 });
  await hanko.authenticate(token);
  clock.advance(60);
  server.break({ hang: true });
  const caller = new AbortController();
  const auth = await contained(1000, () => {
    setTimeout(() => caller.abort(), 50);
    return hanko.authenticate(token, { signal: caller.signal });
  });
  assert.deepEqual(brief(auth), { status: "unavailable", code: "request_aborted" });
});

for (const timeout of [100, 200, 400]) {
  test(`a no can be confirmed within ${timeout} ms: an ended session is not bridged as if Hanko were down`, async () => {
    let refused = 0;
    for (let session = 0; session < 10; session++) {
      const { server, token, sessionId } = await serverWithSession();
      const hanko = clientOf(server, { mode: "hybrid", timeout, revalidateAfter: 60 });
      await hanko.authenticate(token);
      server.revokeSession(sessionId);
      clock.advance(60);
      const { code } = await hanko.authenticate(token);
      if (code === "session_ended") refused++;
    }
    assert.ok(refused >= 8, `${refused} of 10`); // A busy machine may be late now and then.
  });
}

test("an ended session of a Hanko that is slow, and not down, is refused: its no has time to be confirmed", async () => {
  for (const [timeout, delayMs] of [
    [5000, 450],
    [1500, 350],
  ]) {
    const { server, token, sessionId } = await serverWithSession();
    const hanko = clientOf(server, { mode: "hybrid", timeout });
    await hanko.authenticate(token);
    server.revokeSession(sessionId);
    server.break({ delayMs });
    clock.advance(60);
    const auths = await contained(timeout, () => Promise.all([1, 2, 3].map(() => hanko.authenticate(token))));
    assert.ok(
      auths.map(brief).some(({ code }) => code === "session_ended"),
      JSON.stringify(auths.map(brief)),
    );
    assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("session_ended"));
  }
});

test("a no that cannot be confirmed, for the key document hangs, costs 3 s at most", async () => {
  const { server, token, sessionId } = await serverWithSession();
  const hanko = clientOf(server, { mode: "hybrid", timeout: 5000 });
  await hanko.authenticate(token);
  server.revokeSession(sessionId);
  server.break({ hang: true }, "/.well-known");
  clock.advance(60);
  assert.deepEqual(brief(await contained(3000, () => hanko.authenticate(token))), BY_HANKO_STALE);
});

test("a schema has no more time than is left of the deadline", async () => {
  const timeout = 1600;
  const validate = () => new Promise(() => {});
  const claimsSchema = { "~standard": { version: 1, vendor: "test", validate } };
  for (const method of ["authenticate", "verifySession", "validateSession"]) {
    const { server, token } = await serverWithSession();
    const hanko = clientOf(server, { timeout, claimsSchema });
    server.break({ delayMs: 1500 });
    const { code } = await contained(timeout, () => hanko[method](token).catch((error) => error));
    assert.equal(code, "internal_error", method);
  }
});

test("a schema that answers at once needs none of it", async () => {
  const { server, token } = await serverWithSession();
  const claimsSchema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
  const hanko = clientOf(server, { timeout: 1000, claimsSchema });
  server.break({ delayMs: 900 });
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
});

test("before nbf a no is told at once, and not remembered", async () => {
  for (const mode of ["remote", "hybrid"]) {
    const { server, userId } = await serverWithSession();
    const nbf = clock.now / 1000 + 3;
    const { token } = await server.createSession(userId, { claims: { nbf } });
    const fetch = async (request) =>
      request.url.endsWith("/sessions/validate") && clock.now < nbf * 1000
        ? Response.json({ is_valid: false })
        : server.fetch(request);
    const hanko = clientOf(server, { mode, fetch });
    assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("token_not_active"));
    clock.advance(3);
    assert.equal((await hanko.authenticate(token)).status, "signed-in");
  }
});
