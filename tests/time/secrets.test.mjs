/** A canary in token, cookie and payload: no error, stack, inspection, JSON, event or console line holds 16 characters of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { createHanko, decodeToken, deletionCookie, denyResponse, readToken } from "hanko-edge";
import { clientOf, serverWithSession } from "./support/hanko.mjs";
import { clock } from "./support/clock.mjs";
import { withClaims, withHeader } from "./support/tokens.mjs";

const PIECE = 16;
const CANARY = "canary-Zq7vK2mXw9TfB4nLc8RjH5dYs3GpEu6a";

const told = [];
const tell = (text) => told.push(text);
for (const level of ["log", "info", "warn", "error", "debug", "trace"]) {
  console[level] = (...values) => tell(`console: ${values.map((value) => inspect(value, { depth: 9 })).join(" ")}`);
}
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (chunk, ...rest) => (tell(String(chunk)), write(chunk, ...rest));
process.on("warning", (warning) => tellAll(warning));

/** All that a logger could make of a value. */
function tellAll(value) {
  tell(inspect(value, { depth: 9, showHidden: true, getters: true }));
  tell(`${value?.message} ${value?.stack} ${String(value)}`);
  tell(JSON.stringify(value) ?? "");
  for (const key of value instanceof Error ? Reflect.ownKeys(value) : []) tell(String(value[key]));
}

const known = await serverWithSession({
  customClaims: { note: CANARY, [`name-${CANARY}`]: true },
  audience: [`aud-${CANARY}`],
  issuer: `https://${CANARY}.example`,
});
const { server, userId } = known;
const good = known.token;
const made = async (options) => (await server.createSession(userId, options)).token;
const claims = (members) => made({ claims: members });
const webhook = async (event, data) => (await server.createWebhook(event, data)).token;

const TOKENS = {
  good,
  "of a session that is ended": await made({}),
  "not a token": CANARY,
  "a canary for each part": `${CANARY}.${CANARY}.${CANARY}`,
  "spaces round it": ` ${good} `,
  "another alg": await made({ header: { alg: CANARY } }),
  "another typ": await made({ header: { typ: CANARY } }),
  "a crit": await made({ header: { crit: [CANARY] } }),
  "an unknown kid": withHeader(good, { kid: CANARY }),
  "a wrong signature": withClaims(good, { note: `${CANARY}!` }),
  "a payload that is no JSON": [good.split(".")[0], Buffer.from(`{"${CANARY}`).toString("base64url"), "AAAA"].join("."),
  "exp a text": await claims({ exp: CANARY }),
  "exp long gone": await claims({ exp: 1 }),
  "nbf to come": await claims({ nbf: Math.floor(clock.now / 1000) + 99 }),
  "sub a text": await claims({ sub: CANARY }),
  "email a text": await claims({ email: CANARY }),
  "aud a number": await claims({ aud: 7 }),
  "too long": CANARY.repeat(1000),
  "a webhook": await webhook("user.login", { id: userId, name: CANARY }),
  "a webhook about nobody": await webhook("user.delete", { id: CANARY }),
  "a webhook without a name": await webhook("", { id: userId, name: CANARY }),
};
const PIECES = new Set([CANARY, ...Object.values(TOKENS)].flatMap(pieces));

