import { codeOf } from "../support/outcomes.mjs";

export function clients(QUnit, { hanko, testing }) {
  let test;
  let user;

  QUnit.module("clients", {
    async beforeEach() {
      test = await testing.createTestHanko();
      user = await test.createUser();
    },
  });

  QUnit.test("a client outlives a thousand others: the core has forgotten its options by then", async (assert) => {
    const { apiUrl, fetch } = test;
    const { token, sessionId } = await test.createSession(user.user_id);
    const told = [];
    const onEvent = ({ type }) => told.push(type);
    const clientFor = (audience) => hanko.createHanko({ apiUrl, fetch, audience, onEvent });
    const [good, bad] = ["localhost", "elsewhere"].map(clientFor);
    const makeOthers = () => {
      for (let at = 0; at < 1001; at += 1) hanko.createHanko({ apiUrl, fetch, audience: `other-${at}` });
    };
    const calls = ["local", "remote", "hybrid"].map((mode) => (client) => client.authenticate(token, { mode }));
    calls.push((client) => client.verifySession(token));
    for (const call of calls) {
      makeOthers();
      assert.strictEqual((await call(good)).sessionId, sessionId);
      makeOthers();
      assert.strictEqual(await codeOf(() => call(bad)), "claim_mismatch");
    }
    makeOthers();
    assert.true((await good.validateSession(token)).is_valid);
    assert.false(told.includes("restarted"));
  });

  QUnit.test(
    "a list that is changed later changes no client, not even where its options are told again",
    async (assert) => {
      const { apiUrl, fetch } = test;
      const { token, cookie } = await test.createSession(user.user_id);
      const [audience, allowedOrigins] = [["localhost"], []];
      const client = hanko.createHanko({ apiUrl, fetch, audience, allowedOrigins });
      audience[0] = "elsewhere";
      allowedOrigins.push("https://evil.example");
      for (let at = 0; at < 1001; at += 1) hanko.createHanko({ apiUrl, fetch, audience: `other-${at}` });
      assert.strictEqual(await codeOf(() => client.authenticate(token)), undefined);
      const foreign = new Headers({ cookie, origin: "https://evil.example" });
      assert.strictEqual(await codeOf(() => client.authenticate(foreign)), "origin_not_allowed");
    },
  );

  QUnit.test("two clients that differ in one option are two", async (assert) => {
    const { apiUrl, fetch } = test;
    const { token } = await test.createSession(user.user_id, { claims: { aud: ["a"], iss: "i" } });
    const cookie = new Headers({ cookie: `hanko=${token}` });
    for (const [good, bad, code] of [
      [{ audience: ["a"] }, { audience: ["b"] }, "claim_mismatch"],
      [{ audience: ["b", "a"] }, { audience: ["b", "c"] }, "claim_mismatch"],
      [{ audience: "a" }, { audience: "b" }, "claim_mismatch"],
      [{ audience: ["a"] }, { audience: '["a"]' }, "claim_mismatch"],
      [{ issuer: "i" }, { issuer: "j" }, "claim_mismatch"],
      [{ audience: "a" }, { issuer: "a" }, "claim_mismatch"],
      [{}, { cookieName: "other" }, "token_missing"],
      [{}, { maxTokenLength: 256 }, "token_too_large"],
    ]) {
      for (const order of [
        [good, bad],
        [bad, good],
      ]) {
        const clients = order.map((options) => hanko.createHanko({ apiUrl, fetch, ...options }));
        const codes = [];
        for (const client of clients) codes.push((await client.authenticate(cookie)).code);
        assert.deepEqual(
          codes,
          order.map((options) => (options === bad ? code : undefined)),
          JSON.stringify(order),
        );
      }
    }
  });
}
