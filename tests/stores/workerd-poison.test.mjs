// What isolates find in a real KV namespace that others have written to.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { keyFetches, startIsolates } from "./isolates.mjs";

const MARK = "hanko-edge/v1 ";
const SIGNED_IN = { status: "signed-in", stale: false };

let isolates;
before(async () => (isolates = await startIsolates()));
after(() => isolates?.stop());

const keyOf = ({ hanko }) => `hanko-edge:v1:${createHash("sha256").update(hanko.apiUrl).digest("hex")}`;

/** A person, and what isolate one has put into KV for the keys. */
async function stored() {
  const person = await isolates.signedIn();
  assert.deepEqual(await isolates.ask("one", person, { store: "kv" }), SIGNED_IN);
  const text = await (await isolates.kv()).get(keyOf(person));
  assert.ok(text.startsWith(MARK), text);
  return { person, entry: JSON.parse(text.slice(MARK.length)) };
}

/** The entry with some members replaced, and with some members of the stored document replaced. */
function changed(entry, members, inner = {}) {
  const value = JSON.stringify({ ...JSON.parse(entry.value), ...inner });
  return MARK + JSON.stringify({ ...entry, value, ...members });
}

const POISON = {
  "no text at all": () => "",
  garbage: () => "\u0000garbage",
  "the mark alone": () => MARK,
  "JSON without the mark": (entry) => JSON.stringify(entry),
  "an entry of another format": (entry) => changed(entry).replace("/v1 ", "/v2 "),
  "half of the entry": (entry) => changed(entry).slice(0, -100),
  "an entry of another name": (entry) => changed(entry, { name: "https://other.hanko.test" }),
  "an entry that has ended": (entry) => changed(entry, { until: Date.now() - 1 }),
  "an entry without an end": (entry) => changed(entry, { until: null }),
  "an end that is no number": (entry) => changed(entry, { until: String(entry.until) }),
  "a value that is no text": (entry) => changed(entry, { value: { keys: [] } }),
  "keys of another address": (entry) => changed(entry, {}, { apiUrl: "https://other.hanko.test" }),
  "keys of another format": (entry) => changed(entry, {}, { v: 2 }),
  "keys from the future": (entry) => changed(entry, {}, { fetchedAt: Date.now() + 60_000 }),
  "keys past every use": (entry) => changed(entry, {}, { fetchedAt: Date.now() - 4_201_000 }),
  "a document without keys": (entry) => changed(entry, {}, { document: '{"keys":[]}' }),
  "a document that is none": (entry) => changed(entry, {}, { document: "<html>" }),
};

test("an entry left alone is believed", async () => {
  const { person, entry } = await stored();
  await (await isolates.kv()).put(keyOf(person), changed(entry));
  assert.deepEqual(await isolates.ask("two", person, { store: "kv" }), SIGNED_IN);
  assert.equal(keyFetches(person), 1);
});

for (const [what, poison] of Object.entries(POISON)) {
  test(`${what}: costs one request, and never an answer`, async () => {
    const { person, entry } = await stored();
    await (await isolates.kv()).put(keyOf(person), poison(entry));
    assert.deepEqual(await isolates.ask("two", person, { store: "kv" }), SIGNED_IN);
    assert.equal(keyFetches(person), 2);
  });
}

test("the keys of one address are never those of another, though copied there", async () => {
  const { person: mira } = await stored();
  const { person: noah } = await stored();
  const kv = await isolates.kv();
  await kv.put(keyOf(mira), await kv.get(keyOf(noah)));
  const forged = { hanko: mira.hanko, token: noah.token };
  assert.equal((await isolates.ask("two", forged, { store: "kv" })).status, "signed-out");
  assert.deepEqual(await isolates.ask("three", mira, { store: "kv" }), SIGNED_IN);
});

test("the namespace holds no address in its keys, and every entry ends by itself", async () => {
  const { person } = await stored();
  const { keys } = await (await isolates.kv()).list();
  const own = keys.filter(({ name }) => name === keyOf(person));
  assert.equal(own.length, 1);
  const seconds = own[0].expiration - Date.now() / 1000;
  assert.ok(seconds > 4100 && seconds <= 4201, `${seconds} s: 600 and keysMaxStale`);
});
