/** Signing in by the flow API: the cookie, and the token it holds (`protocol/sessions.md` section 8). */
import assert from "node:assert/strict";

import { login, register } from "../support/login.mjs";
import { payloadOf } from "../support/tokens.mjs";

export function signIn(row) {
  const loginRow = (name, run) => row.needs("login", name, run);

  loginRow("registration and login set the session cookie, and say how long it lives", async (hanko) => {
    const address = `${crypto.randomUUID()}@contract.example`;
    for (const answer of [await register(hanko, address), await login(hanko, address)]) {
      const [cookie] = answer.headers.getSetCookie();
      const [, token, age] = /^hanko=([^;]+); Path=\/; Max-Age=(\d+); HttpOnly; Secure; SameSite=Strict$/.exec(cookie);
      const { iat, exp, amr, session_id } = payloadOf(token);
      assert.deepEqual([exp - iat, amr], [Number(age), ["pwd"]]);
      assert.equal(answer.headers.get("x-session-lifetime"), age);
      assert.equal(answer.headers.get("x-session-retention"), "persistent");
      const told = (await hanko.ask("GET", "/sessions/validate", { cookie: token })).json;
      assert.deepEqual([told.is_valid, told.claims.amr, told.claims.session_id], [true, ["pwd"], session_id]);
      const auth = await hanko.client({ mode: "remote" }).authenticate(new Headers({ cookie: `hanko=${token}` }));
      assert.deepEqual([auth.status, auth.claims.amr], ["signed-in", ["pwd"]]);
      hanko.remember(auth.userId);
    }
  });

  loginRow("a changed password ends no session", async (hanko) => {
    const address = `${crypto.randomUUID()}@contract.example`;
    const [cookie] = (await register(hanko, address)).headers.getSetCookie();
    const token = cookie.slice("hanko=".length, cookie.indexOf(";"));
    const { sub } = payloadOf(token);
    hanko.remember(sub);
    const changed = await hanko.admin("PUT", `/users/${sub}/password`, {
      json: { password: "another horse altogether" },
    });
    assert.equal(changed.status, 200);
    assert.equal(await hanko.isValid(token), true);
  });
}
