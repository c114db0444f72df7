/**
 * Faults of the key document, by the names of the threat model. A fault may only make an answer unavailable: every call
 * settles by its deadline and 250 ms, nothing goes unhandled, and no timer, listener or socket is left.
 */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { createRequire } from "node:module";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { clock } from "./support/clock.mjs";
import { contained, settled } from "./support/faults.mjs";
import {
  SIGNED_IN,
  STALE,
  brief,
  clientOf,
  counted,
  serverWithSession,
  signedOut,
  unavailable,
} from "./support/hanko.mjs";
import { closedPort, withServer } from "./support/http.mjs";
import { withHeader } from "./support/tokens.mjs";

const TIMEOUT = 1000;
const KEYS_PATH = "/.well-known";

async function cold(options = {}) {
  const known = await serverWithSession();
  const hanko = clientOf(known.server, { timeout: TIMEOUT, ...options });
  const ask = async () => brief(await contained(TIMEOUT, () => hanko.authenticate(known.token)));
  return { ...known, hanko, ask };
}

async function warm(options) {
  const known = await cold(options);
  assert.deepEqual(await known.ask(), SIGNED_IN);
  return known;
}

/** A client of a real server at `apiUrl`, and a token that is good elsewhere. */
async function overTheNetwork(apiUrl, timeout = TIMEOUT) {
  const { token } = await serverWithSession();
  const hanko = createHanko({ apiUrl, allowInsecure: true, mode: "local", timeout });
  return brief(await settled(timeout, () => hanko.authenticate(token)));
}

test("F01 refused, cold: keys_unavailable", async () => {
  assert.deepEqual(await overTheNetwork(await closedPort()), unavailable("keys_unavailable"));
});

test("F01 no such host, cold: unavailable", async () => {
  const { status, code } = await overTheNetwork("https://no-such-host.invalid");
  assert.equal(status, "unavailable");
  assert.ok(code === "keys_unavailable" || code === "request_timeout", code); // A resolver may be slow to say no.
});

test("F01 cut, cold: one attempt and one repeat", async () => {
  const { server, ask } = await cold();
  server.break({ reset: true });
  const { result, all } = await counted(server, ask);
  assert.deepEqual([result, all], [unavailable("keys_unavailable"), 2]);
});

test("F02 cut, warm and fresh: valid without a fetch", async () => {
  const { server, ask } = await warm({ cacheSize: 0 });
  server.break({ reset: true });
  const { result, all } = await counted(server, ask);
  assert.deepEqual([result, all], [SIGNED_IN, 0]);
});

test("F03 cut, past 600 s: valid and stale, the next one without a fetch", async () => {
  const { server, ask } = await warm();
  server.break({ reset: true });
  clock.advance(600);
  assert.deepEqual(await counted(server, ask), { result: STALE, keys: 1, asks: 0, all: 1 });
  assert.deepEqual(await counted(server, ask), { result: STALE, keys: 0, asks: 0, all: 0 });
});

for (const keysMaxStale of [0, 3600, 86_400]) {
  test(`F04 cut, past keysMaxStale of ${keysMaxStale} s: keys_unavailable`, async () => {
    const { server, ask } = await warm({ keysMaxStale });
    server.break({ reset: true });
    clock.advance(600 + keysMaxStale);
    assert.deepEqual(await ask(), unavailable("keys_unavailable"));
  });
}

test("F05 cut, an unknown kid: keys_unavailable, and the known one goes on", async () => {
  const { server, hanko, token, ask } = await warm();
  server.break({ reset: true });
  clock.advance(30);
  const unknown = withHeader(token, { kid: "unknown" });
  assert.deepEqual(brief(await contained(TIMEOUT, () => hanko.authenticate(unknown))), unavailable("keys_unavailable"));
  assert.deepEqual(await ask(), SIGNED_IN);
});

test("F06 a server that takes the connection and says nothing: request_timeout at the deadline", () =>
  withServer(
    () => {},
    async ({ url, seen }) => {
      await overTheNetwork(url, 100); // The host's fetch may be slow to begin.
      assert.deepEqual(await overTheNetwork(url, 100), unavailable("request_timeout"));
      assert.deepEqual(await overTheNetwork(url, 600), unavailable("request_timeout"));
      assert.ok(seen.length > 0);
    },
  ));

