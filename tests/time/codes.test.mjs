/** Every code of the contract is produced. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { createAdmin } from "hanko-edge/admin";
import { clock } from "./support/clock.mjs";
import { fresh } from "./support/fresh.mjs";
import { BY_HANKO, brief, clientOf, serverWithSession } from "./support/hanko.mjs";
import { withHeader } from "./support/tokens.mjs";

const known = await serverWithSession();
const { server, userId, token, cookie } = known;
const other = await server.createSession((await server.createUser()).user_id);

const authenticate = (input, options) => clientOf(server, options).authenticate(input);
const signed = async (options, clientOptions) =>
  authenticate((await server.createSession(userId, options)).token, clientOptions);
const claims = (members, clientOptions) => signed({ claims: members }, clientOptions);
const adminOf = ({ apiUrl, fetch }) => createAdmin({ apiUrl: `${apiUrl}/admin`, fetch });
const thrown = async (work) => {
  try {
    return await work();
  } catch (error) {
    return error;
  }
};

/** A call while the server, where the path begins so, fails in this way; cold, so that keys are fetched. */
async function broken(how, path, options) {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { timeout: 300, ...options });
  if (path === "/sessions") await hanko.reloadKeys();
  server.break(how, path);
  return hanko.authenticate(token, { mode: path === "/sessions" ? "remote" : "local" });
}

async function weakKey() {
  const { server, token } = await serverWithSession();
  const fetch = async (request) => {
    const { keys } = await (await server.fetch(request)).json();
    return Response.json({ keys: [...keys, { ...keys[0], kid: "weak", e: "Aw" }] });
  };
  return clientOf(server, { fetch }).authenticate(withHeader(token, { kid: "weak" }));
}

async function endedSession() {
  const { token, sessionId } = await server.createSession(userId);
  assert.deepEqual(brief(await authenticate(token, { mode: "remote" })), BY_HANKO);
  server.revokeSession(sessionId);
  return authenticate(token, { mode: "remote" });
}

/** A patch, while step 3 of the profile flow fails in this way. */
async function patched(patch, how) {
  const { server, token } = await serverWithSession();
  if (how) server.break(how, "/profile?action=patch_metadata");
  return thrown(() => clientOf(server).patchUnsafeMetadata(patch, { token }));
}

/** What a host that will not run WebAssembly makes of `createHanko`, in a copy of the package that has not been started. */
async function blocked() {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function () {
    throw new WebAssembly.CompileError("forbidden");
  };
  try {
    return await thrown(() => fresh("hanko-edge").createHanko({ apiUrl: server.apiUrl }));
  } finally {
    WebAssembly.Instance = Instance;
  }
}

/** The user of a session that has ended, by its token. */
async function endedUser() {
  const { token, sessionId } = await server.createSession(userId);
  server.revokeSession(sessionId);
  return thrown(() => clientOf(server).getCurrentUser({ token }));
}

function unstarted() {
  return thrown(() => fresh("hanko-edge/slim").createHanko({ apiUrl: server.apiUrl }));
}

const KEYS = "/.well-known";
const ASK = "/sessions";
const upload = (origin) => new Request("https://app.example", { method: "POST", headers: { origin, cookie } });
const NOW = Math.floor(clock.now / 1000);

/** Code, and a call that ends with it. */
const PRODUCED = {
  token_missing: () => authenticate(new Headers()),
  token_ambiguous: () => authenticate(new Headers({ cookie: `${cookie}; ${other.cookie}` })),
  token_too_large: () => authenticate("x".repeat(16_385)),
  token_malformed: () => authenticate("x"),
  alg_not_allowed: () => signed({ header: { alg: "none" } }),
  header_unsupported: () => signed({ header: { crit: ["exp"] } }),
  kid_missing: () => signed({ header: { kid: undefined } }),
  key_not_found: () => {
    clock.advance(30);
    return signed({ header: { kid: "unknown" } });
  },
  key_unusable: weakKey,
  signature_invalid: () => authenticate(token.replace(/[^.]*$/, "A".repeat(342))),
  claims_malformed: () => claims({ exp: "soon" }),
  claim_missing: () => claims({ exp: undefined }),
  claim_mismatch: () => authenticate(token, { audience: "elsewhere" }),
  token_expired: () => claims({ exp: NOW - 60 }),
  token_not_active: () => claims({ nbf: NOW + 3600 }),
  not_session_token: () => claims({ sub: "hanko" }),
  not_webhook_token: () => thrown(() => clientOf(server).verifyWebhook(token)),
  session_ended: endedSession,
  unauthorized: endedUser,
  forbidden: () => thrown(() => clientOf(server).getUser(crypto.randomUUID(), { token })),
  not_found: () => thrown(() => adminOf(server).getUser(crypto.randomUUID())),
  origin_not_allowed: () => authenticate(upload("https://evil.example"), { allowedOrigins: [] }),
  keys_unavailable: () => broken({ status: 500 }, KEYS),
  keys_invalid: () => broken({ body: "{}" }, KEYS),
  network_error: () => broken({ reset: true }, ASK),
  request_timeout: () => broken({ hang: true }, ASK),
  request_aborted: () => clientOf(server).authenticate(token, { signal: AbortSignal.abort() }),
  redirect_blocked: () => broken({ status: 302 }, ASK),
  response_invalid: () => broken({ status: 404 }, ASK),
  response_too_large: () => broken({ body: " ".repeat(300_000) }, ASK),
  rate_limited: () => broken({ status: 429 }, ASK),
  server_error: () => broken({ status: 500 }, ASK),
  internal_error: () => authenticate(token, { revocations: { isRevoked() {}, revoke() {}, revokeUser() {} } }),
  config_invalid: () => thrown(() => createHanko({ apiUrl: "x" })),
  argument_invalid: () => thrown(() => clientOf(server).authenticate(7)),
  flow_expired: () => patched({ a: 1 }, { status: 410 }),
  outcome_unknown: () => patched({ a: 1 }, { status: 502 }),
  metadata_invalid: () => patched({ a: NaN }),
  metadata_too_large: () => patched({ a: "x".repeat(3000) }),
  not_ready: unstarted,
  wasm_blocked: blocked,
};

const KINDS = { DeniedCode: "denied", UnavailableCode: "unavailable", MisuseCode: "misuse" };
const declared = codesOfContract();

test("the contract's codes are those produced here", () => {
  assert.equal(declared.size, 41);
  assert.deepEqual([...declared.keys()].sort(), Object.keys(PRODUCED).sort());
});

for (const [code, produce] of Object.entries(PRODUCED)) {
  test(`${code} is produced, and is ${declared.get(code)}`, async () => {
    const result = await produce();
    assert.equal(result.code, code);
    const status = { denied: "signed-out", unavailable: "unavailable" }[declared.get(code)];
    if (result instanceof Error) assert.equal(result.kind, declared.get(code));
    else assert.equal(result.status, status);
    assert.ok(result.message.length > 10);
  });
}

/** Each code with its kind, from the types that users get. */
function codesOfContract() {
  const types = readFileSync(new URL("error.d.ts", import.meta.resolve("hanko-edge")), "utf8");
  const unions = Object.entries(KINDS).map(([name, kind]) => {
    const [, union] = new RegExp(`type ${name} =([^;]+);`).exec(types);
    return [...union.matchAll(/"(\w+)"/g)].map(([, code]) => [code, kind]);
  });
  return new Map(unions.flat());
}
