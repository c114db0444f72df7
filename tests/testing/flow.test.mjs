/** The profile flow: its steps, what spends a csrf token, its errors in their order, and three views of one text. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { TestFlow, beginFlow, get, isValid, signedIn, storedUnsafe } from "./support.mjs";

const denied = { code: "operation_not_permitted_error", message: "The operation is not permitted." };

test("three steps, then one request for each further patch", async () => {
  const { hanko, user, token } = await signedIn();
  const flow = new TestFlow(hanko, token);
  const begun = await flow.begin();
  assert.deepEqual([begun.name, begun.status, begun.payload], ["preflight", 200, {}]);
  assert.deepEqual(Object.keys(begun.actions), ["register_client_capabilities"]);
  const ready = await flow.step("register_client_capabilities", "{}");
  assert.equal(ready.name, "profile_init");
  assert.equal(ready.payload.user.user_id, user.user_id);
  assert.equal(ready.payload.user.metadata, undefined);
  assert.equal(ready.actions.patch_metadata.href, `/profile?action=patch_metadata%40${flow.id}`);
  const first = await flow.patch('{"theme":"dark","n":{"a":1}}');
  assert.deepEqual(first.payload.user.metadata, { unsafe_metadata: { theme: "dark", n: { a: 1 } } });
  const second = await flow.patch('{"n":null}');
  assert.deepEqual(second.payload.user.metadata, { unsafe_metadata: { theme: "dark" } });
  assert.equal(new Set([begun, ready, first, second].map(({ csrf_token }) => csrf_token)).size, 4);
});

test("200 and 400 spend the csrf token, 401, 403 and a flow's 500 do not", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  const spends = async (send) => {
    const before = flow.csrf;
    const { status } = await send();
    return [status, flow.csrf !== before];
  };
  assert.deepEqual(await spends(() => flow.patch("[]")), [400, true]);
  assert.deepEqual(await spends(() => flow.patch('{"a":1}', { headers: {} })), [401, false]);
  assert.deepEqual(await spends(() => flow.step("no_such_action", "{}")), [403, false]);
  assert.deepEqual(await spends(() => flow.patch('{"a":1e400}')), [500, false]);
  assert.deepEqual(await spends(() => flow.patch('{"a":1}')), [200, true]);
  const { text } = await flow.send("/profile", { headers: {} });
  assert.equal(
    text,
    '{"name":"error","status":401,"csrf_token":"","actions":{},"error":{"code":"unauthorized","message":"The session is invalid."},"links":null}\n',
  );
});

test("the same request again is 403, and was written once", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  const { csrf } = flow;
  assert.equal((await flow.patch('{"a":1}')).status, 200);
  flow.csrf = csrf;
  const again = await flow.patch('{"a":1}');
  assert.deepEqual([again.status, again.error], [403, denied]);
  assert.equal(await storedUnsafe(hanko, token), '{"a":1}');
});

test("both causes of a 400 are told at the input, and the payload shows what was there", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  await flow.patch('{"k":0}');
  const refused = async (patch) => {
    const answer = await flow.patch(patch);
    assert.deepEqual([answer.status, answer.name], [400, "profile_init"]);
    assert.deepEqual(answer.error, { code: "form_data_invalid_error", message: "Form data invalid." });
    assert.deepEqual(answer.payload.user.metadata, { unsafe_metadata: { k: 0 } });
    return answer.actions.patch_metadata.inputs.patch_metadata.error.cause;
  };
  for (const patch of ["null", "[]", "1", '""', '" null"', null])
    assert.equal(await refused(patch), "patch metadata must be an object or null");
  const fill = JSON.stringify({ a: "x".repeat(2990) });
  assert.equal(await refused(fill), "metadata must not exceed character limit (3000)");
});

test('the string "null" clears, also twice', async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  await flow.patch('{"k":0}');
  for (let time = 0; time < 2; time += 1) assert.equal((await flow.patch('"null"')).payload.user.metadata, undefined);
  assert.equal(await storedUnsafe(hanko, token), null);
});

test("a flow belongs to no user, and ends 24 hours after its first step", async () => {
  let now = Date.parse("2026-11-21T06:00:00Z");
  const { hanko, token } = await signedIn({ now: () => new Date(now), lifespan: 1e6 });
  const flow = await beginFlow(hanko, token);
  const other = await hanko.createSession(crypto.randomUUID());
  flow.token = other.token;
  assert.equal((await flow.patch('{"whose":"the second"}')).status, 200);
  assert.deepEqual(
    [await storedUnsafe(hanko, token), await storedUnsafe(hanko, other.token)],
    [null, '{"whose":"the second"}'],
  );
  now += 24 * 3600 * 1000 - 1;
  assert.equal((await flow.patch('{"a":1}')).status, 200);
  now += 1;
  flow.csrf = "wrong";
  assert.equal((await flow.patch('{"a":1}')).error.code, "flow_expired_error");
});

test("the checks come in Hanko's order", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  const send = (action, body, headers) =>
    flow.send(`/profile?action=${action}`, { body, ...(headers && { headers }) }).then(({ status }) => status);
  const good = `patch_metadata%40${flow.id}`;
  const wrongCsrf = '{"csrf_token":"x"}';
  assert.equal(await send(good, "not json", {}), 401);
  assert.equal(await send("no-flow", "not json"), 500);
  assert.equal(await send("no-flow", wrongCsrf), 500);
  assert.equal(await send(`patch_metadata%40${crypto.randomUUID()}`, wrongCsrf), 403);
  assert.equal(await send(good, wrongCsrf), 403);
  assert.equal(await send(`register_client_capabilities%40${flow.id}`, `{"csrf_token":"${flow.csrf}"}`), 403);
  assert.equal(await send(good, `{"csrf_token":"${flow.csrf}"}`), 400);
  assert.equal((await get(hanko, "/profile")).status, 404);
});

test("one text, three views; a number beyond a float closes the flow after its write", async () => {
  const { hanko, token } = await signedIn();
  const [flow, spare] = [await beginFlow(hanko, token), await beginFlow(hanko, token)];
  const seen = await flow.patch(JSON.stringify('{"b":1.0,"a":12345678901234567890,"c":-0}'));
  assert.match(seen.text, /"unsafe_metadata":\{"a":12345678901234567000,"b":1,"c":-0\}/);
  assert.equal(await storedUnsafe(hanko, token), '{"b":1.0,"a":12345678901234567890,"c":-0}');
  const beyond = await flow.patch(JSON.stringify('{"a":null,"b":1e400}'));
  assert.equal(beyond.text, '{"code":500,"message":"Internal Server Error"}\n');
  assert.equal((await flow.patch("{}")).status, 403, "its csrf token is lost");
  assert.equal(await storedUnsafe(hanko, token), '{"b":1e400,"c":-0}');
  const next = new TestFlow(hanko, token);
  await next.begin();
  assert.equal((await next.step("register_client_capabilities", "{}")).code, 500);
  assert.equal(await isValid(hanko, token), true);
  assert.equal((await spare.patch('{"b":null}')).status, 200, "a flow begun before gets out");
});
