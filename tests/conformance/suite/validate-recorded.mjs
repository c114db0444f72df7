import { at } from "../support/clock.mjs";
import { assertHankoError, assertNotSignedIn, CODES, failureOf } from "../support/outcomes.mjs";
import { asksOf } from "../support/recordings.mjs";
import { freshApiUrl, KEYS, keyDocument, recordedAnswer, serve, VALIDATE } from "../support/servers.mjs";
import { isSignedBy, payloadOf, rfc3339 } from "../support/tokens.mjs";

/** What a recorded answer means depends on the token too: Hanko takes spellings that this package refuses. */
const MEANINGS = { yes, misspelt, forged, "not active": notActive, ended, unreadable };

export function validateRecorded(QUnit, { hanko, vectors }) {
  QUnit.module("recorded answers of /sessions/validate");
  const asks = vectors.recorded.flatMap(asksOf);
  const seen = Object.fromEntries(Object.keys(MEANINGS).map((meaning) => [meaning, 0]));

  for (const ask of asks) {
    QUnit.test(ask.name, async (assert) => {
      const meaning = await meaningOf(ask);
      seen[meaning] += 1;
      await MEANINGS[meaning](assert, { hanko, ask, ...clientFor(hanko, ask) });
    });
  }

  QUnit.test("every meaning was met", (assert) => {
    assert.true(asks.length >= 116, `${asks.length} recorded asks`);
    for (const [meaning, count] of Object.entries(seen)) assert.true(count >= 2, `${meaning}: ${count}`);
  });
}

function clientFor(hanko, { response, jwks }) {
  const apiUrl = freshApiUrl("recorded");
  const server = serve(apiUrl, { [KEYS]: keyDocument(jwks), [VALIDATE]: () => recordedAnswer(response) });
  return { client: hanko.createHanko({ apiUrl, fetch: server.fetch, mode: "remote" }), asked: server.asked };
}

async function meaningOf({ token, response, jwks, at: now }) {
  if (response.status !== 200) return "unreadable";
  const signed = await isSignedBy(token, jwks);
  if (JSON.parse(response.body).is_valid) return signed ? "yes" : "misspelt";
  if (!signed) return "forged";
  return payloadOf(token).nbf > now ? "not active" : "ended";
}

const count = (asked, route) => asked.filter((one) => one === route).length;

/** Claims are built from the token: where custom claims overwrote Hanko's names in the answer, Hanko's stand here. */
function claimsOf(token, answer) {
  const { sub, session_id, exp, iat, aud, iss, amr } = payloadOf(token);
  const claims = { ...answer.claims, subject: sub, session_id, expiration: rfc3339(exp), issued_at: rfc3339(iat) };
  Object.assign(claims, { audience: aud, issuer: iss, amr: Array.isArray(amr) ? amr : undefined });
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

async function yes(assert, { client, ask, asked }) {
  const answer = JSON.parse(ask.response.body);
  const { user_id, expiration_time, idle_expires_at } = answer;
  const claims = claimsOf(ask.token, answer);
  const status = await at(ask.at, () => client.validateSession(ask.token));
  const idle = idle_expires_at === undefined ? {} : { idle_expires_at };
  assert.deepEqual(status, { is_valid: true, user_id, expiration_time, ...idle, claims });
  assert.strictEqual(count(asked, VALIDATE), 1, "a yes is not confirmed");

  const auth = await at(ask.at, () => client.authenticate(ask.token));
  const { userId, sessionId, verifiedBy, stale } = auth;
  assert.deepEqual(
    { status: auth.status, code: auth.code, userId, sessionId, verifiedBy, stale, source: auth.source },
    {
      status: "signed-in",
      code: undefined,
      userId: user_id,
      sessionId: claims.session_id,
      verifiedBy: "remote",
      stale: false,
      source: "argument",
    },
  );
  assert.deepEqual(auth.claims, claims);
  assert.strictEqual(count(asked, VALIDATE), 2, "remote asks every time");
}

async function misspelt(assert, { hanko, client, ask, asked }) {
  const auth = await at(ask.at, () => client.authenticate(ask.token));
  assertNotSignedIn(assert, auth, ["token_malformed"]);
  assert.deepEqual(asked, [], "it costs no request");
  const error = await failureOf(assert, () => at(ask.at, () => client.validateSession(ask.token)));
  assertHankoError(assert, hanko, error, ["token_malformed", "response_invalid"], [ask.token]);
}

async function forged(assert, { client, ask, asked }) {
  assert.deepEqual(await at(ask.at, () => client.validateSession(ask.token)), { is_valid: false });
  assert.strictEqual(count(asked, VALIDATE), 1, "a no that the local checks share is not confirmed");
  // An unknown key counts as unknown once the keys were fetched after the token was issued; fetches are 30 s apart.
  const auth = await at(ask.at + 31, () => client.authenticate(ask.token));
  assertNotSignedIn(assert, auth, CODES.denied);
  assert.strictEqual(count(asked, VALIDATE), 1, "a forgery costs no request");
}

async function notActive(assert, { client, ask, asked }) {
  assert.deepEqual(await at(ask.at, () => client.validateSession(ask.token)), { is_valid: false });
  assert.strictEqual(count(asked, VALIDATE), 1, "a no before nbf is not confirmed");
  assertNotSignedIn(assert, await at(ask.at, () => client.authenticate(ask.token)), ["token_not_active"]);
  assert.strictEqual(count(asked, VALIDATE), 1, "nor asked for");
}

async function ended(assert, { client, ask, asked }) {
  assert.deepEqual(await at(ask.at, () => client.validateSession(ask.token)), { is_valid: false });
  assertConfirmedOnce(assert, asked.splice(0));
  assertNotSignedIn(assert, await at(ask.at, () => client.authenticate(ask.token)), ["session_ended"]);
  assertConfirmedOnce(assert, asked);
}

/** The ask, the key document past every cache, the second ask; local checks may have fetched the keys before. */
function assertConfirmedOnce(assert, asked) {
  assert.strictEqual(count(asked, VALIDATE), 2, "asked twice");
  assert.deepEqual(asked.slice(-2), [KEYS, VALIDATE], "after the key document");
  assert.true(count(asked, KEYS) <= 2, "one confirmation");
}

async function unreadable(assert, { hanko, client, ask, asked }) {
  assert.true(ask.response.body.includes("failed to parse token claims"));
  const error = await failureOf(assert, () => at(ask.at, () => client.validateSession(ask.token)));
  assertHankoError(assert, hanko, error, ["claims_malformed"], [ask.token, "shadow-email"]);
  const validations = count(asked, VALIDATE);
  assertNotSignedIn(assert, await at(ask.at, () => client.authenticate(ask.token)), ["claims_malformed"]);
  assert.strictEqual(count(asked, VALIDATE), validations, "the local checks say so without a request");
}
