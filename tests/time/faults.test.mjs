/** Faults of the key document on Node; the rows that every runtime shares are `support/key-faults.mjs`. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import "./support/clock.mjs";
import { contained } from "./support/faults.mjs";
import { SIGNED_IN, brief, clientOf, serverWithSession, unavailable } from "./support/hanko.mjs";
import { fresh } from "./support/fresh.mjs";
import { keyFaults } from "./support/key-faults.mjs";
import { node } from "./support/stage-node.mjs";

keyFaults(node);

test("F08 the repeat comes after a pause of 50 to 150 ms, which is another one each time", async () => {
  const pauses = [];
  for (let time = 0; time < 20; time++) {
    const { server, token } = await serverWithSession();
    const at = [];
    const fetch = (request) => (at.push(performance.now()), server.fetch(request));
    server.break({ status: 503 });
    await clientOf(server, { fetch }).authenticate(token);
    assert.equal(at.length, 2);
    pauses.push(at[1] - at[0]);
  }
  assert.ok(Math.min(...pauses) >= 49, `${Math.min(...pauses)} ms`); // A timer may be a little early.
  assert.ok(Math.max(...pauses) - Math.min(...pauses) > 10, `all between ${pauses}`);
});

test("F08 the repeat ends at the deadline of its call", async () => {
  const { server, token } = await serverWithSession();
  server.break({ hang: true });
  server.break({ status: 503, delayMs: 100, times: 1 });
  const auth = await contained(400, () => clientOf(server, { timeout: 400 }).authenticate(token));
  assert.deepEqual(brief(auth), unavailable("request_timeout"));
  assert.equal(server.requests.length, 2);
});

for (const path of ["/.well-known", "/sessions"]) {
  test(`F22 the caller gives up at ${path}: no listener of his signal is left`, async () => {
    const { server, token } = await serverWithSession();
    server.break({ hang: true }, path);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20).unref();
    const { signal } = controller;
    const hanko = clientOf(server, { mode: "remote" });
    const auth = await contained(100, () => hanko.authenticate(token, { signal }));
    assert.deepEqual(brief(auth), unavailable("request_aborted"));
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
}

test("an answered call leaves no listener on the caller's signal", async () => {
  const { server, token } = await serverWithSession();
  const { signal } = new AbortController();
  assert.equal((await clientOf(server, { mode: "remote" }).authenticate(token, { signal })).status, "signed-in");
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("F22 the caller gives up in the same turn: request_aborted, and no deadline is waited for", async () => {
  const { server, token } = await serverWithSession();
  server.break({ hang: true });
  const controller = new AbortController();
  const answered = clientOf(server, { mode: "remote" }).authenticate(token, { signal: controller.signal });
  controller.abort();
  assert.deepEqual(brief(await contained(100, () => answered)), unavailable("request_aborted"));
});

test("F45 a host that cannot start the core is told so, and asked again the next time", async () => {
  const { Instance } = WebAssembly;
  const { server, token } = await serverWithSession();
  const failures = [
    [new WebAssembly.CompileError("forbidden"), "wasm_blocked"],
    [new RangeError("out of memory"), "internal_error"],
  ];
  for (const [failure, code] of failures) {
    const unstarted = fresh("hanko-edge");
    WebAssembly.Instance = function () {
      throw failure;
    };
    const create = () => unstarted.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, mode: "local" });
    try {
      assert.throws(create, { code });
      await assert.rejects(unstarted.init(), { code });
    } finally {
      WebAssembly.Instance = Instance;
    }
    assert.deepEqual(brief(await contained(5000, () => create().authenticate(token))), SIGNED_IN);
  }
});
