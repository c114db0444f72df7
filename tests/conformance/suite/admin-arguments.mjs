import { isPage } from "../support/hosts.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";

const ID = "1111111a-2222-4333-8444-55555555555b";
const CANARY = "canary-8d1f6b-argument";
/** Characters that no JSON text of UTF-8 has. */
const LONE = "\ud800";

/** What the methods of `hanko-edge/admin` are given: what they refuse, by which words, and what they make of the rest. */
export function adminArguments(QUnit, { hanko, admin: { createAdmin }, runtime }) {
  QUnit.module("admin arguments");
  if (isPage(runtime)) return;

  /** An Admin API that refuses all, and what is asked of it. */
  function refusing() {
    const asked = [];
    const fetch = async (request) => {
      asked.push(await request.text());
      return new Response(null, { status: 403 });
    };
    return { admin: createAdmin({ apiUrl: "https://arguments.hanko.test/admin", fetch }), asked };
  }
  const email = (address, is_primary = true, is_verified = false) => ({ address, is_primary, is_verified });
  const thrown = () => {
    throw new Error(CANARY);
  };
  const throwing = (name) => Object.defineProperty({}, name, { enumerable: true, get: thrown });
  const proxies = [{}, []].map((target) => new Proxy(target, { ownKeys: thrown, get: thrown }));
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const unreadable = [...proxies, revoked];

  const user = (user) => (admin) => admin.createUser(user);
  const emails = (...emails) => user({ emails });
  const patch = (patch) => (admin) => admin.patchMetadata(ID, patch);
  const origin = (options) => (admin) => admin.createSession(ID, options);

  /** By what is told: who must be told it. */
  const REFUSED = {
    "the user must be an object of emails, username": [
      ...[undefined, null, 1, "ada", [], () => {}, { name: "ada" }, { username: "ada", id: ID }].map(user),
      ...[throwing("username"), throwing("emails"), ...unreadable].map(user),
    ],
    "the user must be one with emails or a username": [{}, { emails: [] }, { username: undefined }].map(user),
    "user.username must be a text that is not empty": ["", 1, null, {}, LONE, `a${LONE}`].map((username) =>
      user({ username, emails: [email("a@b.example")] }),
    ),
    "user.emails must be a list": [{}, "x", 1, null, { 0: email("a@b.example"), length: 1 }, ...unreadable].map(
      (emails) => user({ emails, username: "ada" }),
    ),
    "an address of user.emails must be an object of address, is_primary, is_verified": [
      ...["x", null, [], undefined, { ...email("a"), id: 1 }, throwing("address"), ...unreadable].map((row) =>
        emails(email("a@b.example"), row),
      ),
      user({ emails: [, email("a@b.example")] }),
    ],
    "address in user.emails must be a text": ["", 1, null, undefined, LONE].map((address) => emails(email(address))),
    "is_primary in user.emails must be true or false": ["yes", 1, null].map((flag) => emails(email("a", flag))),
    "is_verified in user.emails must be true or false": ["yes", 0, null].map((flag) => emails(email("a", true, flag))),
    "user.emails must be a list with one primary address": [
      emails(email("a"), email("b")),
      emails(email("a", false)),
      user({ emails: [email("a", false), email("b", false)], username: "ada" }),
    ],
    "the patch must be an object of public_metadata, private_metadata, unsafe_metadata": [
      ...[undefined, 1, "null", [], { Public_Metadata: {} }, { public_metadata: {}, other: 1 }].map(patch),
      ...[throwing("public_metadata"), ...unreadable].map(patch),
    ],
    "options.userAgent must be a text that is not empty": ["", 1, null, LONE].map((userAgent) => origin({ userAgent })),
    "options.ipAddress must be a text that is not empty": ["", 1, null, LONE].map((ipAddress) => origin({ ipAddress })),
    "options must be an object": [null, 1, "x", []].map(origin),
    "options must be made of signal, waitUntil, userAgent, ipAddress": [origin({ ip: "x" })],
    "options must be made of signal, waitUntil": [
      (admin) => admin.getUser(ID, { userAgent: "x" }),
      (admin) => admin.createUser({ username: "ada" }, { ipAddress: "x" }),
    ],
    "options.signal must be an AbortSignal": [origin({ signal: 1 }), (admin) => admin.getUser(ID, { signal: 1 })],
    "the user's id must be a string": [1, null, undefined, {}, [ID]].flatMap((id) => [
      (admin) => admin.getUser(id),
      (admin) => admin.patchMetadata(id, null),
      (admin) => admin.createSession(id),
    ]),
    "the session's id must be a string": [1, null, undefined, {}, [ID]].map(
      (id) => (admin) => admin.deleteSession(ID, id),
    ),
  };

  for (const [message, calls] of Object.entries(REFUSED)) {
    QUnit.test(`refused without a request: ${message}`, async (assert) => {
      const { admin, asked } = refusing();
      for (const call of calls) {
        const promise = call(admin);
        assert.true(promise instanceof Promise, "a promise");
        const error = await failureOf(assert, () => promise, String(call));
        assertHankoError(assert, hanko, error, ["argument_invalid"], [CANARY]);
        assert.strictEqual(error?.message, message);
      }
      assert.deepEqual(asked, []);
    });
  }

  QUnit.test("metadata that is no JSON is refused without a request, by its place", async (assert) => {
    const { admin, asked } = refusing();
    const values = [1, "x", [], NaN, { a: NaN }, { a: undefined }, { a: 1n }, { a: LONE }, { a: new Date() }];
    for (const kind of ["public_metadata", "private_metadata", "unsafe_metadata"]) {
      for (const value of values) {
        const error = await failureOf(assert, () => admin.patchMetadata(ID, { [kind]: value }));
        assertHankoError(assert, hanko, error, ["metadata_invalid"]);
        assert.true(error?.message.startsWith(`patch.${kind}`), error?.message);
      }
    }
    assert.deepEqual(asked, []);
  });

  QUnit.test("what is taken is sent as it is, and what is undefined is left out", async (assert) => {
    const { admin, asked } = refusing();
    const rows = [email("a@b.example"), email("c@d.example", false, true)];
    for (const [call, body] of [
      [user({ username: "ada" }), { username: "ada" }],
      [user({ username: "grace", emails: [] }), { username: "grace" }],
      [user({ username: undefined, emails: rows }), { emails: rows }],
      [user({ username: "\ud83d\ude00", emails: undefined }), { username: "\ud83d\ude00" }],
      [patch({}), {}],
      [patch(null), null],
      [patch({ unsafe_metadata: { a: 1 } }), { unsafe_metadata: { a: 1 } }],
      [patch({ public_metadata: undefined, private_metadata: null }), { private_metadata: null }],
      [origin(undefined), { user_id: ID }],
      [origin({ userAgent: "a" }), { user_id: ID, user_agent: "a" }],
      [origin({ userAgent: undefined, ipAddress: "203.0.113.7" }), { user_id: ID, ip_address: "203.0.113.7" }],
    ]) {
      const error = await failureOf(assert, () => call(admin));
      assertHankoError(assert, hanko, error, ["forbidden"]);
      assert.deepEqual(
        asked.splice(0).map((text) => JSON.parse(text)),
        [body],
      );
    }
  });
}
