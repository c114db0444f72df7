/** Many calls at once about one session: in hybrid one of them asks Hanko, whoever began; in remote each does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import {
  BY_HANKO,
  BY_HANKO_STALE,
  brief,
  clientOf,
  counted,
  serverWithSession,
  signedOut,
  unavailable,
} from "./support/hanko.mjs";

const HERD = 1000;
const FEW = 100;
const ASK = "/sessions";
const BUSY_MS = 600;

/** A server, a session, and a hybrid client that has verified the token: what a herd costs then is the asking. */
async function hybrid(options = {}) {
  const known = await serverWithSession();
  const hanko = clientOf(known.server, { mode: "hybrid", ...options });
  await hanko.authenticate(known.token, { mode: "local" });
  const herd = (count = HERD) =>
    counted(known.server, () => Promise.all(Array.from({ length: count }, () => hanko.authenticate(known.token))));
  return { ...known, hanko, herd };
}

/** Each outcome, and how many calls had it. */
function outcomes(auths) {
  const all = {};
  for (const auth of auths) {
    const key = JSON.stringify(brief(auth));
    all[key] = (all[key] ?? 0) + 1;
  }
  return all;
}

const only = (outcome, count = HERD) => ({ [JSON.stringify(outcome)]: count });

for (const delayMs of [0, 1500]) {
  test(`first seen, a Hanko that takes ${delayMs} ms: one ask`, async () => {
    const { server, herd } = await hybrid();
    server.break({ delayMs }, ASK);
    const { result, asks, all } = await herd();
    assert.deepEqual([outcomes(result), asks, all], [only(BY_HANKO), 1, 1]);
  });
}

test("first seen, a Hanko that takes longer than revalidateAfter: one ask", async () => {
  const { server, herd } = await hybrid({ revalidateAfter: 1 });
  server.break({ delayMs: 1500 }, ASK);
  const { result, asks } = await herd(FEW);
  assert.deepEqual([outcomes(result), asks], [only(BY_HANKO, FEW), 1]);
});

test("first seen and cold, by clients made in every call: one key document and one ask", async () => {
  const { server, token } = await serverWithSession();
  server.break({ delayMs: 50 });
  const { result, keys, asks } = await counted(server, () =>
    Promise.all(Array.from({ length: HERD }, () => clientOf(server, { mode: "hybrid" }).authenticate(token))),
  );
  assert.deepEqual([outcomes(result), keys, asks], [only(BY_HANKO), 1, 1]);
});

test("first seen, and each of ten sessions is asked about once", async () => {
  const { server, hanko, userId } = await hybrid();
  server.break({ delayMs: 50 }, ASK);
  const made = await Promise.all(Array.from({ length: 10 }, () => server.createSession(userId)));
  const calls = made.flatMap(({ token }) => Array.from({ length: FEW }, () => token));
  const { result, asks } = await counted(server, () => Promise.all(calls.map((token) => hanko.authenticate(token))));
  assert.deepEqual([outcomes(result), asks], [only(BY_HANKO), 10]);
  for (const [at, auth] of result.entries()) assert.equal(auth.sessionId, made[Math.floor(at / FEW)].sessionId);
});

test("first seen, and the session has ended: three requests for all", async () => {
  const { server, sessionId, herd } = await hybrid();
  server.revokeSession(sessionId);
  server.break({ delayMs: 30 });
  const { result, all } = await herd();
  assert.deepEqual([outcomes(result), all], [only(signedOut("session_ended")), 3]);
});

for (const [name, how, code] of [
  ["503", { status: 503 }, "server_error"],
  ["429", { status: 429, headers: { "retry-after": "7" } }, "rate_limited"],
  ["no answer", { reset: true }, "network_error"],
  ["another person", { body: yesAbout("00000000-0000-4000-8000-000000000001") }, "response_invalid"],
]) {
  test(`first seen, ${name}: one ask, and its failure is everybody's`, async () => {
    const { server, herd } = await hybrid();
    server.break({ ...how, delayMs: 30 }, ASK);
    const { result, asks } = await herd();
    assert.deepEqual([outcomes(result), asks], [only(unavailable(code)), 1]);
    server.heal();
    const after = await herd(1);
    assert.deepEqual([outcomes(after.result), after.asks], [only(BY_HANKO, 1), 1], "nobody remembers it");
  });
}

