import { at } from "../support/clock.mjs";
import { assertHankoError, assertNotSignedIn } from "../support/outcomes.mjs";
import { freshApiUrl, KEYS, keyDocument, serve } from "../support/servers.mjs";
import { payloadOf } from "../support/tokens.mjs";

/** How many tokens of each category are tried. */
const PER_CATEGORY = Infinity;

export function attackTokens(QUnit, { hanko, vectors }) {
  const { attackTokens: file } = vectors;
  const cases = firstOfEach(file.cases);
  const tally = { valid: 0, invalid: 0, primary: 0, accepted: [] };
  const shared = clientFor(file.jwks);

  /** The keys are cached by address: a case with a key set of its own has an address of its own. */
  function clientFor(jwks) {
    const apiUrl = freshApiUrl("attack");
    const server = serve(apiUrl, { [KEYS]: keyDocument(jwks) });
    const { issuer, audience, clockToleranceSeconds: clockTolerance } = file.config;
    return {
      ...server,
      client: hanko.createHanko({ apiUrl, issuer, audience, clockTolerance, fetch: server.fetch }),
    };
  }

  QUnit.module("attack tokens");

  for (const { id, cat, desc, token, jwks, expect } of cases) {
    QUnit.test(`${id} ${cat}: ${desc}`, async (assert) => {
      const { client, stray } = jwks ? clientFor(jwks) : shared;
      const { session, error } = await at(file.now, () => settle(client.verifySession(token)));
      const auth = await at(file.now, () => client.authenticate(token, { mode: "local" }));
      assert.deepEqual(stray, [], "nothing but the key document is asked for");
      if (error) assertRefused(assert, { token, error, auth, expect });
      else assertAccepted(assert, { id, token, session, auth, expect });
    });
  }

  function assertRefused(assert, { token, error, auth, expect }) {
    assert.notStrictEqual(expect.outcome, "valid", `a good token is accepted, not refused as ${error.code}`);
    const codes = [expect.code, ...(expect.alsoOk ?? [])];
    const secrets = token.split(".").filter((part) => part.length >= 16);
    assertHankoError(assert, hanko, error, codes, secrets);
    assertNotSignedIn(assert, auth, codes, secrets);
    assert.strictEqual(auth.code, error.code, "both say the same");
    if (expect.outcome !== "invalid") return;
    tally.invalid += 1;
    if (error.code === expect.code) tally.primary += 1;
  }

  function assertAccepted(assert, { id, token, session, auth, expect }) {
    assert.notStrictEqual(expect.outcome, "invalid", `a bad token is refused as ${expect.code}, not accepted`);
    if (expect.outcome === "valid") tally.valid += 1;
    if (expect.outcome === "invalid") tally.accepted.push(id);
    assertSession(assert, session, payloadOf(token));
    const { status, source, verifiedBy, stale } = auth;
    assert.deepEqual(
      { status, source, verifiedBy, stale, token: auth.token },
      { status: "signed-in", source: "argument", verifiedBy: "local", stale: false, token },
    );
    assertSession(assert, auth, payloadOf(token));
  }

  QUnit.test("no bad token is accepted, every good one is, and codes are the expected ones", (assert) => {
    const expected = (outcome) => cases.filter(({ expect }) => expect.outcome === outcome).length;
    assert.true(new Set(cases.map(({ cat }) => cat)).size >= 24, "all categories");
    assert.deepEqual(tally.accepted, []);
    assert.strictEqual(tally.valid, expected("valid"));
    assert.strictEqual(tally.invalid, expected("invalid"));
    assert.true(tally.primary >= 0.95 * tally.invalid, `${tally.primary} of ${tally.invalid} gave the first code`);
  });
}

function firstOfEach(cases) {
  const count = {};
  return cases.filter(({ cat }) => (count[cat] = (count[cat] ?? 0) + 1) <= PER_CATEGORY);
}

const settle = (promise) =>
  promise.then(
    (session) => ({ session }),
    (error) => ({ error }),
  );

function assertSession(assert, { userId, sessionId, expiresAt, claims }, payload) {
  const { sub, session_id, exp } = payload;
  assert.deepEqual({ userId, sessionId }, { userId: sub, sessionId: session_id });
  assert.strictEqual(expiresAt.getTime(), Math.floor(exp) * 1000);
  assert.deepEqual([claims.subject, claims.session_id], [sub, session_id]);
  assert.strictEqual({}.isAdmin, undefined, "no prototype is polluted");
  assert.strictEqual(claims.isAdmin, undefined, "no claim comes from a prototype");
  assert.true([Object.prototype, null].includes(Object.getPrototypeOf(claims)), "the prototype of the claims");
}
