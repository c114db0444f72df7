/** The test server's merge against every row that real servers were asked. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { reread } from "../../node_modules/hanko-edge/dist/testing/json.js";
import { compact } from "../../node_modules/hanko-edge/dist/testing/json-text.js";
import { patched } from "../../node_modules/hanko-edge/dist/testing/metadata.js";
import { beginFlow, signedIn, storedUnsafe } from "./support.mjs";

const folder = new URL("../vectors/hanko-merge-server/", import.meta.url);
const flowRows = readRows("flow_outputs.json");

/** The order of new members is chance at Hanko, and that of the patch here. */
const isSame = (row, found, expected) =>
  row.key_order === "random" && found !== null && found.length === expected.length
    ? assert.deepEqual(JSON.parse(found), JSON.parse(expected), row.id)
    : assert.equal(found, expected, row.id);

test("through the profile flow: status, stored text, what the answer shows, and why it is refused", async () => {
  assert.equal(flowRows.length, 331);
  const rows = flowRows.filter(({ before_set_in }) => before_set_in !== "database");
  assert.equal(rows.length, 329);
  const { hanko } = await signedIn();
  for (const row of rows) await assertFlowRow(hanko, row);
});

test("what only the database can hold is merged all the same", () => {
  const rows = flowRows.filter(({ before_set_in }) => before_set_in === "database");
  assert.equal(rows.length, 2);
  for (const row of rows) assert.equal(patched(row.before, row.patch), row.after, row.id);
});

test("escapes and doubled names as the library merges them", () => {
  const rows = JSON.parse(readFileSync(new URL("../vectors/json-patch/merge_outputs.json", import.meta.url), "utf8"));
  assert.equal(rows.length, 53);
  // Stored text has these escaped already.
  const isStored = ({ before }) => !/[<>&\u2028\u2029]/.test(before);
  assert.equal(rows.filter(isStored).length, 52);
  for (const { id, before, patch, after } of rows.filter(isStored))
    assert.equal(patched(compact(before), reread(patch)), after, id);
});

async function assertFlowRow(hanko, row) {
  const user = await hanko.createUser();
  const { token } = await hanko.createSession(user.user_id);
  const flow = await beginFlow(hanko, token);
  // In a flow of its own: the answer to a stored 1e400 is a 500, which loses the csrf token.
  const earlier = await beginFlow(hanko, token);
  if (row.before !== null) await earlier.patch(JSON.stringify(row.before));
  assert.equal(await storedUnsafe(hanko, token), row.before === "{}" ? null : row.before, row.id);
  await assertPatch(hanko, token, flow, row);
  if (!row.after_twice) return;
  await flow.patch(row.patch);
  assert.equal(await storedUnsafe(hanko, token), row.after_twice, row.id);
}

async function assertPatch(hanko, token, flow, row) {
  const answer = await flow.patch(row.patch);
  assert.equal(answer.status, row.status, row.id);
  isSame(row, await storedUnsafe(hanko, token), row.after === "{}" ? null : row.after);
  const { unsafe_metadata: shown } = answer.payload?.user.metadata ?? {};
  assert.equal(answer.status === 500 ? null : textOfShown(answer.text), row.after_shown, row.id);
  assert.equal(shown === undefined, row.after_shown === null, row.id);
  const error = row.error && { status: answer.status, ...errorOf(answer) };
  assert.deepEqual(error, row.error, row.id);
}

function errorOf({ error, message, actions }) {
  if (message) return { message };
  const { cause } = actions.patch_metadata?.inputs.patch_metadata.error ?? {};
  return { code: error.code, ...(cause && { cause }) };
}

function textOfShown(text) {
  return /"unsafe_metadata":(.*?)\},"mfa_config"/s.exec(text)?.[1] ?? null;
}

function readRows(file) {
  return JSON.parse(readFileSync(new URL(file, folder), "utf8"));
}