/** How the world fails around the call; the canary is in all that the world says. */
const WORLDS = {
  well: {},
  "other audience and issuer": { audience: "elsewhere", issuer: "elsewhere" },
  "fetch rejects": { fetch: (request) => Promise.reject(new Error(`${CANARY} ${request.url}`)) },
  "fetch throws": {
    fetch() {
      throw new Error(CANARY);
    },
  },
  "fetch rejects with a text": { fetch: () => Promise.reject(CANARY) },
  "a body of canaries": { fetch: () => new Response(`{"keys":[{"kid":"${CANARY}"}],"${CANARY}":"${CANARY}"}`) },
  "a status and headers of canaries": {
    fetch: () => new Response(CANARY, { status: 500, statusText: CANARY, headers: { "retry-after": CANARY } }),
  },
  "a redirect to the canary": {
    fetch: () => new Response(null, { status: 302, headers: { location: `https://${CANARY}.example` } }),
  },
  "Hanko echoes the token": { fetch: echoing(400) },
  "Hanko cannot read the claims": { fetch: echoing(400, "failed to parse token claims: ") },
  "Hanko says yes about the canary": { fetch: echoing(200) },
  "a list that throws": { revocations: list(() => Promise.reject(new Error(CANARY))) },
  "a list that has it": { revocations: list(() => true) },
  "a schema that throws": { claimsSchema: schema((value) => Promise.reject(new Error(JSON.stringify(value)))) },
  "a schema with issues": { claimsSchema: schema(() => ({ issues: [{ message: CANARY, path: [CANARY] }] })) },
  "a store that throws": {
    keyStore: { get: () => Promise.reject(new Error(CANARY)), put: () => Promise.reject(new Error(CANARY)) },
  },
  "a store of canaries": { keyStore: { get: async () => CANARY, put: async () => {} } },
};

function pieces(secret) {
  return Array.from({ length: secret.length - PIECE + 1 }, (_, at) => secret.slice(at, at + PIECE));
}

function list(isRevoked) {
  return { isRevoked, revoke() {}, revokeUser() {} };
}

function schema(validate) {
  return { "~standard": { version: 1, vendor: "test", validate } };
}

/** Good keys; to an ask an answer that repeats what was asked. */
function echoing(status, prefix = "") {
  return async (request) => {
    if (request.url.includes("/.well-known/")) return server.fetch(request);
    const asked = request.url.endsWith("/sessions/validate") ? await request.json() : {};
    const session_token = asked.session_token ?? request.headers.get("authorization");
    const body = { is_valid: true, user_id: CANARY, message: `${prefix}${session_token}`, claims: { note: CANARY } };
    return Response.json(body, { status });
  };
}

async function everyWay(options) {
  let calls = 0;
  const hanko = clientOf(server, { timeout: 400, onEvent: tellAll, ...options });
  tell(inspect(hanko, { depth: 9, showHidden: true }));
  for (const token of Object.values(TOKENS)) {
    for (const mode of ["local", "remote", "hybrid"]) {
      const inputs = [
        token,
        headers("authorization", `Bearer ${token}`),
        headers("cookie", `hanko=${token}; x=${CANARY}`),
      ];
      for (const input of inputs) calls += await outcome(() => hanko.authenticate(input, { mode }));
    }
    const patches = [
      outcome(() => hanko.patchUnsafeMetadata({ note: CANARY }, { token })),
      outcome(() => hanko.clearUnsafeMetadata({ token })),
    ];
    calls += await outcome(() => hanko.verifySession(token));
    calls += await outcome(() => hanko.validateSession(token));
    calls += await outcome(() => hanko.verifyWebhook(token));
    calls += await outcome(() => hanko.verifyWebhook(`{"token":"${token}","event":"${CANARY}"`));
    calls += await outcome(() => hanko.getCurrentUser({ token }));
    calls += await outcome(() => hanko.getUser(userId, { token }));
    calls += await outcome(() => hanko.getUser(token, { token: good }));
    for (const one of patches) calls += await one;
    if (token !== good) calls += await outcome(() => hanko.logout({ token })); // It is looked at in every world.
  }
  return calls;
}

function headers(name, value) {
  return new Headers({ [name]: value.trim() });
}

/** What a call says where it does not say yes; of a yes nothing is told, it holds the token on purpose. */
async function outcome(work) {
  try {
    const result = await work();
    const yes =
      result === undefined ||
      ["userId", "user_id", "is_valid", "event", "unsafe_metadata"].some((name) => result[name]);
    if (yes || result.status === "signed-in") return 1;
    tellAll(result);
    if (result.status) tell(await describe(denyResponse(result)));
  } catch (error) {
    tellAll(error);
  }
  return 1;
}

async function describe(response) {
  return `${inspect([...response.headers])} ${await response.text()}`;
}

