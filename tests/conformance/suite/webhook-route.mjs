import { assertHankoError, failureOf } from "../support/outcomes.mjs";

const URL = "https://app.example/hooks/hanko";

export function webhookRoute(QUnit, { hanko, stores, testing, webhooks }) {
  QUnit.module("webhook route");

  async function setUp(options) {
    const server = await testing.createTestHanko();
    const revocations = stores.memoryRevocations();
    const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, mode: "local", revocations });
    const told = [];
    const onEvent = (event) => void told.push(event);
    const route = webhooks.webhookRoute(client, { revocations, onEvent, ...options });
    const post = async (body) => route(new Request(URL, { method: "POST", body }));
    const deliver = async (event, data) => post(JSON.stringify(await server.createWebhook(event, data)));
    return { server, client, route, post, deliver, told };
  }

  QUnit.test("a session that ended at Hanko is refused from the next call on, others go on", async (assert) => {
    const { server, client, deliver, told } = await setUp();
    const { user_id } = await server.createUser();
    const [one, other] = [await server.createSession(user_id), await server.createSession(user_id)];
    assert.strictEqual((await client.authenticate(one.token)).status, "signed-in");
    const expires_at = new Date(Date.now() + 3600_000).toISOString();
    const data = { id: one.sessionId, user_id, expires_at };
    const response = await deliver("session.delete.explicit.logout", data);
    assert.deepEqual([response.status, await response.text()], [204, ""]);
    assert.strictEqual((await client.authenticate(one.token)).code, "session_ended");
    assert.strictEqual((await client.authenticate(other.token)).status, "signed-in");
    assert.deepEqual(told[0].data, data);
    assert.strictEqual((await deliver("user.delete", { id: user_id })).status, 204);
    assert.strictEqual((await client.authenticate(other.token)).code, "session_ended");
    assert.strictEqual(told.length, 2);
  });

  QUnit.test("a replay is 204 and is told once, what is no webhook is told never", async (assert) => {
    const { server, post, told, route } = await setUp();
    const body = JSON.stringify(await server.createWebhook("user.login", { id: crypto.randomUUID() }));
    const statuses = [];
    for (const response of await Promise.all([post(body), post(body), post(body)])) statuses.push(response.status);
    assert.deepEqual([statuses, told.length], [[204, 204, 204], 1]);
    const { token } = await server.createSession(crypto.randomUUID());
    for (const [status, text] of [
      [400, ""],
      [400, "x"],
      [400, "[]"],
      [400, "null"],
      [400, '{"event":"user.delete"}'],
      [400, '{"token":1}'],
      [400, new Uint8Array([0x7b, 0xff, 0x7d])],
      [401, '{"token":""}'],
      [401, `{"token":"${body.split('"')[3]}x"}`],
      [401, JSON.stringify({ token })],
      [413, " ".repeat(262_145)],
    ]) {
      assert.strictEqual((await post(text)).status, status, String(text).slice(0, 40));
    }
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
      const response = await route(new Request(URL, { method }));
      assert.deepEqual([response.status, response.headers.get("allow")], [405, "POST"], method);
    }
    assert.strictEqual(told.length, 1);
  });

  QUnit.test("Hanko or the list away is 503, an onEvent that throws 500", async (assert) => {
    const { server, deliver } = await setUp();
    server.break({ status: 500 }, "/.well-known");
    const away = await deliver("user.login", { id: crypto.randomUUID() });
    assert.deepEqual([away.status, await away.json()], [503, { code: "keys_unavailable" }]);
    const failing = { isRevoked: () => false, revoke() {}, revokeUser: () => Promise.reject(new Error("away")) };
    const { deliver: deliverToList } = await setUp({ revocations: failing });
    const full = await deliverToList("user.delete", { id: crypto.randomUUID() });
    assert.deepEqual([full.status, await full.json()], [503, { code: "internal_error" }]);
    for (const onEvent of [() => Promise.reject(undefined), fail]) {
      const { deliver: deliverToWork } = await setUp({ onEvent });
      assert.strictEqual((await deliverToWork("user.login", { id: crypto.randomUUID() })).status, 500);
    }
  });

  QUnit.test("a route is checked when it is made", async (assert) => {
    const { client } = await setUp();
    const refuse = async (make, code) => assertHankoError(assert, hanko, await failureOf(assert, make), [code]);
    for (const no of [undefined, null, {}, "x"]) await refuse(() => webhooks.webhookRoute(no), "argument_invalid");
    for (const options of [
      null,
      [],
      "x",
      { onEvents: () => {} },
      { onEvent: {} },
      { revocations: {} },
      { revocations: null },
      { seen: {} },
      { seen: () => true },
      ...[0, -1, 1.5, NaN, Infinity, "60", 1e12].map((sessionLifespan) => ({ sessionLifespan })),
    ]) {
      await refuse(() => webhooks.webhookRoute(client, options), "config_invalid");
    }
    const route = webhooks.webhookRoute(client);
    await refuse(() => route(undefined), "argument_invalid");
    const read = new Request(URL, { method: "POST", body: "{}" });
    await read.text();
    await refuse(() => route(read), "argument_invalid");
  });
}

function fail() {
  throw new Error("no");
}
