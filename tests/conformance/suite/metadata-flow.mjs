import { isPage, showsCredentials } from "../support/hosts.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";
import { flowsOf } from "../support/recordings.mjs";
import { freshApiUrl, recordedAnswer } from "../support/servers.mjs";

/** `patchUnsafeMetadata` and `clearUnsafeMetadata`: what is sent, what comes back, and what is never sent. */
export function metadataFlow(QUnit, { hanko, testing, vectors, runtime }) {
  const recorded = vectors.flows.flatMap(flowsOf);

  QUnit.module("the profile flow");

  QUnit.test("enough was recorded", (assert) => assert.true(recorded.length >= 12, `${recorded.length} flows`));

  for (const { name, token, exchanges } of recorded) {
    QUnit.test(name, async (assert) => {
      const apiUrl = freshApiUrl("recorded-flow");
      const left = [...exchanges];
      const fetch = async (request) => {
        const { request: sent, response } = left.shift();
        assert.strictEqual(request.url.slice(apiUrl.length), sent.path);
        const body = await request.text();
        assert.deepEqual(body === "" ? null : JSON.parse(body), sent.body ? JSON.parse(sent.body) : null);
        assert.strictEqual(request.headers.get("authorization"), `Bearer ${token}`);
        return recordedAnswer(response);
      };
      const client = hanko.createHanko({ apiUrl, fetch });
      for (const { request, response } of exchanges.slice(2)) {
        const { patch_metadata: patch } = JSON.parse(request.body).input_data;
        const { metadata } = JSON.parse(response.body).payload.user;
        const stored = { public_metadata: {}, unsafe_metadata: {}, ...metadata };
        assert.deepEqual(await change(client, patch === "null" ? undefined : patch, { token }), stored);
      }
      assert.deepEqual(left, [], "all that was recorded was asked for");
    });
  }

  const change = (client, patch, options) =>
    patch === undefined ? client.clearUnsafeMetadata(options) : client.patchUnsafeMetadata(patch, options);

  async function signedUp(options) {
    const server = await testing.createTestHanko(options);
    const { user_id } = await server.createUser();
    const { token } = await server.createSession(user_id);
    return { server, user_id, token, client: hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch }) };
  }

  QUnit.test("three requests for a first patch, one for the next, on 2.7 and on 3.0", async (assert) => {
    for (const version of ["2.7", "3.0"]) {
      const { client, server, token } = await signedUp({ version });
      const told = await client.patchUnsafeMetadata({ theme: "dark", size: { font: 12 } }, { token });
      const stored = { theme: "dark", size: { font: 12 } };
      assert.deepEqual(told, { public_metadata: {}, unsafe_metadata: stored }, version);
      assert.strictEqual(server.requests.length, 3);
      const again = await client.patchUnsafeMetadata({ theme: null, size: { font: 14 } }, { token });
      assert.deepEqual(again, { public_metadata: {}, unsafe_metadata: { size: { font: 14 } } });
      assert.strictEqual(server.requests.length, 4);
      assert.deepEqual(await client.clearUnsafeMetadata({ token }), { public_metadata: {}, unsafe_metadata: {} });
      assert.strictEqual(server.requests.length, 5);
    }
  });

  QUnit.test("every step is a POST of JSON by Bearer alone, and null is cleared by the string", async (assert) => {
    const { server, token } = await signedUp();
    const sent = [];
    const fetch = (request) => (sent.push(request), server.fetch(request.clone()));
    await hanko.createHanko({ apiUrl: server.apiUrl, fetch }).clearUnsafeMetadata({ token });
    assert.deepEqual(
      sent.map(({ url }) => url.slice(server.apiUrl.length).replace(/[\da-f-]{36}$/, "<id>")),
      ["/profile", "/profile?action=register_client_capabilities%40<id>", "/profile?action=patch_metadata%40<id>"],
    );
    for (const [at, request] of sent.entries()) {
      assert.deepEqual([request.method, request.redirect], ["POST", "manual"]);
      assert.strictEqual(request.headers.get("authorization"), `Bearer ${token}`);
      assert.strictEqual(request.headers.get("content-type"), at === 0 ? null : "application/json");
      if (showsCredentials(runtime)) assert.strictEqual(request.credentials, "omit");
    }
    assert.strictEqual((await sent[2].json()).input_data.patch_metadata, "null");
  });

  QUnit.test("names, texts, numbers and depth arrive as they are, and change no prototype", async (assert) => {
    const { client, token } = await signedUp();
    const patch = JSON.parse(
      `{"__proto__":{"isAdmin":true},"constructor":1,"toString":2,"1":3,"":"","\\u0000":"\\u2028<&>\\ud83d\\ude00",
        "numbers":[1e21,0.1,-1.5,5e-324,1.7976931348623157e308,9007199254740991]}`,
    );
    const { unsafe_metadata: told } = await client.patchUnsafeMetadata(patch, { token });
    assert.deepEqual(told, patch);
    assert.true(Object.hasOwn(told, "__proto__") && Object.getPrototypeOf(told) === Object.prototype);
    assert.strictEqual({}.isAdmin, undefined);
    await client.clearUnsafeMetadata({ token });
    const deep = JSON.parse(`{"a":${"[".repeat(1400)}1${"]".repeat(1400)}}`);
    let { a: inner } = (await client.patchUnsafeMetadata(deep, { token })).unsafe_metadata;
    let levels = 0;
    for (; Array.isArray(inner); inner = inner[0]) levels += 1;
    assert.deepEqual([levels, inner], [1400, 1]);
  });

  QUnit.test("public metadata is told as it stands, and not touched", async (assert) => {
    const { client, server, user_id, token } = await signedUp();
    await server.fetch(`${server.apiUrl}/admin/users/${user_id}/metadata`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ public_metadata: { role: "member" }, private_metadata: { note: "x" } }),
    });
    const told = await client.patchUnsafeMetadata({ role: "admin" }, { token });
    assert.deepEqual(told, { public_metadata: { role: "member" }, unsafe_metadata: { role: "admin" } });
  });

  QUnit.test("what is no JSON costs no request, and is named by its path", async (assert) => {
    const { client, server, token } = await signedUp();
    const cycle = {};
    cycle.self = { cycle };
    const rows = [
      [{ a: undefined }, "patch.a"],
      [{ a: [1, { b: NaN }] }, "patch.a[1].b"],
      [{ a: Infinity }, "patch.a"],
      [{ a: 1n }, "patch.a"],
      [{ a: () => 1 }, "patch.a"],
      [{ a: Symbol("x") }, "patch.a"],
      [{ a: "\ud800" }, "patch.a"],
      [{ a: new Date(0) }, "patch.a"],
      [{ a: new Map() }, "patch.a"],
      [cycle, "patch.self.cycle"],
      [[1], "patch"],
      [null, "patch"],
      [undefined, "patch"],
      ["null", "patch"],
      [7, "patch"],
    ];
    for (const [patch, path] of rows) {
      const error = await failureOf(assert, () => client.patchUnsafeMetadata(patch, { token }), path);
      assertHankoError(assert, hanko, error, ["metadata_invalid"], [token]);
      assert.true(error.message.startsWith(`${path} `), error.message);
    }
    assert.deepEqual(server.requests, []);
  });

  QUnit.test("too large at once only where the patch alone cannot fit; else the server says it", async (assert) => {
    const { client, server, token } = await signedUp();
    const full = { a: "x".repeat(2992) };
    assert.deepEqual((await client.patchUnsafeMetadata(full, { token })).unsafe_metadata, full, "3000 fit");
    const before = server.requests.length;
    const tooLarge = async (patch) => {
      const error = await failureOf(assert, () => client.patchUnsafeMetadata(patch, { token }));
      assertHankoError(assert, hanko, error, ["metadata_too_large"], [token]);
    };
    for (const patch of [{ a: "x".repeat(2993) }, { a: "<".repeat(499) }, { [`${"n".repeat(2995)}`]: 1 }])
      await tooLarge(patch);
    assert.strictEqual(server.requests.length, before, "3001 cost no request");
    await tooLarge({ b: 1 });
    assert.strictEqual(server.requests.length, before + 1);
    const removals = Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`name-${at}`, null]));
    const told = await client.patchUnsafeMetadata({ ...removals, a: null, b: 1 }, { token });
    assert.deepEqual(told.unsafe_metadata, { b: 1 }, "60 kB of removals fit");
    assert.strictEqual(server.requests.length, before + 2, "on the same flow");
  });

  QUnit.test("what is no session token, and a wrong option, cost no request", async (assert) => {
    const { client, server, user_id, token } = await signedUp();
    const { token: hooks } = await server.createSession(user_id, { claims: { session_id: null } });
    const rows = [
      [{ token: "" }, "token_malformed"],
      [{ token: `${token}\r\nx: y` }, "token_malformed"],
      [{ token: "x".repeat(16_385) }, "token_too_large"],
      [{ token: hooks }, "not_session_token"],
      [{ token: 1 }, "argument_invalid"],
      [{ token, unknown: 1 }, "argument_invalid"],
      [{ token, signal: 1 }, "argument_invalid"],
      ["x", "argument_invalid"],
      [null, "argument_invalid"],
    ];
    for (const [options, code] of rows) {
      for (const patch of [{ a: 1 }, undefined]) {
        const error = await failureOf(assert, () => change(client, patch, options), code);
        assertHankoError(assert, hanko, error, [code], [token]);
      }
    }
    assert.deepEqual(server.requests, []);
  });

  QUnit.test(
    isPage(runtime)
      ? "a page without a token sends its cookies, and keeps no flow"
      : "without a token, here: token_missing",
    async (assert) => {
      const { server, token } = await signedUp();
      const sent = [];
      const fetch = (request) => {
        sent.push([request.credentials, request.headers.get("authorization")]);
        const byCookie = new Request(request.clone(), { headers: request.headers });
        byCookie.headers.set("authorization", `Bearer ${token}`); // A page's cookie is out of its scripts' reach.
        return server.fetch(byCookie);
      };
      const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch });
      if (!isPage(runtime)) {
        for (const patch of [{ a: 1 }, undefined])
          assertHankoError(assert, hanko, await failureOf(assert, () => change(client, patch)), ["token_missing"]);
        assert.deepEqual(sent, []);
        return;
      }
      assert.deepEqual((await client.patchUnsafeMetadata({ a: 1 })).unsafe_metadata, { a: 1 });
      assert.deepEqual((await client.clearUnsafeMetadata()).unsafe_metadata, {});
      assert.deepEqual(sent, Array(6).fill(["include", null]));
    },
  );
}
