/**
 * Faults of the profile flow, by the names of the threat model: each its code, its requests and what is stored after it. Every
 * call settles by its deadline and 250 ms, and leaves nothing behind.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { contained } from "./support/faults.mjs";
import { clientOf, serverWithSession } from "./support/hanko.mjs";

const TIMEOUT = 2000;
const PATCH = "/profile?action=patch_metadata";
const REGISTER = "/profile?action=register";

/** A server with somebody who may have a flow already, and one patch through its faults. */
async function person({ warm = false, version = "3.0", ...options } = {}) {
  const known = await serverWithSession({ version });
  const { server, token, userId } = known;
  const hanko = clientOf(server, { timeout: TIMEOUT, ...options });
  if (warm) await hanko.patchUnsafeMetadata({ before: 1 }, { token });
  const patch = (change = { a: 1 }, call = {}) => attempt(() => hanko.patchUnsafeMetadata(change, { token, ...call }));
  /** The outcome, the steps that were sent, and what is stored in the end. */
  const run = async (change, call) => {
    const from = server.requests.length;
    const outcome = await contained(TIMEOUT, () => patch(change, call));
    const sent = server.requests.slice(from).map(({ path }) => step(path));
    return { outcome, sent: sent.join(" "), stored: await stored(server, userId) };
  };
  return { ...known, hanko, run };
}

async function attempt(work) {
  try {
    return (await work()).unsafe_metadata;
  } catch (error) {
    return error.code;
  }
}

function step(path) {
  const [, action] = /action=(\w+)/.exec(path) ?? [];
  if (action) return action === "patch_metadata" ? "patch" : "register";
  return { "/profile": "begin", "/me": "me", "/sessions/validate": "validate" }[path] ?? "keys";
}

async function stored(server, userId) {
  server.heal();
  const answer = await server.fetch(`${server.apiUrl}/admin/users/${userId}/metadata`);
  return answer.status === 204 ? {} : (await answer.json()).unsafe_metadata;
}

const unflow = (status) => ({ status, body: JSON.stringify({ code: status }) });

for (const version of ["2.7", "3.0"]) {
  test(`no fault, ${version}: three requests, and one for the next patch`, async () => {
    const { run } = await person({ version });
    assert.deepEqual(await run(), { outcome: { a: 1 }, sent: "begin register patch", stored: { a: 1 } });
    assert.deepEqual(await run({ b: 2 }), { outcome: { a: 1, b: 2 }, sent: "patch", stored: { a: 1, b: 2 } });
  });

  test(`F29 a session that ended, ${version}: unauthorized, and the flow is not used again`, async () => {
    const { run, server, sessionId } = await person({ version, warm: true });
    server.revokeSession(sessionId);
    const ended = { outcome: "unauthorized", stored: { before: 1 } };
    assert.deepEqual(await run(), { ...ended, sent: "patch keys validate" });
    assert.deepEqual(await run(), { ...ended, sent: "begin keys validate" });
  });
}

test("F29 the database is away: server_error, never unauthorized", async () => {
  const { run, server } = await person({ warm: true });
  server.setOutage("database-away");
  const { outcome, sent } = await run().finally(() => server.setOutage(null));
  assert.deepEqual({ outcome, sent }, { outcome: "server_error", sent: "patch keys" });
});

test("F29 a session that has idled out, Hanko 3: no answer at step 1, then 401", async () => {
  let later = 0;
  const now = () => new Date(Date.now() + later);
  const { server, token } = await serverWithSession({ idleTimeout: 60, now });
  const hanko = clientOf(server, { timeout: TIMEOUT });
  later = 61_000;
  const outcome = await contained(TIMEOUT, () => attempt(() => hanko.patchUnsafeMetadata({ a: 1 }, { token })));
  const sent = server.requests.map(({ path }) => step(path)).join(" ");
  assert.deepEqual({ outcome, sent }, { outcome: "unauthorized", sent: "begin begin keys validate" });
});

test("F30 a 403 of the flow is never forbidden", async () => {
  const { run, server } = await person();
  server.break({ status: 403 }, PATCH);
  const { outcome, sent } = await run();
  assert.deepEqual({ outcome, sent }, { outcome: "outcome_unknown", sent: "begin register patch me" });
});

