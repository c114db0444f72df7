// What `webhookRoute` is given wrongly.
import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { test } from "node:test";

import { webhookRoute } from "hanko-edge/webhooks";

import { CANARY } from "../conformance/support/wrong-options.mjs";
import { misused } from "../misused.mjs";

const client = { verifyWebhook() {} };

test("a wrong option is named, an unknown one unless its name may be a secret", () => {
  const wrong = [
    [{ onEvents: () => {} }, /^option onEvents is unknown$/],
    [{ [CANARY]: 1 }, /^an option is unknown$/],
    [{ onEvent: CANARY }, /^option onEvent must be a function$/],
    [{ seen: { has() {} } }, /^option seen must be an object with the functions add$/],
    [{ revocations: { isRevoked() {} } }, /^option revocations must be an object/],
    ...[0, 1.5, NaN, "60", 3_155_760_001, 1e12, null].map((sessionLifespan) => [
      { sessionLifespan },
      /^option sessionLifespan must be/,
    ]),
    [null, /^the options must be an object$/],
    [7, /^the options must be an object$/],
    [
      Object.defineProperty({}, "onEvent", { enumerable: true, get: () => assert.fail(CANARY) }),
      /^the options must be an object$/,
    ],
    [[], /^the options must be an object$/],
  ];
  for (const [options, message] of wrong)
    assert.throws(() => webhookRoute(client, options), misused("config_invalid", message));
});

test("a session's longest life is a second to a hundred years", () => {
  for (const sessionLifespan of [1, 3_155_760_000, undefined])
    assert.equal(typeof webhookRoute(client, { sessionLifespan }), "function");
});

test("what is no client is refused", () => {
  for (const wrong of [undefined, null, {}, CANARY, { verifyWebhook: CANARY }])
    assert.throws(() => webhookRoute(wrong), misused("argument_invalid", /a client of createHanko/));
});

test("what is no Request is refused, that of node:http included", async () => {
  const ofNode = Object.assign(Object.create(IncomingMessage.prototype), { method: "POST", headers: {} });
  for (const wrong of [undefined, null, {}, CANARY, { method: "POST" }, ofNode])
    await assert.rejects(webhookRoute(client)(wrong), misused("argument_invalid", /first argument must be a Request/));
});
