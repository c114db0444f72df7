import assert from "node:assert/strict";
import { test } from "node:test";

import { createTestHanko } from "hanko-edge/testing";

import { UUID, get, isValid, keysOf, partsOf, signedIn, validate } from "./support.mjs";

const NOON = Date.parse("2026-06-01T12:00:00Z");

test("a user has an id and a primary verified address, unless others are given", async () => {
  const hanko = await createTestHanko();
  const { user_id, email, emails, created_at } = await hanko.createUser();
  assert.match(user_id, UUID);
  assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?Z$/);
  assert.deepEqual(emails, [{ id: emails[0].id, address: email, is_verified: true, is_primary: true }]);
  assert.deepEqual((await hanko.createUser({ username: "ada" })).emails, []);
  assert.equal((await hanko.createUser({ email: "Ada@Example.com" })).emails[0].address, "ada@example.com");
  assert.equal((await hanko.createUser({ user_id: "chosen" })).user_id, "chosen");
});

test("the token is Hanko's: header, claims, sorted members", async () => {
  const options = { now: () => new Date(NOON), issuer: "https://auth.example", audience: ["a", "b"], lifespan: 60 };
  const { token, sessionId, user, cookie } = await signedIn({ ...options, customClaims: { role: "admin", sub: "me" } });
  const [header, payload] = partsOf(token);
  assert.deepEqual(Object.keys(header), ["alg", "kid", "typ"]);
  assert.deepEqual(payload, {
    ...{ aud: ["a", "b"], email: { address: user.email, is_primary: true, is_verified: true } },
    ...{ exp: NOON / 1000 + 60, iat: NOON / 1000, iss: "https://auth.example", role: "admin" },
    ...{ session_id: sessionId, sub: user.user_id },
  });
  assert.deepEqual(Object.keys(payload), Object.keys(payload).sort());
  assert.equal(cookie, `hanko=${token}`);
});

test("what is left out has the default that its comment gives", async () => {
  let later = 0;
  const realNow = Date.now;
  Date.now = () => realNow() + later;
  try {
    const { hanko, user, token } = await signedIn();
    const [, { aud, iss, iat, exp }] = partsOf(token);
    assert.deepEqual([aud, iss, exp - iat], [["localhost"], undefined, 43_200]);
    const [key, ...others] = await keysOf(hanko);
    assert.deepEqual([Buffer.from(key.n, "base64url").length * 8, others], [2048, []]);
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await get(hanko, `/users/${user.user_id}`, { headers })).status, 404, "as 3.0");
    later = 43_190_000; // Nothing ends it before: there is no idle time, and the server's clock is Date.now.
    assert.equal(await isValid(hanko, token), true);
    later = 43_201_000;
    assert.equal(await isValid(hanko, token), false);
  } finally {
    Date.now = realNow;
  }
});

test("the primary address is a claim, verified or not", async () => {
  const hanko = await createTestHanko();
  const addresses = ["first@example.com", "second@example.com"];
  const emails = addresses.map((address, index) => {
    return { id: crypto.randomUUID(), address, is_verified: false, is_primary: index === 1 };
  });
  const { user_id, email } = await hanko.createUser({ emails });
  const { token } = await hanko.createSession(user_id);
  assert.equal(email, addresses[1]);
  assert.deepEqual(partsOf(token)[1].email, { address: addresses[1], is_primary: true, is_verified: false });
});

test("claims and header override anything, and undefined leaves out", async () => {
  const { hanko, user } = await signedIn();
  const { token, sessionId } = await hanko.createSession(user.user_id, {
    claims: { iat: 1, exp: undefined, session_id: "other", extra: null },
    header: { alg: "none", kid: undefined, crit: ["x"] },
  });
  const [header, { iat, exp, session_id, extra }] = partsOf(token);
  assert.deepEqual(header, { alg: "none", crit: ["x"], typ: "JWT" });
  assert.deepEqual([iat, exp, session_id, extra], [1, undefined, "other", null]);
  assert.match(sessionId, UUID);
});

