import { at } from "../support/clock.mjs";
import { assertHankoError, assertNotSignedIn, failureOf } from "../support/outcomes.mjs";
import { payloadOf, rfc3339 } from "../support/tokens.mjs";

export function results(QUnit, { hanko, testing, vectors }) {
  let test;
  let client;
  let user;

  QUnit.module("results", {
    async beforeEach() {
      test = await testing.createTestHanko({
        customClaims: { role: "admin", "https://example.com/plan": { seats: 3 } },
      });
      user = await test.createUser();
      client = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch, timeout: 1000 });
    },
  });

  const bearer = (token) => new Headers({ authorization: `Bearer ${token}` });

  for (const mode of ["local", "remote", "hybrid"]) {
    QUnit.test(`${mode}: signed-in`, async (assert) => {
      const { token, sessionId } = await test.createSession(user.user_id);
      const auth = await client.authenticate(bearer(token), { mode });
      assertSignedIn(assert, auth, { token, sessionId, userId: user.user_id, source: "authorization" });
      assert.strictEqual(auth.verifiedBy, mode === "local" ? "local" : "remote");
    });

    QUnit.test(`${mode}: a revoked session`, async (assert) => {
      const { token, sessionId } = await test.createSession(user.user_id);
      test.revokeSession(sessionId);
      const auth = await client.authenticate(bearer(token), { mode });
      if (mode === "local") assert.strictEqual(auth.status, "signed-in", "local cannot see it");
      else assertNotSignedIn(assert, auth, ["session_ended"], [token]);
    });

    QUnit.test(`${mode}: unavailable while the database is away, and signed-in after it`, async (assert) => {
      const { token } = await test.createSession(user.user_id);
      test.setOutage("database-away");
      assertNotSignedIn(assert, await client.authenticate(bearer(token), { mode }), [
        "keys_unavailable",
        "server_error",
      ]);
      test.setOutage(null);
      // A failed fetch of the keys starts a pause of 30 seconds.
      await at(Date.now() / 1000 + 31, async () => {
        assert.strictEqual((await client.authenticate(bearer(token), { mode })).status, "signed-in");
      });
    });

    QUnit.test(`${mode}: signed-out without a token, with an expired one, with a forged one`, async (assert) => {
      const now = Math.floor(Date.now() / 1000);
      const { token: expired } = await test.createSession(user.user_id, { claims: { iat: now - 100, exp: now - 50 } });
      const { token } = await test.createSession(user.user_id);
      const forged = `${token.split(".").slice(0, 2).join(".")}.${expired.split(".")[2]}`;
      assertNotSignedIn(assert, await client.authenticate(new Headers(), { mode }), ["token_missing"]);
      assertNotSignedIn(assert, await client.authenticate(bearer(expired), { mode }), ["token_expired"], [expired]);
      assertNotSignedIn(assert, await client.authenticate(bearer(forged), { mode }), ["signature_invalid"], [forged]);
      assertNotSignedIn(assert, await client.authenticate("", { mode }), ["token_malformed"]);
      assert.strictEqual(
        test.requests.filter(({ path }) => path.startsWith("/sessions")).length,
        0,
        "Hanko is not asked",
      );
    });
  }

  function assertSignedIn(assert, auth, { token, sessionId, userId, source }) {
    const { sub, exp, iat, aud } = payloadOf(token);
    assert.deepEqual(
      { ...auth, expiresAt: auth.expiresAt?.getTime(), verifiedBy: undefined, claims: undefined },
      {
        status: "signed-in",
        userId,
        sessionId,
        token,
        source,
        stale: false,
        expiresAt: exp * 1000,
        verifiedBy: undefined,
        claims: undefined,
      },
    );
    const { subject, session_id, expiration, issued_at, audience, role } = auth.claims;
    assert.deepEqual(
      { subject, session_id, expiration, issued_at, audience, role, plan: auth.claims["https://example.com/plan"] },
      {
        subject: sub,
        session_id: sessionId,
        expiration: rfc3339(exp),
        issued_at: rfc3339(iat),
        audience: aud,
        role: "admin",
        plan: { seats: 3 },
      },
    );
  }

  QUnit.test("a Request, its Headers and a token text are taken alike", async (assert) => {
    const { token, sessionId } = await test.createSession(user.user_id);
    const request = new Request("https://app.example/", { headers: bearer(token) });
    const expected = { token, sessionId, userId: user.user_id };
    assertSignedIn(assert, await client.authenticate(request), { ...expected, source: "authorization" });
    assertSignedIn(assert, await client.authenticate(request.headers), { ...expected, source: "authorization" });
    assertSignedIn(assert, await client.authenticate(token), { ...expected, source: "argument" });
    const another = { get: (name) => (name === "authorization" ? ` Bearer  ${token} ` : null) };
    assertSignedIn(assert, await client.authenticate(another), { ...expected, source: "authorization" });
    assert.deepEqual(hanko.readToken(request), { token, source: "authorization" });
  });

  QUnit.test("local needs no request per call; remote asks every time", async (assert) => {
    const { token } = await test.createSession(user.user_id);
    const paths = () => test.requests.map(({ method, path }) => `${method} ${path.split("?")[0]}`);
    for (let call = 0; call < 3; call += 1) await client.authenticate(token, { mode: "local" });
    assert.deepEqual(paths(), ["GET /.well-known/jwks.json"]);
    for (let call = 0; call < 3; call += 1) await client.authenticate(token, { mode: "remote" });
    assert.deepEqual(paths().slice(1), Array(3).fill("POST /sessions/validate"));
  });

  QUnit.test("a rotated key is found, a vanished one is key_not_found", async (assert) => {
    const { token: old } = await test.createSession(user.user_id);
    assert.strictEqual((await client.verifySession(old)).userId, user.user_id);
    await test.rotateKeys({ keepOld: false });
    const { token } = await test.createSession(user.user_id);
    await at(Date.now() / 1000 + 31, async () => {
      assert.strictEqual((await client.verifySession(token)).userId, user.user_id);
      const error = await failureOf(assert, () => client.verifySession(old));
      assertHankoError(assert, hanko, error, ["key_not_found"], [old]);
    });
  });

  QUnit.test("keys are believed 600 seconds, and fetched again after", async (assert) => {
    const { token } = await test.createSession(user.user_id);
    const start = Date.now() / 1000;
    for (const seconds of [0, 599, 601]) await at(start + seconds, () => client.verifySession(token));
    assert.strictEqual(test.requests.length, 2);
  });

  QUnit.test("validateSession: yes, no, and reloadKeys resolves to nothing", async (assert) => {
    const { token, sessionId } = await test.createSession(user.user_id);
    const { is_valid, user_id, expiration_time, claims } = await client.validateSession(token);
    const expiration = rfc3339(payloadOf(token).exp);
    assert.deepEqual(
      { is_valid, user_id, expiration_time },
      { is_valid: true, user_id: user.user_id, expiration_time: expiration },
    );
    assert.strictEqual(claims.session_id, sessionId);
    test.revokeSession(sessionId);
    assert.deepEqual(await client.validateSession(token), { is_valid: false });
    assert.strictEqual(await client.reloadKeys(), undefined);
  });

  QUnit.test(
    "an answer's status, and the seconds that it asks to wait, are told where there are any",
    async (assert) => {
      const { token } = await test.createSession(user.user_id);
      const wait = { "retry-after": "7" };
      for (const [headers, told] of [
        [wait, { retryAfter: 7 }],
        [{}, {}],
      ]) {
        test.break({ status: 429, headers }, "/sessions");
        const { message, ...auth } = await client.authenticate(token, { mode: "remote" });
        assert.deepEqual(auth, { status: "unavailable", code: "rate_limited", ...told });
        const { code, kind, status, retryAfter } = await failureOf(assert, () => client.validateSession(token));
        assert.deepEqual([code, kind, status, retryAfter], ["rate_limited", "unavailable", 429, told.retryAfter]);
      }
      const error = await failureOf(assert, () => client.verifySession("x"));
      assert.deepEqual(
        ["status", "retryAfter"].filter((name) => name in error),
        [],
      );
    },
  );

  QUnit.test("decodeToken believes nothing, and says what is written", async (assert) => {
    const { token, sessionId } = await test.createSession(user.user_id);
    const decoded = hanko.decodeToken(`${token.split(".").slice(0, 2).join(".")}.c2ln`);
    assert.deepEqual(decoded.payload, payloadOf(token));
    assert.strictEqual(decoded.header.alg, "RS256");
    assert.strictEqual(typeof decoded.header.kid, "string");
    assert.deepEqual([decoded.claims.subject, decoded.claims.session_id], [user.user_id, sessionId]);
    assert.deepEqual(Object.keys(decoded).sort(), ["claims", "header", "payload"]);
    for (const text of ["", "a", "a.b", "a.b.c.d", "..", token.slice(1), ` ${token}`]) {
      assertHankoError(
        assert,
        hanko,
        await failureOf(assert, () => hanko.decodeToken(text)),
        ["token_malformed"],
        [token.slice(1)],
      );
    }
    const { token: proto } = vectors.attackTokens.cases.find(({ cat }) => cat === "proto");
    const { payload } = hanko.decodeToken(proto);
    assert.strictEqual(Object.getPrototypeOf(payload), Object.prototype);
    assert.strictEqual(payload.isAdmin, undefined);
  });
}
