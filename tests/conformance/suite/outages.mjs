import { at } from "../support/clock.mjs";
import { assertHankoError, assertNotSignedIn, failureOf } from "../support/outcomes.mjs";
import { asksOf } from "../support/recordings.mjs";
import { freshApiUrl, KEYS, keyDocument, recordedAnswer, serve, VALIDATE } from "../support/servers.mjs";
import { isSignedBy } from "../support/tokens.mjs";

/** Those that ask; hybrid first, which has asked about nobody yet. */
const MODES = ["hybrid", "remote"];
const ROUTE = "/.well-known/jwks.json";

/** A server whose database is away says "no" to everybody; only its key document tells (`outage#database-down`). */
export function outages(QUnit, { hanko, vectors }) {
  QUnit.module("recorded outages");

  for (const file of vectors.outages) {
    for (const ask of asksOf(file)) {
      QUnit.test(ask.name, async (assert) => {
        const keys = recordedKeys(file, ask.scenario);
        const { client, state } = clientFor(hanko, ask);
        if (!(await isSignedBy(ask.token, ask.jwks))) {
          Object.assign(state, { keys, answer: ask.response });
          assert.deepEqual(await client.validateSession(ask.token), { is_valid: false }, "no token, no outage");
          return;
        }
        await at(ask.at, () => client.verifySession(ask.token));
        Object.assign(state, { keys: keys ?? state.keys, answer: ask.response });
        await assertSays(assert, hanko, client, ask, keys?.status === 500);
      });
    }

    QUnit.test(`${file.server}: without keys at hand, an outage is no logout either`, async (assert) => {
      const ask = asksOf(file).find(({ scenario }) => scenario === "database-down");
      const { client, state } = clientFor(hanko, ask);
      Object.assign(state, { keys: recordedKeys(file, "database-down"), answer: ask.response });
      assertNotSignedIn(assert, await at(ask.at, () => client.authenticate(ask.token)), [
        "keys_unavailable",
        "server_error",
      ]);
      const error = await failureOf(assert, () => at(ask.at, () => client.validateSession(ask.token)));
      assertHankoError(assert, hanko, error, ["server_error", "keys_unavailable"], [ask.token]);
    });
  }

  QUnit.test("both recordings hold their scenarios", (assert) => {
    for (const file of vectors.outages) {
      assert.true(asksOf(file).length >= 19);
      assert.strictEqual(recordedKeys(file, "database-down").status, 500);
    }
  });
}

/** The key document of the same scenario, where it was asked for. */
function recordedKeys(file, name) {
  const { exchanges } = file.scenarios.find((scenario) => scenario.name === name);
  return exchanges.find(({ kind, request }) => !kind && request.method === "GET" && request.path === ROUTE)?.response;
}

function clientFor(hanko, { jwks }) {
  const apiUrl = freshApiUrl("outage");
  const state = { keys: undefined, answer: undefined };
  const { fetch } = serve(apiUrl, {
    [KEYS]: () => (state.keys ? recordedAnswer(state.keys) : keyDocument(jwks)()),
    [VALIDATE]: () => recordedAnswer(state.answer),
  });
  return { client: hanko.createHanko({ apiUrl, fetch, mode: "remote" }), state };
}

async function assertSays(assert, hanko, client, ask, keysAway) {
  const authenticate = (mode) => at(ask.at, () => client.authenticate(ask.token, { mode }));
  const validate = () => at(ask.at, () => client.validateSession(ask.token));
  const saysYes = ask.response.status === 200 && JSON.parse(ask.response.body).is_valid;
  if (saysYes) {
    for (const mode of MODES) assert.strictEqual((await authenticate(mode)).status, "signed-in", mode);
    assert.true((await validate()).is_valid);
    return;
  }
  assert.true(keysAway || ask.response.status === 500, "the recording shows an outage");
  for (const mode of MODES) assertNotSignedIn(assert, await authenticate(mode), ["server_error"], [ask.token]);
  assertHankoError(assert, hanko, await failureOf(assert, validate), ["server_error"], [ask.token]);
}
