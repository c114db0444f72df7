/** Key documents that are older than their arrival: of a shared store, or of a cache on the way. And the store behind the answer. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { clock } from "./support/clock.mjs";
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
import { withHeader } from "./support/tokens.mjs";

const NOTHING = { get: async () => undefined, put: async () => {} };

/** What a client of this server puts into its store. */
async function stored(server, token) {
  let text;
  const keyStore = { get: async () => undefined, put: async (_, value) => void (text = value) };
  assert.deepEqual(brief(await clientOf(server, { keyStore }).authenticate(token)), SIGNED_IN);
  return text;
}

/** A client that knows nothing yet, as in another isolate: of the same server, by an address of its own. */
function coldClient(server, text, options) {
  const apiUrl = `${server.apiUrl}/${crypto.randomUUID()}`;
  const fetch = (request) => server.fetch(new Request(request.url.replace(apiUrl, server.apiUrl), request));
  const keyStore = { ...NOTHING, get: async () => text.replace(server.apiUrl, apiUrl) };
  return createHanko({ apiUrl, fetch, mode: "local", keyStore, ...options });
}

/** A document from before a rotation, and a token from after it. */
async function rotated() {
  const known = await serverWithSession();
  const text = await stored(known.server, known.token);
  clock.advance(100);
  await known.server.rotateKeys();
  const fresh = await known.server.createSession(known.userId);
  return { ...known, text, fresh };
}

test("a store with another Hanko's keys, while Hanko is down: they take the place of none", async () => {
  const { server, token } = await serverWithSession();
  const other = await serverWithSession();
  let text;
  const hanko = clientOf(server, { keyStore: { ...NOTHING, get: async () => text } });
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
  clock.advance(100);
  text = (await stored(other.server, other.token)).replace(other.server.apiUrl, server.apiUrl);
  server.break({ status: 503 });
  assert.deepEqual(brief(await hanko.authenticate(withHeader(token, { kid: "x" }))), unavailable("keys_unavailable"));
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
  clock.advance(500);
  assert.deepEqual(brief(await hanko.authenticate(token)), STALE);
});

test("a store that hangs, and keys past their age: Hanko is asked inside the share of the deadline", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { keyStore: { ...NOTHING, get: () => new Promise(() => {}) } });
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
  clock.advance(600);
  const { result, keys } = await counted(server, () => hanko.authenticate(token));
  assert.deepEqual([brief(result), keys], [SIGNED_IN, 1]);
});

test("a store from before a rotation: Hanko is asked for the new key, and not for the old one", async () => {
  const { server, token, text, fresh } = await rotated();
  for (const [one, fetches] of [
    [token, 0],
    [fresh.token, 1],
  ]) {
    const hanko = coldClient(server, text);
    const { result, keys } = await counted(server, () => hanko.authenticate(one));
    assert.deepEqual([brief(result), keys], [SIGNED_IN, fetches]);
  }
});

test("a store from before a rotation, calls at once with the old key and the new one: all are signed in", async () => {
  const { server, token, text, fresh } = await rotated();
  const hanko = coldClient(server, text);
  const auths = await Promise.all([token, fresh.token, fresh.token].map((one) => hanko.authenticate(one)));
  for (const auth of auths) assert.deepEqual(brief(auth), SIGNED_IN);
});

test("a store from before a rotation while Hanko is down: unavailable", async () => {
  const { server, token, text, fresh } = await rotated();
  server.break({ status: 503 });
  const hanko = coldClient(server, text);
  assert.deepEqual(brief(await hanko.authenticate(fresh.token)), unavailable("keys_unavailable"));
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
});

/** A server behind a cache that can be told to answer with the key document of now from then on, `age` seconds old. */
async function behindCache(server) {
  let kept;
  const fetch = async (request) =>
    kept && request.url.includes("jwks.json")
      ? new Response(kept.text, { headers: kept.headers })
      : server.fetch(request);
  const document = () => server.fetch(new Request(`${server.apiUrl}/.well-known/jwks.json`));
  const keep = async () => {
    const text = await (await document()).text();
    return (age) => void (kept = age === undefined ? undefined : { text, headers: { age: String(age) } });
  };
  return { fetch, keep };
}

test("a removed key does not come back by an older document of a cache, not even for one call", async () => {
  const { server, token } = await serverWithSession();
  const { fetch, keep } = await behindCache(server);
  const answerWithOld = await keep();
  clock.advance(20);
  await server.rotateKeys({ keepOld: false });
  const hanko = clientOf(server, { fetch });
  await hanko.reloadKeys();
  assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("key_not_found"));
  clock.advance(40);
  answerWithOld(100);
  for (let call = 0; call < 2; call++) {
    assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("key_not_found"), `call ${call}`);
    assert.equal((await hanko.verifySession(token).catch((error) => error)).code, "key_not_found");
  }
});

