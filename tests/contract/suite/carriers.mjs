/** Where a token is looked for (`protocol/sessions.md` section 3), and several cookies (the package's own rules). */
import assert from "node:assert/strict";

import { forged } from "../support/tokens.mjs";

const PATH = "/sessions/validate";

export function carriers(row) {
  row("the header wins over the cookie, and a bad header falls back to it", async (hanko) => {
    const [one, two] = [await hanko.signedIn(), await hanko.signedIn()];
    const who = async (given) => (await hanko.ask("GET", PATH, given)).json.user_id;
    assert.equal(await who({ token: one.token, cookie: two.token }), one.userId);
    assert.equal(await who({ token: forged(one.token), cookie: two.token }), two.userId);
    assert.equal(await who({ token: "garbage", cookie: two.token }), two.userId);
    assert.equal(await who({ token: one.token, cookie: "garbage" }), one.userId);
    assert.equal((await hanko.ask("GET", "/me", { token: "garbage", cookie: two.token })).json.id, two.userId);
  });

  row("the scheme is Bearer in any case, with any white space behind it, or none", async (hanko) => {
    const { token } = await hanko.signedIn();
    const valid = async (authorization) => (await hanko.ask("GET", PATH, { headers: { authorization } })).json.is_valid;
    for (const good of [`bearer ${token}`, `BEARER ${token}`, `Bearer  ${token}`, `Bearer${token}`])
      assert.equal(await valid(good), true, good.slice(0, 10));
    const bad = [`Bearer: ${token}`, `Token ${token}`, `Basic ${token}`, token, `Bearer "${token}"`, `JWT ${token}`];
    for (const one of bad) assert.equal(await valid(one), false, one.slice(0, 10));
  });

  row("cookies as Go reads them: quotes and spaces are allowed, other names and encodings not", async (hanko) => {
    const { token } = await hanko.signedIn();
    const valid = async (cookie) => (await hanko.ask("GET", PATH, { headers: { cookie } })).json.is_valid;
    for (const good of [`hanko=${token}`, `hanko="${token}"`, `a=b;hanko=${token}`, ` hanko = ${token}`])
      assert.equal(await valid(good), true, good.slice(0, 12));
    const encoded = token.replaceAll(".", "%2E");
    for (const bad of [`Hanko=${token}`, `hanko=${encoded}`, `a=b,hanko=${token}`, `xhanko=${token}`, "hanko="])
      assert.equal(await valid(bad), false, bad.slice(0, 12));
  });

  row("of several cookies the first good one counts, among the first 20", async (hanko) => {
    const [one, two] = [await hanko.signedIn(), await hanko.signedIn()];
    const who = async (...tokens) => {
      const cookie = tokens.map((token) => `hanko=${token}`).join("; ");
      return (await hanko.ask("GET", PATH, { headers: { cookie } })).json.user_id;
    };
    assert.equal(await who(one.token, two.token), one.userId);
    assert.equal(await who("garbage", two.token), two.userId);
    assert.equal(await who(forged(one.token), two.token, one.token), two.userId);
    assert.equal(await who(...Array(19).fill("garbage"), two.token), two.userId);
    assert.equal(await who(...Array(20).fill("garbage"), two.token), undefined);
  });

  row("a query parameter is not looked at", async (hanko) => {
    const { token } = await hanko.signedIn();
    for (const name of ["session_token", "hanko", "token"])
      assert.deepEqual((await hanko.ask("GET", `${PATH}?${name}=${token}`)).json, { is_valid: false });
  });

  row("authenticate: a stale cookie of one's own does not lock out, cookies of two people do", async (hanko) => {
    const [one, two] = [await hanko.signedIn(), await hanko.signedIn()];
    const again = await hanko.newSession(one.userId);
    await hanko.ask("POST", "/logout", { token: one.token });
    const client = hanko.client({ mode: "remote" });
    const auth = (...tokens) =>
      client.authenticate(new Headers({ cookie: tokens.map((t) => `hanko=${t}`).join("; ") }));
    const stale = await auth(one.token, again.token);
    assert.deepEqual([stale.status, stale.sessionId, stale.source], ["signed-in", again.sessionId, "cookie"]);
    assert.equal((await auth("garbage", again.token)).sessionId, again.sessionId);
    assert.equal((await auth(again.token, two.token)).code, "token_ambiguous");
    assert.equal((await auth(one.token)).code, "session_ended");
  });

  row("authenticate: a bad Bearer is refused, whatever the cookie says", async (hanko) => {
    const { token } = await hanko.signedIn();
    const headers = { authorization: "Bearer garbage", cookie: `hanko=${token}` };
    const auth = await hanko.client().authenticate(new Request("https://app.example/", { headers }));
    assert.deepEqual([auth.status, auth.code], ["signed-out", "token_malformed"]);
  });
}
