// Hosts that lack what the package needs, as Jest's jsdom does: an error says what it is, and what can work works.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const TOKEN = [
  { alg: "RS256", kid: "a", typ: "JWT" },
  { sub: "b505cf37-1111-4111-8111-111111111111", session_id: "b505cf37-1111-4111-8111-111111111112", exp: 4e9 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .concat("A".repeat(342))
  .join(".");

const CALLS = {
  createTestHanko: `testing.createTestHanko()`,
  createHanko: `hanko.createHanko({ apiUrl: "https://a.invalid", fetch })`,
  createAdmin: `admin.createAdmin({ apiUrl: "https://a.invalid", fetch })`,
  decodeToken: `hanko.decodeToken("${TOKEN}")`,
  previewMetadataPatch: `hanko.previewMetadataPatch({}, {})`,
  denyResponse: `hanko.denyResponse({ status: "signed-out", code: "token_missing", message: "" })`,
  authenticate: `client.authenticate("${TOKEN}")`,
  getCurrentUser: `client.getCurrentUser({ token: "${TOKEN}" })`,
  patchUnsafeMetadata: `client.patchUnsafeMetadata({ a: 1 }, { token: "${TOKEN}" })`,
  createUser: `administrator.createUser({ username: "ada" })`,
  webhookRoute: `webhooks.webhookRoute({ verifyWebhook() {} })`,
};

// Before anything is removed: Node makes its own globals from others when they are first used.
const PRELUDE = `new Response(""); new Request("https://a.invalid", { method: "POST", body: "" }); await import("hanko-edge");`;

const SCRIPT = `
  const [hanko, testing, admin, webhooks] = await Promise.all(
    ["", "/testing", "/admin", "/webhooks"].map((entry) => import("hanko-edge" + entry)));
  const fetch = async () => { throw new TypeError("no network here"); };
  const apiUrl = "https://b.invalid";
  let client, administrator;
  try {
    client = hanko.createHanko({ apiUrl, fetch });
    administrator = admin.createAdmin({ apiUrl, fetch });
  } catch {
    // Told below.
  }
  const told = {};
  for (const [name, work] of Object.entries({ CALLS })) {
    try {
      const { code, message } = Object(await work());
      told[name] = [code ?? "works", message];
    } catch (error) {
      told[name] = error instanceof hanko.HankoError ? [error.code, error.message] : ["untyped", String(error)];
    }
  }
  console.log(JSON.stringify(told));
`;

/** What every call says in a process without these globals: its code, and its message. */
function withoutGlobals(names) {
  const calls = Object.entries(CALLS).map(([name, work]) => `${name}: async () => ${work}`);
  const remove = names.map((name) =>
    name === "crypto.subtle"
      ? `Object.defineProperty(crypto, "subtle", { value: undefined });`
      : `delete globalThis.${name};`,
  );
  const script = PRELUDE + remove.join("") + SCRIPT.replace("CALLS", calls.join());
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  return JSON.parse(execFileSync("node", ["--input-type=module", "-e", script], { cwd, encoding: "utf8" }));
}

/** Calls that wait for an answer need the first of these, whatever else. */
const ASKING = ["getCurrentUser", "patchUnsafeMetadata", "createUser", "authenticate"];
const JSDOM = [
  "Request",
  "Response",
  "TextEncoder",
  "TextDecoder",
  "structuredClone",
  "ReadableStream",
  "crypto.subtle",
];

for (const [names, named] of [
  [["Request"], ["createTestHanko", ...ASKING]],
  [["Headers"], ["createTestHanko", "denyResponse", ...ASKING]],
  [["AbortController"], ["createTestHanko", ...ASKING]],
  [["Response"], ["createTestHanko", "denyResponse", "webhookRoute"]],
  [["crypto.subtle"], ["createTestHanko"]],
  [["structuredClone"], ["createTestHanko"]],
  [JSDOM, ["createTestHanko", "createHanko", "createAdmin", "decodeToken", "previewMetadataPatch", "denyResponse"]],
]) {
  test(`without ${names.join(", ")}: whoever needs it names it, and nobody throws what is untyped`, () => {
    const told = withoutGlobals(names);
    for (const [name, [code, message]] of Object.entries(told)) {
      const isNamed = names.some((missing) => message?.includes(missing));
      if (named.includes(name)) assert.deepEqual([code, isNamed], ["internal_error", true], `${name}: ${message}`);
      else if (client(told, name)) assert.notEqual(code, "untyped", `${name}: ${message}`);
    }
    for (const name of names.length === 1 ? ["decodeToken", "previewMetadataPatch", "createHanko"] : [])
      assert.equal(told[name][0], "works", `${name} needs none of it`);
  });
}

/** Whether there was a client to call. */
function client(told, name) {
  return told.createHanko[0] === "works" || !ASKING.includes(name);
}

test("without WebAssembly it is wasm_blocked, as where a host forbids it", () => {
  const told = withoutGlobals(["WebAssembly"]);
  for (const name of ["createHanko", "createAdmin", "decodeToken", "previewMetadataPatch"]) {
    assert.equal(told[name][0], "wasm_blocked", name);
    assert.match(told[name][1], /WebAssembly.*'wasm-unsafe-eval'/, name);
  }
});

test("without WebCrypto, as in a page that is not secure, whoever looks at a signature says what is missing", () => {
  const script = `
    import { createHanko } from "hanko-edge";
    import { createTestHanko } from "hanko-edge/testing";
    const server = await createTestHanko();
    const { token } = await server.createSession((await server.createUser()).user_id);
    const webhook = await server.createWebhook("user.login", {});
    const hanko = createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
    Object.defineProperty(crypto, "subtle", { value: undefined });
    const calls = [hanko.authenticate(token), hanko.verifySession(token), hanko.verifyWebhook(webhook)];
    const told = await Promise.all(calls.map((call) => call.catch((error) => error)));
    console.log(JSON.stringify(told.map(({ code, message }) => [code, message])));`;
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const said = JSON.parse(execFileSync("node", ["--input-type=module", "-e", script], { cwd, encoding: "utf8" }));
  assert.equal(said.length, 3);
  for (const [code, message] of said) {
    assert.equal(code, "internal_error");
    assert.match(message, /WebCrypto .* is not there .*secure context/);
  }
});

test("a core that was started while a test had fake timers works when they are gone", () => {
  const script = `
    import { createHanko } from "hanko-edge";
    import { createTestHanko } from "hanko-edge/testing";
    const { queueMicrotask } = globalThis;
    globalThis.queueMicrotask = () => {}; // As Jest and Sinon have it: called when the test lets time pass.
    createHanko({ apiUrl: "https://a.invalid" });
    globalThis.queueMicrotask = queueMicrotask;
    const server = await createTestHanko();
    const { token } = await server.createSession((await server.createUser()).user_id);
    const hanko = createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, timeout: 2000 });
    setTimeout(() => process.exit(), 5000);
    console.log((await hanko.authenticate(token)).status);
    process.exit();`;
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  assert.match(execFileSync("node", ["--input-type=module", "-e", script], { cwd, encoding: "utf8" }), /^signed-in/);
});

test("hanko-edge/admin where a test gave itself a window says which environment to take", () => {
  const script = `globalThis.window = { document: {} };
    const { createAdmin } = await import("hanko-edge/admin");
    try { createAdmin({ apiUrl: "https://a.invalid" }); } catch ({ code, message }) { console.log(code, message); }`;
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const said = execFileSync("node", ["--input-type=module", "-e", script], { cwd, encoding: "utf8" });
  assert.match(said, /^config_invalid .*\(in a test take the environment node\)/);
});

test("a page has cookies of its own, and so has its worker; a host without a location has none", async () => {
  const { createHanko } = await import("hanko-edge");
  const { createTestHanko } = await import("hanko-edge/testing");
  const server = await createTestHanko();
  const client = createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
  const said = async (globals) => {
    Object.assign(globalThis, globals);
    try {
      return await client.validateSession().catch(({ code }) => code);
    } finally {
      for (const name of Object.keys(globals)) delete globalThis[name];
    }
  };
  const [document, WorkerGlobalScope, location] = [{}, class {}, new URL("https://c.invalid/worker.js")];
  for (const globals of [{ document }, { WorkerGlobalScope, location }])
    assert.deepEqual(await said(globals), { is_valid: false });
  const asked = server.requests.length;
  for (const globals of [{}, { WorkerGlobalScope }, { location }]) assert.equal(await said(globals), "token_missing");
  assert.equal(server.requests.length, asked);
});

test("a WebCrypto that fails is no forged signature, and only its true is a yes", async () => {
  const { createHanko } = await import("hanko-edge");
  const { createTestHanko } = await import("hanko-edge/testing");
  const server = await createTestHanko();
  const { user_id } = await server.createUser();
  const [{ token }, other] = [await server.createSession(user_id), await server.createSession(user_id)];
  const client = createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, mode: "local" });
  assert.equal((await client.authenticate(other.token)).status, "signed-in", "the key is at hand");
  const thrown = () => {
    throw new Error("broken");
  };
  const { verify } = crypto.subtle;
  try {
    for (const [broken, code] of [
      [() => Promise.reject(new Error("broken")), "internal_error"],
      [thrown, "internal_error"],
      [async () => false, "signature_invalid"],
      [async () => 1, "signature_invalid"],
    ]) {
      crypto.subtle.verify = broken;
      assert.equal((await client.authenticate(token)).code, code);
      await assert.rejects(client.verifySession(token), { code });
    }
  } finally {
    crypto.subtle.verify = verify;
  }
  assert.equal((await client.authenticate(token)).status, "signed-in");
});
