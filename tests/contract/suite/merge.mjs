/** Every merge of `tests/vectors/hanko-merge-server`, sent to the server (`protocol/metadata.md` sections 4 to 6). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Flow, storedText } from "../support/flow.mjs";

const KINDS = ["public_metadata", "private_metadata", "unsafe_metadata"];

/** What only the database can hold is no request's doing. */
const sent = (vector) => vector.before_set_in !== "database";
const flowVectors = families("flow_outputs.json");
const adminVectors = families("admin_outputs.json");

export function merge(row) {
  for (const [family, vectors] of flowVectors)
    row(`${family}: ${vectors.length} patches by the profile flow`, async (hanko) => {
      const user = await hanko.signedIn();
      let flow;
      for (const vector of vectors) {
        await store(hanko, user.userId, { unsafe_metadata: vector.before });
        flow ??= (await Flow.open(hanko, { token: user.token })).flow;
        const answer = await flow.patch({}, { body: bodyOf(vector, flow.csrf) });
        await assertMerged(hanko, user, vector, answer);
        // A bare 500 takes the csrf token with it.
        if (answer.json?.name === undefined) flow = undefined;
        if (vector.after_twice) await assertTwice(hanko, user, vector, flow);
      }
    });

  for (const [family, vectors] of adminVectors)
    row(`${family}: ${vectors.length} patches by the Admin API`, async (hanko) => {
      const { userId } = await hanko.signedIn();
      for (const { id, before, patch, status, after, after_shown: shown } of vectors) {
        await store(hanko, userId, before);
        const headers = { "content-type": "application/json" };
        const answer = await hanko.admin("PATCH", `/users/${userId}/metadata`, { headers, body: patch });
        assert.equal(answer.status, status, `${id}: ${answer.text}`);
        if (status === 200) assertSame(answer.text.trimEnd(), shown, id);
        assertSame((await storedText(hanko, userId)) ?? "{}", told(after), id);
      }
    });
}

async function assertMerged(hanko, { userId, token }, vector, answer) {
  const { id, status, after, after_shown: shown } = vector;
  assert.equal(answer.status, status, `${id}: ${answer.text.slice(0, 300)}`);
  const stored = (await storedText(hanko, userId)) ?? "{}";
  const expected = told({ unsafe_metadata: after });
  // New members come in random order: there only values count.
  if (vector.key_order === "random") assert.deepEqual(JSON.parse(stored), JSON.parse(expected), id);
  else assert.equal(stored, expected, id);
  const me = await hanko.ask("GET", "/me", { token });
  const own = stored === "{}" ? undefined : stored.slice(1, -1);
  if (own === undefined) assert.equal("metadata" in me.json, false, id);
  else assert.ok(me.text.includes(`"metadata":{${own}}`), `${id}: /me shows other text`);
  if (status > 400) return;
  if (shown === null) assert.equal(answer.json.payload.user.metadata, undefined, id);
  else assert.ok(answer.text.includes(`"metadata":{"unsafe_metadata":${shown}}`), `${id}: the flow shows other text`);
}

async function assertTwice(hanko, { userId }, vector, flow) {
  assert.equal((await flow.patch({}, { body: bodyOf(vector, flow.csrf) })).status, 200);
  assert.equal(await storedText(hanko, userId), told({ unsafe_metadata: vector.after_twice }), vector.id);
}

function bodyOf({ patch }, csrf) {
  const input = patch === null ? "{}" : `{"patch_metadata":${patch}}`;
  return `{"input_data":${input},"csrf_token":"${csrf}"}`;
}

/** Makes the columns hold these texts; `{}` is what stays when the last member goes. */
async function store(hanko, userId, columns) {
  const patch = async (body) => {
    const headers = { "content-type": "application/json" };
    const { status, text } = await hanko.admin("PATCH", `/users/${userId}/metadata`, { headers, body });
    assert.ok(status === 200 || status === 204, text);
  };
  await patch("null");
  const filled = Object.entries(columns).filter(([, text]) => text !== null);
  if (filled.length === 0) return;
  const member = ([kind, text]) => `"${kind}":${text === "{}" ? '{"x":1}' : text}`;
  await patch(`{${filled.map(member).join(",")}}`);
  const empty = filled.filter(([, text]) => text === "{}");
  if (empty.length > 0) await patch(`{${empty.map(([kind]) => `"${kind}":{"x":null}`).join(",")}}`);
}

/** What an answer shows of these columns. */
function told(columns) {
  const filled = KINDS.filter((kind) => columns[kind] && columns[kind] !== "{}");
  return `{${filled.map((kind) => `"${kind}":${columns[kind]}`).join(",")}}`;
}

/** The same values; the same text too, where the members come in one order. */
function assertSame(text, expected, hint) {
  assert.deepEqual(JSON.parse(text), JSON.parse(expected), hint);
  assert.equal([...text].sort().join(""), [...expected].sort().join(""), hint);
}

function families(file) {
  const path = new URL(`../../vectors/hanko-merge-server/${file}`, import.meta.url);
  const found = new Map();
  for (const vector of JSON.parse(readFileSync(path, "utf8")).filter(sent)) {
    const family = vector.id.replace(/-\d+$/, "");
    found.set(family, [...(found.get(family) ?? []), vector]);
  }
  return found;
}
