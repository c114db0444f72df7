import { assertHankoError, assertNotSignedIn, codeOf, failureOf } from "../support/outcomes.mjs";

export function limits(QUnit, { hanko, testing }) {
  let test;
  let user;
  let client;

  QUnit.module("limits", {
    async beforeEach() {
      test = await testing.createTestHanko();
      user = await test.createUser();
      client = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch });
    },
  });

  const refuses = async (assert, call, code) => assertHankoError(assert, hanko, await failureOf(assert, call), [code]);
  const bearer = (token) => new Headers({ authorization: `Bearer ${token}` });

  QUnit.test("a header of 8192 characters is read, and none that is longer", async (assert) => {
    const [, ...rest] = (await test.createSession(user.user_id)).token.split(".");
    const of = (length) => {
      const frame = JSON.stringify({ alg: "RS256", kid: "other", x: "" }).length;
      const header = JSON.stringify({ alg: "RS256", kid: "other", x: "x".repeat((length / 4) * 3 - frame) });
      return [btoa(header), ...rest].join(".");
    };
    assert.strictEqual(of(8192).indexOf("."), 8192);
    assert.strictEqual(hanko.decodeToken(of(8192)).header.kid, "other");
    await refuses(assert, () => hanko.decodeToken(of(8196)), "token_malformed");
    assertNotSignedIn(assert, await client.authenticate(of(8192)), ["key_not_found"]);
    assertNotSignedIn(assert, await client.authenticate(of(8196)), ["token_malformed"]);
  });

  QUnit.test("a token of maxTokenLength characters is looked at, and none that is longer", async (assert) => {
    const { token } = await test.createSession(user.user_id);
    const cookie = new Headers({ cookie: `hanko=${token}` });
    for (const [shorter, code] of [
      [0, undefined],
      [1, "token_too_large"],
    ]) {
      const maxTokenLength = token.length - shorter;
      const { apiUrl, fetch } = test;
      const { authenticate, verifySession, validateSession } = hanko.createHanko({ apiUrl, fetch, maxTokenLength });
      for (const input of [token, bearer(token), cookie])
        assert.strictEqual(await codeOf(() => authenticate(input)), code);
      for (const ask of [verifySession, validateSession]) assert.strictEqual(await codeOf(() => ask(token)), code);
      for (const input of [bearer(token), cookie])
        assert.strictEqual(await codeOf(() => hanko.readToken(input, { maxTokenLength })), code);
    }
    await refuses(assert, () => hanko.decodeToken("x".repeat(16_384)), "token_malformed");
    await refuses(assert, () => hanko.decodeToken("x".repeat(16_385)), "token_too_large");
  });

  QUnit.test("a token that is longer than the default is taken where maxTokenLength says so", async (assert) => {
    const { token } = await test.createSession(user.user_id, { claims: { more: "x".repeat(15_000) } });
    const { apiUrl, fetch } = test;
    for (const [maxTokenLength, code] of [
      [undefined, "token_too_large"],
      [65_536, undefined],
    ]) {
      const { authenticate, verifySession } = hanko.createHanko({ apiUrl, fetch, maxTokenLength });
      for (const call of [authenticate, verifySession]) assert.strictEqual(await codeOf(() => call(token)), code);
    }
  });

  QUnit.test("a header of 20 of the longest tokens is looked at, and none that is longer", async (assert) => {
    const { token } = await test.createSession(user.user_id);
    const longest = 20 * 65_536;
    const cookie = (length) => new Headers({ cookie: `hanko=${token}; x=`.padEnd(length, "x") });
    const other = (length) => new Headers({ authorization: "Basic ".padEnd(length, "x") });
    for (const call of [(input) => client.authenticate(input), (input) => hanko.readToken(input)]) {
      assert.strictEqual(await codeOf(() => call(cookie(longest))), undefined);
      assert.strictEqual(await codeOf(() => call(cookie(longest + 1))), "token_too_large");
      assert.strictEqual(await codeOf(() => call(other(longest))), "token_missing");
      assert.strictEqual(await codeOf(() => call(other(longest + 1))), "token_too_large");
    }
  });
}