function yesAbout(userId) {
  return JSON.stringify({ is_valid: true, user_id: userId, expiration_time: "2036-01-01T00:00:00Z", claims: {} });
}

test("a token that Hanko cannot read denies nobody but those who asked", async () => {
  const { server, hanko, token, userId } = await hybrid();
  const body = '{"code":400,"message":"failed to parse token claims: x"}';
  server.break({ status: 400, body, delayMs: 30, times: 1 }, ASK);
  const iat = Math.floor(Date.now() / 1000) - 5;
  const { token: other } = await server.createSession(userId, { claims: { session_id: sessionOf(token), iat } });
  const first = hanko.authenticate(token);
  const [denied, good] = await Promise.all([first, hanko.authenticate(other)]);
  assert.deepEqual([brief(denied), brief(good)], [signedOut("claims_malformed"), BY_HANKO]);
});

function sessionOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).session_id;
}

test("the caller who asks for the others gives up: another one asks", async () => {
  const { server, hanko, token } = await hybrid();
  server.break({ delayMs: 200 }, ASK);
  const controller = new AbortController();
  const { result, asks } = await counted(server, async () => {
    const first = hanko.authenticate(token, { signal: controller.signal });
    const others = Array.from({ length: FEW }, () => hanko.authenticate(token));
    while (!server.requests.some(({ path }) => path.startsWith(ASK))) await delay(5);
    controller.abort();
    return Promise.all([first, ...others]);
  });
  const [first, ...others] = result;
  assert.deepEqual(brief(first), unavailable("request_aborted"));
  assert.deepEqual([outcomes(others), asks], [only(BY_HANKO, FEW), 2]);
});

test("each has its own deadline: that of the one who asks ends nobody else", async () => {
  const { server, hanko, token } = await hybrid({ timeout: 3000 });
  const hasty = clientOf(server, { mode: "hybrid", timeout: 200 });
  server.break({ delayMs: 600 }, ASK);
  const { result, asks } = await counted(server, async () => {
    const first = hasty.authenticate(token);
    return Promise.all([first, ...Array.from({ length: FEW }, () => hanko.authenticate(token))]);
  });
  const [first, ...others] = result;
  assert.deepEqual(brief(first), unavailable("request_timeout"));
  assert.deepEqual([outcomes(others), asks], [only(BY_HANKO, FEW), 2]);
});

test("each has its own deadline: who waits does not wait past his", async () => {
  const { server, hanko, token } = await hybrid({ timeout: 3000 });
  const hasty = clientOf(server, { mode: "hybrid", timeout: 200 });
  server.break({ delayMs: 900 }, ASK);
  const began = performance.now();
  const timed = async (work) => ({ ...brief(await work), ms: performance.now() - began });
  const { result, asks } = await counted(server, () =>
    Promise.all([
      timed(hanko.authenticate(token)),
      ...Array.from({ length: 9 }, () => timed(hasty.authenticate(token))),
    ]),
  );
  const [first, ...others] = result;
  assert.equal(first.status, "signed-in");
  for (const { code, ms } of others) assert.ok(code === "request_timeout" && ms < 450, `${code} after ${ms} ms`);
  assert.equal(asks, 2, "one of them has tried by then");
});

test("a host that is busy for longer than a lease holds: still one ask", async () => {
  const { server, hanko, token } = await hybrid();
  server.break({ delayMs: 50 }, ASK);
  const { result, asks } = await counted(server, async () => {
    const early = Array.from({ length: FEW }, () => hanko.authenticate(token));
    for (let turn = 0; turn < 1000; turn++) await null; // They ask and wait; no timer has its turn.
    assert.equal(server.requests.filter(({ path }) => path.startsWith(ASK)).length, 1);
    for (const until = performance.now() + BUSY_MS; performance.now() < until;);
    const late = Array.from({ length: FEW }, () => hanko.authenticate(token));
    return Promise.all([...early, ...late]);
  });
  assert.deepEqual([outcomes(result), asks], [only(BY_HANKO, 2 * FEW), 1]);
});