for (const [name, options] of Object.entries(WORLDS)) {
  test(`${name}: nobody is told of it`, async () => {
    told.length = 0;
    const calls = await everyWay(options);
    assert.equal(calls, Object.keys(TOKENS).length * 19 - 1);
    assert.ok(told.length > calls, "much has been told");
    assertClean();
  });
}

test("decodeToken, readToken, wrong arguments and wrong options: nobody is told of it", async () => {
  told.length = 0;
  for (const token of Object.values(TOKENS)) {
    await outcome(() => (decodeToken(token), { is_valid: true }));
    await outcome(() => (readToken(headers("authorization", `Bearer ${token},${token}`)), { is_valid: true }));
    await outcome(() => (readToken(headers("cookie", `hanko=${token}; hanko=x${token}`)), { is_valid: true }));
    await outcome(() => clientOf(server).authenticate({ token }));
    await outcome(() => deletionCookie({ cookieName: `${token}; x` }));
    await outcome(() => deletionCookie({ domain: `${token}; x` }));
    await outcome(() => deletionCookie({ [token]: "x" }));
    await outcome(() => clientOf(server).authenticate(token, { mode: token }));
    await outcome(() => clientOf(server).authenticate(token, { [token]: 1 }));
    for (const option of ["apiUrl", "cookieName", "audience", "issuer", "mode", "timeout", "fetch", "keyStore", "x"]) {
      await outcome(() => createHanko({ apiUrl: "https://x.hanko.test", [option]: { secret: token } }));
      await outcome(() => createHanko({ apiUrl: "https://x.hanko.test", [option]: `\n${token}` }));
    }
    await outcome(() => createHanko({ apiUrl: `https://user:${CANARY}@x.hanko.test` }));
    await outcome(() => createHanko({ apiUrl: `https://x.hanko.test/?token=${CANARY}` }));
    await outcome(() => createHanko({ apiUrl: "https://x.hanko.test", [CANARY]: 1 }));
  }
  assert.ok(told.length > 500);
  assertClean();
});

test("a profile flow that fails at every step, in every way: nobody is told of it, nor of its csrf tokens", async () => {
  told.length = 0;
  const flows = await serverWithSession();
  const secrets = new Set();
  const fetch = async (request) => {
    const answer = await flows.server.fetch(request);
    const text = await answer.clone().text();
    for (const [, secret] of text.matchAll(/"csrf_token":"(\w{16,})"/g))
      pieces(secret).forEach((one) => secrets.add(one));
    return answer;
  };
  const hanko = createHanko({ apiUrl: flows.server.apiUrl, fetch, timeout: 400 });
  const patch = (change) => outcome(() => hanko.patchUnsafeMetadata(change, { token: flows.token }));
  for (const path of ["/profile", "/profile?action=register", "/profile?action=patch", "/me"]) {
    for (const how of [
      { reset: true },
      { hang: true },
      { body: CANARY },
      ...[400, 401, 403, 410, 429, 500].map((status) => ({ status })),
    ]) {
      await patch({ note: CANARY });
      flows.server.break({ afterApply: how.hang, ...how }, path);
      if (path === "/me") flows.server.break({ reset: true }, "/profile?action=patch");
      await patch({ note: CANARY });
      flows.server.heal();
    }
  }
  for (const bad of [NaN, undefined, 1n, "\ud800", () => {}]) await patch({ list: [CANARY, bad] });
  assert.ok(secrets.size > 500 && told.length > 100, `${secrets.size} ${told.length}`);
  secrets.forEach((secret) => PIECES.add(secret));
  pieces(flows.token).forEach((piece) => PIECES.add(piece));
  assertClean();
});

test("the search finds what it looks for", () => {
  told.length = 0;
  tellAll(new Error(`the token ${good.slice(100, 100 + PIECE)} is bad`));
  assert.throws(assertClean, /holds a piece/);
});

function assertClean() {
  for (const text of told) {
    for (let at = 0; at + PIECE <= text.length; at++) {
      const piece = text.slice(at, at + PIECE);
      if (PIECES.has(piece)) assert.fail(`holds a piece of a secret: ${piece} in ${text.slice(0, 300)}`);
    }
  }
}
