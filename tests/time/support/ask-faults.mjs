/** Faults of `/sessions/validate`, by the names of the threat model, for every runtime. The rules are those of the key document's. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./clock.mjs";
import { BY_HANKO, BY_HANKO_STALE, signedOut, unavailable } from "./hanko.mjs";
import { person } from "./person.mjs";

const TIMEOUT = 600;
const PATH = "/sessions";
const KEYS_PATH = "/.well-known";
const NO = { body: '{"is_valid":false}', times: 1 };
const ABOUT_NOBODY = '{"is_valid":true,"user_id":"ada","expiration_time":"2036-01-01T00:00:00Z","claims":{}}';

/** How an answer fails, and what it is: for authenticate, and for validateSession, which throws it. */
export const ASK_ROWS = [
  ...[500, 502, 503, 504].map((status) => [`F25 ${status}`, { status }, "server_error"]),
  ["F25 503 with a page without end", { status: 503, body: " ".repeat(300 * 1024) }, "server_error"],
  ["F25 F28 nothing", { hang: true }, "request_timeout"],
  ["F25 F41 cut", { reset: true }, "network_error"],
  ["F28 applied, and the answer lost", { afterApply: true }, "network_error"],
  ["F25 a page of HTML", { body: "<!doctype html>" }, "response_invalid"],
  ["F25 a yes about nobody", { body: '{"is_valid":true}' }, "response_invalid"],
  ["F25 a yes about what is no user", { body: ABOUT_NOBODY }, "response_invalid"],
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

/** What the key document can be after a no: nothing but a good one, and a fresh one, bears it out. */
const NOT_BORNE_OUT = [
  ...[500, 502, 503, 404, 401, 429, 302].map((status) => [String(status), { status }]),
  ["cut", { reset: true }],
  ["without keys", { body: '{"keys":[]}' }],
  ["a page of HTML", { body: "<!doctype html>" }],
  ["out of a cache", { headers: { age: "1" } }],
];

/** `Retry-After`, and the seconds told. RFC 9110 section 10.2.3: whole seconds, or a date. */
const RETRY_AFTER = [
  [undefined, undefined],
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

export function askFaults(stage) {
  const title = (text) => `${stage.name}: ${text}`;
  const thrown = (code) => ({ name: "HankoError", code, kind: "unavailable" });

  /** With the keys at hand. */
  async function ready(options) {
    const known = await person(stage, { mode: "remote", timeout: TIMEOUT, ...options });
    assert.deepEqual(await known.ask({ method: "reloadKeys" }), {});
    const told = async (what) => {
      const { result, asks } = await known.call(what);
      return { ...result, asks };
    };
    return { ...known, told, validate: () => told({ method: "validateSession" }) };
  }

  for (const [name, how, code] of ASK_ROWS) {
    test(title(`${name}: ${code}, asked once`), async () => {
      const { server, told, validate } = await ready();
      server.break(how, PATH);
      assert.deepEqual(await told(), { ...unavailable(code), asks: 1 });
      assert.deepEqual(await validate(), { ...thrown(code), asks: 1 });
      server.heal();
      assert.deepEqual(await told(), { ...BY_HANKO, asks: 1 });
    });

    test(title(`F26 a no, and then ${name}: ${code}`), async () => {
      const { server, told } = await ready();
      server.break(how, PATH);
      server.break(NO, PATH);
      assert.deepEqual(await told(), { ...unavailable(code), asks: 2 });
    });
  }

  test(title("F26 a no that is borne out: session_ended"), async () => {
    const { server, sessionId, told, validate } = await ready();
    server.revokeSession(sessionId);
    assert.deepEqual(await validate(), { is_valid: false, asks: 2 });
    assert.deepEqual(await told(), { ...signedOut("session_ended"), asks: 2 });
    assert.deepEqual(await told(), { ...signedOut("session_ended"), asks: 0 }, "it is remembered");
  });

  test(title("F26 a no, and then a yes: a yes"), async () => {
    const { server, told, validate } = await ready();
    server.break(NO, PATH);
    assert.deepEqual(await told(), { ...BY_HANKO, asks: 2 });
    server.break(NO, PATH);
    assert.deepEqual(await validate(), { is_valid: true, asks: 2 });
  });

  for (const [name, how] of NOT_BORNE_OUT) {
    test(title(`F26 a no, and the key document ${name}: server_error`), async () => {
      const { server, sessionId, told, validate } = await ready();
      server.revokeSession(sessionId);
      server.break(how, KEYS_PATH);
      assert.deepEqual(await told(), { ...unavailable("server_error"), asks: 1 });
      assert.deepEqual(await validate(), { ...thrown("server_error"), asks: 1 });
    });
  }

  test(title("F26 a no, and the key document hangs: request_timeout"), async () => {
    const { server, sessionId, told } = await ready();
    server.revokeSession(sessionId);
    server.break({ hang: true }, KEYS_PATH);
    assert.deepEqual(await told(), { ...unavailable("request_timeout"), asks: 1 });
  });

  for (const [name, how, code] of ASK_ROWS) {
    test(title(`F25 hybrid, and ${name}: first seen ${code}, with a last yes signed in, stale`), async () => {
      const { server, told } = await ready({ mode: "hybrid" });
      server.break(how, PATH);
      assert.deepEqual(await told(), { ...unavailable(code), asks: 1 });
      server.heal();
      assert.deepEqual(await told(), { ...BY_HANKO, asks: 1 });
      server.break(how, PATH);
      clock.advance(60);
      assert.deepEqual(await told(), { ...BY_HANKO_STALE, asks: 1 });
      assert.deepEqual(await told(), { ...BY_HANKO_STALE, asks: 0 });
      clock.advance(300);
      assert.deepEqual(await told(), { ...unavailable(code), asks: 1 });
    });
  }

  test(title("F25 hybrid, renewed behind the answer: the next one is fresh"), async () => {
    const { server, told } = await ready({ mode: "hybrid" });
    assert.deepEqual(await told(), { ...BY_HANKO, asks: 1 });
    clock.advance(30);
    server.break({ delayMs: 50 });
    const { asks, ...result } = await told({ behind: true });
    assert.deepEqual(result, BY_HANKO);
    await stage.idle?.();
    clock.advance(59);
    assert.deepEqual(await told(), { ...BY_HANKO, asks: 0 });
  });

  for (const [header, seconds] of RETRY_AFTER) {
    test(
      title(`F32 429 with Retry-After ${JSON.stringify(header)}: rate_limited, ${seconds} s, asked once`),
      async () => {
        const { server, told } = await ready();
        server.break({ status: 429, headers: header === undefined ? {} : { "retry-after": header } }, PATH);
        const retryAfter = seconds === undefined ? {} : { retryAfter: seconds };
        assert.deepEqual(await told(), { ...unavailable("rate_limited"), ...retryAfter, asks: 1 });
      },
    );
  }

  test(title("F42 a malformed Set-Cookie and other strange headers change nothing"), async () => {
    const { server, told } = await ready();
    server.break({ headers: { "set-cookie": "=;;;=\u00ff; Max-Age=x", "x-auth-token": "", age: "x" } });
    assert.deepEqual(await told(), { ...BY_HANKO, asks: 1 });
  });
}