test("F06 a body that never ends", () =>
  withServer(
    (_, response) => response.write('{"keys":['),
    async ({ url, seen }) => {
      assert.deepEqual(await overTheNetwork(url, 300), unavailable("request_timeout"));
      assert.equal(seen.length, 1);
    },
  ));

test("F06 the deadline is 5 s where nothing else is said", async () => {
  const { server, token } = await serverWithSession();
  server.break({ hang: true });
  const began = performance.now();
  const auth = await contained(5000, () => clientOf(server).authenticate(token));
  assert.deepEqual(brief(auth), unavailable("request_timeout"));
  assert.ok(performance.now() - began >= 4900);
});

for (const status of [500, 502, 503, 504, 429]) {
  test(`F08 ${status}: cold keys_unavailable after one repeat, warm stale`, async () => {
    const first = await cold();
    first.server.break({ status });
    assert.deepEqual(await counted(first.server, first.ask), {
      result: unavailable("keys_unavailable"),
      keys: 2,
      asks: 0,
      all: 2,
    });
    const second = await warm();
    second.server.break({ status });
    clock.advance(600);
    assert.deepEqual(await second.ask(), STALE);
  });
}

test("F08 one failure alone: the repeat is answered", async () => {
  const { server, ask } = await cold();
  server.break({ status: 500, times: 1 });
  assert.deepEqual(await counted(server, ask), { result: SIGNED_IN, keys: 2, asks: 0, all: 2 });
});

const listed = (count) => JSON.stringify({ keys: Array.from({ length: count }, () => ({ kty: "RSA", kid: "x" })) });

/** Documents that are none, and what they are cold. Warm they change nothing but for `stale`. */
const DOCUMENTS = [
  ["F09 a page of HTML", { body: "<!doctype html><title>Sign in to the Wi-Fi</title>" }, "keys_invalid"],
  ["F09 nothing", { body: "" }, "keys_invalid"],
  ["F09 204", { status: 204 }, "response_invalid"],
  ["F09 206", { status: 206, body: '{"keys":[' }, "response_invalid"],
  ["F09 304", { status: 304 }, "redirect_blocked"],
  ["F13 no keys", { body: '{"keys":[]}' }, "keys_invalid"],
  ["F13 null keys", { body: '{"keys":null}' }, "keys_invalid"],
  ["F13 keys in an object", { body: '{"keys":{}}' }, "keys_invalid"],
  ["F13 a list", { body: "[]" }, "keys_invalid"],
  ["F13 null", { body: "null" }, "keys_invalid"],
  ["F13 101 keys", { body: listed(101) }, "keys_invalid"],
  ["F13 10,000 keys", { body: listed(10_000) }, "keys_invalid"],
  ["F13 100,000 keys", { body: listed(100_000) }, "response_too_large"],
  ["F31 404", { status: 404 }, "response_invalid"],
  ["F31 401", { status: 401 }, "response_invalid"],
  ["F31 403", { status: 403 }, "response_invalid"],
];

for (const [name, how, code] of DOCUMENTS) {
  test(`${name}: cold ${code}, warm stale, and the known keys are kept`, async () => {
    const first = await cold();
    first.server.break(how, KEYS_PATH);
    assert.deepEqual(await first.ask(), unavailable(code));
    const second = await warm();
    second.server.break(how, KEYS_PATH);
    await assert.rejects(second.hanko.reloadKeys(), { code });
    assert.deepEqual(await second.ask(), SIGNED_IN);
    clock.advance(600);
    assert.deepEqual(await second.ask(), STALE);
    assert.deepEqual(await counted(second.server, second.ask), { result: STALE, keys: 0, asks: 0, all: 0 });
  });
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`F10 ${status} to another server, to itself, to a metadata address: redirect_blocked, nobody is asked`, () =>
    withServer(
      (_, response) => response.end("{}"),
      async (target) => {
        const locations = [target.url, "/again", "http://169.254.169.254/latest/meta-data", "//elsewhere.invalid/"];
        for (const location of locations) await redirected(status, location);
        assert.deepEqual(target.seen, []);
      },
    ));
}

