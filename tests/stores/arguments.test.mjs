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

test("what is no place for texts is refused at once", () => {
  for (const make of [cacheKeyStore, ...Object.values(prefixed)]) {
    for (const wrong of [undefined, null, CANARY, 1, {}, [], { get: CANARY }])
      assert.throws(() => make(wrong), misused("argument_invalid", /must be an object with the methods/));
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
