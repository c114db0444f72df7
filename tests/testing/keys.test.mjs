import assert from "node:assert/strict";
import { test } from "node:test";

import { createTestHanko } from "hanko-edge/testing";

import { UUID, isValid, keysOf, partsOf, signedIn } from "./support.mjs";

for (const [keyBits, characters] of [
  [undefined, 342],
  [2048, 342],
  [4096, 683],
]) {
  test(`keyBits ${keyBits}: one RSA key with Hanko's members, which verifies a token`, async () => {
    const { hanko, token } = await signedIn(keyBits && { keyBits });
    const keys = await keysOf(hanko);
    assert.equal(keys.length, 1);
    const [{ kid, n, ...others }] = keys;
    assert.deepEqual(others, { alg: "RS256", e: "AQAB", kty: "RSA", use: "sig" });
    assert.match(kid, UUID);
    assert.equal(n.length, characters);
    assert.equal(await isSignedBy(token, keys[0]), true);
  });
}

test("two servers share neither address nor keys", async () => {
  const [one, other] = [await createTestHanko(), await createTestHanko()];
  assert.match(one.apiUrl, /^https:\/\/[\da-f]{8}\.hanko\.test$/);
  assert.notEqual(one.apiUrl, other.apiUrl);
  assert.notEqual((await keysOf(one))[0].kid, (await keysOf(other))[0].kid);
});

test("2.7 begins with two keys, and the last one signs", async () => {
  const { hanko, token } = await signedIn({ version: "2.7" });
  const keys = await keysOf(hanko);
  assert.equal(keys.length, 2);
  assert.equal(partsOf(token)[0].kid, keys[1].kid);
});

test("a rotation lists the new key last; it signs, and old tokens stay good", async () => {
  const { hanko, user, token: old } = await signedIn();
  const [before] = await keysOf(hanko);
  await hanko.rotateKeys();
  const keys = await keysOf(hanko);
  assert.deepEqual([keys.length, keys[0]], [2, before]);
  const { token } = await hanko.createSession(user.user_id);
  assert.equal(partsOf(token)[0].kid, keys[1].kid);
  assert.deepEqual([await isValid(hanko, old), await isValid(hanko, token)], [true, true]);
});

test("without keepOld the old keys are gone, and their tokens are worth nothing", async () => {
  const { hanko, user, token: old } = await signedIn();
  const [before] = await keysOf(hanko);
  await hanko.rotateKeys({ keepOld: false });
  const keys = await keysOf(hanko);
  assert.equal(keys.length, 1);
  assert.notEqual(keys[0].kid, before.kid);
  const { token } = await hanko.createSession(user.user_id);
  assert.deepEqual([await isValid(hanko, old), await isValid(hanko, token)], [false, true]);
});

async function isSignedBy(token, jwk) {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  const [header, payload, signature] = token.split(".");
  const input = new TextEncoder().encode(`${header}.${payload}`);
  return crypto.subtle.verify(algorithm, key, Buffer.from(signature, "base64url"), input);
}
