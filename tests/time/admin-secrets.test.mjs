/** A canary as API key, in ids, users and metadata: no error, stack, inspection, JSON or console line holds 16 characters of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { createAdmin } from "hanko-edge/admin";

const PIECE = 16;
const KEY = "canary-Zq7vK2mXw9TfB4nLc8RjH5dYs3GpEu6a";
const ID = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const API_URL = "https://tenant.hanko.test/admin";
const PIECES = Array.from({ length: KEY.length - PIECE + 1 }, (_, at) => KEY.slice(at, at + PIECE));

const told = [];
for (const level of ["log", "info", "warn", "error", "debug", "trace"]) {
  console[level] = (...values) => told.push(values.map((value) => inspect(value, { depth: 9 })).join(" "));
}

/** All that a logger could make of a value. */
function tellAll(value) {
  told.push(inspect(value, { depth: 9, showHidden: true, getters: true }));
  told.push(`${value?.message} ${value?.stack} ${String(value)} ${JSON.stringify(value)}`);
  for (const name of value instanceof Error ? Reflect.ownKeys(value) : []) told.push(String(value[name]));
}

/** How the Admin API fails, with the canary in all that it says. */
const WORLDS = {
  "fetch rejects": (request) => Promise.reject(new Error(`${KEY} ${request.url}`)),
  "fetch throws": () => {
    throw new Error(KEY);
  },
  ...Object.fromEntries(
    [200, 400, 401, 403, 404, 409, 429, 500, 502].map((status) => [
      `it says ${status}`,
      () => Response.json({ code: status, message: KEY, [KEY]: KEY }, { status, headers: { "retry-after": KEY } }),
    ]),
  ),
  "it redirects": () => new Response(null, { status: 307, headers: { location: `https://elsewhere.example/${KEY}` } }),
  "it says no JSON": () => new Response(KEY),
};

/** Every call, good and wrong, with the canary where a secret may stand. */
function calls(admin) {
  const email = { address: `${KEY}@example.com`, is_primary: true, is_verified: true };
  return [
    () => admin.getUser(ID),
    () => admin.getUser(KEY),
    () => admin.createUser({ emails: [email], username: KEY }),
    () => admin.createUser({ [KEY]: KEY }),
    () => admin.createUser({ username: { KEY } }),
    () => admin.deleteUser(ID),
    () => admin.getMetadata(ID),
    () => admin.patchMetadata(ID, { private_metadata: { [KEY]: KEY } }),
    () => admin.patchMetadata(ID, { private_metadata: { [KEY]: [KEY, NaN] } }),
    () => admin.patchMetadata(ID, { [KEY]: {} }),
    () => admin.createSession(ID, { userAgent: KEY }),
    () => admin.createSession(ID, { [KEY]: KEY }),
    () => admin.listSessions(ID),
    () => admin.deleteSession(ID, KEY),
    () => admin.deleteSessions(ID),
  ];
}

for (const [name, answer] of Object.entries(WORLDS)) {
  test(`${name}: nobody is told of the key, and it goes to the Admin API alone`, async () => {
    told.length = 0;
    const fetch = (request) => {
      assert.equal(request.headers.get("authorization"), `Bearer ${KEY}`);
      assert.equal(request.redirect, "manual");
      assert.ok(request.url.startsWith(`${API_URL}/`) && !request.url.includes(KEY), "no other address");
      return answer(request);
    };
    const admin = createAdmin({ apiUrl: API_URL, apiKey: KEY, fetch, timeout: 400 });
    tellAll(admin);
    for (const call of calls(admin)) await call().then(() => undefined, tellAll);
    assert.ok(told.length > 40, `${told.length} told`);
    assertClean();
  });
}

test("wrong options: nobody is told of the key", () => {
  told.length = 0;
  for (const more of [
    { timeout: KEY },
    { fetch: KEY },
    { [KEY]: 1 },
    { apiKey: [KEY] },
    { apiKey: `${KEY}\n` },
    { apiUrl: KEY },
  ]) {
    assert.throws(
      () => createAdmin({ apiUrl: API_URL, apiKey: KEY, ...more }),
      (error) => (tellAll(error), error.code === "config_invalid"),
    );
  }
  assertClean();
});

test("a window with a document is no place for it", () => {
  told.length = 0;
  globalThis.window = { document: {} };
  try {
    assert.throws(
      () => createAdmin({ apiUrl: API_URL, apiKey: KEY }),
      (error) => (tellAll(error), error.code === "config_invalid"),
    );
  } finally {
    delete globalThis.window;
  }
  assertClean();
  assert.ok(createAdmin({ apiUrl: API_URL, apiKey: KEY }));
});

test("the search finds what it looks for", () => {
  told.length = 0;
  tellAll(new Error(`the key ${KEY.slice(3, 3 + PIECE)} is bad`));
  assert.throws(assertClean, /holds a piece/);
});

function assertClean() {
  for (const text of told) {
    const piece = PIECES.find((one) => text.includes(one));
    assert.equal(piece, undefined, `holds a piece of a secret: ${text.slice(0, 300)}`);
  }
}
