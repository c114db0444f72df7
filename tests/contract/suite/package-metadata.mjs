/** `patchUnsafeMetadata`, `clearUnsafeMetadata` and `previewMetadataPatch`, by what the server stores. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { previewMetadataPatch } from "hanko-edge";

import { Flow, storedText, storedUnsafe, storeUnsafe } from "../support/flow.mjs";
import { spy } from "../support/spy.mjs";

const BEGIN = "POST /profile";
const CAPABILITIES = "POST /profile?action=register_client_capabilities";
const PATCH = "POST /profile?action=patch_metadata";

/** Rounds of two patches at once: unordered, nearly every one of them would lose one. */
const ROUNDS = 10;

export function packageMetadata(row) {
  row("a patch is merged into what is stored and resolves to it: three requests, then one each", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    await hanko.admin("PATCH", `/users/${userId}/metadata`, { json: { public_metadata: { plan: "pro" } } });
    const { fetch, asked } = spy(hanko);
    const client = hanko.client({ fetch });
    const first = await client.patchUnsafeMetadata({ theme: "dark", n: { a: 1 } }, { token });
    assert.deepEqual(first, { public_metadata: { plan: "pro" }, unsafe_metadata: { theme: "dark", n: { a: 1 } } });
    assert.deepEqual(asked, [BEGIN, CAPABILITIES, PATCH]);
    const second = await client.patchUnsafeMetadata({ theme: null, n: { b: 2 } }, { token });
    assert.deepEqual(second.unsafe_metadata, { n: { a: 1, b: 2 } });
    assert.deepEqual(asked.slice(3), [PATCH]);
    assert.deepEqual(await storedUnsafe(hanko, userId), second.unsafe_metadata);
  });

  row("clear removes all unsafe metadata, again too, and nothing else", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const json = { public_metadata: { p: 1 }, private_metadata: { q: 2 }, unsafe_metadata: { r: 3 } };
    await hanko.admin("PATCH", `/users/${userId}/metadata`, { json });
    const client = hanko.client();
    for (let time = 0; time < 2; time++)
      assert.deepEqual(await client.clearUnsafeMetadata({ token }), { public_metadata: { p: 1 }, unsafe_metadata: {} });
    assert.equal(await storedText(hanko, userId), '{"public_metadata":{"p":1},"private_metadata":{"q":2}}');
    assert.deepEqual((await client.patchUnsafeMetadata({ s: 4 }, { token })).unsafe_metadata, { s: 4 });
  });

  for (const [name, character, cost] of [
    ["ASCII", "x", 1],
    ["<", "<", 6],
    ["U+2028", "\u2028", 6],
    ["control characters", "\u0001", 6],
    ["other BMP text", "\u00e9", 1],
    ["astral text", "\u{1f44b}", 1],
  ])
    row(`2999 and 3000 are stored, 3001 is metadata_too_large: ${name}`, async (hanko) => {
      const { userId, token } = await hanko.signedIn();
      await storeUnsafe(hanko, userId, { k: 0 });
      const { fetch, asked } = spy(hanko);
      const client = hanko.client({ fetch });
      for (const length of [2999, 3000, 3001]) {
        const text = textOf(length - '{"k":0,"a":""}'.length, character, cost);
        const before = await storedText(hanko, userId);
        const preview = previewMetadataPatch(JSON.stringify({ k: 0 }), { a: text });
        assert.deepEqual([preview.length, preview.fits], [length, length <= 3000]);
        const patching = client.patchUnsafeMetadata({ a: text }, { token });
        if (length <= 3000) assert.deepEqual((await patching).unsafe_metadata, { k: 0, a: text });
        else await assert.rejects(patching, { code: "metadata_too_large" });
        if (length > 3000) assert.equal(await storedText(hanko, userId), before, "nothing was written");
      }
      assert.ok(asked.length >= 5);
      // A patch that cannot fit, whatever is stored, is not sent.
      const sent = asked.length;
      const alone = { a: textOf(3001 - '{"a":""}'.length, character, cost) };
      await assert.rejects(client.patchUnsafeMetadata(alone, { token }), { code: "metadata_too_large" });
      assert.equal(asked.length, sent);
    });

  row("a backspace and a form feed take six in a name that the merge looks at, two elsewhere", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const client = hanko.client();
    await client.patchUnsafeMetadata({ o: {} }, { token });
    for (const [patch, stored] of [
      [{ "\b": "\f" }, '{"o":{},"\\u0008":"\\f"}'],
      [{ "\b": null, a: [{ "\f": 1 }] }, '{"o":{},"a":[{"\\u000c":1}]}'],
      [{ a: null, o: [{ "\f": 1 }] }, '{"o":[{"\\f":1}]}'],
    ]) {
      const before = (await storedText(hanko, userId))?.slice('{"unsafe_metadata":'.length, -1);
      await client.patchUnsafeMetadata(patch, { token });
      assert.equal(await storedText(hanko, userId), `{"unsafe_metadata":${stored}}`);
      assert.equal(previewMetadataPatch(before, patch).length, stored.length);
    }
  });

  row(`two patches at once: both are stored, ${ROUNDS} times`, async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const client = hanko.client();
    for (let round = 0; round < ROUNDS; round++) {
      const patches = [{ a: round }, { b: round }];
      await Promise.all(patches.map((patch) => client.patchUnsafeMetadata(patch, { token })));
      assert.deepEqual(await storedUnsafe(hanko, userId), { a: round, b: round });
    }
  });

  row("two patches at once by two clients and two sessions of one person: both are stored", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const second = (await hanko.newSession(userId)).token;
    const clients = [hanko.client(), hanko.client({ timeout: 9000 })];
    for (let round = 0; round < ROUNDS; round++) {
      const [one, two] = [
        clients[0].patchUnsafeMetadata({ a: round }, { token }),
        clients[1].patchUnsafeMetadata({ b: round }, { token: second }),
      ];
      await Promise.all([one, two]);
      assert.deepEqual(await storedUnsafe(hanko, userId), { a: round, b: round });
    }
  });

  row("a flow that somebody else went on with, and one that ended with its session, cost a new one", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const client = hanko.client();
    await client.patchUnsafeMetadata({ a: 1 }, { token });
    const { flow } = await Flow.open(hanko, { token });
    await flow.patch({ b: 2 });
    assert.deepEqual((await client.patchUnsafeMetadata({ c: 3 }, { token })).unsafe_metadata, { a: 1, b: 2, c: 3 });
    const again = await hanko.newSession(userId);
    const patched = await client.patchUnsafeMetadata({ a: null }, { token: again.token });
    assert.deepEqual(patched.unsafe_metadata, { b: 2, c: 3 });
  });

  row("an ended session is unauthorized once that is confirmed, and nothing is written", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const client = hanko.client();
    await client.patchUnsafeMetadata({ a: 1 }, { token });
    await hanko.ask("POST", "/logout", { token });
    for (const call of [
      () => client.patchUnsafeMetadata({ a: 2 }, { token }),
      () => client.clearUnsafeMetadata({ token }),
    ])
      await assert.rejects(call, { code: "unauthorized" });
    assert.deepEqual(await storedUnsafe(hanko, userId), { a: 1 });
  });

  row("what is no JSON is metadata_invalid, and not sent", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { fetch, asked } = spy(hanko);
    const client = hanko.client({ fetch });
    const cycle = {};
    cycle.self = cycle;
    for (const patch of [
      { a: NaN },
      { a: undefined },
      { a: 1n },
      { a: "\ud800" },
      cycle,
      { a: () => {} },
      [1],
      null,
      "x",
    ])
      await assert.rejects(client.patchUnsafeMetadata(patch, { token }), { code: "metadata_invalid" });
    assert.deepEqual(asked, []);
  });

  row("names that mean something in JavaScript are data", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const text = '{"0":1,"__proto__":{"x":1},"constructor":2}';
    const { unsafe_metadata: stored } = await hanko.client().patchUnsafeMetadata(JSON.parse(text), { token });
    assert.deepEqual(JSON.parse(JSON.stringify(stored)), JSON.parse(text));
    assert.equal(Object.hasOwn(await storedUnsafe(hanko, userId), "__proto__"), true);
  });

  row("where a stored 1e400 closes the flow, no patch is reported as written", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const headers = { "content-type": "application/json" };
    await hanko.admin("PATCH", `/users/${userId}/metadata`, { headers, body: '{"unsafe_metadata":{"big":1e400}}' });
    const error = await hanko
      .client()
      .patchUnsafeMetadata({ a: 1 }, { token })
      .catch((reason) => reason);
    assert.equal(error.kind, "unavailable", error.code);
    assert.equal(await storedText(hanko, userId), '{"unsafe_metadata":{"big":1e400}}');
  });

  const vectors = objectPatches();
  row(`previewMetadataPatch says what patchUnsafeMetadata stores: ${vectors.length} patches`, async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const client = hanko.client();
    for (const { id, before, patch } of vectors) {
      const headers = { "content-type": "application/json" };
      await hanko.admin("PATCH", `/users/${userId}/metadata`, { headers, body: "null" });
      await hanko.admin("PATCH", `/users/${userId}/metadata`, {
        headers,
        body: `{"unsafe_metadata":${before ?? "{}"}}`,
      });
      const { metadata, length, fits } = previewMetadataPatch(before ?? undefined, patch);
      const patched = await client.patchUnsafeMetadata(patch, { token }).catch(({ code }) => code);
      if (!fits) {
        assert.equal(patched, "metadata_too_large", id);
        continue;
      }
      assertSame(patched.unsafe_metadata, shownByFlow(metadata), id);
      const stored = (await storedText(hanko, userId)) ?? '{"unsafe_metadata":{}}';
      assertSame(JSON.parse(stored).unsafe_metadata, metadata, id);
      assert.equal([...stored].length - '{"unsafe_metadata":}'.length, length, id);
    }
  });
}

/** A text of exactly this cost in Hanko's count. */
function textOf(length, character, cost) {
  return character.repeat(Math.floor(length / cost)) + "x".repeat(length % cost);
}

/** `assert.deepEqual` cannot go as deep as Hanko stores; there the order of names is the same, too. */
function assertSame(actual, expected, hint) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) assert.deepEqual(actual, expected, hint);
}

/** A lone surrogate, which only an administrator can store, is another character in the flow's view. */
function shownByFlow(value) {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(shownByFlow);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toWellFormed(), shownByFlow(one)]));
}

/** The vectors whose patch is an object that this package sends. */
function objectPatches() {
  const path = new URL("../../vectors/hanko-merge-server/flow_outputs.json", import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")).flatMap(({ id, before, patch, status, before_set_in: how }) => {
    // 500: no JSON, or a number that JavaScript does not have.
    if (how === "database" || status === 500 || !patch?.startsWith("{")) return [];
    const value = JSON.parse(patch);
    try {
      previewMetadataPatch(before ?? undefined, value);
      return [{ id, before, patch: value }];
    } catch ({ code }) {
      assert.equal(code, "metadata_invalid", id);
      return [];
    }
  });
}
