/** The idle time: who renews it, and what passes when it is up (`protocol/sessions.md` section 8). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, assertFlowFailure, deletesCookie } from "../support/answers.mjs";

export function idle(row) {
  const idleRow = (name, run) => row.needs("idle", name, run);
  const idleRowOn = (version, name, run) => row.needs("idle", name, run, version);

  idleRow("POST validate, /me and POST /profile renew it, GET validate does not", async (hanko) => {
    const { token } = await hanko.signedIn();
    const asks = { "GET /sessions/validate": false, "GET /me": true, "POST /profile": true };
    for (const [ask, renews] of Object.entries(asks)) {
      const before = await idleEnd(hanko, token);
      await hanko.wait(0.2);
      await hanko.ask(...ask.split(" "), { token });
      assert.equal((await idleEnd(hanko, token)) > before, renews, ask);
    }
    const before = await idleEnd(hanko, token);
    await hanko.wait(0.2);
    const told = Date.parse((await hanko.validate(token)).json.idle_expires_at);
    assert.ok(told > before);
    assert.equal(await idleEnd(hanko, token), told);
  });

  idleRowOn("2.7", "/users/{id} renews it too", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const before = await idleEnd(hanko, token);
    await hanko.wait(0.2);
    assert.equal((await hanko.ask("GET", `/users/${userId}`, { token })).status, 200);
    assert.ok((await idleEnd(hanko, token)) > before);
  });

  for (const [method, path, status] of [
    ["GET", "/sessions/validate", 200],
    ["GET", "/me", 401],
    ["POST", "/logout", 401],
  ]) {
    idleRow(`when it is up, ${method} ${path} ends the session: the deletion cookie comes once`, async (hanko) => {
      const { token } = await hanko.signedIn();
      await pastIdle(hanko);
      const first = await hanko.ask(method, path, { token });
      const second = await hanko.ask(method, path, { token });
      assert.deepEqual([first.status, second.status], [status, status]);
      assert.equal(first.text, second.text);
      assert.deepEqual([deletesCookie(first), deletesCookie(second)], [true, false]);
      assert.equal(await hanko.isValid(token), false);
    });
  }

  idleRow("when it is up, POST validate ends the session: the deletion cookie comes once", async (hanko) => {
    const { token } = await hanko.signedIn();
    await pastIdle(hanko);
    const answers = [await hanko.validate(token), await hanko.validate(token)];
    for (const answer of answers) assertAnswer(answer, 200, { is_valid: false });
    assert.deepEqual(answers.map(deletesCookie), [true, false]);
  });

  idleRowOn("2.7", "when it is up, POST /profile is 401", async (hanko) => {
    const { token } = await hanko.signedIn();
    await pastIdle(hanko);
    for (let time = 0; time < 2; time++)
      assertFlowFailure(await hanko.ask("POST", "/profile", { token }), 401, "unauthorized");
    assert.equal(await hanko.isValid(token), false);
  });

  idleRowOn("3.0", "when it is up, POST /profile gets no answer, and the next one 401", async (hanko) => {
    const { token } = await hanko.signedIn();
    await pastIdle(hanko);
    await assert.rejects(hanko.ask("POST", "/profile", { token }), TypeError);
    assertFlowFailure(await hanko.ask("POST", "/profile", { token }), 401, "unauthorized");
    assert.equal(await hanko.isValid(token), false);
  });

  idleRow("an idled-out header and a live cookie: valid, and the cookie is deleted all the same", async (hanko) => {
    const one = await hanko.signedIn();
    await pastIdle(hanko);
    const two = await hanko.newSession(one.userId);
    const given = { token: one.token, cookie: two.token };
    const first = await hanko.ask("GET", "/sessions/validate", given);
    assert.deepEqual([first.json.is_valid, first.json.claims.session_id], [true, two.sessionId]);
    assert.deepEqual(
      [deletesCookie(first), deletesCookie(await hanko.ask("GET", "/sessions/validate", given))],
      [true, false],
    );
  });

  idleRow("the package: validateSession renews, and an idled-out session is session_ended", async (hanko) => {
    const { token } = await hanko.signedIn();
    const before = await idleEnd(hanko, token);
    await hanko.wait(0.2);
    const status = await hanko.client().validateSession(token);
    assert.ok(Date.parse(status.idle_expires_at) > before);
    await pastIdle(hanko);
    const auth = await hanko.client({ mode: "remote" }).authenticate(token);
    assert.deepEqual([auth.status, auth.code], ["signed-out", "session_ended"]);
    assertBareFailure(await hanko.ask("GET", "/me", { token }), 401);
  });
}

const pastIdle = (hanko) => hanko.wait(hanko.idleTimeout + 0.5);

/** GET does not renew, so it can look. */
async function idleEnd(hanko, token) {
  return Date.parse((await hanko.ask("GET", "/sessions/validate", { token })).json.idle_expires_at);
}