test("a clock that is set ahead again and again while one asks: still one ask", async () => {
  const { server, herd } = await hybrid({ revalidateAfter: 600 });
  server.break({ delayMs: 400 }, ASK);
  const real = Date.now;
  let ahead = 0;
  Date.now = () => real() + ahead;
  const timer = setInterval(() => (ahead += 1000), 5);
  try {
    const { result, asks } = await herd(FEW);
    assert.deepEqual([outcomes(result), asks], [only(BY_HANKO, FEW), 1]);
  } finally {
    clearInterval(timer);
    Date.now = real;
  }
});

test("the deadline of a herd: one ask that hangs, and everybody is told in time", async () => {
  const { server, herd } = await hybrid({ timeout: 1000 });
  server.break({ hang: true }, ASK);
  const began = performance.now();
  const { result, asks } = await herd(FEW);
  assert.ok(performance.now() - began < 1250, `${performance.now() - began} ms`);
  assert.deepEqual(outcomes(result), only(unavailable("request_timeout"), FEW));
  assert.ok(asks <= 2, `${asks} asks`);
});

test("past revalidateAfter: one ask, and all have its answer", async () => {
  const { server, sessionId, herd } = await hybrid();
  await herd(1);
  await later(61_000, async () => {
    server.break({ delayMs: 50 }, ASK);
    const { result, asks } = await herd();
    assert.deepEqual([outcomes(result), asks], [only(BY_HANKO), 1]);
  });
  server.heal();
  server.revokeSession(sessionId);
  await later(122_000, async () => {
    const { result, all } = await herd();
    assert.deepEqual([outcomes(result), all], [only(signedOut("session_ended")), 3]);
  });
});

test("past revalidateAfter, and Hanko is down: one ask, and all have the last yes", async () => {
  for (const how of [{ status: 503, delayMs: 50 }, { hang: true }]) {
    const { server, herd } = await hybrid({ timeout: 1000 });
    await herd(1);
    server.break(how, ASK);
    await later(61_000, async () => {
      const began = performance.now();
      const { result, asks } = await herd(FEW);
      assert.ok(performance.now() - began < 1250, `${performance.now() - began} ms`);
      assert.deepEqual(outcomes(result), only(BY_HANKO_STALE, FEW));
      assert.ok(asks <= 2, `${asks} asks`);
    });
  }
});

/** Runs `work` as if it were so many milliseconds later; time goes on. */
async function later(milliseconds, work) {
  const real = Date.now;
  Date.now = () => real() + milliseconds;
  try {
    await work();
  } finally {
    Date.now = real;
  }
}

test("in remote each call asks", async () => {
  const { server, hanko, token } = await hybrid();
  server.break({ delayMs: 30 }, ASK);
  const { result, asks } = await counted(server, () =>
    Promise.all(Array.from({ length: FEW }, () => hanko.authenticate(token, { mode: "remote" }))),
  );
  assert.deepEqual([outcomes(result), asks], [only(BY_HANKO, FEW), FEW]);
});

test("one ask that hangs, on a connection that is dead: one of those who wait asks at half of the deadline, for all", async () => {
  const { server, herd } = await hybrid({ timeout: 1000 });
  server.break({ hang: true, times: 1 }, ASK);
  const { result, asks } = await herd(FEW);
  assert.deepEqual([outcomes(result), asks], [only(BY_HANKO, FEW), 2]);
});

test("who asks a second time has the first answer, where that is the quicker one", async () => {
  const { server, herd } = await hybrid({ timeout: 1000 });
  server.break({ delayMs: 700 }, ASK);
  const { result, asks } = await herd(FEW);
  assert.deepEqual([outcomes(result), asks], [only(BY_HANKO, FEW), 2]);
});
