/** The profile flow: its steps, its csrf token and its errors (`protocol/metadata.md` sections 1 to 3). */
import assert from "node:assert/strict";

import { assertBareFailure, assertFlowFailure, NOBODY, UUID } from "../support/answers.mjs";
import { Flow, storedUnsafe, storeUnsafe, unsafeIn } from "../support/flow.mjs";

const CSRF = /^[A-Za-z0-9]{32}$/;

export function flow(row) {
  row("begin, register capabilities, patch: each answer brings a new csrf token", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { flow, answer: first } = await Flow.begin(hanko, { token });
    assert.deepEqual([first.json.name, first.json.status, first.json.payload], ["preflight", 200, {}]);
    assert.deepEqual(Object.keys(first.json.actions), ["register_client_capabilities"]);
    assert.match(flow.id, UUID);
    const second = await flow.register();
    assert.deepEqual([second.json.name, second.json.payload.user.id], ["profile_init", userId]);
    assert.equal(second.json.actions.patch_metadata.href, `/profile?action=patch_metadata%40${flow.id}`);
    const third = await flow.patch({ theme: "dark", n: { a: 1 } });
    assert.deepEqual([third.status, third.json.name], [200, "profile_init"]);
    assert.deepEqual(unsafeIn(third), { theme: "dark", n: { a: 1 } });
    assert.deepEqual(await storedUnsafe(hanko, userId), { theme: "dark", n: { a: 1 } });
    const tokens = [first, second, third].map(({ json }) => json.csrf_token);
    for (const csrf of tokens) assert.match(csrf, CSRF);
    assert.equal(new Set(tokens).size, 3);
  });

  row("payload.user is /me's, and payload.sessions lists one's own", async (hanko) => {
    const { token, sessionId } = await hanko.signedIn();
    const me = (await hanko.ask("GET", "/me", { token })).json;
    const { answer } = await Flow.open(hanko, { token });
    assert.deepEqual(answer.json.payload.user, me);
    const { sessions } = answer.json.payload;
    assert.deepEqual(
      sessions.map(({ id, current }) => [id, current]),
      [[sessionId, true]],
    );
  });

  row("a flow takes more patches, by cookie too", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { cookie: token });
    await flow.patch({ a: 1, b: 2 });
    assert.deepEqual(unsafeIn(await flow.patch({ b: null, c: 3 })), { a: 1, c: 3 });
    assert.deepEqual(unsafeIn(await flow.patch({ c: null, a: { x: [] } })), { a: { x: [] } });
  });

  row("the first step reads no body and needs no content type", async (hanko) => {
    const { token } = await hanko.signedIn();
    const bodies = [undefined, "not json", '{"csrf_token":1}'];
    for (const body of bodies) assert.equal((await hanko.ask("POST", "/profile", { token, body })).status, 200);
    for (const method of ["GET", "PUT", "DELETE"])
      assertBareFailure(await hanko.ask(method, "/profile", { token }), 404);
  });

  row("capabilities can neither be left out nor repeated", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { flow } = await Flow.begin(hanko, { token });
    assertFlowFailure(await flow.patch({ a: 1 }), 403, "operation_not_permitted_error");
    assert.equal((await flow.register()).status, 200);
    assertFlowFailure(await flow.register(), 403, "operation_not_permitted_error");
    assert.equal((await flow.patch({ a: 1 })).status, 200);
  });

  row("a csrf token that is stale, missing or another's is 403, and spends nothing", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { flow, answer } = await Flow.open(hanko, { token });
    assert.equal((await flow.patch({ a: 1 })).status, 200);
    const stale = answer.json.csrf_token;
    for (const csrf of [stale, "", undefined, "x".repeat(32)])
      assertFlowFailure(await flow.patch({ a: 2 }, { csrf: csrf ?? null }), 403, "operation_not_permitted_error");
    assert.deepEqual(await storedUnsafe(hanko, userId), { a: 1 });
    assert.equal((await flow.patch({ a: 3 })).status, 200);
  });

  row("the same request again is 403: it does not write twice", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    const csrf = flow.csrf;
    assert.equal((await flow.patch({ n: 1 }, { csrf })).status, 200);
    await storeUnsafe(hanko, userId, { n: 2 });
    assertFlowFailure(await flow.patch({ n: 1 }, { csrf }), 403, "operation_not_permitted_error");
    assert.deepEqual(await storedUnsafe(hanko, userId), { n: 2 });
  });

  row("a 400 brings a new csrf token and shows what is stored; the old one is dead", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    await flow.patch({ k: 0 });
    const spent = flow.csrf;
    const refused = await flow.patch([1]);
    assert.deepEqual([refused.status, refused.json.name, unsafeIn(refused)], [400, "profile_init", { k: 0 }]);
    assert.equal(refused.json.error.code, "form_data_invalid_error");
    const { code, cause } = refused.json.actions.patch_metadata.inputs.patch_metadata.error;
    assert.deepEqual([code, cause], ["invalid_metadata_error", "patch metadata must be an object or null"]);
    assertFlowFailure(await flow.patch({ a: 1 }, { csrf: spent }), 403, "operation_not_permitted_error");
    assert.equal((await flow.patch({ a: 1 })).status, 200);
  });

  row("a flow-shaped 500 spends nothing", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    for (const body of ["not json", "[]", '"x"', '\ufeff{"input_data":{}}', '{"input_data":[]}', '{"csrf_token":1}'])
      assertFlowFailure(await flow.patch({}, { body }), 500, "technical_error", body);
    assert.deepEqual(unsafeIn(await flow.patch({ a: 1 })), { a: 1 });
  });

  row("a patch needs application/json in lower case; the wrong type spends nothing", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    const patch = (type) => flow.patch({ a: 1 }, { headers: type === undefined ? {} : { "content-type": type } });
    for (const type of [
      undefined,
      "text/plain",
      "application/merge-patch+json",
      "application/jsonx",
      "Application/JSON",
    ])
      assertFlowFailure(await patch(type), 500, "technical_error", type);
    assertFlowFailure(await patch("application/x-www-form-urlencoded"), 403, "operation_not_permitted_error");
    assert.equal((await patch("application/json; charset=utf-8")).status, 200);
  });

  row("text behind the object is ignored, and a body without an object's members patches nothing", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    const body = JSON.stringify({ input_data: { patch_metadata: { t: 1 } }, csrf_token: flow.csrf });
    assert.equal((await flow.patch({}, { body: `${body} trailing` })).status, 200);
    assertFlowFailure(await flow.patch({}, { body: "" }), 403, "operation_not_permitted_error");
    assert.deepEqual(await storedUnsafe(hanko, userId), { t: 1 });
  });

  row("an action is name@id, the @ encoded or not; an unknown flow is 403, no uuid 500", async (hanko) => {
    const { token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    const post = (action) =>
      hanko.ask("POST", `/profile?action=${action}`, {
        token,
        json: { input_data: { patch_metadata: {} }, csrf_token: flow.csrf },
      });
    assertFlowFailure(await post(`patch_metadata%40${NOBODY}`), 403, "operation_not_permitted_error");
    assertFlowFailure(await post(`nothing%40${flow.id}`), 403, "operation_not_permitted_error");
    for (const action of ["patch_metadata%40garbage", "patch_metadata", `patch_metadata%40${flow.id}%40x`])
      assertFlowFailure(await post(action), 500, "technical_error", action);
    const fresh = await post("");
    assert.deepEqual([fresh.status, fresh.json.name], [200, "preflight"]);
    assert.equal((await post(`patch_metadata@${flow.id}`)).status, 200);
  });

  row("without a live session every step is 401, and spends nothing", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const again = await hanko.newSession(userId);
    for (const given of [{}, { token: "garbage" }, { cookie: "garbage" }])
      assertFlowFailure(await hanko.ask("POST", "/profile", given), 401, "unauthorized");
    const { flow } = await Flow.open(hanko, { token });
    await hanko.ask("POST", "/logout", { token });
    assertFlowFailure(await flow.patch({ a: 1 }), 401, "unauthorized");
    assertFlowFailure(await flow.patch({ a: 1 }, { credentials: {} }), 401, "unauthorized");
    assert.deepEqual(unsafeIn(await flow.patch({ a: 1 }, { credentials: { token: again.token } })), { a: 1 });
  });

  row("a flow writes for whoever asks", async (hanko) => {
    const [one, two] = [await hanko.signedIn(), await hanko.signedIn()];
    const { flow } = await Flow.open(hanko, { token: one.token });
    const answer = await flow.patch({ whose: "two" }, { credentials: { token: two.token } });
    assert.deepEqual([answer.status, answer.json.payload.user.id], [200, two.userId]);
    assert.equal(await storedUnsafe(hanko, one.userId), undefined);
    assert.deepEqual(await storedUnsafe(hanko, two.userId), { whose: "two" });
  });

  row("a header that does not verify falls back to the cookie", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { answer } = await Flow.open(hanko, { token: "x.y.z", cookie: token });
    assert.equal(answer.json.payload.user.id, userId);
  });

  row("of two requests on one flow at once one writes, and the other is refused", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    const csrf = flow.csrf;
    const answers = await Promise.all([1, 2].map((n) => flow.patch({ [`m${n}`]: n }, { csrf })));
    const statuses = answers.map(({ status }) => status).sort();
    assert.equal(statuses[0], 200);
    assert.ok([403, 500].includes(statuses[1]), `${statuses}`);
    assert.equal(Object.keys(await storedUnsafe(hanko, userId)).length, 1);
  });

  row("what a flow wrote, /me and the Admin API show", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { flow } = await Flow.open(hanko, { token });
    await flow.patch({ "<a>": "é\u2028\ud83d\udc4b", n: 1.5e300, deep: { list: [1, null, {}] } });
    const me = (await hanko.ask("GET", "/me", { token })).json;
    assert.deepEqual(me.metadata.unsafe_metadata, await storedUnsafe(hanko, userId));
    assert.equal(me.metadata.unsafe_metadata["<a>"], "é\u2028\ud83d\udc4b");
    assert.equal((await hanko.validate(token)).text.includes("metadata"), false);
  });
}
