/** `/sessions/validate`, by POST and GET (`protocol/sessions.md` section 4). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, assertFailure, TIME } from "../support/answers.mjs";
import { freshName } from "../support/subject.mjs";
import { forged, payloadOf, signedByAnother, unsigned } from "../support/tokens.mjs";

const NO = { is_valid: false };

export function validate(row) {
  row("a live session: its claims in Hanko's shape, by POST and by GET", async (hanko) => {
    const { user, userId, token, sessionId } = await hanko.signedIn();
    const { aud, iss, exp, iat } = payloadOf(token);
    const { address, is_primary, is_verified } = user.emails[0];
    const claims = {
      audience: aud,
      email: { address, is_primary, is_verified },
      expiration: rfc3339(exp),
      issued_at: rfc3339(iat),
      ...(iss !== undefined && { issuer: iss }),
      session_id: sessionId,
      subject: userId,
    };
    const expected = { is_valid: true, claims, expiration_time: rfc3339(exp), user_id: userId };
    for (const answer of [await hanko.validate(token), await hanko.ask("GET", "/sessions/validate", { token })]) {
      const { idle_expires_at: idle, ...told } = answer.json;
      assert.deepEqual([answer.status, told], [200, expected]);
      if (hanko.idleTimeout === undefined) assert.equal(idle, undefined);
      else assert.match(idle, TIME);
    }
  });

  row("of a user without e-mail the claims name the username, and no e-mail", async (hanko) => {
    const username = freshName();
    const { token } = await hanko.signedIn({ username });
    const { claims } = (await hanko.validate(token)).json;
    assert.deepEqual([claims.username, "email" in claims], [username, false]);
  });

  row("what is no live session is 200 and false, and no reason is told", async (hanko) => {
    const { token } = await hanko.signedIn();
    const [header, payload, signature] = token.split(".");
    const wrong = [
      "garbage",
      "a.b.c",
      `${header}.${payload}`,
      `${header}.${payload}.`,
      forged(token),
      unsigned(token),
      unsigned(token, signature),
    ];
    wrong.push(`${signature}.${payload}.${header}`, token.slice(0, -1), await signedByAnother(token));
    for (const [index, text] of wrong.entries()) {
      assertAnswer(await hanko.validate(text), 200, NO, `POST ${index}`);
      assertAnswer(await hanko.ask("GET", "/sessions/validate", { token: text }), 200, NO, `GET ${index}`);
    }
    assertAnswer(await hanko.ask("GET", "/sessions/validate"), 200, NO);
    assert.equal(await hanko.isValid(token), true);
  });

  row("a body without a token is 400", async (hanko) => {
    const headers = { "content-type": "application/json" };
    const bodies = [
      "{}",
      '{"session_token":""}',
      '{"session_token":1}',
      '{"session_token":null}',
      "{",
      "[]",
      '"x"',
      "",
    ];
    for (const body of bodies)
      assertFailure(await hanko.ask("POST", "/sessions/validate", { headers, body }), 400, body);
  });

  row("names are matched without case, the last one counts, and text behind the object is ignored", async (hanko) => {
    const { token } = await hanko.signedIn();
    const headers = { "content-type": "application/json" };
    const post = async (body) => (await hanko.ask("POST", "/sessions/validate", { headers, body })).json.is_valid;
    assert.equal(await post(`{"SESSION_TOKEN":"${token}"}`), true);
    assert.equal(await post(`{"session_token":"garbage","session_token":"${token}"}`), true);
    assert.equal(await post(`{"session_token":"${token}","session_token":"garbage"}`), false);
    assert.equal(await post(`{"session_token":"${token}","more":[1]} trailing`), true);
  });

  row("POST looks at its body only", async (hanko) => {
    const { token } = await hanko.signedIn();
    const json = { session_token: "garbage" };
    assertAnswer(await hanko.ask("POST", "/sessions/validate", { token, cookie: token, json }), 200, NO);
    assertFailure(await hanko.ask("POST", "/sessions/validate", { token, json: {} }), 400);
  });

  row("other methods are 404", async (hanko) => {
    for (const method of ["PUT", "PATCH", "DELETE"])
      assertBareFailure(await hanko.ask(method, "/sessions/validate"), 404, method);
  });

  row("validateSession: the package passes on a yes and a no", async (hanko) => {
    const { userId, token, sessionId } = await hanko.signedIn();
    const status = await hanko.client().validateSession(token);
    assert.deepEqual([status.is_valid, status.user_id, status.claims.session_id], [true, userId, sessionId]);
    assert.deepEqual(await hanko.client().validateSession(forged(token)), NO);
  });

  row("authenticate: every mode says who it is, and who said so", async (hanko) => {
    const { userId, token, sessionId } = await hanko.signedIn();
    for (const [mode, verifiedBy] of Object.entries({ local: "local", remote: "remote", hybrid: "remote" })) {
      const auth = await hanko.client({ mode }).authenticate(token);
      assert.equal(auth.status, "signed-in", `${mode}: ${auth.code}`);
      assert.deepEqual(
        [auth.userId, auth.sessionId, auth.verifiedBy, auth.stale],
        [userId, sessionId, verifiedBy, false],
      );
    }
  });

  row("authenticate: a forgery is refused by its code, without asking", async (hanko) => {
    const { token } = await hanko.signedIn();
    const asked = [];
    const fetch = (request) => (asked.push(new URL(request.url).pathname), globalThis.fetch(request));
    const client = hanko.client({ mode: "remote", fetch });
    const cases = [
      [forged(token), "signature_invalid"],
      [await signedByAnother(token), "signature_invalid"],
      [unsigned(token, token.split(".")[2]), "alg_not_allowed"],
      [unsigned(token), "token_malformed"],
      ["garbage", "token_malformed"],
    ];
    for (const [text, code] of cases) assert.equal((await client.authenticate(text)).code, code);
    assert.ok(asked.every((path) => path.endsWith("/.well-known/jwks.json")));
  });
}

function rfc3339(seconds) {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