for (const [what, overrides] of Object.entries({
  "an algorithm other than RS256": { header: { alg: "none" } },
  "an unknown kid": { header: { kid: "00000000-0000-4000-8000-000000000000" } },
  "an exp that has passed": { claims: { exp: 1 } },
  "an exp that is no number": { claims: { exp: "2100-01-01T00:00:00Z" } },
  "an exp beyond the year 9999": { claims: { exp: 1e18 } },
  "a future nbf": { claims: { nbf: 4102444800 } },
  "another session_id": { claims: { session_id: "00000000-0000-4000-8000-000000000000" } },
  "no session_id": { claims: { session_id: undefined } },
})) {
  test(`a token with ${what} is no session`, async () => {
    const { hanko, user } = await signedIn();
    const { token } = await hanko.createSession(user.user_id, overrides);
    assert.equal(await isValid(hanko, token), false);
    assert.equal((await get(hanko, "/me", { headers: { authorization: `Bearer ${token}` } })).status, 401);
  });
}

test("a session of a user who does not exist yet makes him", async () => {
  const hanko = await createTestHanko();
  const id = crypto.randomUUID();
  const { cookie } = await hanko.createSession(id);
  assert.equal((await (await get(hanko, "/me", { headers: { cookie } })).json()).user_id, id);
});

test("a revoked session is ended, the others are not", async () => {
  const { hanko, user, token, sessionId } = await signedIn();
  const other = await hanko.createSession(user.user_id);
  hanko.revokeSession(sessionId);
  assert.deepEqual([await isValid(hanko, token), await isValid(hanko, other.token)], [false, true]);
});

test("exp is the first second in which a token is no good", async () => {
  let now = NOON;
  const { hanko, token } = await signedIn({ now: () => new Date(now), lifespan: 10 });
  now = NOON + 9_999;
  assert.equal(await isValid(hanko, token), true);
  now = NOON + 10_000;
  assert.equal(await isValid(hanko, token), false);
});

test("idle time is renewed by POST and not by GET, and its end deletes the cookie once", async () => {
  let now = NOON;
  const { hanko, token, cookie } = await signedIn({ now: () => new Date(now), idleTimeout: 3, cookieName: "sid" });
  const ask = async () => (await get(hanko, "/sessions/validate", { headers: { cookie } })).json();
  now += 2000;
  assert.equal((await ask()).idle_expires_at, "2026-06-01T12:00:03Z");
  now += 500;
  assert.equal((await (await validate(hanko, token)).json()).idle_expires_at, "2026-06-01T12:00:05.5Z");
  now += 3000;
  const responses = [await validate(hanko, token), await validate(hanko, token)];
  const deletion = "sid=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict";
  assert.deepEqual(
    responses.map(({ headers }) => headers.get("set-cookie")),
    [deletion, null],
  );
  assert.deepEqual(await responses[0].json(), { is_valid: false });
});

test("names and values are written as Go writes them", async () => {
  const hanko = await createTestHanko();
  const claims = JSON.parse('{"__proto__":{"b":1,"a":2},"10":"","9":"<\\u2028&>","\u{1f44b}":1,"\ufb00":2}');
  const { token } = await hanko.createSession(crypto.randomUUID(), { claims });
  const text = await (await validate(hanko, token)).text();
  const custom = text.replace(
    /"(audience|email|expiration|issued_at|session_id|subject)":("[^"]*"|\[.*?\]|\{.*?\}),?/g,
    "",
  );
  const written = '{"10":"","9":"\\u003c\\u2028\\u0026\\u003e","__proto__":{"a":2,"b":1},"\ufb00":2,"\u{1f44b}":1}';
  assert.ok(custom.startsWith(`{"is_valid":true,"claims":${written},`), custom);
  assert.ok(text.endsWith("}\n"));
});
