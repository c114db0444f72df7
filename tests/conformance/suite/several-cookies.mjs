import { assertNotSignedIn } from "../support/outcomes.mjs";

export function severalCookies(QUnit, { hanko, testing }) {
  let test;
  let client;
  let ada;
  let grace;

  QUnit.module("several session cookies", {
    async before() {
      test = await testing.createTestHanko();
      client = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch });
      ada = (await test.createUser()).user_id;
      grace = (await test.createUser()).user_id;
    },
  });

  const now = () => Math.floor(Date.now() / 1000);
  const cookies = (...tokens) => new Headers({ cookie: tokens.map((token) => `hanko=${token}`).join("; ") });
  const session = (userId, claims) => test.createSession(userId, claims && { claims });

  for (const mode of ["local", "remote"]) {
    QUnit.test(`${mode}: a stale one does not lock the valid one out, in either order`, async (assert) => {
      const stale = await session(grace, { iat: now() - 7200, exp: now() - 3600 });
      const good = await session(ada);
      for (const headers of [cookies(stale.token, good.token), cookies(good.token, stale.token)]) {
        const { status, userId, source, token } = await client.authenticate(headers, { mode });
        assert.deepEqual(
          { status, userId, source, token },
          { status: "signed-in", userId: ada, source: "cookie", token: good.token },
        );
      }
    });

    QUnit.test(`${mode}: nor does garbage, nor a foreign token`, async (assert) => {
      // Issued before the keys were fetched: else its key could be a new one, and nobody would know.
      const foreign = await (await testing.createTestHanko()).createSession(ada, { claims: { iat: now() - 100 } });
      const good = await session(ada);
      const auth = await client.authenticate(cookies("garbage", foreign.token, good.token), { mode });
      assert.strictEqual(auth.status, "signed-in");
      assert.strictEqual(auth.token, good.token);
    });

    QUnit.test(`${mode}: two valid ones of different users are ambiguous`, async (assert) => {
      const [first, second] = [await session(ada), await session(grace)];
      const auth = await client.authenticate(cookies(first.token, second.token), { mode });
      assertNotSignedIn(assert, auth, ["token_ambiguous"], [first.token, second.token, ada, grace]);
    });

    QUnit.test(`${mode}: of two valid ones of one user the newest wins`, async (assert) => {
      const older = await session(ada, { iat: now() - 100 });
      const newer = await session(ada, { iat: now() - 10 });
      for (const headers of [cookies(older.token, newer.token), cookies(newer.token, older.token)]) {
        assert.strictEqual((await client.authenticate(headers, { mode })).token, newer.token);
      }
    });

    QUnit.test(`${mode}: with none valid the code is the first one's`, async (assert) => {
      const stale = await session(grace, { iat: now() - 7200, exp: now() - 3600 });
      assertNotSignedIn(assert, await client.authenticate(cookies(stale.token, "garbage"), { mode }), [
        "token_expired",
      ]);
      assertNotSignedIn(assert, await client.authenticate(cookies("garbage", stale.token), { mode }), [
        "token_malformed",
      ]);
    });
  }

  QUnit.test("remote: an ended one does not lock the valid one out", async (assert) => {
    const [ended, good] = [await session(grace), await session(ada)];
    test.revokeSession(ended.sessionId);
    for (const headers of [cookies(ended.token, good.token), cookies(good.token, ended.token)]) {
      const auth = await client.authenticate(headers, { mode: "remote" });
      assert.deepEqual([auth.status, auth.userId], ["signed-in", ada]);
    }
  });

  QUnit.test("remote: with none valid the code is the first one's, whoever found it out", async (assert) => {
    const ended = await session(ada);
    test.revokeSession(ended.sessionId);
    const code = async (...tokens) => (await client.authenticate(cookies(...tokens), { mode: "remote" })).code;
    assert.strictEqual(await code(ended.token, "garbage"), "session_ended");
    assert.strictEqual(await code("garbage", ended.token), "token_malformed");
  });

  for (const mode of ["remote", "hybrid"]) {
    QUnit.test(`${mode}: what is known to have ended does not count among the three`, async (assert) => {
      const good = await session(ada, { iat: now() - 100 });
      const ended = await Promise.all([10, 20, 30, 40].map((age) => session(ada, { iat: now() - age })));
      for (const { sessionId } of ended) test.revokeSession(sessionId);
      const headers = cookies(...ended.map(({ token }) => token), good.token);
      assertNotSignedIn(assert, await client.authenticate(headers, { mode }), ["session_ended"]);
      for (let time = 0; time < 2; time++) {
        const auth = await client.authenticate(headers, { mode });
        assert.deepEqual([auth.status, auth.token], ["signed-in", good.token]);
      }
    });

    QUnit.test(`${mode}: of 20 good ones Hanko is asked about three, those of the newest iat`, async (assert) => {
      const ages = Array.from({ length: 20 }, (_, at) => 10 + ((at * 7) % 20) * 10);
      const made = await Promise.all(ages.map((age) => session(ada, { iat: now() - age })));
      const newest = [10, 20, 30].map((age) => made[ages.indexOf(age)].token);
      const before = test.requests.length;
      const auth = await client.authenticate(cookies(...made.map(({ token }) => token)), { mode });
      assert.deepEqual([auth.status, auth.token], ["signed-in", newest[0]]);
      const asked = test.requests.slice(before).filter(({ path }) => path === "/sessions/validate");
      assert.deepEqual(asked.map(({ body }) => JSON.parse(body).session_token).sort(), newest.sort());
    });
  }

  QUnit.test("a Bearer token hides the cookies, even where it is empty or expired", async (assert) => {
    const stale = await session(grace, { iat: now() - 7200, exp: now() - 3600 });
    const good = await session(ada);
    const headers = cookies(good.token);
    headers.set("authorization", `Bearer ${stale.token}`);
    assertNotSignedIn(assert, await client.authenticate(headers, { mode: "local" }), ["token_expired"]);
    headers.set("authorization", "Bearer");
    assertNotSignedIn(assert, await client.authenticate(headers, { mode: "local" }), [
      "token_missing",
      "token_malformed",
    ]);
    headers.set("authorization", "Basic dXNlcjpwYXNz");
    assert.strictEqual((await client.authenticate(headers, { mode: "local" })).status, "signed-in");
  });
}
