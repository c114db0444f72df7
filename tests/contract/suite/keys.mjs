/** The published keys (`protocol/sessions.md` sections 5 and 6). */
import assert from "node:assert/strict";

import { assertBareFailure, UUID } from "../support/answers.mjs";
import { headerOf, payloadOf } from "../support/tokens.mjs";

const PATH = "/.well-known/jwks.json";

export function keys(row) {
  row("the key document lists RSA keys of 4096 bits for RS256", async (hanko) => {
    const { status, json } = await hanko.ask("GET", PATH);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json), ["keys"]);
    assert.ok(json.keys.length > 0);
    for (const { kid, n, ...others } of json.keys) {
      assert.match(kid, UUID);
      assert.equal(n.length, 683);
      assert.deepEqual(others, { alg: "RS256", e: "AQAB", kty: "RSA", use: "sig" });
    }
    assert.equal(new Set(json.keys.map(({ kid }) => kid)).size, json.keys.length);
  });

  row("the last key signs, and the header is alg, kid and typ", async (hanko) => {
    const { json } = await hanko.ask("GET", PATH);
    const { token } = await hanko.signedIn();
    assert.deepEqual(headerOf(token), { alg: "RS256", kid: json.keys.at(-1).kid, typ: "JWT" });
  });

  row("a query is ignored, and a condition never answered with 304", async (hanko) => {
    const { text } = await hanko.ask("GET", PATH);
    const headers = { "if-none-match": "*", "if-modified-since": new Date().toUTCString() };
    const again = await hanko.ask("GET", `${PATH}?x=${crypto.randomUUID()}`, { headers });
    assert.deepEqual([again.status, again.text], [200, text]);
  });

  row("other methods are 404", async (hanko) => {
    for (const method of ["POST", "PATCH", "DELETE"]) assertBareFailure(await hanko.ask(method, PATH), 404, method);
  });

  row("a token has Hanko's claims in whole seconds, aud as a list, and no amr from the Admin API", async (hanko) => {
    const { user, token, sessionId } = await hanko.signedIn();
    const payload = payloadOf(token);
    const { iat, exp, aud, ...others } = payload;
    assert.ok(Number.isInteger(iat) && Number.isInteger(exp) && exp > iat);
    assert.ok(Array.isArray(aud) && aud.length > 0);
    const { address, is_primary, is_verified } = user.emails[0];
    assert.match(sessionId, UUID);
    const { iss, ...known } = others;
    assert.ok(iss === undefined || typeof iss === "string");
    assert.deepEqual(known, { sub: user.id, session_id: sessionId, email: { address, is_primary, is_verified } });
  });

  row("verifySession: the package verifies the server's tokens by its keys", async (hanko) => {
    const { userId, token, sessionId, user } = await hanko.signedIn();
    const session = await hanko.client().verifySession(token);
    assert.deepEqual([session.userId, session.sessionId], [userId, sessionId]);
    assert.equal(session.expiresAt.getTime(), payloadOf(token).exp * 1000);
    assert.equal(session.claims.email.address, user.emails[0].address);
  });

  row("reloadKeys: the package takes the key document, past caches", async (hanko) => {
    await hanko.client().reloadKeys();
  });
}
