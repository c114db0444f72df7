/** Tokens of keys that nobody here knows: what they cost while the key document is on its way, and that a rotation is no logout. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { createHanko } from "hanko-edge";
import { webhookRoute } from "hanko-edge/webhooks";
import { clock } from "./support/clock.mjs";
import { SIGNED_IN, brief, clientOf, counted, serverWithSession, signedOut, unavailable } from "./support/hanko.mjs";
import { withHeader } from "./support/tokens.mjs";

const stranger = (token, at) => withHeader(token, { kid: `kid ${at}` });

test("a rotation while the keys are fetched for another kid is no logout", async () => {
  const { server, userId, token } = await serverWithSession();
  let held;
  const fetch = async (request) => {
    const answer = await server.fetch(request);
    await held; // What the server said is older than what follows.
    return answer;
  };
  const hanko = clientOf(server, { fetch });
  await hanko.authenticate(token);
  clock.advance(31);
  let release;
  held = new Promise((resolve) => (release = resolve));
  const early = hanko.authenticate(stranger(token, 0));
  await delay(50);
  clock.advance(1);
  await server.rotateKeys();
  const fresh = await server.createSession(userId);
  const late = hanko.authenticate(fresh.token);
  await delay(50);
  release();
  assert.deepEqual(brief(await early), signedOut("key_not_found"));
  const told = await late;
  assert.deepEqual(brief(told), unavailable("keys_unavailable"));
  clock.advance(told.retryAfter);
  assert.deepEqual(brief(await hanko.authenticate(fresh.token)), SIGNED_IN);
});

test("who hangs up while the keys are fetched for his kid costs nobody the key; the second has its pause", async () => {
  const { server, userId, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  clock.advance(31);
  await server.rotateKeys({ keepOld: true });
  const fresh = await server.createSession(userId);
  server.break({ delayMs: 100 });
  const hangUp = (of, others = 0) =>
    counted(server, async () => {
      const client = new AbortController();
      const calls = [hanko.authenticate(of, { signal: client.signal })];
      while (calls.length <= others) calls.push(hanko.authenticate(fresh.token));
      await delay(30);
      client.abort();
      return (await Promise.all(calls)).map(brief);
    });
  const gone = unavailable("request_aborted");
  const { result, keys } = await hangUp(fresh.token, 5);
  assert.deepEqual([result, keys], [[gone, ...Array(5).fill(SIGNED_IN)], 2]);
  clock.advance(31);
  const again = async (at) => (await hangUp(stranger(token, at))).keys;
  assert.deepEqual([await again(1), await again(2), await again(3)], [1, 1, 0]);
  clock.advance(31);
  assert.deepEqual([await again(4), await again(5)], [1, 0], "one is taken back until a fetch is good");
});

test("a webhook of a new key within 30 s of a fetch is answered 503, later it is read", async () => {
  const { server, userId, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  await server.rotateKeys({ keepOld: true });
  const webhook = await server.createWebhook("user.login", { id: userId });
  const body = JSON.stringify(webhook);
  const post = () => webhookRoute(hanko, {})(new Request("https://app.example/hook", { method: "POST", body }));
  clock.advance(29);
  assert.equal((await post()).status, 503);
  clock.advance(1);
  assert.equal((await post()).status, 204);
});

test("the key server hangs, and unknown kids come all the time: one request in 30 s", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { timeout: 500 });
  await hanko.authenticate(token);
  clock.advance(30);
  server.break({ hang: true });
  const { result, keys } = await counted(server, async () => {
    const calls = [];
    for (let at = 0; at < 30; at++) {
      calls.push(hanko.authenticate(stranger(token, at)));
      clock.advance(0.05);
      await delay(50);
    }
    return Promise.all(calls);
  });
  assert.equal(keys, 1);
  for (const { status } of result) assert.equal(status, "unavailable");
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
});

test("a store that knows one kid, and 200 calls with others at once: one request", async () => {
  const { server, token } = await serverWithSession();
  let text;
  await clientOf(server, {
    keyStore: { get: async () => undefined, put: async (_, kept) => void (text = kept) },
  }).authenticate(token);
  const apiUrl = `${server.apiUrl}/cold`;
  const fetch = (request) => server.fetch(new Request(request.url.replace(apiUrl, server.apiUrl), request));
  const keyStore = { get: async () => (await delay(20), text.replace(server.apiUrl, apiUrl)), put: async () => {} };
  const hanko = createHanko({ apiUrl, fetch, mode: "local", keyStore });
  server.break({ delayMs: 30 });
  const { result, keys } = await counted(server, () =>
    Promise.all(
      [token, ...Array.from({ length: 200 }, (_, at) => stranger(token, at))].map((one) => hanko.authenticate(one)),
    ),
  );
  assert.deepEqual([brief(result[0]), keys], [SIGNED_IN, 1]);
  for (const auth of result.slice(1)) assert.match(auth.code, /^(key_not_found|keys_unavailable)$/);
});