for (const [what, how] of [
  ["cut", { reset: true }],
  ["held back", { hang: true }],
]) {
  test(`F33 step 3 is ${what} before the server acts: repeated once, written once`, async () => {
    const { run, server } = await person();
    server.break({ ...how, times: 1 }, PATCH);
    assert.deepEqual(await run(), { outcome: { a: 1 }, sent: "begin register patch patch", stored: { a: 1 } });
  });

  test(`F34 step 3 is applied, its answer ${what}: repeated, refused, read`, async () => {
    const { run, server } = await person();
    server.break({ ...how, afterApply: true, times: 1 }, PATCH);
    assert.deepEqual(await run(), { outcome: { a: 1 }, sent: "begin register patch patch me", stored: { a: 1 } });
  });

  test(`F34 the same on a flow that was kept; the next patch begins anew`, async () => {
    const { run, server } = await person({ warm: true });
    server.break({ ...how, afterApply: true, times: 1 }, PATCH);
    const both = { before: 1, a: 1 };
    assert.deepEqual(await run(), { outcome: both, sent: "patch patch me", stored: both });
    assert.deepEqual((await run({ c: 3 })).sent, "begin register patch");
  });

  test(`F34 and the read is ${what} too: read once more`, async () => {
    const { run, server } = await person();
    server.break({ ...how, afterApply: true, times: 1 }, PATCH);
    server.break({ ...how, times: 1 }, "/me");
    assert.deepEqual(await run(), { outcome: { a: 1 }, sent: "begin register patch patch me me", stored: { a: 1 } });
  });

  test(`F34 everything is ${what} from step 3 on: outcome_unknown in time`, async () => {
    const { run, server } = await person();
    for (const path of [PATCH, "/me"]) server.break({ ...how, afterApply: true }, path);
    const { outcome, stored } = await run();
    assert.deepEqual({ outcome, stored }, { outcome: "outcome_unknown", stored: { a: 1 } });
  });

  test(`steps 1 and 2 are ${what}: nothing is written, and no outcome is unknown`, async () => {
    const code = how.hang ? "request_timeout" : "network_error";
    for (const [path, sent] of [
      ["/profile", how.hang ? "begin" : "begin begin"],
      [REGISTER, how.hang ? "begin register" : "begin register begin register"],
    ]) {
      const { run, server } = await person();
      server.break(how, path);
      assert.deepEqual(await run(), { outcome: code, sent, stored: {} });
    }
  });
}

test("F34 a server that still works when its client has given up: read when it is done", async () => {
  const { run, server } = await person();
  server.break({ delayMs: 1400, times: 1 }, PATCH); // Longer than step 3 is waited for, shorter than the call.
  const { outcome, stored } = await run();
  assert.ok(JSON.stringify(outcome) === '{"a":1}' || outcome === "outcome_unknown", JSON.stringify(outcome));
  assert.deepEqual(stored, { a: 1 });
});

test("F35 the flow expired: begun anew once, then flow_expired", async () => {
  const { run, server } = await person({ warm: true });
  server.break({ status: 410, times: 1 }, PATCH);
  const all = { before: 1, a: 1 };
  assert.deepEqual(await run(), { outcome: all, sent: "patch begin register patch", stored: all });
  server.break({ status: 410 }, PATCH);
  assert.deepEqual(await run({ a: 2 }), {
    outcome: "flow_expired",
    sent: "patch begin register patch me",
    stored: all,
  });
});

const FAILURES = [
  ["the flow's 500, rolled back", { status: 500 }, "server_error", {}],
  ["the flow's 500, written all the same", { status: 500, afterApply: true, body: inFlow() }, { a: 1 }, { a: 1 }],
  ["a bare 500, written", { status: 500, afterApply: true }, { a: 1 }, { a: 1 }],
  ["a bare 500, not written", unflow(500), "outcome_unknown", {}],
  ["a proxy's 502, not written", unflow(502), "outcome_unknown", {}],
  ["a proxy's 504, written", { ...unflow(504), afterApply: true }, { a: 1 }, { a: 1 }],
  ["a page, written", { body: "<!doctype html>", afterApply: true }, { a: 1 }, { a: 1 }],
  ["a page, not written", { body: "<!doctype html>" }, "outcome_unknown", {}],
  ["a redirect, not written", { status: 302 }, "outcome_unknown", {}],
  ["too long an answer, written", { body: " ".repeat(1_100_000), afterApply: true }, { a: 1 }, { a: 1 }],
];

function inFlow() {
  return JSON.stringify({
    name: "error",
    status: 500,
    csrf_token: "",
    actions: {},
    error: { code: "technical_error" },
  });
}

for (const [what, how, outcome, left] of FAILURES) {
  test(`F36 ${what}: settled by reading`, async () => {
    const { run, server } = await person();
    server.break(how, PATCH);
    assert.deepEqual(await run(), { outcome, sent: "begin register patch me", stored: left });
  });
}

test("F37 what does not fit is metadata_too_large, and the flow goes on", async () => {
  const { run } = await person({ warm: true });
  const long = { long: "x".repeat(2980) };
  const refused = { outcome: "metadata_too_large", stored: { before: 1 } };
  assert.deepEqual(await run(long), { ...refused, sent: "patch" });
  const all = { before: 1, a: 1 };
  assert.deepEqual(await run(), { outcome: all, sent: "patch", stored: all });
  assert.deepEqual(await run({ long: "x".repeat(3000) }), { outcome: "metadata_too_large", sent: "", stored: all });
  assert.deepEqual(await run({ long: [NaN] }), { outcome: "metadata_invalid", sent: "", stored: all });
});

