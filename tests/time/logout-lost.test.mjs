/** A logout that was sent, and of which nobody knows what became: Hanko's last yes counts no more, and an outage signs nobody out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { BY_HANKO, brief, clientOf, counted, serverWithSession, signedOut, unavailable } from "./support/hanko.mjs";

const LOGOUT = "/logout";

/** A session of which Hanko said yes just now. */
async function believed(options) {
  const known = await serverWithSession();
  const hanko = clientOf(known.server, { mode: "hybrid", timeout: 300, ...options });
  assert.deepEqual(brief(await hanko.authenticate(known.token)), BY_HANKO);
  const look = async () => {
    const { result, asks } = await counted(known.server, () => hanko.authenticate(known.token));
    return [brief(result), asks];
  };
  const logout = (options) => hanko.logout({ token: known.token, ...options }).then(String, ({ code }) => code);
  return { ...known, hanko, look, logout };
}

const LOST = [
  ["cut", { afterApply: true }, "network_error"],
  ["500", { afterApply: true, status: 500 }, "server_error"],
  ["429", { afterApply: true, status: 429 }, "rate_limited"],
  ["a page of HTML", { afterApply: true, status: 200, body: "<!doctype html>" }, "response_invalid"],
  ["too late", { afterApply: true, delayMs: 1000 }, "request_timeout"],
];

for (const cacheSize of [1000, 0]) {
  for (const [name, how, code] of LOST) {
    test(`the answer ${name}, cacheSize ${cacheSize}: Hanko is asked, and says that the session has ended`, async () => {
      const { server, look, logout } = await believed({ cacheSize });
      server.break(how, LOGOUT);
      assert.equal(await logout(), code);
      assert.deepEqual(await look(), [signedOut("session_ended"), 2]);
    });
  }
}

test("the request lost: Hanko is asked, and says that the session lives", async () => {
  const { server, look, logout } = await believed();
  server.break({ reset: true }, LOGOUT);
  assert.equal(await logout(), "network_error");
  assert.deepEqual(await look(), [BY_HANKO, 1]);
  assert.deepEqual(await look(), [BY_HANKO, 0], "which is a new yes");
});

test("the caller gives up while it is under way", async () => {
  const { server, look, logout } = await believed();
  server.break({ afterApply: true, delayMs: 100 }, LOGOUT);
  const controller = new AbortController();
  const lost = logout({ signal: controller.signal });
  await delay(20);
  controller.abort();
  assert.equal(await lost, "request_aborted");
  assert.deepEqual(await look(), [signedOut("session_ended"), 2]);
});

test("while it is under way, and where its caller has gone without a word, Hanko is asked", async () => {
  const { server, look, logout } = await believed();
  server.break({ afterApply: true, delayMs: 100 }, LOGOUT);
  const lost = logout();
  await delay(20);
  assert.deepEqual(await look(), [signedOut("session_ended"), 2]);
  await lost;
});

for (const [name, prepare] of [
  ["an ask", believed],
  ["the first ask ever", serverWithSession],
]) {
  test(`${name} that began before it, and its yes comes after: Hanko is asked again`, async () => {
    const { server, token } = await prepare();
    const hanko = clientOf(server, { mode: "hybrid" });
    let answer;
    const held = new Promise((resolve) => (answer = resolve));
    const slow = clientOf(server, {
      mode: "remote",
      fetch: async (request) => {
        const response = await server.fetch(request);
        if (request.url.endsWith("/sessions/validate")) await held;
        return response;
      },
    });
    const early = slow.authenticate(token);
    await delay(50);
    server.break({ afterApply: true }, LOGOUT);
    await assert.rejects(hanko.logout({ token }), { code: "network_error" });
    answer();
    assert.deepEqual(brief(await early), BY_HANKO, "it asked before");
    const { result, asks } = await counted(server, () => hanko.authenticate(token));
    assert.deepEqual([brief(result), asks], [signedOut("session_ended"), 2]);
  });
}

for (const [name, how, code] of [
  ["its database is away", undefined, "server_error"],
  ["it cannot be reached", { reset: true }, "network_error"],
]) {
  test(`Hanko is down, ${name}: unavailable, neither signed in by the last yes nor signed out`, async () => {
    const { server, look, logout } = await believed();
    if (how) server.break(how);
    else server.setOutage("database-away");
    assert.equal(await logout(), code);
    assert.deepEqual((await look())[0], unavailable(code));
    server.heal();
    server.setOutage(null);
    assert.deepEqual((await look())[0], BY_HANKO);
  });
}

test("a forged token's logout, whatever becomes of it, makes nobody ask", async () => {
  const { server, hanko, token, look } = await believed();
  const forged = `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(342)}`;
  for (const how of [{ reset: true }, { status: 503 }, {}]) {
    server.break(how, LOGOUT);
    await hanko.logout({ token: forged }).catch(() => undefined);
    server.heal();
    assert.deepEqual(await look(), [BY_HANKO, 0]);
  }
});