test("a cache that has not seen a rotation yet signs nobody out", async () => {
  for (const warm of [true, false]) {
    const { server, userId, token } = await serverWithSession();
    const { fetch, keep } = await behindCache(server);
    const answerWithOld = await keep();
    const hanko = clientOf(server, { fetch });
    if (warm) await hanko.authenticate(token);
    clock.advance(100);
    await server.rotateKeys();
    const fresh = await server.createSession(userId);
    answerWithOld(100);
    assert.deepEqual(brief(await hanko.authenticate(fresh.token)), unavailable("keys_unavailable"));
    answerWithOld();
    clock.advance(30);
    assert.deepEqual(brief(await hanko.authenticate(fresh.token)), SIGNED_IN);
  }
});

test("keys that are fetched behind the answer reach the store before that work ends", async () => {
  const { server, token } = await serverWithSession();
  let put = 0;
  const slowly = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    put++;
  };
  const hanko = clientOf(server, { keyStore: { ...NOTHING, put: slowly } });
  for (const expected of [1, 2]) {
    const behind = [];
    assert.deepEqual(brief(await hanko.authenticate(token, { waitUntil: (work) => behind.push(work) })), SIGNED_IN);
    for (const work of behind) await work; // More may come while one is waited for.
    assert.equal(put, expected);
    clock.advance(600);
  }
});

test("an isolate that slept does not believe a removed key: long past their age, keys are not renewed behind the answer", async () => {
  const behind = [];
  const options = { waitUntil: (work) => behind.push(work) };
  for (const seconds of [630, 4000]) {
    const { server, token } = await serverWithSession();
    const hanko = clientOf(server);
    assert.deepEqual(brief(await hanko.authenticate(token, options)), SIGNED_IN);
    await server.rotateKeys({ keepOld: false });
    clock.advance(seconds);
    assert.deepEqual(brief(await hanko.authenticate(token, options)), signedOut("key_not_found"));
  }
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token, options);
  server.break({ status: 503 });
  clock.advance(700);
  assert.deepEqual(brief(await hanko.authenticate(token, options)), STALE);
  clock.advance(1);
  const asked = behind.length;
  assert.deepEqual(brief(await hanko.authenticate(token, options)), STALE);
  assert.equal(behind.length, asked + 1, "while the endpoint fails it is asked behind the answer");
  await Promise.all(behind);
});

test("a store and a list that fail are not waited for", async () => {
  const { server, token } = await serverWithSession();
  const fails = () => Promise.reject(new Error("broken"));
  const revocations = { isRevoked: fails, revoke() {}, revokeUser() {} };
  const hanko = clientOf(server, { keyStore: { ...NOTHING, get: fails }, revocations, timeout: 30_000 });
  const began = performance.now();
  assert.deepEqual(brief(await hanko.authenticate(token)), unavailable("internal_error"));
  assert.ok(performance.now() - began < 5000, "a quarter of the deadline is for one that is slow");
});

test("a store that takes for ever keeps the host no longer than the deadline", async () => {
  const { server, token } = await serverWithSession();
  const behind = [];
  const hanko = clientOf(server, { keyStore: { ...NOTHING, put: () => new Promise(() => {}) }, timeout: 200 });
  const began = performance.now();
  const auth = await hanko.authenticate(token, { waitUntil: (work) => behind.push(work) });
  assert.deepEqual([brief(auth), behind.length], [SIGNED_IN, 1]);
  await Promise.all(behind);
  assert.ok(performance.now() - began < 450, "the work behind the answer has a deadline, too");
});

test("a key document of nearly 256 KiB is put into a store, and taken from it", async () => {
  const { server, token } = await serverWithSession();
  const padding = "\u0001".repeat(40_000); // Six characters each in JSON.
  const fetch = async (request) => Response.json({ padding, ...(await (await server.fetch(request)).json()) });
  let text;
  const keyStore = { ...NOTHING, put: async (_, value) => void (text = value) };
  assert.deepEqual(brief(await clientOf(server, { fetch, keyStore }).authenticate(token)), SIGNED_IN);
  assert.ok(text.length > 240_000, `${text.length} characters`);
  server.break({ status: 503 });
  assert.deepEqual(brief(await coldClient(server, text).authenticate(token)), SIGNED_IN);
});

test("of a store's texts none is taken that is longer than any it is given, and nothing else than a text", async () => {
  const { server, token } = await serverWithSession();
  const text = await stored(server, token);
  server.break({ status: 503 });
  const [longest, address] = [6 * 256 * 1024 + 4096, "/".length + crypto.randomUUID().length];
  for (const [length, code] of [
    [longest, undefined],
    [longest + 1, "keys_unavailable"],
  ])
    assert.equal((await coldClient(server, text.padEnd(length - address)).authenticate(token)).code, code, `${length}`);
  for (const given of [null, 7, [text], { length: 1 }, true]) {
    const hanko = coldClient(server, text, { keyStore: { ...NOTHING, get: async () => given } });
    assert.equal((await hanko.authenticate(token)).code, "keys_unavailable");
  }
});
