import { assertHankoError, assertNotSignedIn, failureOf } from "../support/outcomes.mjs";
import { freshApiUrl, KEYS, keyDocument, serve, VALIDATE } from "../support/servers.mjs";

const BY_COOKIE = "GET /sessions/validate";

/** Answers to an ask, good and hostile (`tests/vectors/answers/validate.json`): what each means, by the vectors. */
export function validateAnswers(QUnit, { hanko, testing, vectors }) {
  const { cases } = vectors.validateAnswers;
  let jwks;
  let token;
  let userId;

  QUnit.module("answers of /sessions/validate", {
    async before() {
      const test = await testing.createTestHanko();
      userId = (await test.createUser()).user_id;
      token = (await test.createSession(userId)).token;
      jwks = await (await test.fetch(`${test.apiUrl}/.well-known/jwks.json`)).json();
    },
  });

  function clientFor({ status, body }) {
    const apiUrl = freshApiUrl("answer");
    const text = [204, 304].includes(status) ? null : body.replaceAll("$USER", userId);
    const answer = () => new Response(text, { status });
    const { fetch } = serve(apiUrl, { [KEYS]: keyDocument(jwks), [VALIDATE]: answer, [BY_COOKIE]: answer });
    return hanko.createHanko({ apiUrl, fetch, mode: "remote" });
  }

  for (const one of cases) {
    QUnit.test(`${one.desc}: ${one.means}`, async (assert) => {
      await BY_TOKEN[one.means](assert, clientFor(one));
      await asPage(() => byCookie(assert, clientFor(one), one.byCookie ?? one.means));
    });
  }

  const BY_TOKEN = {
    async yes(assert, client) {
      const auth = await client.authenticate(token);
      assert.deepEqual([auth.status, auth.userId, auth.verifiedBy], ["signed-in", userId, "remote"]);
      const { is_valid, user_id, claims } = await client.validateSession(token);
      assert.deepEqual([is_valid, user_id, claims.subject], [true, userId, userId]);
    },
    async no(assert, client) {
      assertNotSignedIn(assert, await client.authenticate(token), ["session_ended"], [token]);
      assert.deepEqual(await client.validateSession(token), { is_valid: false });
    },
    unreadable: fails("claims_malformed"),
    response_invalid: fails("response_invalid"),
    redirect_blocked: fails("redirect_blocked"),
    rate_limited: fails("rate_limited"),
    server_error: fails("server_error"),
  };

  function fails(code) {
    return async (assert, client) => {
      assertNotSignedIn(assert, await client.authenticate(token), [code], [token]);
      assertHankoError(assert, hanko, await failureOf(assert, () => client.validateSession(token)), [code], [token]);
    };
  }

  async function byCookie(assert, client, means) {
    if (means === "yes") return assert.true((await client.validateSession()).is_valid);
    if (means === "no") return assert.deepEqual(await client.validateSession(), { is_valid: false });
    const code = means === "unreadable" ? "claims_malformed" : means;
    assertHankoError(assert, hanko, await failureOf(assert, () => client.validateSession()), [code]);
  }

  QUnit.test("every meaning is met", (assert) => {
    assert.true(cases.length >= 98, `${cases.length} answers`);
    assert.deepEqual(Object.keys(BY_TOKEN).sort(), [...new Set(cases.map(({ means }) => means))].sort());
  });
}

/** Runs `work` as in a page, which has cookies of its own. */
async function asPage(work) {
  if (globalThis.document !== undefined) return work();
  globalThis.document = {};
  try {
    return await work();
  } finally {
    delete globalThis.document;
  }
}