test("F32 429 at step 1 is rate_limited with its seconds; at step 3 its outcome is unknown, with its seconds", async () => {
  const { server, token, hanko } = await person();
  for (const [path, code] of [
    ["/profile", "rate_limited"],
    [PATCH, "outcome_unknown"],
  ]) {
    server.heal();
    server.break({ status: 429, headers: { "retry-after": "7" }, body: "{}" }, path);
    const error = await contained(TIMEOUT, () =>
      hanko.patchUnsafeMetadata({ a: 1 }, { token }).catch((error) => error),
    );
    assert.deepEqual([error.code, error.status, error.retryAfter], [code, 429, 7]);
  }
});

test("a stored number beyond a double closes the flow, not a patch on a flow that was begun before", async () => {
  const { run, server, userId, hanko, token } = await person({ warm: true });
  const admin = { method: "PATCH", headers: { "content-type": "application/json" } };
  const store = (body) => server.fetch(`${server.apiUrl}/admin/users/${userId}/metadata`, { ...admin, body });
  await store('{"unsafe_metadata":{"big":1e400}}');
  const { outcome, sent } = await run({ b: 1 });
  assert.deepEqual([outcome, sent], [{ before: 1, big: Infinity, b: 1 }, "patch me"]);
  assert.equal(await attempt(() => hanko.patchUnsafeMetadata({ c: 1 }, { token })), "server_error");
  await store('{"unsafe_metadata":{"big":null}}');
  assert.deepEqual((await run({ c: 1 })).outcome, { before: 1, b: 1, c: 1 });
});

test("F22 an abort before step 3 is request_aborted, after it the outcome is unknown; in the queue nothing is sent", async () => {
  const atOnce = await person();
  const { outcome, sent } = await atOnce.run({ a: 1 }, { signal: AbortSignal.abort() });
  assert.deepEqual([outcome, sent], ["request_aborted", ""]);
  for (const [path, code, left] of [
    ["/profile", "request_aborted", {}],
    [REGISTER, "request_aborted", {}],
    [PATCH, "outcome_unknown", { a: 1 }],
  ]) {
    const { run, server } = await person();
    server.break({ hang: true, afterApply: true }, path);
    const { outcome, stored } = await run({ a: 1 }, { signal: AbortSignal.timeout(100) });
    assert.deepEqual([outcome, stored], [code, left], path);
  }
  const { server, hanko, token } = await person();
  server.break({ delayMs: 300, times: 1 }, "/profile");
  const first = hanko.patchUnsafeMetadata({ a: 1 }, { token });
  const second = attempt(() => hanko.patchUnsafeMetadata({ b: 1 }, { token, signal: AbortSignal.timeout(50) }));
  assert.equal(await second, "request_aborted");
  assert.equal(server.requests.length, 1);
  await first;
});

test("each waits by its own deadline, and the queue goes on when one ahead has none left", async () => {
  const { server, token } = await serverWithSession();
  const patch = (change, timeout) =>
    attempt(() => clientOf(server, { timeout }).patchUnsafeMetadata(change, { token }));
  server.break({ hang: true, times: 1 }, "/profile");
  const began = performance.now();
  const outcomes = await contained(3000, async () => {
    const calls = [patch({ a: 1 }, 800), patch({ b: 1 }, 200), patch({ c: 1 }, 3000), patch({ d: 1 }, 3000)];
    await calls[1];
    assert.ok(performance.now() - began < 450);
    return Promise.all(calls);
  });
  assert.deepEqual(outcomes, ["request_timeout", "request_timeout", { c: 1 }, { c: 1, d: 1 }]);
});

test("a person of another token is never patched, and another person's answer is not believed", async () => {
  const { server, token } = await serverWithSession();
  const other = await server.createSession((await server.createUser()).user_id);
  const swap = (at) => {
    let number = 0;
    return (request) => {
      const swapped = new Request(request, { headers: { ...Object.fromEntries(request.headers) } });
      if (number++ === at) swapped.headers.set("authorization", `Bearer ${other.token}`);
      return server.fetch(swapped);
    };
  };
  for (const [at, code] of [
    [1, "response_invalid"],
    [2, "outcome_unknown"],
  ]) {
    const hanko = createHanko({ apiUrl: server.apiUrl, fetch: swap(at) });
    const before = server.requests.length;
    assert.equal(await attempt(() => hanko.patchUnsafeMetadata({ a: 1 }, { token })), code);
    assert.equal(server.requests.length - before, at + 1, "nothing more was sent");
  }
});
