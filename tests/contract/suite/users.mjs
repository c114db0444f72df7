/** `/me`, and 2.7's `/users/{id}` (`protocol/sessions.md` section 7). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, NOBODY, TIME, UUID } from "../support/answers.mjs";
import { freshName, primary } from "../support/subject.mjs";
import { forged } from "../support/tokens.mjs";

export function users(row) {
  row("/me of a person with an address and nothing more", async (hanko) => {
    const { user, token } = await hanko.signedIn();
    const { mfa_config: mfa, ...told } = (await hanko.ask("GET", "/me", { token })).json;
    const [{ id, address, is_verified, is_primary }] = user.emails;
    const { created_at, updated_at } = user;
    const emails = [{ id, address, is_verified, is_primary }];
    assert.deepEqual(told, { id: user.id, user_id: user.id, emails, created_at, updated_at });
    assert.deepEqual(Object.keys(mfa), ["auth_app_set_up", "totp_enabled", "security_keys_enabled"]);
    assert.equal(mfa.auth_app_set_up, false);
  });

  row("/me of a person with everything that can be set here", async (hanko) => {
    const { id, token, names, username, emails } = await fullPerson(hanko);
    const told = (await hanko.ask("GET", "/me", { token })).json;
    for (const [name, value] of Object.entries(names)) assert.equal(told[name], value, name);
    assert.equal(told.username.username, username);
    assert.deepEqual(Object.keys(told.username), ["id", "username", "created_at", "updated_at"]);
    assert.match(told.username.id, UUID);
    for (const time of [told.created_at, told.updated_at, told.username.created_at]) assert.match(time, TIME);
    const addresses = told.emails.map(({ address, is_primary, is_verified }) => ({ address, is_primary, is_verified }));
    assert.deepEqual(
      addresses,
      emails.map((one) => ({ ...one, address: one.address.toLowerCase() })),
    );
    assert.deepEqual(told.metadata, { public_metadata: { plan: "pro" }, unsafe_metadata: { theme: "dark" } });
    assert.deepEqual([told.id, "private_metadata" in told.metadata], [id, false]);
  });

  row("names cleared and metadata emptied are left out of /me", async (hanko) => {
    const { id, token } = await fullPerson(hanko);
    const json = { name: null, given_name: null, family_name: null, picture: null };
    assert.equal((await hanko.admin("PATCH", `/users/${id}`, { json })).status, 200);
    assert.equal((await hanko.admin("PATCH", `/users/${id}/metadata`, { json: null })).status, 204);
    const told = (await hanko.ask("GET", "/me", { token })).json;
    for (const gone of [...Object.keys(json), "metadata"]) assert.equal(gone in told, false, gone);
  });

  row("/me without a live session is 401", async (hanko) => {
    const { token } = await hanko.signedIn();
    for (const given of [{}, { token: "garbage" }, { token: forged(token) }, { cookie: forged(token) }])
      assertBareFailure(await hanko.ask("GET", "/me", given), 401);
  });

  row("/me by another method is 404", async (hanko) => {
    const { token } = await hanko.signedIn();
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      assertBareFailure(await hanko.ask(method, "/me", { token }), 404, method);
  });

  row.only("2.7", "/users/{id} of oneself: username and email as text", async (hanko) => {
    const { id, token, username, emails } = await fullPerson(hanko);
    const [own, me] = [await hanko.ask("GET", `/users/${id}`, { token }), await hanko.ask("GET", "/me", { token })];
    assertAnswer(own, 200);
    const { email, username: name, webauthn_credentials: credentials, ...shared } = own.json;
    assert.deepEqual([email, name, credentials], [emails[1].address, username, null]);
    const { username: _, ...others } = me.json;
    assert.deepEqual(shared, others);
    assertAnswer(await hanko.ask("GET", `/users/${id}`, { cookie: token }), 200, own.json);
  });

  row.only("2.7", "/users/{id}: any other id, and any other spelling, is 403", async (hanko) => {
    const [{ userId, token }, other] = [await hanko.signedIn(), await hanko.signedIn()];
    const ids = [
      other.userId,
      NOBODY,
      "garbage",
      userId.toUpperCase(),
      userId.replaceAll("-", ""),
      `${userId}%20`,
      "me",
    ];
    for (const id of ids) assertBareFailure(await hanko.ask("GET", `/users/${id}`, { token }), 403, id);
    assertBareFailure(await hanko.ask("GET", "/users/", { token }), 404);
  });

  row.only("2.7", "/users/{id} without a live session is 401, whatever the id", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    for (const id of [userId, NOBODY, "garbage"])
      for (const given of [{}, { token: "garbage" }, { token: forged(token) }])
        assertBareFailure(await hanko.ask("GET", `/users/${id}`, given), 401, id);
  });

  row.only("2.7", "/.well-known/config is there", async (hanko) => {
    const { status, json } = await hanko.ask("GET", "/.well-known/config");
    assert.deepEqual([status, typeof json.password.enabled], [200, "boolean"]);
  });

  row.only("3.0", "/users/{id} is 404 for everybody", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    for (const given of [{}, { token }, { cookie: token }])
      for (const id of [userId, NOBODY, "garbage"])
        assertBareFailure(await hanko.ask("GET", `/users/${id}`, given), 404, id);
  });

  row.only("3.0", "/.well-known/config is gone", async (hanko) => {
    assertBareFailure(await hanko.ask("GET", "/.well-known/config"), 404);
  });
}

/** A person with three addresses, a username, names and all kinds of metadata. */
export async function fullPerson(hanko) {
  const others = [`A${crypto.randomUUID()}@Contract.Example`, `${crypto.randomUUID()}@contract.example`];
  const [first, third] = others.map((address) => ({ address, is_primary: false, is_verified: false }));
  const emails = [first, primary(), third];
  const username = freshName();
  const { id } = await hanko.newUser({ emails, username });
  const names = {
    name: "Emmy Noether",
    given_name: "Emmy",
    family_name: "Noether",
    picture: "https://contract.example/emmy.png",
  };
  assert.equal((await hanko.admin("PATCH", `/users/${id}`, { json: names })).status, 200);
  const metadata = {
    public_metadata: { plan: "pro" },
    private_metadata: { crm: 7 },
    unsafe_metadata: { theme: "dark" },
  };
  assert.equal((await hanko.admin("PATCH", `/users/${id}/metadata`, { json: metadata })).status, 200);
  return { id, names, username, emails, ...(await hanko.newSession(id)) };
}
