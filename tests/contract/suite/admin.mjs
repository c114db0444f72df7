/** The Admin API: users and sessions (`protocol/sessions.md` section 10). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, assertFailure, NOBODY, TIME, UUID } from "../support/answers.mjs";
import { freshName, primary } from "../support/subject.mjs";
import { payloadOf } from "../support/tokens.mjs";
import { fullPerson } from "./users.mjs";

export function admin(row) {
  row("a user is made: 200, addresses in lower case, no user_id and no mfa_config", async (hanko) => {
    const user = await hanko.newUser({ emails: [primary(`A${crypto.randomUUID()}@Contract.Example`)] });
    const { id, created_at, updated_at, emails, ...others } = user;
    assert.deepEqual(others, {});
    assert.match(id, UUID);
    for (const time of [created_at, updated_at, emails[0].created_at, emails[0].updated_at]) assert.match(time, TIME);
    assert.equal(emails[0].address, emails[0].address.toLowerCase());
    assertAnswer(await hanko.admin("GET", `/users/${id}`), 200, user);
  });

  row("a user with an id and a time of one's own, and a username of one letter more", async (hanko) => {
    const [id, username] = [crypto.randomUUID(), freshName()];
    const made = await hanko.newUser({ id, username, created_at: "2020-01-02T03:04:05Z" });
    assert.deepEqual([made.id, made.created_at, "emails" in made], [id, "2020-01-02T03:04:05Z", false]);
    assert.deepEqual(Object.keys(made.username), ["id", "username", "created_at", "updated_at"]);
    assert.equal(made.username.username, username);
  });

  row("a user that cannot be: 400; one that is there: 409", async (hanko) => {
    const { id, emails } = await hanko.newUser();
    const post = (json) => hanko.admin("POST", "/users", { json });
    const secondary = { ...primary(), is_primary: false };
    const wrong = [{}, { emails: [] }, { username: "" }, { emails: [secondary] }, { emails: [primary(), primary()] }];
    wrong.push({ emails: [{ address: "no mail", is_primary: true }] }, { id: "garbage", username: freshName() }, []);
    for (const json of wrong) assertFailure(await post(json), 400, JSON.stringify(json));
    assertFailure(await post({ emails: [primary(emails[0].address)] }), 409);
    assertFailure(await post({ id, username: freshName() }), 409);
    for (const headers of [{}, { "content-type": "text/plain" }])
      assertBareFailure(await hanko.admin("POST", "/users", { headers, body: "{}" }), 415);
  });

  row("a user is read by any spelling of the id; 404 unknown, 400 no uuid", async (hanko) => {
    const user = await hanko.newUser();
    const spellings = [user.id.toUpperCase(), user.id.replaceAll("-", ""), `%7B${user.id}%7D`, `urn:uuid:${user.id}`];
    for (const id of spellings) assertAnswer(await hanko.admin("GET", `/users/${id}`), 200, user);
    assertAnswer(await hanko.admin("GET", `/users/${NOBODY}`), 404, { code: 404, message: "user not found" });
    assertFailure(await hanko.admin("GET", "/users/garbage"), 400);
    for (const path of ["/users/", `/users/${user.id}/`, `/user/${user.id}`, `//users/${user.id}`])
      assertBareFailure(await hanko.admin("GET", path), 404, path);
  });

  row("a full user: all metadata, username with its row, names", async (hanko) => {
    const { id, username, names } = await fullPerson(hanko);
    const { json } = await hanko.admin("GET", `/users/${id}`);
    assert.equal(json.username.username, username);
    for (const [name, value] of Object.entries(names)) assert.equal(json[name], value);
    const { public_metadata, private_metadata, unsafe_metadata } = json.metadata;
    assert.deepEqual(
      [public_metadata, private_metadata, unsafe_metadata],
      [{ plan: "pro" }, { crm: 7 }, { theme: "dark" }],
    );
    assert.deepEqual(
      json.emails.map(({ is_primary }) => is_primary),
      [false, true, false],
    );
    assert.equal("mfa_config" in json, false);
  });

  row("users are listed by pages, and found by id and by address", async (hanko) => {
    const { id, emails } = await hanko.newUser();
    for (const query of [`user_id=${id}`, `email=${emails[0].address}`]) {
      const found = await hanko.admin("GET", `/users?${query}`);
      assert.deepEqual(
        found.json.map((user) => user.id),
        [id],
      );
      assert.equal(found.headers.get("x-total-count"), "1");
    }
    const page = await hanko.admin("GET", "/users?per_page=1&page=1&sort_direction=desc");
    assert.equal(page.json.length, 1);
    assert.ok(Number(page.headers.get("x-total-count")) >= 1);
    for (const query of ["user_id=garbage", "page=x", "sort_direction=up"])
      assertFailure(await hanko.admin("GET", `/users?${query}`), 400, query);
  });

  row("names are patched, null clears, blank and other types are 400", async (hanko) => {
    const { id } = await hanko.newUser();
    const patch = (json, of = id) => hanko.admin("PATCH", `/users/${of}`, { json });
    const named = await patch({ name: "Ada L.", username: freshName() });
    assert.deepEqual([named.status, named.json.name], [200, "Ada L."]);
    assert.equal("name" in (await patch({ name: null })).json, false);
    assert.equal((await patch({})).status, 200);
    for (const json of [{ name: " " }, { name: 1 }, { given_name: "" }]) assertFailure(await patch(json), 400);
    assertAnswer(await patch({ name: "x" }, NOBODY), 404, { code: 404, message: "user not found" });
    assertFailure(await patch({ name: "x" }, "garbage"), 400);
  });

  row("a deleted user is gone: 204, then 404", async (hanko) => {
    const { id } = await hanko.newUser();
    const gone = await hanko.admin("DELETE", `/users/${id}`);
    assert.deepEqual([gone.status, gone.text], [204, ""]);
    for (const [method, path] of [
      ["DELETE", ""],
      ["GET", ""],
      ["GET", "/metadata"],
    ])
      assertAnswer(await hanko.admin(method, `/users/${id}${path}`), 404, { code: 404, message: "user not found" });
    assertBareFailure(await hanko.admin("GET", `/users/${id}/sessions`), 404);
    assertFailure(await hanko.admin("DELETE", "/users/garbage"), 400);
  });

  row("a session is made: a token of the session keys", async (hanko) => {
    const { id } = await hanko.newUser();
    const { token } = await hanko.newSession(id);
    const json = { user_id: id, user_agent: "Contract/1.0", ip_address: "203.0.113.7" };
    const made = await hanko.admin("POST", "/sessions", { json });
    assert.deepEqual(Object.keys(made.json), ["session_token"]);
    const second = payloadOf(made.json.session_token).session_id;
    const { json: listed } = await hanko.admin("GET", `/users/${id}/sessions`);
    const [one, two] = [listed.find((s) => s.id === second), listed.find((s) => s.id === payloadOf(token).session_id)];
    assert.deepEqual([one.user_agent, one.ip_address], ["Contract/1.0", "203.0.113.7"]);
    assert.deepEqual([two.user_agent, two.ip_address, two.user_id], [null, null, id]);
    for (const name of ["created_at", "updated_at", "expires_at", "last_used"]) assert.match(two[name], TIME);
    assert.equal(Math.floor(Date.parse(two.expires_at) / 1000), payloadOf(token).exp);
  });

  row("a session for nobody is 404, for no uuid 400", async (hanko) => {
    const { id } = await hanko.newUser();
    const post = (json) => hanko.admin("POST", "/sessions", { json });
    assertAnswer(await post({ user_id: NOBODY }), 404, { code: 404, message: "user not found" });
    const wrong = [{}, { user_id: "" }, { user_id: "garbage" }, { user_id: 1 }, { user_id: null }, []];
    wrong.push({ user_id: id.replaceAll("-", "") }, { user_id: `{${id}}` }, { user_id: id, ip_address: "no address" });
    for (const json of wrong) assertFailure(await post(json), 400, JSON.stringify(json));
    assertBareFailure(await hanko.admin("POST", "/sessions", { body: "{}" }), 415);
    assertBareFailure(await hanko.admin("GET", "/sessions"), 404);
  });

  row.only("2.7", "an upper-case user id at POST /sessions is 400", async (hanko) => {
    const { id } = await hanko.newUser({ username: freshName(), id: "ABCDEF00-0000-4000-8000-".concat(hex(12)) });
    assertFailure(await hanko.admin("POST", "/sessions", { json: { user_id: id.toUpperCase() } }), 400);
  });

  row.only("3.0", "an upper-case user id at POST /sessions is taken", async (hanko) => {
    const { id } = await hanko.newUser({ username: freshName(), id: "ABCDEF00-0000-4000-8000-".concat(hex(12)) });
    assertAnswer(await hanko.admin("POST", "/sessions", { json: { user_id: id.toUpperCase() } }), 200);
  });

  row("sessions are listed, none as []", async (hanko) => {
    const { id } = await hanko.newUser();
    assertAnswer(await hanko.admin("GET", `/users/${id}/sessions`), 200, []);
    const made = [await hanko.newSession(id), await hanko.newSession(id)].map(({ sessionId }) => sessionId);
    const { json } = await hanko.admin("GET", `/users/${id}/sessions`);
    assert.deepEqual(json.map((session) => session.id).sort(), made.sort());
    assertBareFailure(await hanko.admin("GET", `/users/${NOBODY}/sessions`), 404);
    assertFailure(await hanko.admin("GET", "/users/garbage/sessions"), 400);
  });

  row("a session is deleted: 204, then 404; another user's is 404; no uuid is 400", async (hanko) => {
    const [one, two] = [await hanko.signedIn(), await hanko.signedIn()];
    const remove = (user, session) => hanko.admin("DELETE", `/users/${user}/sessions/${session}`);
    assertBareFailure(await remove(one.userId, two.sessionId), 404);
    assertAnswer(await remove(one.userId, one.sessionId), 204);
    assertBareFailure(await remove(one.userId, one.sessionId), 404);
    assertBareFailure(await remove(one.userId, NOBODY), 404);
    assertBareFailure(await remove(NOBODY, two.sessionId), 404);
    assertFailure(await remove(one.userId, "garbage"), 400);
    assertFailure(await remove("garbage", two.sessionId), 400);
    assert.equal(await hanko.isValid(two.token), true);
  });

  row("public routes are not here, and these not there", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    for (const path of ["/me", "/.well-known/jwks.json", "/sessions/validate", "/profile"])
      assertBareFailure(await hanko.admin("GET", path), 404, path);
    assertBareFailure(await hanko.ask("POST", "/sessions", { token, json: { user_id: userId } }), 404);
    assertBareFailure(await hanko.ask("GET", "/users", { token }), 404);
    for (const method of ["HEAD", "PUT", "OPTIONS"])
      assert.equal((await hanko.admin(method, `/users/${userId}`)).status, 404, method);
  });
}

function hex(length) {
  return crypto.randomUUID().replaceAll("-", "").slice(0, length);
}
