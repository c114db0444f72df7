/** The Admin API of the test server, beside what the replays compare. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createTestHanko } from "hanko-edge/testing";

import { UUID, beginFlow, get, isValid, signedIn } from "./support.mjs";

const json = { "content-type": "application/json" };
const credential = {
  ...{ id: "pk", public_key: "a", attestation_type: "none", aaguid: "0", created_at: "2026-01-02T03:04:05Z" },
  ...{ transports: ["internal"], backup_eligible: true, backup_state: true, mfa_only: false },
};

async function send(hanko, method, path, body) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await get(hanko, `/admin${path}`, {
    method,
    ...(body !== undefined && { body: text, headers: json }),
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text: answer,
    ...(answer && { body: JSON.parse(answer) }),
  };
}

test("a user is made, read in any spelling of the id, changed, found, and deleted with his sessions", async () => {
  const hanko = await createTestHanko();
  const emails = [{ address: "Ada@example.com", is_primary: true, is_verified: true }];
  const made = await send(hanko, "POST", "/users", { emails, username: "Ada" });
  const { id } = made.body;
  assert.match(id, UUID);
  assert.deepEqual(Object.keys(made.body), ["id", "emails", "username", "created_at", "updated_at"]);
  assert.deepEqual(Object.keys(made.body.emails[0]).slice(1), [
    "address",
    "is_verified",
    "is_primary",
    "created_at",
    "updated_at",
  ]);
  assert.deepEqual([made.body.emails[0].address, made.body.username.username], ["ada@example.com", "Ada"]);
  for (const spelling of [id.toUpperCase(), id.replaceAll("-", ""), `%7B${id}%7D`, `urn:uuid:${id}`])
    assert.equal((await send(hanko, "GET", `/users/${spelling}`)).text, made.text);
  const changed = await send(hanko, "PATCH", `/users/${id}`, { name: "Ada L.", username: null });
  assert.deepEqual([changed.body.name, changed.body.username], ["Ada L.", undefined]);
  assert.equal((await send(hanko, "GET", "/users?email=ADA@example.com")).body[0].id, id);
  const { session_token: token } = (await send(hanko, "POST", "/sessions", { user_id: id })).body;
  assert.equal(await isValid(hanko, token), true);
  assert.equal((await send(hanko, "DELETE", `/users/${id}`)).status, 204);
  assert.equal(await isValid(hanko, token), false);
  assert.equal((await get(hanko, "/me", { headers: { authorization: `Bearer ${token}` } })).status, 401);
  assert.deepEqual((await send(hanko, "GET", `/users/${id}`)).body, { code: 404, message: "user not found" });
});

test("what createUser made is told in the Admin API's shape", async () => {
  const hanko = await createTestHanko();
  const identity = { id: "google-a", identity_id: crypto.randomUUID(), provider: "Google" };
  const emails = [
    { id: crypto.randomUUID(), address: "a@example.com", is_primary: true, is_verified: true, identities: [identity] },
  ];
  const { user_id } = await hanko.createUser({
    ...{ emails, identities: [identity], username: "ada", name: "Ada", picture: "any text" },
    ...{ passkeys: [credential], security_keys: [{ ...credential, id: "sk", mfa_only: true }] },
    mfa_config: { auth_app_set_up: true, totp_enabled: true, security_keys_enabled: true },
    metadata: { public_metadata: { role: "admin" }, unsafe_metadata: {} },
  });
  await send(hanko, "PATCH", `/users/${user_id}/metadata`, { private_metadata: { s: 1 } });
  const { body } = await send(hanko, "GET", `/users/${user_id}`);
  assert.deepEqual(Object.keys(body), [
    "id",
    "webauthn_credentials",
    "emails",
    "username",
    "created_at",
    "updated_at",
    "identities",
    "otp",
    "metadata",
    "name",
    "picture",
  ]);
  assert.deepEqual(
    body.webauthn_credentials.map(({ id, mfa_only }) => [id, mfa_only]),
    [
      ["pk", false],
      ["sk", true],
    ],
  );
  const [{ id, provider_id, provider_name, email_id }] = body.identities;
  assert.deepEqual(
    [id, provider_id, provider_name, email_id],
    [identity.identity_id, "google-a", "google", emails[0].id],
  );
  assert.deepEqual(body.metadata, { public_metadata: { role: "admin" }, private_metadata: { s: 1 } });
});

test("sessions: listed newest first, the expired left out; one too many ends the oldest; ended one by one", async () => {
  let now = Date.parse("2026-11-21T06:00:00Z");
  const { hanko, user, token } = await signedIn({ now: () => new Date(now), lifespan: 1000 });
  const path = `/users/${user.user_id}/sessions`;
  const tokens = [token];
  for (let made = 0; made < 5; made += 1) {
    now += 1000;
    tokens.push(
      (await send(hanko, "POST", "/sessions", { user_id: user.user_id, user_agent: `${made}` })).body.session_token,
    );
  }
  assert.deepEqual(await Promise.all(tokens.map((one) => isValid(hanko, one))), [false, true, true, true, true, true]);
  const { body } = await send(hanko, "GET", path);
  assert.deepEqual(
    body.map(({ user_agent }) => user_agent),
    ["4", "3", "2", "1", "0"],
  );
  assert.equal(body[0].created_at, "2026-11-21T06:00:05Z");
  assert.equal((await send(hanko, "DELETE", `${path}/${body[0].id}`)).status, 204);
  assert.equal((await send(hanko, "DELETE", `${path}/${body[0].id}`)).status, 404);
  assert.equal(await isValid(hanko, tokens[5]), false);
  now += 997_000;
  assert.deepEqual(
    (await send(hanko, "GET", path)).body.map(({ user_agent }) => user_agent),
    ["3", "2"],
  );
});

test("an id in upper case: 2.7 refuses it for sessions, 3.0 takes it", async () => {
  for (const [version, status] of [
    ["2.7", 400],
    ["3.0", 200],
  ]) {
    const { hanko, user } = await signedIn({ version });
    const id = user.user_id.toUpperCase();
    assert.equal((await send(hanko, "POST", "/sessions", { user_id: id })).status, status);
    assert.equal((await send(hanko, "GET", `/users/${id}/sessions`)).status, status);
    assert.equal((await send(hanko, "GET", `/users/${id}`)).status, 200);
  }
});

test("no CORS, no public route, no HEAD and no OPTIONS; with the database away 500", async () => {
  const { hanko, user, cookie } = await signedIn();
  const path = `/users/${user.user_id}`;
  const found = await send(hanko, "GET", path);
  assert.deepEqual([found.headers.get("vary"), found.headers.has("x-request-id")], [null, true]);
  for (const method of ["HEAD", "OPTIONS", "PUT"]) assert.equal((await send(hanko, method, path)).status, 404, method);
  assert.equal((await get(hanko, "/admin/me", { headers: { cookie } })).status, 404);
  assert.equal((await get(hanko, `${path}/metadata`)).status, 404);
  hanko.setOutage("database-away");
  assert.equal((await send(hanko, "GET", path)).status, 500);
  assert.equal((await send(hanko, "GET", `${path}/metadata`)).body.message, "could not fetch user");
});

test("a patch of the administrator's and one of the user's at once: the later write puts back what it had read", async () => {
  const { hanko, user, token } = await signedIn();
  const path = `/users/${user.user_id}/metadata`;
  const flow = await beginFlow(hanko, token);
  await flow.patch('{"k":0}');
  const undone = { public: 0, unsafe: 0 };
  for (let round = 1; round <= 200 && undone.public < 5; round += 1) {
    const patches = [
      () => send(hanko, "PATCH", path, { public_metadata: { round } }),
      () => flow.patch(`{"round":${round}}`),
    ];
    // The one that is sent first reads first, and writes first.
    const answers = await Promise.all((round % 2 ? patches : patches.reverse()).map((patch) => patch()));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    const { body } = await send(hanko, "GET", path);
    undone.public += body.public_metadata?.round === round ? 0 : 1;
    undone.unsafe += body.unsafe_metadata?.round === round ? 0 : 1;
  }
  assert.equal(undone.public, 5, `a user can undo what an administrator wrote: ${JSON.stringify(undone)}`);
});

test("metadata: every row that real servers were asked", async () => {
  const folder = new URL("../vectors/hanko-merge-server/", import.meta.url);
  const rows = JSON.parse(readFileSync(new URL("admin_outputs.json", folder), "utf8"));
  const asked = rows.filter(({ before_set_in }) => before_set_in !== "database");
  assert.deepEqual([rows.length, asked.length], [125, 123]);
  const hanko = await createTestHanko();
  for (const row of asked) await assertRow(hanko, row);
});

async function assertRow(hanko, row) {
  const { user_id } = await hanko.createUser();
  const path = `/users/${user_id}/metadata`;
  const before = await send(hanko, "PATCH", path, textOf(row.before));
  const kinds = Object.entries(row.before).filter(([, text]) => text !== null && text !== "{}");
  assert.equal(before.text.trimEnd(), kinds.length > 0 ? textOf(Object.fromEntries(kinds)) : "", row.id);
  const answer = await send(hanko, "PATCH", path, row.patch);
  assert.equal(answer.status, row.status, row.id);
  if (row.error && row.error_text !== "random order" && !row.error.message.includes("after object key"))
    assert.equal(answer.body.message, row.error.message, row.id);
  if (!row.error) assert.equal(answer.text.trimEnd(), row.after_shown ?? "", row.id);
  const shown = Object.entries(row.after).filter(([, text]) => text !== null && text !== "{}");
  const found = await send(hanko, "GET", path);
  assert.equal(found.text.trimEnd(), shown.length > 0 ? textOf(Object.fromEntries(shown)) : "", row.id);
}

function textOf(kinds) {
  return `{${Object.entries(kinds)
    .map(([kind, text]) => `"${kind}":${text}`)
    .join(",")}}`;
}
