import { at } from "../support/clock.mjs";

/** The same token again and again: from the second time on it need not be checked in full, and nothing else may change. */
export function again(QUnit, { hanko, testing }) {
  let test;
  let client;
  let session;

  QUnit.module("the same token again", {
    async beforeEach() {
      const claims = JSON.parse('{"__proto__":{"isAdmin":true},"roles":["a",{"b":[1]}],"none":null,"1":-0.5}');
      test = await testing.createTestHanko();
      client = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch });
      session = await test.createSession((await test.createUser({ username: "ada" })).user_id, { claims });
    },
  });

  const carriers = {
    argument: (token) => token,
    authorization: (token) => new Headers({ authorization: `bearer  ${token}`, cookie: "hanko=x" }),
    cookie: (token) => new Headers({ cookie: `a=b; hanko="${token}"` }),
  };

  for (const [source, carry] of Object.entries(carriers)) {
    QUnit.test(`by ${source} it is the same result, and each caller's own`, async (assert) => {
      const first = await client.authenticate(carry(session.token));
      assert.deepEqual([first.status, first.source, first.token], ["signed-in", source, session.token]);
      const shown = JSON.stringify(first);
      for (let time = 2; time <= 5; time++) {
        const auth = await client.authenticate(carry(session.token));
        assert.strictEqual(JSON.stringify(auth), shown, `time ${time}`);
        assert.deepEqual(Object.keys(auth), Object.keys(first));
        assert.true(auth.expiresAt instanceof Date && Object.getPrototypeOf(auth.claims) === Object.prototype);
        assert.true(Object.hasOwn(auth.claims, "__proto__") && auth.claims.isAdmin === undefined);
        auth.userId = auth.token = "changed";
        auth.expiresAt.setTime(0);
        auth.claims["__proto__"].isAdmin = false;
        auth.claims.roles[1].b.push(2);
        auth.claims.roles = auth.claims.more = "changed";
      }
    });
  }

  QUnit.test("what counts is asked each time: the mode, the time, the list, the keys", async (assert) => {
    const headers = carriers.cookie(session.token);
    const status = async (options, by = client) => {
      const auth = await by.authenticate(headers, options);
      return auth.code ?? auth.verifiedBy;
    };
    for (let time = 0; time < 3; time++) assert.strictEqual(await status(), "remote");
    assert.strictEqual(await status({ mode: "local" }), "local");
    assert.strictEqual(await status(), "remote");
    const listed = new Set();
    const isRevoked = ({ sessionId }) => listed.has(sessionId);
    const revocations = { isRevoked, revoke() {}, revokeUser() {} };
    const asking = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch, revocations });
    for (let time = 0; time < 3; time++) assert.strictEqual(await status({}, asking), "remote");
    listed.add(session.sessionId);
    assert.strictEqual(await status({}, asking), "session_ended");
    const strict = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch, audience: "another" });
    for (let time = 0; time < 3; time++) assert.strictEqual(await status({}, strict), "claim_mismatch");
    assert.strictEqual(await status(), "remote");
    test.revokeSession(session.sessionId);
    await at(Date.now() / 1000 + 61, async () => assert.strictEqual(await status(), "session_ended"));
    const { exp } = JSON.parse(atob(session.token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    await at(exp + 6, async () => assert.strictEqual(await status({ mode: "local" }), "token_expired"));
  });

  QUnit.test("a header that is a cookie's text elsewhere is not taken for it", async (assert) => {
    const cookie = `hanko=${session.token}`;
    for (let time = 0; time < 3; time++) {
      assert.strictEqual((await client.authenticate(new Headers({ cookie }))).status, "signed-in");
      assert.strictEqual((await client.authenticate(new Headers({ authorization: cookie }))).code, "token_missing");
      assert.strictEqual((await client.authenticate(cookie)).code, "token_malformed");
    }
    const allowed = { apiUrl: test.apiUrl, fetch: test.fetch, allowedOrigins: [] };
    const guarded = hanko.createHanko(allowed);
    const foreign = { cookie, origin: "https://evil.example" };
    for (let time = 0; time < 3; time++) {
      assert.strictEqual((await guarded.authenticate(new Headers({ cookie }))).status, "signed-in");
      assert.strictEqual((await guarded.authenticate(new Headers(foreign))).code, "origin_not_allowed");
    }
  });
}
