// What a place for texts returns that nobody here put there: it is no keys, and does not say that nothing is revoked.
import assert from "node:assert/strict";
import { test } from "node:test";

import { kvKeyStore, kvRevocations } from "hanko-edge/stores";

import { at } from "./clock.mjs";

const MARK = "hanko-edge/v1 ";
const UNTIL = Date.now() + 60_000;
const keys = { name: "https://poison.hanko.test", until: UNTIL, value: "keys" };
const revoked = { name: "session:s", until: UNTIL, value: UNTIL };
const session = { sessionId: "s", userId: "u", issuedAt: new Date(), expiresAt: new Date(UNTIL) };

const written = (entry) => MARK + JSON.stringify(entry);
const read = (text) => kvKeyStore({ get: async () => text, put: async () => {} }).get(keys.name);

/** Where the session's entry is kept: a list asks for the user's too, and which of the two first is not said. */
let sessionKey;
await kvRevocations({ get: async () => null, put: async (key) => (sessionKey = key) }).revoke("s", new Date(UNTIL));

/** What a list answers that finds this text for the session, and nothing for the user. */
async function isRevoked(text) {
  const get = async (key) => (key === sessionKey ? text : null);
  return kvRevocations({ get, put: async () => {} }).isRevoked(session);
}

/** By name: what a good entry has become. */
const POISON = {
  "no text at all": () => "",
  "a number": () => 7,
  "an object": (entry) => ({ ...entry, startsWith: () => true, slice: () => JSON.stringify(entry) }),
  garbage: () => "garbage",
  "the mark alone": () => MARK,
  "half of the entry": (entry) => written(entry).slice(0, -10),
  "null in its place": () => `${MARK}null`,
  "a number in its place": () => `${MARK}7`,
  "a text in its place": () => `${MARK}"text"`,
  "JSON without the mark": (entry) => JSON.stringify(entry),
  "JSON behind as many other characters": (entry) => " ".repeat(MARK.length) + JSON.stringify(entry),
  "an entry of another format": (entry) => written(entry).replace("/v1 ", "/v2 "),
  "an entry of another name": (entry) => written({ ...entry, name: `${entry.name}2` }),
  "an entry without a name": ({ name, ...entry }) => written(entry),
  "an entry without an end": ({ until, ...entry }) => written(entry),
  "an end that is no number": (entry) => written({ ...entry, until: String(entry.until) }),
  "no value": ({ value, ...entry }) => written(entry),
  "a value of another type": (entry) => written({ ...entry, value: [entry.value] }),
};

test("a good entry is believed until it ends, and its end is no failure", async () => {
  for (const [time, value, isEnded] of [
    [UNTIL - 1, "keys", true],
    [UNTIL, undefined, false],
  ]) {
    assert.equal(await at(time, () => read(written(keys))), value);
    assert.equal(await at(time, () => isRevoked(written(revoked))), isEnded);
  }
});

for (const [what, made] of Object.entries(POISON)) {
  test(`${what}: no keys, and a list that fails`, async () => {
    assert.equal(await read(made(keys)), undefined);
    await assert.rejects(isRevoked(made(revoked)), { message: "the list of revocations holds what is none" });
  });
}

test("nothing is no entry: no keys, and nobody is revoked", async () => {
  for (const nothing of [null, undefined]) {
    assert.equal(await read(nothing), undefined);
    assert.equal(await isRevoked(nothing), false);
  }
});
