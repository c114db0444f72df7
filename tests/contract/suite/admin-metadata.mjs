/** The Admin API: metadata (`protocol/metadata.md` section 9). What is merged, the vectors of `merge.mjs` say. */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, assertFailure, NOBODY } from "../support/answers.mjs";
import { Flow, storedText } from "../support/flow.mjs";

const FULL = { public_metadata: { p: 1 }, private_metadata: { q: 2 }, unsafe_metadata: { r: 3 } };

export function adminMetadata(row) {
  row("no metadata is 204 without a body, to GET and to PATCH", async (hanko) => {
    const { id } = await hanko.newUser();
    const path = `/users/${id}/metadata`;
    const patches = [{}, null, { unsafe_metadata: {} }, { unsafe_metadata: null }];
    const answers = [await hanko.admin("GET", path)];
    for (const json of patches) answers.push(await hanko.admin("PATCH", path, { json }));
    for (const { status, text, headers } of answers)
      assert.deepEqual([status, text, headers.get("content-type")], [204, "", null]);
  });

  row("three kinds, each its own; null clears one or all, {} none", async (hanko) => {
    const { id } = await hanko.newUser();
    const patch = (json) => hanko.admin("PATCH", `/users/${id}/metadata`, { json });
    assertAnswer(await patch(FULL), 200, FULL);
    assertAnswer(await hanko.admin("GET", `/users/${id}/metadata`), 200, FULL);
    assertAnswer(await patch({ public_metadata: {} }), 200, FULL);
    const { public_metadata: _, ...rest } = FULL;
    assertAnswer(await patch({ public_metadata: null }), 200, rest);
    assertAnswer(await patch({ public_metadata: { p: 2 }, other: 1 }), 200, { ...FULL, public_metadata: { p: 2 } });
    assertAnswer(await patch(null), 204);
    assert.equal(await storedText(hanko, id), undefined);
  });

  row("a patch that is no object, or holds a kind that is none, stores nothing", async (hanko) => {
    const { id } = await hanko.newUser();
    const path = `/users/${id}/metadata`;
    await hanko.admin("PATCH", path, { json: FULL });
    const kinds = [1, "x", [], true, "null"].map((value) => ({ public_metadata: { x: 1 }, unsafe_metadata: value }));
    for (const json of [[], 1, "x", true, "null", ...kinds])
      assertFailure(await hanko.admin("PATCH", path, { json }), 400, JSON.stringify(json));
    const headers = { "content-type": "application/json" };
    for (const body of ["not json", '{"unsafe_metadata":{"a":1}'])
      assertFailure(await hanko.admin("PATCH", path, { headers, body }), 400);
    assertFailure(await hanko.admin("PATCH", path, { headers, body: "" }), 500);
    assertAnswer(await hanko.admin("GET", path), 200, FULL);
  });

  row("one kind above 3000: nothing of the patch is stored", async (hanko) => {
    const { id } = await hanko.newUser();
    const path = `/users/${id}/metadata`;
    await hanko.admin("PATCH", path, { json: FULL });
    const fitting = { a: "x".repeat(3000 - '{"r":3,"a":""}'.length) };
    const more = { a: `${fitting.a}x` };
    assertFailure(
      await hanko.admin("PATCH", path, { json: { public_metadata: { p: 9 }, unsafe_metadata: more } }),
      400,
    );
    assertAnswer(await hanko.admin("GET", path), 200, FULL);
    const stored = await hanko.admin("PATCH", path, { json: { unsafe_metadata: fitting } });
    assertAnswer(stored, 200, { ...FULL, unsafe_metadata: { r: 3, ...fitting } });
  });

  row("a wrong content type is 400, and a form 500", async (hanko) => {
    const { id } = await hanko.newUser();
    const patch = (headers) =>
      hanko.admin("PATCH", `/users/${id}/metadata`, { headers, body: '{"unsafe_metadata":{"a":1}}' });
    for (const type of ["text/plain", "application/merge-patch+json", "application/jsonx"])
      assertFailure(await patch({ "content-type": type }), 400);
    assertFailure(await patch({}), 400);
    assertFailure(await patch({ "content-type": "application/x-www-form-urlencoded" }), 500);
    for (const body of ["", '{"unsafe_metadata":{"a":1}}']) {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      assertFailure(await hanko.admin("PATCH", `/users/${NOBODY}/metadata`, { headers, body }), 404);
    }
    assertAnswer(await patch({ "content-type": "application/json; charset=utf-8" }), 200, {
      unsafe_metadata: { a: 1 },
    });
  });

  row("ids: no uuid is 400 before the body is looked at, unknown 404 after; any spelling is taken", async (hanko) => {
    const { id } = await hanko.newUser();
    const headers = { "content-type": "application/json" };
    assertFailure(await hanko.admin("GET", "/users/garbage/metadata"), 400);
    assertFailure(await hanko.admin("PATCH", "/users/garbage/metadata", { headers, body: "junk" }), 400);
    assertFailure(await hanko.admin("PATCH", `/users/${NOBODY}/metadata`, { headers, body: "junk" }), 400);
    assertFailure(await hanko.admin("PATCH", `/users/${NOBODY}/metadata`, { headers, body: "{}" }), 404);
    assertFailure(await hanko.admin("GET", `/users/${NOBODY}/metadata`), 404);
    for (const spelling of [id.toUpperCase(), id.replaceAll("-", "")])
      assertAnswer(await hanko.admin("GET", `/users/${spelling}/metadata`), 204);
    for (const method of ["PUT", "POST", "DELETE"])
      assertBareFailure(await hanko.admin(method, `/users/${id}/metadata`, { headers, body: "{}" }), 404, method);
  });

  row("1e400, written by an administrator, closes the profile flow, and no other door", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const { flow: before } = await Flow.open(hanko, { token });
    const headers = { "content-type": "application/json" };
    const patch = (body) => hanko.admin("PATCH", `/users/${userId}/metadata`, { headers, body });
    const stored = await patch('{"unsafe_metadata":{"big":1e400}}');
    assert.deepEqual([stored.status, stored.text.trimEnd()], [200, '{"unsafe_metadata":{"big":1e400}}']);
    const { flow } = await Flow.begin(hanko, { token });
    assertBareFailure(await flow.register(), 500);
    assert.ok((await hanko.ask("GET", "/me", { token })).text.includes('"unsafe_metadata":{"big":1e400}'));
    assert.equal(await hanko.isValid(token), true);
    assert.equal((await before.patch({ big: null })).status, 200);
    assert.equal(await storedText(hanko, userId), undefined);
  });

  row("1e400 in public metadata closes the flow too, in private metadata not", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    const headers = { "content-type": "application/json" };
    const patch = (body) => hanko.admin("PATCH", `/users/${userId}/metadata`, { headers, body });
    await patch('{"private_metadata":{"big":1e400}}');
    assert.equal((await Flow.open(hanko, { token })).answer.status, 200);
    await patch('{"public_metadata":{"big":1e400}}');
    assertBareFailure(await (await Flow.begin(hanko, { token })).flow.register(), 500);
  });
}
