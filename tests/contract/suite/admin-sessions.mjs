/** The Admin API: sessions (`protocol/sessions.md` section 10). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, assertFailure, NOBODY, TIME } from "../support/answers.mjs";
import { freshName } from "../support/subject.mjs";
import { payloadOf } from "../support/tokens.mjs";

export function adminSessions(row) {
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
    await hanko.admin("POST", "/sessions", { json: { user_id: id, user_agent: "", ip_address: "" } });
    const { json: all } = await hanko.admin("GET", `/users/${id}/sessions`);
    const blank = all.find((s) => s.id !== one.id && s.id !== two.id);
    assert.deepEqual([blank.user_agent, blank.ip_address], [null, null]);
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
}

function hex(length) {
  return crypto.randomUUID().replaceAll("-", "").slice(0, length);
}
