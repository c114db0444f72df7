// Keys that isolates share, on miniflare's real Cache API and KV.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { FAULTS, LIMIT_MS, SHARE_MS, WAITING } from "./faults.mjs";
import { keyFetches, startIsolates } from "./isolates.mjs";

const STORES = ["cache", "kv"];
const SIGNED_IN = { status: "signed-in", stale: false };
/** Past the age of keys, and past `keysMaxStale`. */
const PAST_EVERY_USE_MS = (600 + 3600 + 1) * 1000;

let isolates;
before(async () => (isolates = await startIsolates()));
after(() => isolates?.stop());

/** A person whose keys isolate one has put into the store. */
async function stored(store) {
  const person = await isolates.signedIn();
  assert.deepEqual(await isolates.ask("one", person, { store }), SIGNED_IN);
  assert.equal(keyFetches(person), 1);
  return person;
}

for (const store of STORES) {
  test(`${store}: the second isolate asks Hanko for no key`, async () => {
    const person = await stored(store);
    assert.deepEqual(await isolates.ask("two", person, { store }), SIGNED_IN);
    assert.equal(keyFetches(person), 1);
    assert.deepEqual(await isolates.ask("three", person), SIGNED_IN);
    assert.equal(keyFetches(person), 2, "without the store an isolate asks for itself");
  });

  test(`${store}: keys are fresh for 600 s from their fetch, wherever they come from`, async () => {
    const person = await stored(store);
    assert.deepEqual(await isolates.ask("two", person, { store, shift: 595_000 }), SIGNED_IN);
    assert.equal(keyFetches(person), 1);
    assert.deepEqual(await isolates.ask("three", person, { store, shift: 601_000 }), SIGNED_IN);
    assert.equal(keyFetches(person), 2);
  });

  test(`${store}: while Hanko is down older keys bridge the outage, to the end of keysMaxStale`, async () => {
    const person = await stored(store);
    person.hanko.break({ status: 500 });
    const older = { store, shift: 700_000 };
    // An isolate learns from its first ask that Hanko is down.
    await isolates.ask("two", person, older);
    assert.deepEqual(await isolates.ask("two", person, older), { status: "signed-in", stale: true });
    const tooOld = { store, shift: PAST_EVERY_USE_MS };
    for (let ask = 0; ask < 2; ask += 1) {
      const { status, code } = await isolates.ask("three", person, tooOld);
      assert.deepEqual({ status, code }, { status: "unavailable", code: "keys_unavailable" });
    }
  });

  for (const fault of Object.keys(FAULTS)) {
    test(`${store}: a store that ${fault} costs a quarter of the deadline at most, and never an answer`, async () => {
      const person = await isolates.signedIn();
      const began = performance.now();
      assert.deepEqual(await isolates.ask("one", person, { store, fault }), SIGNED_IN);
      const took = performance.now() - began;
      assert.equal(keyFetches(person), 1);
      assert.ok(took < LIMIT_MS, `${took} ms`);
      if (WAITING.includes(fault)) assert.ok(took > SHARE_MS - 50, `${took} ms: the store was not asked`);
    });
  }
}
