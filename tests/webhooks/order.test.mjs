// Verify, revoke, remember, tell: in this order, each once, and what stops where.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { createTestHanko } from "hanko-edge/testing";
import { webhookRoute } from "hanko-edge/webhooks";

import { bodyOf, eventOf, ISSUED_AT, post, recorded } from "./support.mjs";

const require = createRequire(import.meta.url);
const USER = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const body = bodyOf("user.delete", { id: USER });

test("the order is verify, revoke, remember, tell", async () => {
  const { route, done, names } = recorded();
  const response = await post(route, body);
  assert.deepEqual([response.status, await response.text()], [204, ""]);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual(names(), ["verify", "revokeUser", "remember", "tell"]);
  const { token } = JSON.parse(body);
  assert.deepEqual(done[0], ["verify", { token }, {}]);
  assert.deepEqual(done[2], ["remember", token, new Date(ISSUED_AT + 600_000)], "for as long as a token can live");
  assert.deepEqual(done[3], ["tell", eventOf(token, "user.delete", { id: USER })]);
});

test("each step is waited for", async () => {
  const ended = [];
  const slow = (name, answer) => async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ended.push(name);
    return answer;
  };
  const { route } = recorded({
    revocations: { isRevoked: () => false, revoke: slow("revoke"), revokeUser: slow("revokeUser") },
    seen: { add: slow("remember", true) },
    onEvent: slow("tell"),
  });
  assert.equal((await post(route, body)).status, 204);
  assert.deepEqual(ended, ["revokeUser", "remember", "tell"]);
});

test("a replay is revoked again, and is not told", async () => {
  const { route, names } = recorded({ seen: { add: () => false } });
  assert.equal((await post(route, body)).status, 204);
  assert.deepEqual(names(), ["verify", "revokeUser"]);
});

test("without a list nothing is revoked, without onEvent nothing is remembered unless a place is given", async () => {
  const without = recorded({ revocations: undefined });
  assert.equal((await post(without.route, body)).status, 204);
  assert.deepEqual(without.names(), ["verify", "remember", "tell"]);
  const untold = recorded({ onEvent: undefined });
  assert.equal((await post(untold.route, body)).status, 204);
  assert.deepEqual(untold.names(), ["verify", "revokeUser", "remember"]);
  const bare = recorded({ revocations: undefined, onEvent: undefined, seen: undefined });
  assert.equal((await post(bare.route, body)).status, 204);
  assert.deepEqual(bare.names(), ["verify"]);
});

test("a place for ids that fails, or says neither yes nor no, is 503, and nobody is told", async () => {
  const adds = [
    () => Promise.reject(new Error("away")),
    () => {
      throw undefined;
    },
    () => undefined,
    () => 1,
    async () => null,
    async () => "true",
  ];
  for (const add of adds) {
    const { route, names } = recorded({ seen: { add } });
    const response = await post(route, body);
    assert.deepEqual([response.status, await response.json()], [503, { code: "internal_error" }]);
    assert.deepEqual(names(), ["verify", "revokeUser"]);
  }
});

test("what verifyWebhook refuses is 401, what it cannot know is 503, and misuse rejects", async () => {
  const refusing = (error) => webhookRoute({ verifyWebhook: () => Promise.reject(error) });
  const denied = await post(refusing({ kind: "denied", code: "token_expired" }), body);
  assert.deepEqual([denied.status, await denied.json()], [401, { code: "token_expired" }]);
  assert.equal(denied.headers.get("content-type"), "application/json");
  const away = await post(refusing({ kind: "unavailable", code: "request_timeout" }), body);
  assert.deepEqual([away.status, await away.json()], [503, { code: "request_timeout" }]);
  for (const error of [{ kind: "misuse", code: "not_ready" }, new TypeError("no"), undefined]) {
    const rejected = await post(refusing(error), body).then(
      () => assert.fail("it answered"),
      (reason) => reason,
    );
    assert.equal(rejected, error);
  }
});

test("an onEvent that throws is 500, and the event is not told again", async () => {
  let tries = 0;
  const onEvent = () => {
    tries += 1;
    throw new Error("no");
  };
  const { route } = recorded({ onEvent, seen: undefined });
  const response = await post(route, body);
  assert.deepEqual([response.status, await response.text()], [500, ""]);
  assert.equal((await post(route, body)).status, 204);
  assert.equal(tries, 1);
});

test("in CommonJS, where each entry has its own classes, refusals are answers all the same", async () => {
  const { createHanko } = require("hanko-edge");
  const cjs = require("hanko-edge/webhooks");
  const server = await createTestHanko();
  const client = createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
  const route = cjs.webhookRoute(client);
  assert.equal((await post(route, JSON.stringify({ token: "x" }))).status, 401);
  const webhook = JSON.stringify(await server.createWebhook("user.login", { id: USER }));
  assert.equal((await post(route, webhook)).status, 204);
  const fresh = await createTestHanko();
  fresh.break({ reset: true });
  const down = cjs.webhookRoute(createHanko({ apiUrl: fresh.apiUrl, fetch: fresh.fetch }));
  assert.equal((await post(down, JSON.stringify(await fresh.createWebhook("user.login", { id: USER })))).status, 503);
});
