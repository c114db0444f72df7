import { assertHankoError, failureOf } from "../support/outcomes.mjs";

const LOGOUT = "/logout";

/** `logout` and `deletionCookie`. */
export function logout(QUnit, { hanko, testing, vectors }) {
  QUnit.module("logout");

  async function signedIn(options) {
    const server = await testing.createTestHanko(options);
    const user = await server.createUser();
    const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
    const session = await server.createSession(user.user_id);
    const paths = () => server.requests.splice(0).map(({ path }) => path);
    return { server, user, client, paths, ...session };
  }

  QUnit.test("it ends the session at Hanko, and authenticate refuses it at once", async (assert) => {
    for (const version of ["2.7", "3.0"]) {
      const { server, client, token, paths } = await signedIn({ version });
      assert.strictEqual((await client.authenticate(token)).status, "signed-in");
      paths();
      assert.strictEqual(await client.logout({ token }), undefined);
      const [request] = server.requests;
      assert.deepEqual(
        [request.method, request.body, request.headers["authorization"]],
        ["POST", "", `Bearer ${token}`],
      );
      assert.deepEqual(paths(), [LOGOUT]);
      const { status, code } = await client.authenticate(token);
      assert.deepEqual([status, code], ["signed-out", "session_ended"]);
      assert.deepEqual(paths(), [], "without asking");
      assert.strictEqual(
        (await client.authenticate(token, { mode: "local" })).status,
        "signed-in",
        "which asks nobody",
      );
      assert.deepEqual(await client.validateSession(token), { is_valid: false });
    }
  });

  QUnit.test("it ends no other session", async (assert) => {
    const { server, user, client, token } = await signedIn();
    const other = await server.createSession(user.user_id);
    await client.authenticate(other.token);
    await client.logout({ token });
    assert.strictEqual((await client.authenticate(other.token)).status, "signed-in");
    assert.deepEqual((await client.validateSession(other.token)).is_valid, true);
  });

  QUnit.test("it is safe to repeat, and a session that has ended is no error", async (assert) => {
    const { server, client, token, sessionId } = await signedIn();
    await client.authenticate(token);
    server.revokeSession(sessionId);
    for (let times = 0; times < 3; times++) assert.strictEqual(await client.logout({ token }), undefined);
    assert.strictEqual((await client.authenticate(token)).code, "session_ended");
  });

  QUnit.test("an ended session is forgotten, though its token is not remembered", async (assert) => {
    for (const forgetful of [{ cacheSize: 0 }, { cacheSize: 1 }]) {
      const { server, user, token, sessionId } = await signedIn();
      const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, ...forgetful });
      assert.strictEqual((await client.authenticate(token)).status, "signed-in");
      server.revokeSession(sessionId);
      assert.strictEqual((await client.authenticate(token)).status, "signed-in", "by Hanko's last yes");
      await client.authenticate((await server.createSession(user.user_id)).token); // It takes the only place.
      await client.logout({ token });
      assert.strictEqual((await client.authenticate(token)).code, "session_ended");
    }
  });

  QUnit.test("with Hanko's database away nobody is told that the session has ended", async (assert) => {
    const { server, client, token } = await signedIn();
    await client.authenticate(token);
    server.setOutage("database-away");
    const error = await failureOf(assert, () => client.logout({ token }));
    assertHankoError(assert, hanko, error, ["server_error"], [token]);
    server.setOutage(null);
    assert.strictEqual((await client.authenticate(token)).status, "signed-in", "nor is the session forgotten");
    assert.strictEqual((await client.validateSession(token)).is_valid, true);
  });

  QUnit.test("a forged token ends nothing, at Hanko or here", async (assert) => {
    const { client, token, paths } = await signedIn();
    assert.strictEqual((await client.authenticate(token)).status, "signed-in");
    const forged = `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(342)}`;
    await client.logout({ token: forged });
    paths();
    assert.strictEqual((await client.authenticate(token)).status, "signed-in");
    assert.deepEqual(paths(), [], "what Hanko said of the session is still known");
  });

  QUnit.test("what is no token of a session costs no request", async (assert) => {
    const { client, paths } = await signedIn();
    for (const [token, code] of [
      ["", "token_malformed"],
      ["a.b", "token_malformed"],
      ["a.b.c\r\nx: y", "token_malformed"],
      ["x".repeat(16_385), "token_too_large"],
      [1, "argument_invalid"],
      [null, "argument_invalid"],
    ]) {
      assertHankoError(assert, hanko, await failureOf(assert, () => client.logout({ token }), String(token)), [code]);
    }
    assertHankoError(assert, hanko, await failureOf(assert, () => client.logout("x")), ["argument_invalid"]);
    assertHankoError(assert, hanko, await failureOf(assert, () => client.logout({ x: 1 })), ["argument_invalid"]);
    assert.deepEqual(paths(), []);
  });

  QUnit.test("the deletion cookie is Hanko's own", (assert) => {
    const recorded = vectors.cookies.flatMap(deletionsOf);
    assert.true(recorded.length >= 20, `${recorded.length} recorded`);
    for (const { cookieName, cookie } of recorded) assert.strictEqual(hanko.deletionCookie({ cookieName }), cookie);
    const written = "hanko=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict";
    assert.deepEqual([hanko.deletionCookie(), hanko.deletionCookie({})], [written, written]);
    const withDomain = "hanko=; Path=/; Domain=example.com; Max-Age=0; HttpOnly; Secure; SameSite=Strict";
    assert.strictEqual(hanko.deletionCookie({ domain: "example.com" }), withDomain);
    const headers = new Headers({ "set-cookie": withDomain });
    assert.true([withDomain, null].includes(headers.get("set-cookie")), "a header's value, where a page may write it");
  });

  QUnit.test("nothing that is no name of a cookie or of a host gets into it", async (assert) => {
    const canary = "canary-8d1f6b";
    for (const options of [
      { cookieName: `${canary}; Path=/x` },
      { cookieName: `${canary}\r\nx: y` },
      { cookieName: "" },
      { cookieName: 1 },
      { domain: `${canary}; Path=/x` },
      { domain: `${canary}\r\nset-cookie: x=y` },
      { domain: "" },
      { domain: null },
      { domain: ["example.com"] },
      { cookieName: "__Host-hanko", domain: "example.com" },
      { path: canary },
    ]) {
      const error = await failureOf(assert, () => hanko.deletionCookie(options), JSON.stringify(options));
      assertHankoError(assert, hanko, error, ["config_invalid"], [canary]);
    }
    assert.strictEqual(hanko.deletionCookie(Object.create(null)), hanko.deletionCookie());
    for (const options of [null, 1, canary, [], new Map(), () => canary]) {
      const error = await failureOf(assert, () => hanko.deletionCookie(options));
      assertHankoError(assert, hanko, error, ["argument_invalid"], [canary]);
    }
  });
}

/** Recorded deletions by a server of Hanko's default flags: name and whole value. */
function deletionsOf({ scenarios }) {
  const headers = scenarios.flatMap(({ exchanges }) =>
    exchanges.map(({ response }) => response?.headers?.["set-cookie"]),
  );
  const deletions = headers.filter((cookie) =>
    /^[\w-]+=; Path=\/; Max-Age=0; HttpOnly; Secure; SameSite=Strict$/.test(cookie),
  );
  return deletions.map((cookie) => ({ cookie, cookieName: cookie.split("=")[0] }));
}
