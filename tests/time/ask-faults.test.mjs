/** Faults of `/sessions/validate`, by the names of the threat model. The rules are those of the key document's. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { contained } from "./support/faults.mjs";
import { BY_HANKO, brief, clientOf, counted, serverWithSession, signedOut, unavailable } from "./support/hanko.mjs";

const TIMEOUT = 600;
const PATH = "/sessions";

async function warm(options) {
  const known = await serverWithSession();
  const hanko = clientOf(known.server, { mode: "remote", timeout: TIMEOUT, ...options });
  await hanko.reloadKeys();
  const settled = (work) => counted(known.server, () => contained(TIMEOUT, work));
  const ask = async () => {
    const { result, asks } = await settled(() => hanko.authenticate(known.token));
    return { ...brief(result), asks };
  };
  const validate = async () => (await settled(() => hanko.validateSession(known.token).catch((error) => error))).result;
  return { ...known, hanko, ask, validate };
}

/** How an answer fails, and what it is: for authenticate, and for validateSession, which throws it. */
const ROWS = [
  ...[500, 502, 503, 504].map((status) => [`F25 ${status}`, { status }, "server_error"]),
  ["F25 F28 nothing", { hang: true }, "request_timeout"],
  ["F25 F41 cut", { reset: true }, "network_error"],
  ["F28 applied, and the answer lost", { afterApply: true }, "network_error"],
  ["F25 a page of HTML", { body: "<!doctype html>" }, "response_invalid"],
  ["F25 a yes about nobody", { body: '{"is_valid":true}' }, "response_invalid"],
  ["F25 a text for a truth", { body: '{"is_valid":"true"}' }, "response_invalid"],
  ["F25 a body without end", { body: " ".repeat(300 * 1024) }, "response_too_large"],
  ...[400, 401, 403, 404, 405, 415, 418].map((status) => [`F30 F31 ${status}`, { status }, "response_invalid"]),
  ...[204, 206].map((status) => [`F25 ${status}`, { status }, "response_invalid"]),
  ...[301, 302, 307].map((status) => [
    `F10 ${status}`,
    { status, headers: { location: "https://elsewhere.invalid" } },
    "redirect_blocked",
  ]),
];

for (const [name, how, code] of ROWS) {
  test(`${name}: ${code}, asked once`, async () => {
    const { server, ask, validate } = await warm();
    server.break(how, PATH);
    assert.deepEqual(await ask(), { ...unavailable(code), asks: 1 });
    const thrown = await validate();
    assert.deepEqual([thrown.code, thrown.kind], [code, "unavailable"]);
    server.heal();
    assert.deepEqual(await ask(), { ...BY_HANKO, asks: 1 });
  });
}

test("F26 a no that is borne out: session_ended", async () => {
  const { server, sessionId, ask, validate } = await warm();
  server.revokeSession(sessionId);
  assert.deepEqual(await validate(), { is_valid: false });
  assert.deepEqual(await ask(), { ...signedOut("session_ended"), asks: 2 });
});

test("F26 a no, and then a yes: a yes", async () => {
  const { server, ask, validate } = await warm();
  const no = { body: '{"is_valid":false}', times: 1 };
  server.break(no, PATH);
  assert.deepEqual(await ask(), { ...BY_HANKO, asks: 2 });
  server.break(no, PATH);
  assert.equal((await validate()).is_valid, true);
});

/** What the key document can be after a no: nothing but a good one, and a fresh one, bears it out. */
const NOT_BORNE_OUT = [
  ...[500, 502, 503, 404, 401, 429, 302].map((status) => [String(status), { status }]),
  ["cut", { reset: true }],
  ["without keys", { body: '{"keys":[]}' }],
  ["a page of HTML", { body: "<!doctype html>" }],
  ["out of a cache", { headers: { age: "1" } }],
];

for (const [name, how] of NOT_BORNE_OUT) {
  test(`F26 a no, and the key document ${name}: server_error`, async () => {
    const { server, sessionId, ask, validate } = await warm();
    server.revokeSession(sessionId);
    server.break(how, "/.well-known");
    assert.deepEqual(await ask(), { ...unavailable("server_error"), asks: 1 });
    assert.equal((await validate()).code, "server_error");
  });
}

test("F26 a no, and the key document hangs: request_timeout", async () => {
  const { server, sessionId, ask } = await warm();
  server.revokeSession(sessionId);
  server.break({ hang: true }, "/.well-known");
  assert.deepEqual(await ask(), { ...unavailable("request_timeout"), asks: 1 });
});

for (const [name, how, code] of ROWS) {
  test(`F26 a no, and then ${name}: ${code}`, async () => {
    const { server, ask } = await warm();
    server.break(how, PATH);
    server.break({ body: '{"is_valid":false}', times: 1 }, PATH);
    assert.deepEqual(await ask(), { ...unavailable(code), asks: 2 });
  });
}

test("F27 a GET is repeated once at most", async () => {
  globalThis.document = {}; // A page, which has cookies of its own.
  try {
    const { server, hanko } = await warm();
    server.break({ status: 500 });
    const { asks, result } = await counted(server, () => hanko.validateSession().catch(({ code }) => code));
    assert.equal(result, "server_error");
    assert.ok(asks >= 1 && asks <= 2, `${asks} asks`);
  } finally {
    delete globalThis.document;
  }
});

/** `Retry-After`, and the seconds told. RFC 9110 section 10.2.3: whole seconds, or a date. */
const RETRY_AFTER = [
  ["0", 0],
  ["5", 5],
  [" 7 ", 7],
  ["1000000000", 86_400],
  ["99999999999999999999", 86_400],
  ["-1", undefined],
  ["1.5", undefined],
  ["5s", undefined],
  ["soon", undefined],
  ["", undefined],
  [new Date(0).toUTCString(), 0],
  [new Date(253402300799000).toUTCString(), 86_400],
  ["Thu, 32 Foo 2099 99:99:99 GMT", undefined],
  ["2099-01-01T00:00:00Z", undefined],
];

for (const [header, seconds] of RETRY_AFTER) {
  test(`F32 429 with Retry-After ${JSON.stringify(header)}: rate_limited, ${seconds} s, asked once`, async () => {
    const { server, hanko, token, ask } = await warm();
    server.break({ status: 429, headers: { "retry-after": header } }, PATH);
    assert.deepEqual(await ask(), { ...unavailable("rate_limited"), asks: 1 });
    assert.equal((await hanko.authenticate(token)).retryAfter, seconds);
  });
}

test("F32 429 without Retry-After", async () => {
  const { server, hanko, token } = await warm();
  server.break({ status: 429 }, PATH);
  const auth = await contained(TIMEOUT, () => hanko.authenticate(token));
  assert.deepEqual([auth.code, "retryAfter" in auth], ["rate_limited", false]);
});

test("F42 a malformed Set-Cookie and other strange headers change nothing", async () => {
  const { server, ask } = await warm();
  server.break({ headers: { "set-cookie": "=;;;=\u00ff; Max-Age=x", "x-auth-token": "", age: "x" } });
  assert.deepEqual(await ask(), { ...BY_HANKO, asks: 1 });
});
