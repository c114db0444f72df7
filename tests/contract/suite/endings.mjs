/** How sessions end, and that nothing tells why (`protocol/sessions.md` section 8). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, DELETION_COOKIE, deletesCookie } from "../support/answers.mjs";

/** Hanko's default of `session.limit`. */
const LIMIT = 5;

export function endings(row) {
  row("logout: 204 and the deletion cookie; then validate says no and the rest 401", async (hanko) => {
    const { token } = await hanko.signedIn();
    const answer = await hanko.ask("POST", "/logout", { token });
    assertAnswer(answer, 204);
    assert.deepEqual(answer.headers.getSetCookie(), [DELETION_COOKIE]);
    await assertEnded(hanko, token);
  });

  row("logout by cookie ends that session", async (hanko) => {
    const { token } = await hanko.signedIn();
    assert.equal((await hanko.ask("POST", "/logout", { cookie: token })).status, 204);
    await assertEnded(hanko, token);
  });

  row("logout ends the header's session only, and a bad header's cookie", async (hanko) => {
    const [one, two, three] = [await hanko.signedIn(), await hanko.signedIn(), await hanko.signedIn()];
    assert.ok(deletesCookie(await hanko.ask("POST", "/logout", { token: one.token, cookie: two.token })));
    assert.deepEqual([await hanko.isValid(one.token), await hanko.isValid(two.token)], [false, true]);
    assert.ok(deletesCookie(await hanko.ask("POST", "/logout", { token: "garbage", cookie: three.token })));
    assert.equal(await hanko.isValid(three.token), false);
  });

  row("logout without a live session is 401, without the cookie", async (hanko) => {
    for (const given of [{}, { token: "garbage" }, { cookie: "garbage" }]) {
      const answer = await hanko.ask("POST", "/logout", given);
      assertBareFailure(answer, 401);
      assert.equal(deletesCookie(answer), false);
    }
  });

  row("ended by an administrator", async (hanko) => {
    const { userId, token, sessionId } = await hanko.signedIn();
    assertAnswer(await hanko.admin("DELETE", `/users/${userId}/sessions/${sessionId}`), 204);
    await assertEnded(hanko, token);
  });

  row("deleting the user ends every session", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const second = await hanko.newSession(userId);
    assertAnswer(await hanko.admin("DELETE", `/users/${userId}`), 204);
    for (const ended of [token, second.token]) await assertEnded(hanko, ended);
  });

  row(`past the limit of ${LIMIT} the oldest by creation goes, even if just used`, async (hanko, t) => {
    const { userId, token } = await hanko.signedIn();
    const tokens = [token];
    for (let more = 1; more < LIMIT; more++) tokens.push((await hanko.newSession(userId)).token);
    for (const one of tokens) assert.equal(await hanko.isValid(one), true);
    assert.equal((await hanko.ask("GET", "/me", { token })).status, 200);
    tokens.push((await hanko.newSession(userId)).token);
    if (await hanko.isValid(token)) return t.skip(`session.limit is above ${LIMIT} at this server`);
    const live = await Promise.all(tokens.map((one) => hanko.isValid(one)));
    assert.deepEqual(live, [false, ...Array(LIMIT).fill(true)]);
  });

  row(
    "authenticate: an ended session is session_ended when Hanko is asked, and signed in by keys alone",
    async (hanko) => {
      for (const end of [byLogout, byAdmin, byDeletion]) {
        const session = await hanko.signedIn();
        const client = hanko.client({ mode: "remote" });
        assert.equal((await client.authenticate(session.token)).status, "signed-in");
        await end(hanko, session);
        const auth = await client.authenticate(session.token);
        assert.deepEqual([auth.status, auth.code], ["signed-out", "session_ended"], end.name);
        assert.equal((await client.authenticate(session.token, { mode: "local" })).status, "signed-in");
        assert.deepEqual(await client.validateSession(session.token), { is_valid: false });
      }
    },
  );

  row("authenticate: hybrid believes its last yes for revalidateAfter, then sees the end", async (hanko) => {
    for (const end of [byLogout, byAdmin]) {
      const session = await hanko.signedIn();
      const client = hanko.client({ mode: "hybrid", revalidateAfter: 1 });
      assert.equal((await client.authenticate(session.token)).status, "signed-in");
      await end(hanko, session);
      await hanko.wait(1.1);
      const auth = await client.authenticate(session.token);
      assert.deepEqual([auth.status, auth.code], ["signed-out", "session_ended"], end.name);
    }
  });
}

const byLogout = (hanko, { token }) => hanko.ask("POST", "/logout", { token });
const byAdmin = (hanko, { userId, sessionId }) => hanko.admin("DELETE", `/users/${userId}/sessions/${sessionId}`);
const byDeletion = (hanko, { userId }) => hanko.admin("DELETE", `/users/${userId}`);

async function assertEnded(hanko, token) {
  assertAnswer(await hanko.validate(token), 200, { is_valid: false });
  for (const given of [{ token }, { cookie: token }])
    assertAnswer(await hanko.ask("GET", "/sessions/validate", given), 200, { is_valid: false });
  assertBareFailure(await hanko.ask("GET", "/me", { token }), 401);
  assertBareFailure(await hanko.ask("POST", "/logout", { token }), 401);
  assert.equal((await hanko.ask("POST", "/profile", { token })).json.error.code, "unauthorized");
}
