// What the makers of stores and lists, and the lists, are given wrongly.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as stores from "hanko-edge/stores";

import { CANARY } from "../conformance/support/wrong-options.mjs";
import { misused } from "../misused.mjs";

const place = { get() {}, put() {}, match() {}, getItem() {}, setItem() {} };
const { cacheKeyStore, memoryRevocations, ...prefixed } = stores;

test("an unknown option is named, unless its name may be a secret", () => {
  const makers = Object.values(prefixed).map((make) => (options) => make(place, options));
  for (const make of [...makers, memoryRevocations]) {
    assert.throws(() => make({ prefixes: "p" }), misused("config_invalid", /^option prefixes is unknown$/));
    assert.throws(() => make({ key_prefix: "p" }), misused("config_invalid", /^option key_prefix is unknown$/));
    assert.throws(() => make({ [CANARY]: 1 }), misused("config_invalid", /^an option is unknown$/));
  }
});

test("the options are an object or undefined: nothing else is taken for none", () => {
  const makers = Object.values(prefixed).map((make) => (options) => make(place, options));
  for (const make of [...makers, memoryRevocations]) {
    for (const wrong of [null, 0, 7, true, "", CANARY, 7n, Symbol(CANARY), () => {}])
      assert.throws(() => make(wrong), misused("config_invalid", /^the options must be an object$/));
    for (const right of [undefined, {}]) assert.equal(typeof make(right), "object");
  }
});

test("a prefix and a number of entries are told by what they may be", () => {
  const prefix = misused("config_invalid", /^prefix must be at most 256 letters, digits and \. _ : \/ -$/);
  for (const make of Object.values(prefixed)) assert.throws(() => make(place, { prefix: CANARY + "?" }), prefix);
  assert.throws(() => memoryRevocations({ max: CANARY }), misused("config_invalid", /^max must be a whole number/));
});

test("what is no place for texts is refused at once, by what it must have", () => {
  const cases = { cache: ["match", "put"], kv: ["get", "put"], unstorage: ["getItem", "setItem"] };
  for (const [name, make] of Object.entries({ cacheKeyStore, ...prefixed })) {
    const [kind, [one, other]] = Object.entries(cases).find(([kind]) => name.startsWith(kind));
    const argument = kind === "unstorage" ? "storage" : kind;
    const must = new RegExp(`^${argument} must be an object with the methods ${one} and ${other}$`);
    for (const wrong of [
      undefined,
      null,
      CANARY,
      1,
      {},
      [],
      { [one]() {} },
      { [other]() {} },
      { [one]() {}, [other]: CANARY },
    ])
      assert.throws(() => make(wrong), misused("argument_invalid", must));
  }
});

test("a list is asked about a session: nothing else is one", async () => {
  const lists = [memoryRevocations(), stores.kvRevocations(place), stores.unstorageRevocations(place)];
  const good = { sessionId: "s", userId: "u", expiresAt: new Date() };
  const wrong = [
    [undefined, /^sessionId /],
    [null, /^sessionId /],
    [CANARY, /^sessionId /],
    [{ ...good, sessionId: 1 }, /^sessionId /],
    [{ ...good, userId: "" }, /^userId /],
  ];
  for (const list of lists) {
    for (const [session, message] of wrong)
      await assert.rejects(async () => list.isRevoked(session), misused("argument_invalid", message));
  }
});
