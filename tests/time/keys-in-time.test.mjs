/** How long keys are believed, when they are fetched again, and what a rotation changes. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./support/clock.mjs";
import {
  SIGNED_IN,
  STALE,
  brief,
  clientOf,
  counted,
  keyFetches,
  serverWithSession,
  signedOut,
  unavailable,
} from "./support/hanko.mjs";
import { withHeader } from "./support/tokens.mjs";

async function documentOf({ apiUrl, fetch }) {
  return (await fetch(new Request(`${apiUrl}/.well-known/jwks.json`))).json();
}

test("keys are believed for 600 s", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  const look = () =>
    keyFetches(server, async () => assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN));
  assert.equal(await look(), 1);
  clock.advance(599.999);
  assert.equal(await look(), 0);
  clock.advance(0.001);
  assert.equal(await look(), 1);
});

test("a key that is replaced while WebCrypto looks at a signature is no good any more", async (context) => {
  const [{ server, token, userId }, other] = [await serverWithSession(), await serverWithSession()];
  const [one, another] = await Promise.all([server, other.server].map(documentOf));
  let document = one;
  const hanko = clientOf(server, { fetch: async () => Response.json(document) });
  const [before, meanwhile] = [await server.createSession(userId), await server.createSession(userId)];
  assert.deepEqual(brief(await hanko.authenticate(before.token)), SIGNED_IN);
  document = { keys: [{ ...another.keys[0], kid: one.keys[0].kid }] };
  const { verify } = crypto.subtle;
  context.after(() => (crypto.subtle.verify = verify));
  crypto.subtle.verify = async (...given) => {
    crypto.subtle.verify = verify;
    const good = await verify.apply(crypto.subtle, given);
    await hanko.reloadKeys();
    assert.deepEqual(brief(await hanko.authenticate(meanwhile.token)), signedOut("signature_invalid"));
    return good;
  };
  assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("signature_invalid"));
});

test("what Age says of the key document is part of its age", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  server.break({ headers: { age: "500" } }, "/.well-known");
  const look = () => keyFetches(server, () => hanko.authenticate(token));
  assert.equal(await look(), 1);
  clock.advance(99.999);
  assert.equal(await look(), 0);
  clock.advance(0.001);
  assert.equal(await look(), 1);
});

test("of several ages in Age the first counts, one beyond every number too, and what is no number does not", async () => {
  for (const [age, fetches] of [
    ["700, 0", 1],
    ["99999999999", 1],
    ["-1", 0],
    ["unknown", 0],
  ]) {
    const { server, token } = await serverWithSession();
    const hanko = clientOf(server);
    server.break({ headers: { age } }, "/.well-known");
    await hanko.authenticate(token);
    clock.advance(30);
    assert.equal(await keyFetches(server, () => hanko.authenticate(token)), fetches, age);
  }
});

test("keys that a cache has kept for hours are believed for 30 s, and in an outage for as long as others", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { keysMaxStale: 3600, cacheSize: 0 });
  server.break({ headers: { age: "90000" } }, "/.well-known");
  const look = () =>
    keyFetches(server, async () => assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN));
  const fetches = [];
  for (const seconds of [0, 29.999, 0.001, 29.999, 0.001]) {
    clock.advance(seconds);
    fetches.push(await look());
  }
  assert.deepEqual(fetches, [1, 0, 1, 0, 1]);
  server.break({ reset: true });
  clock.advance(30 + 3600 - 0.001);
  assert.deepEqual(brief(await hanko.authenticate(token)), STALE);
  clock.advance(0.001);
  assert.deepEqual(brief(await hanko.authenticate(token)), unavailable("keys_unavailable"));
});

test("an unknown kid fetches the keys at most every 30 s", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  const unknown = withHeader(token, { kid: "another" });
  const look = () => keyFetches(server, () => hanko.authenticate(unknown));
  const fetches = [];
  for (const seconds of [0, 29.999, 0.001, 29.999, 0.001]) {
    clock.advance(seconds);
    fetches.push(await look());
  }
  assert.deepEqual(fetches, [0, 0, 1, 0, 1]);
});

test("10,000 unknown kids in a minute: at most 2 requests, and every valid token between them is valid", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { cacheSize: 0 });
  await hanko.authenticate(token);
  let valid = 0;
  const codes = new Set();
  const fetches = await keyFetches(server, async () => {
    for (let call = 0; call < 10_000; call++) {
      clock.advance(0.006);
      codes.add((await hanko.authenticate(withHeader(token, { kid: `kid ${call}` }))).code);
      if (call % 10 === 0 && (await hanko.authenticate(token)).status === "signed-in") valid++;
    }
  });
  assert.equal(valid, 1000);
  assert.ok(fetches >= 1 && fetches <= 2, `${fetches} requests`);
  assert.deepEqual([...codes].sort(), ["key_not_found", "keys_unavailable"]);
});

test("while the keys are fetched for an unknown kid, nobody with a known one waits", async () => {
  for (const cacheSize of [0, 1000]) {
    const { server, token } = await serverWithSession();
    const hanko = clientOf(server, { cacheSize, timeout: 1000 });
    await hanko.authenticate(token);
    clock.advance(30);
    server.break({ hang: true });
    const unknown = Array.from({ length: 20 }, (_, at) => hanko.authenticate(withHeader(token, { kid: `kid ${at}` })));
    const began = performance.now();
    for (let call = 0; call < 20; call++) assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
    assert.ok(performance.now() - began < 500, `${performance.now() - began} ms`);
    for (const { status } of await Promise.all(unknown)) assert.equal(status, "unavailable");
  }
});

test("a rotation with overlap: the new key works at once, the old one goes on", async () => {
  const { server, userId, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  clock.advance(30);
  await server.rotateKeys();
  const fresh = await server.createSession(userId);
  const { result, keys } = await counted(server, () => hanko.authenticate(fresh.token));
  assert.deepEqual([brief(result), keys], [SIGNED_IN, 1]);
  assert.equal(await keyFetches(server, () => hanko.authenticate(token)), 0);
  assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN);
});

test("a rotation within the 30 s after a fetch is no logout", async () => {
  const { server, userId, token } = await serverWithSession();
  const hanko = clientOf(server);
  await hanko.authenticate(token);
  clock.advance(10);
  await server.rotateKeys();
  const fresh = await server.createSession(userId);
  const early = await hanko.authenticate(fresh.token);
  assert.deepEqual(brief(early), unavailable("keys_unavailable"));
  clock.advance(early.retryAfter);
  assert.deepEqual(brief(await hanko.authenticate(fresh.token)), SIGNED_IN);
});

test("a removed key stops at the next refresh, and reloadKeys forces it", async () => {
  for (const force of [false, true]) {
    const { server, userId, token } = await serverWithSession();
    const hanko = clientOf(server);
    await hanko.authenticate(token);
    clock.advance(10);
    await server.rotateKeys({ keepOld: false });
    const fresh = await server.createSession(userId);
    assert.deepEqual(brief(await hanko.authenticate(token)), SIGNED_IN, "nobody knows yet");
    if (force) assert.equal(await keyFetches(server, () => hanko.reloadKeys()), 1);
    else clock.advance(590);
    assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("key_not_found"));
    assert.deepEqual(brief(await hanko.authenticate(fresh.token)), SIGNED_IN);
  }
});

test("two tenants with the same kid: 10,000 interleaved calls", async () => {
  const tenants = await Promise.all([0, 1].map(() => tenantWithKid("the-same-kid")));
  const right = tenants.map(({ hanko, token }) => ({ hanko, token, expected: SIGNED_IN }));
  const wrong = tenants.map(({ hanko }, at) => ({
    hanko,
    token: tenants[1 - at].token,
    expected: signedOut("signature_invalid"),
  }));
  const kinds = [...right, ...wrong];
  let calls = 0;
  for (let round = 0; round < 2500; round++) {
    const auths = await Promise.all(kinds.map(({ hanko, token }) => hanko.authenticate(token)));
    for (const [at, auth] of auths.entries()) assert.deepEqual(brief(auth), kinds[at].expected);
    calls += auths.length;
  }
  assert.equal(calls, 10_000);
});

async function tenantWithKid(kid) {
  const { server, userId } = await serverWithSession();
  const { token } = await server.createSession(userId, { header: { kid } });
  const fetch = async (request) => {
    const { keys } = await (await server.fetch(request)).json();
    return Response.json({ keys: keys.map((key) => ({ ...key, kid })) });
  };
  return { hanko: clientOf(server, { fetch }), token };
}

test("a client made in every request is as warm as one kept", async () => {
  const { server, token } = await serverWithSession();
  const options = { mode: "hybrid", revalidateAfter: 60 };
  const { keys, asks } = await counted(server, async () => {
    for (let call = 0; call < 100; call++) {
      assert.equal((await clientOf(server, options).authenticate(token)).status, "signed-in");
    }
  });
  assert.deepEqual({ keys, asks }, { keys: 1, asks: 1 });
});
