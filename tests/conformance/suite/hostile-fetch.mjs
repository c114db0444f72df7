import { timed } from "../support/clock.mjs";
import { FAULTS, ODDITIES } from "../support/faults.mjs";
import { assertHankoError, assertNotSignedIn, failureOf } from "../support/outcomes.mjs";
import { forward, freshApiUrl } from "../support/servers.mjs";

const TIMEOUT = 300;
/** Milliseconds after the deadline by which a call has settled. */
const GRACE = 250;

export function hostileFetch(QUnit, { hanko, testing }) {
  let test;
  let token;

  QUnit.module("a hostile fetch", {
    async before() {
      test = await testing.createTestHanko();
      ({ token } = await test.createSession((await test.createUser()).user_id));
    },
  });

  /** A client with a short deadline, and a patient one for when all is well; requests to `route` meet the fault while it is armed. */
  function clientFor(route, fault, armed) {
    const apiUrl = freshApiUrl("hostile");
    const state = { armed, calls: 0 };
    const fetch = (request) => {
      const good = () => forward(test, apiUrl, request);
      if (!state.armed || !request.url.includes(route)) return good();
      state.calls += 1;
      return fault(good);
    };
    const patient = hanko.createHanko({ apiUrl, fetch });
    return { client: hanko.createHanko({ apiUrl, fetch, timeout: TIMEOUT }), patient, state };
  }

  async function assertUnavailable(assert, call, codes, retryAfter) {
    const { result: auth, elapsed } = await timed(call);
    assertNotSignedIn(assert, auth, codes, [token]);
    assert.strictEqual(auth.status, "unavailable");
    if (retryAfter !== undefined) assert.strictEqual(auth.retryAfter, retryAfter);
    assert.true(elapsed < TIMEOUT + GRACE, `settled after ${Math.round(elapsed)} ms`);
  }

  async function assertFails(assert, call, codes) {
    const { result: error, elapsed } = await timed(() => failureOf(assert, call));
    assertHankoError(assert, hanko, error, codes, [token]);
    assert.true(elapsed < TIMEOUT + GRACE, `settled after ${Math.round(elapsed)} ms`);
  }

  for (const { name, fetch, keys, validate, retryAfter } of FAULTS) {
    QUnit.test(`key document, fetch ${name}`, async (assert) => {
      const first = clientFor("/.well-known/jwks.json", fetch, true);
      await assertUnavailable(assert, () => first.client.authenticate(token, { mode: "local" }), keys, retryAfter);
      assert.true([1, 2].includes(first.state.calls), `${first.state.calls} requests: at most one retry`);
      const second = clientFor("/.well-known/jwks.json", fetch, true);
      await assertFails(assert, () => second.client.verifySession(token), keys);
    });

    QUnit.test(`validate, fetch ${name}`, async (assert) => {
      const { client, patient, state } = clientFor("/sessions/validate", fetch, false);
      assert.strictEqual((await patient.authenticate(token, { mode: "remote" })).status, "signed-in", "all is well");
      state.armed = true;
      await assertUnavailable(assert, () => client.authenticate(token, { mode: "remote" }), validate, retryAfter);
      assert.strictEqual(state.calls, 1, "a POST is not repeated");
      await assertFails(assert, () => client.validateSession(token), validate);
      state.armed = false;
      assert.strictEqual(
        (await patient.authenticate(token, { mode: "remote" })).status,
        "signed-in",
        "all is well again",
      );
    });
  }

  for (const [name, fetch] of ODDITIES) {
    QUnit.test(`signed in all the same: fetch returns ${name}`, async (assert) => {
      const { patient } = clientFor("/", fetch, true);
      for (const mode of ["local", "remote"]) {
        assert.strictEqual((await patient.authenticate(token, { mode })).status, "signed-in", mode);
      }
    });
  }

  QUnit.test("a request that nobody waits for any more is aborted", async (assert) => {
    const apiUrl = freshApiUrl("hostile");
    const signals = [];
    const fetch = ({ signal }) => new Promise(() => signals.push(signal));
    const client = hanko.createHanko({ apiUrl, fetch, timeout: TIMEOUT });
    await client.authenticate(token, { mode: "local" });
    assert.true(signals.length >= 1);
    assert.true(signals.every(({ aborted }) => aborted));
  });

  QUnit.test("there are as many faults as there were", (assert) =>
    assert.true(FAULTS.length >= 52, `${FAULTS.length}`),
  );
}
