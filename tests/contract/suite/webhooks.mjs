/** Webhooks, delivered to a receiver of this suite's (`protocol/sessions.md` section 9). */
import assert from "node:assert/strict";

import { memoryRevocations } from "hanko-edge/stores";
import { webhookRoute } from "hanko-edge/webhooks";

import { assertBareFailure, assertFailure, assertFlowFailure } from "../support/answers.mjs";
import { withReceiver } from "../support/receiver.mjs";
import { primary } from "../support/subject.mjs";
import { headerOf, payloadOf } from "../support/tokens.mjs";

const about = (event, id) => (body) => body.event === event && payloadOf(body.token).data.id === id;

export function webhooks(row) {
  const hookRow = (name, run) => row.needs("webhooks", name, run);

  row("a hook is made, read and removed; a wrong one is 400, an unknown one 404", async (hanko) => {
    const hook = { callback: "https://contract.example/hook", events: ["user.create", "user.delete"] };
    const { status, json } = await hanko.admin("POST", "/webhooks", { json: hook });
    const { id, callback, enabled, failures, events } = json;
    assert.deepEqual([status, callback, enabled, failures], [201, hook.callback, true, 0]);
    assert.deepEqual(events.map(({ event }) => event).sort(), hook.events);
    assert.deepEqual((await hanko.admin("GET", `/webhooks/${id}`)).json.callback, hook.callback);
    assert.equal((await hanko.admin("DELETE", `/webhooks/${id}`)).status, 204);
    for (const method of ["GET", "DELETE"]) {
      assertFailure(await hanko.admin(method, `/webhooks/${id}`), 404);
      assertFailure(await hanko.admin(method, "/webhooks/garbage"), 400);
    }
    const wrong = [{}, { callback: "x" }, { ...hook, events: [] }, { ...hook, events: ["nope"] }];
    for (const one of wrong) assertFailure(await hanko.admin("POST", "/webhooks", { json: one }), 400);
  });

  hookRow("user.create and user.delete: a token of the session keys, with the Admin API's user", async (hanko) => {
    await withReceiver(hanko, ["user"], async (delivered) => {
      const user = await hanko.newUser({ emails: [primary()] });
      const created = await delivered(about("user.create", user.id));
      assert.deepEqual([created.method, created.headers["content-type"]], ["POST", "application/json"]);
      assert.deepEqual(Object.keys(JSON.parse(created.body)).sort(), ["event", "token"]);
      const keys = (await hanko.ask("GET", "/.well-known/jwks.json")).json.keys;
      assert.deepEqual(headerOf(created.token), { alg: "RS256", kid: keys.at(-1).kid, typ: "JWT" });
      const { data, iat, exp, aud, ...payload } = payloadOf(created.token);
      assert.deepEqual(payload, { sub: "hanko webhooks", evt: "user.create" });
      assert.deepEqual([exp - iat, Array.isArray(aud)], [300, true]);
      assert.deepEqual([data.id, data.emails[0].address], [user.id, user.emails[0].address]);
      await hanko.admin("DELETE", `/users/${user.id}`);
      assert.equal((await delivered(about("user.delete", user.id))).event, "user.delete");
    });
  });

  hookRow("metadata, patched by anybody, and sessions of a deleted user are not told", async (hanko) => {
    await withReceiver(hanko, ["user"], async (delivered, deliveries) => {
      const { userId, token } = await hanko.signedIn();
      await hanko.admin("PATCH", `/users/${userId}/metadata`, { json: { unsafe_metadata: { a: 1 } } });
      await hanko.ask("POST", "/logout", { token });
      await hanko.newSession(userId);
      await hanko.admin("DELETE", `/users/${userId}`);
      await delivered(about("user.delete", userId));
      const events = deliveries
        .map(({ body }) => JSON.parse(body))
        .filter((body) => payloadOf(body.token).data.id === userId);
      assert.deepEqual(events.map(({ event }) => event).sort(), ["user.create", "user.delete"]);
    });
  });

  hookRow("the package: a deleted user is told by webhook, and ended without another question", async (hanko) => {
    await withReceiver(hanko, ["user.delete"], async (delivered) => {
      const { userId, token } = await hanko.signedIn();
      const revocations = memoryRevocations();
      const client = hanko.client({ mode: "local", revocations });
      assert.equal((await client.authenticate(token)).status, "signed-in");
      await assert.rejects(client.verifyWebhook(token), { code: "not_webhook_token" });
      await hanko.admin("DELETE", `/users/${userId}`);
      const { body } = await delivered(about("user.delete", userId));
      const { event, data } = await client.verifyWebhook(body);
      assert.deepEqual([event, data.id], ["user.delete", userId]);
      assert.equal((await client.authenticate(token)).status, "signed-in", "nobody has revoked yet");
      const request = new Request("https://app.example/hook", { method: "POST", body });
      assert.equal((await webhookRoute(client, { revocations })(request)).status, 204);
      assert.equal((await client.authenticate(token)).code, "session_ended");
    });
  });

  hookRow("events of sessions are unknown, or an ended session is told, and ended by the package", async (hanko) => {
    const json = { callback: "https://contract.example/hook", events: ["session"] };
    const { status, json: made } = await hanko.admin("POST", "/webhooks", { json });
    if (status !== 201) return assert.equal(status, 400, "2.7.0, 3.0.4");
    await hanko.admin("DELETE", `/webhooks/${made.id}`);
    await withReceiver(hanko, ["session"], async (delivered) => {
      const [{ userId, token }, revocations] = [await hanko.signedIn(), memoryRevocations()];
      const { token: other } = await hanko.newSession(userId);
      const client = hanko.client({ mode: "local", revocations });
      const [id, otherId] = [token, other].map((text) => payloadOf(text).session_id);
      for (const one of [id, otherId]) await delivered(about("session.create.admin", one));
      await hanko.ask("POST", "/logout", { token });
      const { body } = await delivered(about("session.delete.explicit.logout", id));
      assert.equal((await client.authenticate(token)).status, "signed-in", "nobody has revoked yet");
      const request = new Request("https://app.example/hook", { method: "POST", body });
      assert.equal((await webhookRoute(client, { revocations })(request)).status, 204);
      assert.equal((await client.authenticate(token)).code, "session_ended");
      assert.equal((await client.authenticate(other)).status, "signed-in");
    });
  });

  hookRow("a webhook's token is no session: validate 400, everything else 401", async (hanko) => {
    await withReceiver(hanko, ["user.create"], async (delivered) => {
      const { userId, token: good } = await hanko.signedIn();
      const { token } = await delivered(about("user.create", userId));
      assertFailure(await hanko.validate(token), 400);
      for (const given of [{ token }, { cookie: token }, { token, cookie: good }])
        assertFailure(await hanko.ask("GET", "/sessions/validate", given), 400);
      assert.equal((await hanko.ask("GET", "/sessions/validate", { token: good, cookie: token })).json.is_valid, true);
      assertBareFailure(await hanko.ask("GET", "/me", { token }), 401);
      assert.equal((await hanko.ask("GET", "/me", { token, cookie: good })).json.id, userId);
      assertBareFailure(await hanko.ask("POST", "/logout", { token }), 401);
      assertFlowFailure(await hanko.ask("POST", "/profile", { token }), 401, "unauthorized");
      for (const mode of ["local", "remote"])
        assert.equal((await hanko.client({ mode }).authenticate(token)).code, "not_session_token");
    });
  });
}
