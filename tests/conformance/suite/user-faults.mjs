import { timed } from "../support/clock.mjs";
import { FAULTS } from "../support/faults.mjs";
import { isPage } from "../support/hosts.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";
import { bearingOut, freshApiUrl, KEYS, LOGOUT, ME, serve, VALIDATE } from "../support/servers.mjs";

const refuse = () => Response.json({ code: 401, message: "Unauthorized" }, { status: 401 });
const no = () => Response.json({ is_valid: false });
const down = () => Response.json({ code: 500, message: "Internal Server Error" }, { status: 500 });

/** What may go wrong at `/me`, `/users/{id}` and `/logout`, and what a 401 means there. */
export function userFaults(QUnit, { hanko, testing, runtime }) {
  let token;
  let user;
  let jwks;

  QUnit.module("faults of users and logout", {
    async before() {
      const server = await testing.createTestHanko();
      user = await server.createUser({ username: "ada" });
      ({ token } = await server.createSession(user.user_id));
      jwks = await (await server.fetch(`${server.apiUrl}/.well-known/jwks.json`)).json();
    },
  });

  const good = () => Response.json({ ...user, id: user.user_id });
  const yes = () =>
    Response.json({ is_valid: true, user_id: user.user_id, expiration_time: "2036-01-01T00:00:00Z", claims: {} });

  function clientFor(routes, options) {
    const apiUrl = freshApiUrl("user-faults");
    const { fetch, asked } = serve(apiUrl, { ...bearingOut(jwks), ...routes });
    return { client: hanko.createHanko({ apiUrl, fetch, ...options }), asked };
  }

  /** Each way to ask for a user or to end a session, and the route that fails in it. */
  const ways = {
    "/me": (fault) => ({ routes: { [ME]: fault }, call: (client) => client.getCurrentUser({ token }) }),
    "/users/{id}": (fault) => ({
      routes: { [ME]: () => Response.json({ id: user.user_id }), [`GET /users/${user.user_id}`]: fault },
      call: (client) => client.getUser(user.user_id, { token }),
    }),
    "/logout": (fault) => ({ routes: { [LOGOUT]: fault }, call: (client) => client.logout({ token }) }),
  };
  /** What is told otherwise there: `/me` and `/users/{id}` may be longer, and `/logout` has answers without a body. */
  const codesOf = (way, name, codes) => {
    if (way !== "/logout" && name.endsWith("with 300 KiB")) return ["response_invalid"];
    if (name === "answers 401") return way === "/logout" ? [] : ["unauthorized"];
    if (way === "/users/{id}" && name === "answers 403") return ["forbidden"];
    if (name === "answers a network error of status 0")
      return ["network_error", "response_invalid", "redirect_blocked"];
    return codes;
  };

  for (const { name, fetch, validate, retryAfter } of FAULTS) {
    QUnit.test(`fetch ${name}`, async (assert) => {
      for (const [way, failing] of Object.entries(ways)) {
        const { routes, call } = failing(() => fetch(async () => good()));
        const codes = codesOf(way, name, validate);
        const { client } = clientFor(routes, { timeout: 400 });
        const { result: error, elapsed } = await timed(() => call(client).catch((error) => error));
        assert.true(elapsed < 400 + 250 + 200, `${way} settled after ${Math.round(elapsed)} ms`);
        if (codes.length === 0) {
          assert.strictEqual(error, undefined, "ended already");
          continue;
        }
        assertHankoError(assert, hanko, error, codes, [token]);
        if (retryAfter !== undefined) assert.strictEqual(error.retryAfter, retryAfter);
      }
    });
  }

  QUnit.test("a GET is repeated once where no answer came or Hanko failed; a POST is not", async (assert) => {
    const reset = () => Promise.reject(new TypeError("reset"));
    for (const first of [down, reset]) {
      const { client, asked } = clientFor({ [ME]: (_, count) => (count === 1 ? first() : good()) });
      assert.strictEqual((await client.getCurrentUser({ token })).user_id, user.user_id);
      assert.deepEqual(asked, [ME, ME]);
      const { client: leaving, asked: tried } = clientFor({ [LOGOUT]: first });
      const codes = ["server_error", "network_error"];
      assertHankoError(assert, hanko, await failureOf(assert, () => leaving.logout({ token })), codes, [token]);
      assert.deepEqual(tried, [LOGOUT]);
    }
    for (const [only, code] of [
      [() => new Response("{}", { status: 429 }), "rate_limited"],
      [() => new Response("{}", { status: 404 }), "response_invalid"],
      [() => new Response("<html>"), "response_invalid"],
    ]) {
      const { client, asked } = clientFor({ [ME]: only });
      assertHankoError(assert, hanko, await failureOf(assert, () => client.getCurrentUser({ token })), [code]);
      assert.deepEqual(asked, [ME]);
    }
  });

  QUnit.test("a 401 is confirmed by the key document and by validate, never by the same route", async (assert) => {
    const rows = [
      ["the session has ended", {}, "unauthorized", [KEYS, VALIDATE]],
      ["Hanko cannot read its keys", { [KEYS]: down }, "server_error", [KEYS]],
      [
        "its keys come out of a cache",
        { [KEYS]: () => Response.json(jwks, { headers: { age: "7" } }) },
        "server_error",
        [KEYS],
      ],
      ["a captive portal has the keys", { [KEYS]: () => new Response("<html>") }, "server_error", [KEYS]],
      ["the session lives", { [VALIDATE]: yes }, "server_error", [KEYS, VALIDATE]],
      ["validate fails", { [VALIDATE]: down }, "server_error", [KEYS, VALIDATE]],
      [
        "validate asks for fewer",
        { [VALIDATE]: () => new Response("{}", { status: 429 }) },
        "rate_limited",
        [KEYS, VALIDATE],
      ],
    ];
    for (const [name, more, code, confirmation] of rows) {
      const { client, asked } = clientFor({ [ME]: refuse, [LOGOUT]: refuse, ...more });
      const error = await failureOf(assert, () => client.getCurrentUser({ token }), name);
      assertHankoError(assert, hanko, error, [code], [token]);
      assert.deepEqual(asked, [ME, ...confirmation], name);
      const ended = await client.logout({ token }).catch((error) => error);
      if (code === "unauthorized") assert.strictEqual(ended, undefined, "a session that has ended is no error");
      else assertHankoError(assert, hanko, ended, [code], [token]);
    }
  });

  QUnit.test("an expired token's 401 is not confirmed", async (assert) => {
    const server = await testing.createTestHanko();
    const { token } = await server.createSession((await server.createUser()).user_id, {
      claims: { exp: 1_000_000_000 },
    });
    const { client, asked } = clientFor({ [ME]: refuse, [LOGOUT]: refuse });
    assertHankoError(assert, hanko, await failureOf(assert, () => client.getCurrentUser({ token })), ["token_expired"]);
    await client.logout({ token });
    assert.deepEqual(asked, [ME, LOGOUT]);
  });

  QUnit.test(
    isPage(runtime) ? "a page without a token sends its cookies" : "without a token, here: token_missing",
    async (assert) => {
      const sent = [];
      const answer = (response) => (request) => (sent.push(request), response());
      const gone = () => new Response(null, { status: 204 });
      const { client } = clientFor({ [ME]: answer(good), [LOGOUT]: answer(gone), "GET /sessions/validate": no });
      const calls = [() => client.getCurrentUser(), () => client.getUser(user.user_id), () => client.logout()];
      if (!isPage(runtime)) {
        for (const call of calls) assertHankoError(assert, hanko, await failureOf(assert, call), ["token_missing"]);
        assert.deepEqual(sent, []);
        return;
      }
      for (const call of calls) await call();
      assert.deepEqual(
        sent.map(({ method, credentials, headers }) => [method, credentials, headers.get("authorization")]),
        ["GET", "GET", "POST"].map((method) => [method, "include", null]),
      );
      const other = "11111111-2222-4333-8444-555555555555";
      assertHankoError(assert, hanko, await failureOf(assert, () => client.getUser(other)), ["forbidden"]);
      const { client: refused, asked } = clientFor({ [ME]: refuse, [LOGOUT]: refuse, "GET /sessions/validate": no });
      assertHankoError(assert, hanko, await failureOf(assert, () => refused.getCurrentUser()), ["unauthorized"]);
      await refused.logout();
      assert.deepEqual(asked, [ME, KEYS, "GET /sessions/validate", LOGOUT, KEYS, "GET /sessions/validate"]);
    },
  );

  QUnit.test("a failure by CORS is a network_error that names CORS", async (assert) => {
    const { client } = clientFor({ [ME]: () => Promise.reject(new TypeError("Failed to fetch")) });
    const error = await failureOf(assert, () => client.getCurrentUser({ token }));
    assertHankoError(assert, hanko, error, ["network_error"], [token]);
    assert.true(error.message.includes("CORS"), error.message);
  });
}
