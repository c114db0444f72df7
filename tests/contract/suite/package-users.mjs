/** The package's calls about a person: one shape and one code, whatever the version. */
import assert from "node:assert/strict";

import { deletionCookie } from "hanko-edge";

import { DELETION_COOKIE, NOBODY } from "../support/answers.mjs";
import { Flow, storedText } from "../support/flow.mjs";
import { spy } from "../support/spy.mjs";
import { forged } from "../support/tokens.mjs";
import { fullPerson } from "./users.mjs";

const NOTHING = { public_metadata: {}, unsafe_metadata: {} };

export function packageUsers(row) {
  row("getCurrentUser: of a person with everything that can be set here, by one request", async (hanko) => {
    const { id, token, names, username, emails } = await fullPerson(hanko);
    const { fetch, asked } = spy(hanko);
    const user = await hanko.client({ fetch }).getCurrentUser({ token });
    const { created_at, updated_at, mfa_config, emails: told, ...others } = user;
    assert.deepEqual(others, {
      ...{ user_id: id, email: emails[1].address, username, ...names },
      ...{ identities: [], passkeys: [], security_keys: [] },
      metadata: { public_metadata: { plan: "pro" }, unsafe_metadata: { theme: "dark" } },
    });
    const flags = told.map(({ address, is_primary, is_verified }) => [address, is_primary, is_verified]);
    assert.deepEqual(
      flags,
      emails.map((one) => [one.address.toLowerCase(), one.is_primary, one.is_verified]),
    );
    assert.deepEqual(Object.keys(mfa_config), ["auth_app_set_up", "totp_enabled", "security_keys_enabled"]);
    const me = (await hanko.ask("GET", "/me", { token })).json;
    assert.deepEqual([created_at, updated_at], [me.created_at, me.updated_at]);
    assert.deepEqual(asked, ["GET /me"]);
  });

  row("getCurrentUser: nothing is missing of a person who has nothing", async (hanko) => {
    const { user, token } = await hanko.signedIn();
    const { email, username, metadata, identities, passkeys } = await hanko.client().getCurrentUser({ token });
    assert.deepEqual([email, username], [user.emails[0].address, undefined]);
    assert.deepEqual({ metadata, identities, passkeys }, { metadata: NOTHING, identities: [], passkeys: [] });
  });

  row("getUser: oneself by one request on every version, anybody else forbidden without one", async (hanko) => {
    const [{ userId, token }, other] = [await hanko.signedIn(), await hanko.signedIn()];
    const { fetch, asked } = spy(hanko);
    const client = hanko.client({ fetch });
    assert.deepEqual(await client.getUser(userId, { token }), await client.getCurrentUser({ token }));
    assert.deepEqual(asked, ["GET /me", "GET /me"]);
    for (const id of [other.userId, NOBODY]) await assert.rejects(client.getUser(id, { token }), { code: "forbidden" });
    for (const id of [userId.toUpperCase(), "garbage", `${userId}/../x`])
      await assert.rejects(client.getUser(id, { token }), { code: "argument_invalid" }, id);
    assert.equal(asked.length, 2);
  });

  row("getCurrentUser: an ended session is unauthorized, once Hanko has confirmed it", async (hanko) => {
    const { userId, token, sessionId } = await hanko.signedIn();
    await hanko.admin("DELETE", `/users/${userId}/sessions/${sessionId}`);
    const { fetch, asked } = spy(hanko);
    await assert.rejects(hanko.client({ fetch }).getCurrentUser({ token }), { code: "unauthorized" });
    assert.equal(asked[0], "GET /me");
    assert.ok(asked.includes("POST /sessions/validate") && asked.includes("GET /.well-known/jwks.json"), `${asked}`);
  });

  row("getCurrentUser: a deleted user's token and a forgery are unauthorized", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    await assert.rejects(hanko.client().getCurrentUser({ token: forged(token) }), { code: "unauthorized" });
    await hanko.admin("DELETE", `/users/${userId}`);
    await assert.rejects(hanko.client().getCurrentUser({ token }), { code: "unauthorized" });
    await assert.rejects(hanko.client().getCurrentUser({ token: "garbage" }), { code: "token_malformed" });
  });

  row("a wrong address is no denial: response_invalid", async (hanko) => {
    const { token } = await hanko.signedIn();
    const client = hanko.client({ apiUrl: `${hanko.apiUrl}/00000000-0000-4000-8000-00000000beef` });
    const calls = [
      () => client.getCurrentUser({ token }),
      () => client.validateSession(token),
      () => client.logout({ token }),
    ];
    for (const call of calls) await assert.rejects(call, { code: "response_invalid" });
    assert.equal((await client.authenticate(token)).status, "unavailable");
    assert.equal(await hanko.isValid(token), true);
  });

  row("a stored 1e400 and 1401 levels break no reading", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const patch = (text) => {
      const headers = { "content-type": "application/json" };
      return hanko.admin("PATCH", `/users/${userId}/metadata`, { headers, body: `{"unsafe_metadata":${text}}` });
    };
    assert.equal((await patch('{"big":1e400}')).status, 200);
    const { metadata } = await hanko.client().getCurrentUser({ token });
    assert.deepEqual(metadata, { public_metadata: {}, unsafe_metadata: { big: Infinity } });
    await patch("null");
    const { flow } = await Flow.open(hanko, { token });
    const deep = `{"d":${"[".repeat(1400)}${"]".repeat(1400)}}`;
    const body = `{"input_data":{"patch_metadata":${deep}},"csrf_token":"${flow.csrf}"}`;
    assert.equal((await flow.patch({}, { body })).status, 200);
    const read = await hanko.client().getCurrentUser({ token });
    assert.equal(JSON.stringify(read.metadata.unsafe_metadata), deep);
    assert.equal(await storedText(hanko, userId), `{"unsafe_metadata":${deep}}`);
  });

  row("logout: ends the session at Hanko, forgets it here, and may be repeated", async (hanko) => {
    const { token } = await hanko.signedIn();
    const client = hanko.client({ mode: "hybrid" });
    assert.equal((await client.authenticate(token)).status, "signed-in");
    await client.logout({ token });
    assert.equal(await hanko.isValid(token), false);
    assert.equal((await client.authenticate(token)).code, "session_ended");
    await client.logout({ token });
  });

  row("deletionCookie: as Hanko writes it", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { headers } = await hanko.ask("POST", "/logout", { token });
    assert.deepEqual(headers.getSetCookie(), [deletionCookie()]);
    assert.equal(deletionCookie(), DELETION_COOKIE);
  });
}
