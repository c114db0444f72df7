import { isPage } from "../support/hosts.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";

const OTHER = "1111111a-2222-4333-8444-55555555555b";
const KEY = "canary-8d1f6b-api-key";

/** `hanko-edge/admin` with a server of either version; in a page it refuses to be made. */
export function adminApi(QUnit, { hanko, admin: { createAdmin }, testing, vectors, runtime }) {
  QUnit.module("admin");

  if (isPage(runtime)) {
    QUnit.test("a page is no place for an API key", async (assert) => {
      const options = { apiUrl: "https://tenant.hanko.test/admin", apiKey: KEY };
      const error = await failureOf(assert, () => createAdmin(options));
      assertHankoError(assert, hanko, error, ["config_invalid"], [KEY]);
    });
    return;
  }

  /** A server, its Admin API, and what is asked of it: method, path below the API, and body. */
  async function served(options, more) {
    const server = await testing.createTestHanko(options);
    const admin = createAdmin({ apiUrl: `${server.apiUrl}/admin`, fetch: server.fetch, ...more });
    const asked = () =>
      server.requests.splice(0).map(({ method, path, body }) => [method, path.replace("/admin", ""), body]);
    return { server, admin, asked };
  }
  const email = (address, is_primary = true) => ({ address, is_primary, is_verified: false });

  for (const version of ["2.7", "3.0"]) {
    QUnit.test(`${version}: a user is made, read and deleted`, async (assert) => {
      const { admin, asked } = await served({ version });
      const emails = [email("ada@example.com"), email("second@example.com", false)];
      const made = await admin.createUser({ emails, username: "ada" });
      assert.deepEqual(
        made.emails.map(({ id, ...row }) => row),
        emails,
      );
      const { user_id, created_at, updated_at } = made;
      assert.deepEqual(made, {
        ...{ user_id, created_at, updated_at, email: "ada@example.com", username: "ada", emails: made.emails },
        ...{ identities: [], passkeys: [], security_keys: [] },
        metadata: { public_metadata: {}, private_metadata: {}, unsafe_metadata: {} },
      });
      assert.deepEqual(await admin.getUser(user_id), made);
      assert.strictEqual(await admin.deleteUser(user_id), undefined);
      for (const call of [
        admin.getUser,
        admin.getMetadata,
        admin.deleteUser,
        admin.listSessions,
        admin.createSession,
      ]) {
        assertHankoError(assert, hanko, await failureOf(assert, () => call(user_id)), ["not_found"]);
      }
      const [creation, reading, deletion] = asked();
      assert.deepEqual(
        [creation[0], creation[1], JSON.parse(creation[2])],
        ["POST", "/users", { emails, username: "ada" }],
      );
      assert.deepEqual(
        [reading, deletion],
        [
          ["GET", `/users/${user_id}`, ""],
          ["DELETE", `/users/${user_id}`, ""],
        ],
      );
    });

    QUnit.test(`${version}: what Hanko does not take is argument_invalid, with its status`, async (assert) => {
      const { admin } = await served({ version });
      await admin.createUser({ emails: [email("ada@example.com")], username: "ada" });
      const { user_id } = await admin.createUser({ username: "bob" });
      for (const [status, call] of [
        [409, () => admin.createUser({ emails: [email("ada@example.com")] })],
        [409, () => admin.createUser({ username: "ada" })],
        [400, () => admin.createUser({ emails: [email("no address")] })],
        [400, () => admin.createSession(user_id, { ipAddress: "no address" })],
      ]) {
        const error = await failureOf(assert, call);
        assertHankoError(assert, hanko, error, ["argument_invalid"], ["ada@example.com", "no address"]);
        assert.strictEqual(error?.status, status);
      }
    });

    QUnit.test(`${version}: metadata of three kinds, 204 where all are empty`, async (assert) => {
      const { admin, asked } = await served({ version });
      const { user_id } = await admin.createUser({ username: "ada" });
      const none = { public_metadata: {}, private_metadata: {}, unsafe_metadata: {} };
      assert.deepEqual(await admin.getMetadata(user_id), none);
      const patch = {
        public_metadata: { plan: "pro" },
        private_metadata: { note: [1, null] },
        unsafe_metadata: undefined,
      };
      const stored = { ...none, public_metadata: { plan: "pro" }, private_metadata: { note: [1, null] } };
      asked();
      assert.deepEqual(await admin.patchMetadata(user_id, patch), stored);
      const body = '{"public_metadata":{"plan":"pro"},"private_metadata":{"note":[1,null]}}';
      assert.deepEqual(asked(), [["PATCH", `/users/${user_id}/metadata`, body]]);
      assert.deepEqual((await admin.getUser(user_id)).metadata, stored);
      const merged = await admin.patchMetadata(user_id, {
        public_metadata: { plan: null, n: 1 },
        private_metadata: null,
      });
      assert.deepEqual(merged, { ...none, public_metadata: { n: 1 } });
      assert.deepEqual(await admin.patchMetadata(user_id, {}), merged);
      assert.deepEqual(await admin.patchMetadata(user_id, null), none);
      assert.deepEqual(await admin.getMetadata(user_id), none);
      const names = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1}');
      const odd = await admin.patchMetadata(user_id, { private_metadata: names });
      assert.deepEqual(Object.keys(odd.private_metadata).sort(), ["__proto__", "constructor"]);
      assert.strictEqual({}.isAdmin, undefined);
    });

    QUnit.test(
      `${version}: metadata over the limit is metadata_too_large, here where it cannot fit`,
      async (assert) => {
        const { admin, asked } = await served({ version });
        const { user_id } = await admin.createUser({ username: "ada" });
        const long = (length) => ({ private_metadata: { a: "x".repeat(length) } });
        asked();
        const error = await failureOf(assert, () => admin.patchMetadata(user_id, long(2993)));
        assertHankoError(assert, hanko, error, ["metadata_too_large"]);
        assert.deepEqual(asked(), []);
        await admin.patchMetadata(user_id, long(2992));
        const more = () => admin.patchMetadata(user_id, { private_metadata: { b: 1 } });
        assertHankoError(assert, hanko, await failureOf(assert, more), ["metadata_too_large"]);
        assert.deepEqual((await admin.getMetadata(user_id)).private_metadata, { a: "x".repeat(2992) });
      },
    );

    QUnit.test(`${version}: sessions are made, listed, and ended one or all`, async (assert) => {
      const { server, admin, asked } = await served({ version });
      const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, mode: "remote" });
      const { user_id } = await admin.createUser({ username: "ada" });
      assert.deepEqual(await admin.listSessions(user_id), []);
      const origin = { userAgent: "a browser", ipAddress: "203.0.113.7" };
      const made = await admin.createSession(user_id, origin);
      assert.deepEqual(Object.keys(made), ["session_token"]);
      const { userId, sessionId } = await client.verifySession(made.session_token);
      assert.strictEqual(userId, user_id);
      const [{ created_at, updated_at, expires_at, last_used, ...row }] = await admin.listSessions(user_id);
      assert.deepEqual(row, { id: sessionId, user_id, user_agent: "a browser", ip_address: "203.0.113.7" });
      assert.true([created_at, updated_at, expires_at, last_used].every((time) => Date.parse(time) > 0));

      const { session_token: second } = await admin.createSession(user_id.toUpperCase());
      const [plain] = await admin.listSessions(user_id);
      assert.deepEqual(["user_agent" in plain, "ip_address" in plain], [false, false], "null is absent");
      assert.strictEqual(await admin.deleteSession(user_id, sessionId.toUpperCase()), undefined);
      assert.strictEqual((await client.authenticate(made.session_token)).code, "session_ended");
      assert.strictEqual((await client.authenticate(second)).status, "signed-in");
      const again = await failureOf(assert, () => admin.deleteSession(user_id, sessionId));
      assertHankoError(assert, hanko, again, ["not_found"]);

      await admin.createSession(user_id);
      asked();
      assert.strictEqual(await admin.deleteSessions(user_id), 2);
      const methods = asked().map(([method]) => method);
      assert.deepEqual(methods, ["GET", "DELETE", "DELETE"]);
      assert.strictEqual((await client.authenticate(second)).code, "session_ended");
      assert.strictEqual(await admin.deleteSessions(user_id), 0);
    });
  }

  QUnit.test("ids go out lower-case and with dashes, or not at all", async (assert) => {
    const { admin, asked } = await served();
    const { user_id } = await admin.createUser({ username: "ada" });
    asked();
    const spellings = [user_id.toUpperCase(), user_id.replaceAll("-", ""), user_id.replaceAll("-", "").toUpperCase()];
    for (const id of spellings) assert.strictEqual((await admin.getUser(id)).user_id, user_id);
    assert.deepEqual(asked(), Array(3).fill(["GET", `/users/${user_id}`, ""]));
    const wrong = [...vectors.userIdCases.filter(({ expect }) => expect !== "accept").map(({ id }) => id)];
    wrong.push(`{${user_id}}`, `urn:uuid:${user_id}`, `${user_id} `, 1, null, undefined, {}, [user_id]);
    for (const id of wrong) {
      for (const call of [
        () => admin.getUser(id),
        () => admin.deleteUser(id),
        () => admin.getMetadata(id),
        () => admin.patchMetadata(id, null),
        () => admin.createSession(id),
        () => admin.listSessions(id),
        () => admin.deleteSessions(id),
        () => admin.deleteSession(id, OTHER),
        () => admin.deleteSession(user_id, id),
      ]) {
        assertHankoError(assert, hanko, await failureOf(assert, call, String(id)), ["argument_invalid"]);
      }
    }
    assert.deepEqual(asked(), []);
  });

  QUnit.test("an API key is made of visible ASCII characters, 4096 at most", async (assert) => {
    const make = (apiKey) => createAdmin({ apiUrl: "https://tenant.hanko.test/admin", apiKey });
    const spaced = [`${KEY} `, ` ${KEY}`, `${KEY}\r\nx: y`, `${KEY}\u00fc`, `\u00fc${KEY}`, `${KEY}\x7f`, `\n${KEY}`];
    for (const apiKey of [1, null, "", " ", ...spaced, [KEY], { KEY }, "x".repeat(4097)]) {
      const error = await failureOf(assert, () => make(apiKey), JSON.stringify(apiKey));
      assertHankoError(assert, hanko, error, ["config_invalid"], [KEY]);
      assert.strictEqual(error?.message, "option apiKey must be a text of visible ASCII characters");
    }
    for (const apiKey of [undefined, KEY, "!", "~", "x".repeat(4096)])
      assert.strictEqual(typeof make(apiKey).getUser, "function");
  });

  QUnit.test("options are checked at once, and no error shows the key", async (assert) => {
    const good = { apiUrl: "https://tenant.hanko.test/admin" };
    const wrong = [undefined, null, 1, KEY, [], new Map(), {}];
    for (const apiUrl of [
      "http://tenant.hanko.test",
      "https://localhost",
      `https://${KEY}@x.hanko.test`,
      `https://x.hanko.test/?${KEY}`,
    ])
      wrong.push({ apiUrl, apiKey: KEY });
    wrong.push(
      { ...good, mode: "local" },
      { ...good, onEvent() {} },
      { ...good, [KEY]: 1 },
      { ...good, timeout: 1 },
      { ...good, fetch: KEY },
    );
    for (const options of wrong) {
      const error = await failureOf(assert, () => createAdmin(options), JSON.stringify(options));
      assertHankoError(assert, hanko, error, ["config_invalid"], [KEY]);
    }
    const admin = createAdmin({ ...good, apiKey: KEY, timeout: 100, allowInsecure: true, fetch });
    assert.true(Object.isFrozen(admin));
    assert.false(JSON.stringify(Object.values(admin).map(String)).includes(KEY));
  });

  QUnit.test("with a tenant's prefix or without, the key is in the header alone", async (assert) => {
    const { server } = await served();
    const { user_id } = await server.createUser();
    for (const base of ["https://api.hanko.test", "https://api.hanko.test/", `https://api.hanko.test/${OTHER}/admin`]) {
      const sent = [];
      const fetch = async (request) => {
        sent.push(request);
        return new Response(null, { status: 204 });
      };
      const admin = createAdmin({ apiUrl: base, apiKey: KEY, fetch });
      await admin.getMetadata(user_id);
      await admin.deleteUser(user_id);
      const prefix = base.replace(/\/$/, "");
      assert.deepEqual(
        sent.map(({ method, url }) => `${method} ${url}`),
        [`GET ${prefix}/users/${user_id}/metadata`, `DELETE ${prefix}/users/${user_id}`],
      );
      for (const request of sent) {
        assert.strictEqual(request.headers.get("authorization"), `Bearer ${KEY}`);
        assert.deepEqual([request.redirect, request.headers.get("cookie")], ["manual", null]);
      }
    }
    const { admin, server: other } = await served();
    await admin.createUser({ username: "ada" });
    assert.false("authorization" in other.requests[0].headers, "a self-hosted Admin API has no key");
  });
}