function redirected(status, location) {
  return withServer(
    (_, response) => response.writeHead(status, { location }).end(),
    async ({ url, seen }) => {
      assert.deepEqual(await overTheNetwork(url), unavailable("redirect_blocked"), location);
      assert.equal(seen.length, 1);
    },
  );
}

test("F14 a bad key never spoils a good one", async () => {
  const { server, token } = await serverWithSession();
  const fetch = async (request) => {
    const { keys } = await (await server.fetch(request)).json();
    const bad = [null, 7, {}, { kty: "oct", kid: "x", k: "AAAA" }, { ...keys[0], kid: "weak", e: "AQ" }];
    return Response.json({ keys: [...bad, ...keys] });
  };
  const hanko = clientOf(server, { fetch });
  assert.deepEqual(brief(await contained(TIMEOUT, () => hanko.authenticate(token))), SIGNED_IN);
  const weak = withHeader(token, { kid: "weak" });
  assert.deepEqual(brief(await hanko.authenticate(weak)), signedOut("key_unusable"));
});

test("F15 a rotation: one fetch for the new kid, the old one stays valid", async () => {
  const { server, userId, hanko, ask } = await warm();
  clock.advance(30);
  await server.rotateKeys();
  const { token } = await server.createSession(userId);
  const { result, all } = await counted(server, () => contained(TIMEOUT, () => hanko.authenticate(token)));
  assert.deepEqual([brief(result), all], [SIGNED_IN, 1]);
  assert.deepEqual(await ask(), SIGNED_IN);
});

/** Where a call is when its caller gives up. */
const POINTS = [
  ["before it begins", (server, controller) => controller.abort(new Error("enough"))],
  ["while the keys are fetched", (server) => server.break({ hang: true }, KEYS_PATH)],
  ["while Hanko is asked", (server) => server.break({ hang: true }, "/sessions")],
  ["before the repeat", (server) => server.break({ status: 500 }, KEYS_PATH)],
];

for (const [name, prepare] of POINTS) {
  test(`F22 the caller gives up ${name}: request_aborted, with his reason, and no listener is left`, async () => {
    const { server, token, hanko } = await cold({ mode: "remote" });
    const controller = new AbortController();
    prepare(server, controller);
    const reason = controller.signal.reason ?? new Error("enough");
    setTimeout(() => controller.abort(reason), 20).unref();
    const auth = await contained(100, () => hanko.authenticate(token, { signal: controller.signal }));
    assert.deepEqual(brief(auth), unavailable("request_aborted"));
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    const cause = await hanko.reloadKeys({ signal: controller.signal }).catch((error) => error.cause);
    assert.equal(cause, reason);
    server.heal();
    assert.equal((await hanko.authenticate(token)).status, "signed-in", "nobody else is hurt");
  });
}

test("F22 the caller gives up while a body is read", () =>
  withServer(
    (_, response) => response.write('{"keys":['),
    async ({ url }) => {
      const { token } = await serverWithSession();
      const hanko = createHanko({ apiUrl: url, allowInsecure: true, mode: "local" });
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100).unref();
      const auth = await settled(200, () => hanko.authenticate(token, { signal: controller.signal }));
      assert.deepEqual(brief(auth), unavailable("request_aborted"));
    },
  ));

test("F45 a host that cannot start the core is told so, and asked again the next time", async () => {
  const require = createRequire(import.meta.url);
  const { Instance } = WebAssembly;
  const { server, token } = await serverWithSession();
  const failures = [
    [new WebAssembly.CompileError("forbidden"), "wasm_blocked"],
    [new RangeError("out of memory"), "internal_error"],
  ];
  for (const [failure, code] of failures) {
    delete require.cache[require.resolve("hanko-edge")];
    const fresh = require("hanko-edge"); // A copy of its own, not yet started.
    WebAssembly.Instance = function () {
      throw failure;
    };
    const create = () => fresh.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, mode: "local" });
    try {
      assert.throws(create, { code });
      await assert.rejects(fresh.init(), { code });
    } finally {
      WebAssembly.Instance = Instance;
    }
    assert.deepEqual(brief(await contained(5000, () => create().authenticate(token))), SIGNED_IN);
  }
});
