import { at } from "../support/clock.mjs";
import { showsCredentials } from "../support/hosts.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";
import { freshApiUrl, KEYS, keyDocument, serve, VALIDATE } from "../support/servers.mjs";

/** What goes over the wire, and how the caller's `fetch` is called. */
export function requests(QUnit, { hanko, testing, runtime }) {
  let test;
  let jwks;
  let token;
  let sessionId;

  QUnit.module("requests", {
    async before() {
      test = await testing.createTestHanko();
      ({ token, sessionId } = await test.createSession((await test.createUser()).user_id));
      jwks = await (await test.fetch(`${test.apiUrl}/.well-known/jwks.json`)).json();
    },
  });

  /** A client for the test server that keeps what it was asked. */
  function spied() {
    const calls = [];
    const fetch = function (...args) {
      calls.push({ self: this, args });
      return test.fetch(args[0].clone());
    };
    return { fetch, calls };
  }

  QUnit.test(
    "a bare function is called without this, an object as its method, each with one Request",
    async (assert) => {
      const bare = spied();
      await hanko.createHanko({ apiUrl: test.apiUrl, fetch: bare.fetch }).authenticate(token, { mode: "remote" });
      const { fetch, calls } = spied();
      const binding = { fetch };
      await hanko.createHanko({ apiUrl: test.apiUrl, fetch: binding }).authenticate(token, { mode: "remote" });
      assert.true(bare.calls.length >= 1 && calls.length >= 1);
      assert.true(bare.calls.every(({ self }) => self === undefined));
      assert.true(calls.every(({ self }) => self === binding));
      for (const { args } of [...bare.calls, ...calls]) {
        assert.strictEqual(args.length, 1);
        assert.true(args[0] instanceof Request);
      }
    },
  );

  QUnit.test("the ask is a POST of JSON that holds the token, and no other credential", async (assert) => {
    const { fetch, calls } = spied();
    await hanko.createHanko({ apiUrl: test.apiUrl, fetch }).validateSession(token);
    const [request] = calls.find(({ args }) => args[0].method === "POST").args;
    assert.strictEqual(request.url, `${test.apiUrl}/sessions/validate`);
    assert.deepEqual(await request.clone().json(), { session_token: token });
    assert.strictEqual(request.headers.get("content-type"), "application/json");
    assertPlain(assert, request);
  });

  QUnit.test("the key document is a GET without credentials", async (assert) => {
    const { fetch, calls } = spied();
    await hanko.createHanko({ apiUrl: test.apiUrl, fetch }).reloadKeys();
    const [{ args }] = calls;
    assert.strictEqual(args[0].method, "GET");
    assert.strictEqual(args[0].url.split("?")[0], `${test.apiUrl}/.well-known/jwks.json`);
    assertPlain(assert, args[0]);
  });

  function assertPlain(assert, request) {
    assert.strictEqual(request.redirect, "manual");
    assert.deepEqual([request.headers.get("authorization"), request.headers.get("cookie")], [null, null]);
    if (showsCredentials(runtime)) assert.strictEqual(request.credentials, "omit");
  }

  QUnit.test("the keys are fetched past every cache, at first and for an unknown kid", async (assert) => {
    const { fetch, calls } = spied();
    const client = hanko.createHanko({ apiUrl: test.apiUrl, fetch, mode: "local" });
    await client.reloadKeys();
    const { token: unknown } = await test.createSession((await test.createUser()).user_id, { header: { kid: "new" } });
    await at(Date.now() / 1000 + 31, () => client.authenticate(unknown));
    assert.strictEqual(calls.length, 2);
    for (const { args } of calls) assert.true(isPastCaches(args[0]));
  });

  /** `no-store` where the host's `Request` takes it, else a query of its own. */
  function isPastCaches({ cache, url }) {
    return cache === "no-store" || /\?fresh=\d{1,10}-\d{1,10}$/.test(url);
  }

  QUnit.test("a confirmation goes past every cache", async (assert) => {
    const seen = [];
    const apiUrl = freshApiUrl("confirm");
    const answer = keyDocument(jwks);
    const { fetch, asked } = serve(apiUrl, {
      [KEYS]: (request) => (seen.push(request), answer()),
      [VALIDATE]: () => Response.json({ is_valid: false }),
    });
    const client = hanko.createHanko({ apiUrl, fetch });
    assert.strictEqual((await client.authenticate(token, { mode: "remote" })).code, "session_ended");
    assert.deepEqual(asked, [KEYS, VALIDATE, KEYS, VALIDATE]);
    const [, confirmation] = seen;
    assert.true(isPastCaches(confirmation));
    if (!globalThis.document)
      assert.true(confirmation.headers.get("x-request-id")?.length >= 8, "has an id to be echoed");
  });

  QUnit.test("an answer out of a cache confirms nothing", async (assert) => {
    for (const headers of [{ age: "5" }, { "x-request-id": "an earlier answer's" }]) {
      const apiUrl = freshApiUrl("cached");
      const { fetch } = serve(apiUrl, {
        [KEYS]: () => Response.json(jwks, { headers }),
        [VALIDATE]: () => Response.json({ is_valid: false }),
      });
      const auth = await hanko.createHanko({ apiUrl, fetch }).authenticate(token, { mode: "remote" });
      assert.deepEqual([auth.status, auth.code], ["unavailable", "server_error"], JSON.stringify(headers));
    }
  });

  QUnit.test("an answer about another person is response_invalid", async (assert) => {
    const apiUrl = freshApiUrl("another");
    const { fetch } = serve(apiUrl, {
      [KEYS]: keyDocument(jwks),
      [VALIDATE]: () =>
        Response.json({
          is_valid: true,
          user_id: "00000000-0000-4000-8000-000000000001",
          expiration_time: "2036-01-01T00:00:00Z",
          claims: {
            subject: "00000000-0000-4000-8000-000000000001",
            session_id: sessionId,
            expiration: "2036-01-01T00:00:00Z",
          },
        }),
    });
    const client = hanko.createHanko({ apiUrl, fetch });
    const auth = await client.authenticate(token, { mode: "remote" });
    assert.deepEqual([auth.status, auth.code], ["unavailable", "response_invalid"]);
    assertHankoError(assert, hanko, await failureOf(assert, () => client.validateSession(token)), ["response_invalid"]);
  });
}
