/** `hanko-edge/admin` (`protocol/sessions.md` section 10, `protocol/metadata.md` section 9). */
import assert from "node:assert/strict";

import { createAdmin } from "hanko-edge/admin";

import { NOBODY } from "../support/answers.mjs";
import { storedText } from "../support/flow.mjs";
import { freshName, primary } from "../support/subject.mjs";
import { payloadOf } from "../support/tokens.mjs";
import { fullPerson } from "./users.mjs";

const EMPTY = { public_metadata: {}, private_metadata: {}, unsafe_metadata: {} };

function adminOf({ adminUrl: apiUrl, apiKey }) {
  return createAdmin({ apiUrl, allowInsecure: true, ...(apiKey && { apiKey }) });
}

export function packageAdmin(row) {
  row("a user is made, read and deleted, in the public user's shape", async (hanko) => {
    const admin = adminOf(hanko);
    const email = primary();
    const made = await admin.createUser({ emails: [email], username: freshName() });
    hanko.remember(made.user_id);
    assert.deepEqual([made.email, made.metadata], [email.address, EMPTY]);
    assert.deepEqual(await admin.getUser(made.user_id), made);
    const { token } = await hanko.newSession(made.user_id);
    const { mfa_config, metadata, ...own } = await hanko.client().getCurrentUser({ token });
    const { metadata: _, ...told } = made;
    assert.deepEqual(told, own);
    assert.equal(typeof mfa_config, "object");
    assert.deepEqual(metadata, { public_metadata: {}, unsafe_metadata: {} });
    assert.equal(await admin.deleteUser(made.user_id), undefined);
    await assert.rejects(admin.getUser(made.user_id), { code: "not_found" });
    assert.equal(await hanko.isValid(token), false);
  });

  row("a full person: names, username as text, private metadata too", async (hanko) => {
    const { id, names, username, emails } = await fullPerson(hanko);
    const user = await adminOf(hanko).getUser(id.toUpperCase());
    assert.deepEqual([user.user_id, user.username, user.email], [id, username, emails[1].address]);
    for (const [name, value] of Object.entries(names)) assert.equal(user[name], value);
    assert.deepEqual([user.identities, user.passkeys, user.security_keys], [[], [], []]);
    const stored = {
      public_metadata: { plan: "pro" },
      private_metadata: { crm: 7 },
      unsafe_metadata: { theme: "dark" },
    };
    assert.deepEqual(user.metadata, stored);
    assert.deepEqual(await adminOf(hanko).getMetadata(id), stored);
  });

  row("metadata: empty is three empty kinds; patches merge, null clears one or all", async (hanko) => {
    const { id } = await hanko.newUser();
    const admin = adminOf(hanko);
    assert.deepEqual(await admin.getMetadata(id), EMPTY);
    assert.deepEqual(await admin.patchMetadata(id, {}), EMPTY);
    const full = { public_metadata: { p: 1 }, private_metadata: { q: { x: 1 } }, unsafe_metadata: { r: 3 } };
    assert.deepEqual(await admin.patchMetadata(id, full), full);
    const merged = await admin.patchMetadata(id, {
      private_metadata: { q: { x: null, y: "\u2028<" } },
      unsafe_metadata: null,
    });
    assert.deepEqual(merged, { ...full, private_metadata: { q: { y: "\u2028<" } }, unsafe_metadata: {} });
    assert.deepEqual(await admin.patchMetadata(id, null), EMPTY);
    assert.equal(await storedText(hanko, id), undefined);
  });

  row("metadata beyond 3000 is metadata_too_large, and nothing is stored", async (hanko) => {
    const { id } = await hanko.newUser();
    const admin = adminOf(hanko);
    await admin.patchMetadata(id, { unsafe_metadata: { k: 0 } });
    const text = "x".repeat(3001 - '{"k":0,"a":""}'.length);
    const patch = { public_metadata: { p: 1 }, unsafe_metadata: { a: text } };
    await assert.rejects(admin.patchMetadata(id, patch), { code: "metadata_too_large" });
    assert.equal(await storedText(hanko, id), '{"unsafe_metadata":{"k":0}}');
    const fitting = { unsafe_metadata: { a: text.slice(1) } };
    assert.equal((await admin.patchMetadata(id, fitting)).unsafe_metadata.a.length, text.length - 1);
  });

  row("sessions: made, listed, ended one by one and all together", async (hanko) => {
    const { id } = await hanko.newUser();
    const admin = adminOf(hanko);
    assert.deepEqual(await admin.listSessions(id), []);
    const given = { userAgent: "Contract/1.0", ipAddress: "203.0.113.7" };
    const tokens = [
      (await admin.createSession(id)).session_token,
      (await admin.createSession(id, given)).session_token,
    ];
    const [one, two] = tokens.map((token) => payloadOf(token).session_id);
    const listed = await admin.listSessions(id);
    assert.deepEqual(listed.map((session) => session.id).sort(), [one, two].sort());
    const { user_agent, ip_address, user_id } = listed.find((session) => session.id === two);
    assert.deepEqual([user_agent, ip_address, user_id], ["Contract/1.0", "203.0.113.7", id]);
    assert.equal("user_agent" in listed.find((session) => session.id === one), false);
    assert.equal((await hanko.client({ mode: "remote" }).authenticate(tokens[0])).status, "signed-in");
    assert.equal(await admin.deleteSession(id, one), undefined);
    await assert.rejects(admin.deleteSession(id, one), { code: "not_found" });
    assert.deepEqual([await hanko.isValid(tokens[0]), await hanko.isValid(tokens[1])], [false, true]);
    await admin.createSession(id);
    assert.deepEqual([await admin.deleteSessions(id), await admin.deleteSessions(id)], [2, 0]);
    assert.equal(await hanko.isValid(tokens[1]), false);
  });

  row("nobody is not_found, and what cannot be is argument_invalid", async (hanko) => {
    const admin = adminOf(hanko);
    const { id, emails } = await hanko.newUser();
    const calls = ["getUser", "getMetadata", "deleteUser", "listSessions", "createSession", "deleteSessions"];
    for (const name of calls) {
      await assert.rejects(admin[name](NOBODY), { code: "not_found" }, name);
      await assert.rejects(admin[name]("garbage"), { code: "argument_invalid" }, name);
    }
    await assert.rejects(admin.patchMetadata(NOBODY, {}), { code: "not_found" });
    await assert.rejects(admin.deleteSession(id, NOBODY), { code: "not_found" });
    for (const user of [{ emails: [primary(emails[0].address)] }, { emails: [primary("no mail")] }])
      await assert.rejects(admin.createUser(user), { code: "argument_invalid" });
  });

  row("a wrong address is response_invalid, not not_found", async (hanko) => {
    const { id } = await hanko.newUser();
    const admin = adminOf({ ...hanko, adminUrl: `${hanko.adminUrl}/nowhere` });
    // Not asked of sessions: there Hanko has the same words for an unknown user and an unknown route.
    const calls = [
      () => admin.getUser(id),
      () => admin.getMetadata(id),
      () => admin.createUser({ username: freshName() }),
    ];
    for (const call of calls) await assert.rejects(call, { code: "response_invalid" }, `${call}`);
  });
}
