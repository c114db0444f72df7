import { timed } from "../support/clock.mjs";
import { assertHankoError, assertNotSignedIn, failureOf } from "../support/outcomes.mjs";
import { freshApiUrl } from "../support/servers.mjs";

const REASONS = [undefined, "a string", new Error("an error"), null, 0, new DOMException("t", "TimeoutError")];

export function abort(QUnit, { hanko, testing }) {
  let test;
  let token;
  let userId;

  QUnit.module("abort", {
    async before() {
      test = await testing.createTestHanko();
      ({ user_id: userId } = await test.createUser());
      ({ token } = await test.createSession(userId));
    },
  });

  /** A client whose server never answers and never looks at the signal. */
  const deaf = () =>
    hanko.createHanko({ apiUrl: freshApiUrl("deaf"), fetch: () => new Promise(() => {}), timeout: 5000 });
  /** As `fetch` does: rejects with the signal's reason. */
  const polite = () =>
    hanko.createHanko({
      apiUrl: freshApiUrl("polite"),
      timeout: 5000,
      fetch: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
    });

  const calls = {
    verifySession: (client, options) => client.verifySession(token, options),
    validateSession: (client, options) => client.validateSession(token, options),
    reloadKeys: (client, options) => client.reloadKeys(options),
    getCurrentUser: (client, options) => client.getCurrentUser({ token, ...options }),
    getUser: (client, options) => client.getUser(userId, { token, ...options }),
    logout: (client, options) => client.logout({ token, ...options }),
  };

  for (const reason of REASONS) {
    QUnit.test(`before the call, with ${String(reason)}`, async (assert) => {
      const { signal } = aborted(reason);
      for (const [name, call] of Object.entries(calls)) {
        const error = await failureOf(assert, () => call(deaf(), { signal }), name);
        assertHankoError(assert, hanko, error, ["request_aborted"], [token]);
        assert.strictEqual(error.cause, signal.reason, name);
      }
      for (const mode of ["local", "remote", "hybrid"]) {
        assertNotSignedIn(assert, await deaf().authenticate(token, { mode, signal }), ["request_aborted"]);
      }
    });

    QUnit.test(`during the call, with ${String(reason)}`, async (assert) => {
      for (const client of [deaf, polite]) {
        for (const [name, call] of Object.entries(calls)) {
          const signal = abortSoon(reason);
          const { result: error, elapsed } = await timed(() =>
            failureOf(assert, () => call(client(), { signal }), name),
          );
          assertHankoError(assert, hanko, error, ["request_aborted"], [token]);
          assert.strictEqual(error.cause, signal.reason, name);
          assert.true(elapsed < 2000, `${name} settled after ${Math.round(elapsed)} ms`);
        }
        const signal = abortSoon(reason);
        assertNotSignedIn(assert, await client().authenticate(token, { mode: "remote", signal }), ["request_aborted"]);
      }
    });
  }

  QUnit.test(
    "before the call, of a client that has all at hand: it is aborted, and nothing is sent",
    async (assert) => {
      let sent = 0;
      const fetch = (request) => (sent++, test.fetch(request));
      const client = hanko.createHanko({ apiUrl: test.apiUrl, fetch });
      for (const mode of ["local", "remote"])
        assert.strictEqual((await client.authenticate(token, { mode })).status, "signed-in");
      await client.verifySession(token);
      sent = 0;
      const { signal } = aborted("over");
      for (const [name, call] of Object.entries(calls)) {
        const error = await failureOf(assert, () => call(client, { signal }), name);
        assertHankoError(assert, hanko, error, ["request_aborted"], [token]);
      }
      for (const mode of ["local", "remote", "hybrid"])
        assertNotSignedIn(assert, await client.authenticate(token, { mode, signal }), ["request_aborted"]);
      assert.strictEqual(sent, 0);
    },
  );

  QUnit.test("who did not abort is no cause", async (assert) => {
    // Thrown: older workerd reports a rejection that is passed on one turn later as unhandled.
    const fetch = async () => {
      throw new DOMException("another's", "AbortError");
    };
    const client = hanko.createHanko({ apiUrl: freshApiUrl("another"), fetch });
    for (const options of [undefined, { signal: new AbortController().signal }]) {
      const error = await failureOf(assert, () => client.reloadKeys(options));
      assert.false("cause" in error, error.code);
      const forged = await failureOf(assert, () => client.verifySession("x", options));
      assert.false("cause" in forged, forged.code);
    }
  });

  QUnit.test("after the call, nothing happens", async (assert) => {
    const controller = new AbortController();
    const client = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch });
    const auth = await client.authenticate(token, { mode: "remote", signal: controller.signal });
    controller.abort("late");
    assert.strictEqual(auth.status, "signed-in");
  });

  QUnit.test("one call's signal is not another's", async (assert) => {
    const client = hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch });
    const auths = await Promise.all([
      client.authenticate(token, { mode: "remote", signal: aborted("mine").signal }),
      client.authenticate(token, { mode: "remote" }),
    ]);
    assert.deepEqual(
      auths.map(({ status }) => status),
      ["unavailable", "signed-in"],
    );
  });
}

function aborted(reason) {
  const controller = new AbortController();
  controller.abort(reason);
  return controller;
}

function abortSoon(reason) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 20);
  return controller.signal;
}
