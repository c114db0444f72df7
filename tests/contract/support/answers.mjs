/** What an answer must be. */
import assert from "node:assert/strict";

/** Status and JSON, member for member. */
export function assertAnswer(answer, status, json, hint) {
  assert.equal(answer.status, status, hint ?? answer.text);
  if (json !== undefined) assert.deepEqual(answer.json, json, hint);
}

/** Hanko's error outside flows; its message is no contract, so it is only there. */
export function assertFailure(answer, status, hint) {
  assert.equal(answer.status, status, hint ?? answer.text);
  assert.deepEqual(Object.keys(answer.json ?? {}), ["code", "message"], hint);
  assert.equal(answer.json.code, status, hint);
  assert.equal(typeof answer.json.message, "string", hint);
}

/** An error whose message says the status and nothing more. */
export function assertBareFailure(answer, status, hint) {
  const messages = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 415: "Unsupported Media Type" };
  const message = messages[status] ?? "Internal Server Error";
  assertAnswer(answer, status, { code: status, message }, hint);
}

/** A flow's error. */
export function assertFlowFailure(answer, status, code, hint) {
  assert.equal(answer.status, status, hint ?? answer.text);
  const { name, status: told, csrf_token: csrf, actions, error, links } = answer.json;
  assert.deepEqual(
    { name, told, csrf, actions, links },
    { name: "error", told: status, csrf: "", actions: {}, links: null },
  );
  assert.equal(error.code, code, hint);
}

export function assertHeaders({ headers }, expected, hint) {
  for (const [name, value] of Object.entries(expected)) assert.equal(headers.get(name), value, hint ?? name);
}

export const DELETION_COOKIE = "hanko=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict";

export function deletesCookie({ headers }) {
  return headers.getSetCookie().includes(DELETION_COOKIE);
}

export const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
export const NOBODY = "00000000-0000-4000-8000-000000000000";
