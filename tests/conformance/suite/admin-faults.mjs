import { timed } from "../support/clock.mjs";
import { FAULTS } from "../support/faults.mjs";
import { isPage } from "../support/hosts.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";
import { freshApiUrl, serve } from "../support/servers.mjs";

const [ID, SESSION] = ["4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34", "1111111a-2222-4333-8444-55555555555b"];
const KEY = "canary-8d1f6b-api-key";
const USER = `/users/${ID}`;
const METADATA = `${USER}/metadata`;
const PATCH = { public_metadata: { a: 1 } };
const STORED = { public_metadata: { a: 1 }, private_metadata: {}, unsafe_metadata: {} };

const json = (value, status = 200) => Response.json(value, { status });
const hankos = (status, message) => () => json({ code: status, message }, status);
const down = hankos(500, "Internal Server Error");
const gateway = () => new Response("<html>", { status: 502 });
const reset = () => Promise.reject(new TypeError("reset"));

/** What may go wrong at the Admin API, and that nothing is sent twice. */
export function adminFaults(QUnit, { hanko, admin: { createAdmin }, runtime }) {
  if (isPage(runtime)) return; // There it refuses to be made.
  QUnit.module("faults of the Admin API");

  function served(routes, options) {
    const apiUrl = freshApiUrl("admin-faults");
    const { fetch, asked } = serve(apiUrl, routes);
    return { admin: createAdmin({ apiUrl, apiKey: KEY, fetch, timeout: 400, ...options }), asked };
  }

  const reads = {
    [`GET ${USER}`]: (admin, options) => admin.getUser(ID, options),
    [`GET ${METADATA}`]: (admin, options) => admin.getMetadata(ID, options),
    [`GET ${USER}/sessions`]: (admin, options) => admin.listSessions(ID, options),
  };
  const writes = {
    "POST /users": (admin, options) => admin.createUser({ username: "ada" }, options),
    "POST /sessions": (admin, options) => admin.createSession(ID, options),
    [`DELETE ${USER}`]: (admin, options) => admin.deleteUser(ID, options),
    [`DELETE ${USER}/sessions/${SESSION}`]: (admin, options) => admin.deleteSession(ID, SESSION, options),
  };
  const patching = { [`PATCH ${METADATA}`]: (admin, options) => admin.patchMetadata(ID, PATCH, options) };

  /** What is told otherwise than at `/sessions/validate`: of what was lost on the way, or cannot be read, nobody knows whether it was made. */
  function codesOf(route, name, codes) {
    if (name === "answers 401") return ["unauthorized"];
    if (name === "answers 403") return ["forbidden"];
    if (name === "answers 404" && route.includes("/sessions/")) return ["not_found"];
    if (name === "answers 404" && route.endsWith("/sessions") && route.startsWith("GET")) return ["not_found"];
    if (name === "answers 400" && route.startsWith("POST")) return ["argument_invalid"];
    if (name === "answers 200 with a list" && route === `GET ${USER}/sessions`) return [];
    if (name === "answers a network error of status 0") return [...codes, "redirect_blocked", "outcome_unknown"];
    const isLost = /^answers (20|50|a |and |with )|^(returns|throws|rejects|never)|then/.test(name);
    if (Object.hasOwn(writes, route) && isLost) return ["outcome_unknown"];
    return name === "answers with 300 KiB" ? ["response_invalid"] : codes;
  }

  for (const { name, fetch, validate, retryAfter } of FAULTS) {
    QUnit.test(`fetch ${name}`, async (assert) => {
      for (const [route, call] of Object.entries({ ...reads, ...writes })) {
        const codes = codesOf(route, name, validate);
        const { admin, asked } = served({ [route]: () => fetch(async () => json({})) });
        const { result: error, elapsed } = await timed(() => call(admin).catch((error) => error));
        assert.true(elapsed < 400 + 250 + 200, `${route} settled after ${Math.round(elapsed)} ms`);
        if (Object.hasOwn(writes, route)) assert.strictEqual(asked.length, 1, `${route} is sent once`);
        if (codes.length === 0) continue;
        assertHankoError(assert, hanko, error, codes, [KEY]);
        if (retryAfter !== undefined) assert.strictEqual(error.retryAfter, retryAfter);
      }
    });
  }

  QUnit.test("a GET is repeated once where no answer came or Hanko failed", async (assert) => {
    for (const first of [down, gateway, reset]) {
      const route = `GET ${METADATA}`;
      const { admin, asked } = served({ [route]: (_, count) => (count === 1 ? first() : json(PATCH)) });
      assert.deepEqual(await admin.getMetadata(ID), STORED);
      assert.deepEqual(asked, [route, route]);
    }
  });

  QUnit.test("F40 a lost patch is settled by reading, and never sent twice", async (assert) => {
    const [patch, read] = [`PATCH ${METADATA}`, `GET ${METADATA}`];
    const is = () => json({ ...PATCH, unsafe_metadata: { b: 2 } });
    const isNot = () => json({ public_metadata: { a: 2 } });
    const never = () => new Promise(() => {});
    const broken = () => new Response('{"public_metadata":{"a"');
    const merged = { ...STORED, unsafe_metadata: { b: 2 } };
    for (const [name, patched, read_, expected] of [
      ["no answer, applied", reset, is, merged],
      ["no answer, not applied", reset, isNot, "outcome_unknown"],
      ["no answer, nothing stored", reset, () => new Response(null, { status: 204 }), "outcome_unknown"],
      ["no answer, then silence", reset, never, "outcome_unknown"],
      ["no answer, nor to the reading", reset, reset, "outcome_unknown"],
      ["silence, applied", never, is, merged],
      ["silence, not applied", never, isNot, "outcome_unknown"],
      ["silence, and silence", never, never, "outcome_unknown"],
      ["half of an answer, applied", broken, is, merged],
      ["half of an answer, not applied", broken, isNot, "outcome_unknown"],
      ["half of an answer, nor to the reading", broken, reset, "outcome_unknown"],
      ["another's answer, not applied", () => json({ ok: true }), isNot, "outcome_unknown"],
      ["an answer too long, and no reading", () => new Response("x".repeat(2 ** 21)), reset, "outcome_unknown"],
      ["a proxy's failure, applied", gateway, is, merged],
      ["a proxy's failure, not applied", gateway, isNot, "outcome_unknown"],
      ["Hanko's failure, applied", down, is, merged],
      ["Hanko's failure, not applied", down, isNot, "server_error"],
      ["Hanko's failure, and no reading", down, down, "outcome_unknown"],
      ["a wrong address", hankos(404, "Not Found"), hankos(404, "Not Found"), "response_invalid"],
    ]) {
      const { admin, asked } = served({ [patch]: patched, [read]: read_ });
      const { result, elapsed } = await timed(() => admin.patchMetadata(ID, PATCH).catch((error) => error));
      assert.true(elapsed < 400 + 250, `${name}: ${Math.round(elapsed)} ms`);
      if (typeof expected === "string") assertHankoError(assert, hanko, result, [expected], [KEY]);
      else assert.deepEqual(result, expected, name);
      assert.strictEqual(asked.filter((route) => route === patch).length, 1, `${name}: sent once`);
    }
  });

  QUnit.test("what is refused is not read after", async (assert) => {
    for (const [answer, code] of [
      [hankos(404, "user not found"), "not_found"],
      [hankos(400, "metadata limit exceeded: private metadata must not exceed 3000 characters"), "metadata_too_large"],
      [hankos(401, "Unauthorized"), "unauthorized"],
      [hankos(403, "Forbidden"), "forbidden"],
      [() => new Response("{}", { status: 429, headers: { "retry-after": "7" } }), "rate_limited"],
      [
        () => new Response(null, { status: 307, headers: { location: "https://elsewhere.example/" } }),
        "redirect_blocked",
      ],
    ]) {
      const { admin, asked } = served({ [`PATCH ${METADATA}`]: answer });
      assertHankoError(assert, hanko, await failureOf(assert, () => admin.patchMetadata(ID, PATCH)), [code], [KEY]);
      assert.deepEqual(asked, [`PATCH ${METADATA}`]);
    }
  });

  QUnit.test("all sessions are ended, whatever becomes of one", async (assert) => {
    const ids = ["a", "b", "c"].map((digit) => SESSION.replace(/b$/, digit));
    const row = (id) => ({ id, user_id: ID, created_at: "c", updated_at: "u", expires_at: "e", last_used: "l" });
    const list = () => json(ids.map(row));
    const gone = () => new Response(null, { status: 204 });
    const routes = (...answers) =>
      Object.fromEntries(ids.map((id, at) => [`DELETE ${USER}/sessions/${id}`, answers[at]]));
    for (const [answers, expected] of [
      [[gone, gone, gone], 3],
      [[gone, hankos(404, "Not Found"), gone], 2],
      [[down, gone, gone], "server_error"],
      [[gone, reset, gateway], "outcome_unknown"],
    ]) {
      const { admin, asked } = served({ [`GET ${USER}/sessions`]: list, ...routes(...answers) });
      const result = await admin.deleteSessions(ID).catch((error) => error);
      if (typeof expected === "string") assertHankoError(assert, hanko, result, [expected], [KEY]);
      else assert.strictEqual(result, expected);
      assert.strictEqual(asked.length, 4);
    }
    const elses = () => json([{ ...row(SESSION), user_id: SESSION }]);
    const { admin, asked } = served({ [`GET ${USER}/sessions`]: elses });
    assertHankoError(assert, hanko, await failureOf(assert, () => admin.deleteSessions(ID)), ["response_invalid"]);
    assert.deepEqual(asked, [`GET ${USER}/sessions`], "nobody else's session is ended");
  });

  QUnit.test("a missing user and a wrong address are told apart", async (assert) => {
    for (const [answer, code] of [
      [hankos(404, "user not found"), "not_found"],
      [hankos(404, "Not Found"), "response_invalid"],
      [hankos(404, "tenant not found"), "response_invalid"],
      [hankos(400, "invalid tenant ID format"), "response_invalid"],
      [() => new Response("<html>", { status: 404 }), "response_invalid"],
    ]) {
      for (const [route, call] of [
        ...Object.entries(reads).slice(0, 2),
        [`DELETE ${USER}`, writes[`DELETE ${USER}`]],
      ]) {
        const { admin } = served({ [route]: answer });
        assertHankoError(assert, hanko, await failureOf(assert, () => call(admin), route), [code]);
      }
    }
  });

  QUnit.test("an answer about somebody else is response_invalid", async (assert) => {
    const { admin } = served({ [`GET ${USER}`]: () => json({ id: SESSION, created_at: "c", updated_at: "u" }) });
    assertHankoError(assert, hanko, await failureOf(assert, () => admin.getUser(ID)), ["response_invalid"]);
  });

  QUnit.test(
    "the caller's abort ends a call at once: what was sent to change something is outcome_unknown",
    async (assert) => {
      for (const [route, call] of Object.entries({ ...reads, ...writes, ...patching })) {
        const { admin, asked } = served({ [route]: () => new Promise(() => {}) }, { timeout: 5000 });
        const signal = AbortSignal.abort(new Error("mine"));
        const unsent = await failureOf(assert, () => call(admin, { signal }));
        assertHankoError(assert, hanko, unsent, ["request_aborted"], [KEY]);
        assert.deepEqual(asked, []);
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error("mine")), 20);
        const { result, elapsed } = await timed(() =>
          call(admin, { signal: controller.signal }).catch((error) => error),
        );
        const code = Object.hasOwn(reads, route) ? "request_aborted" : "outcome_unknown";
        assertHankoError(assert, hanko, result, [code], [KEY]);
        assert.true(elapsed < 1000, `${route}: ${Math.round(elapsed)} ms`);
        assert.deepEqual(asked, [route], `${route}: sent once`);
      }
    },
  );

  QUnit.test("a patch that failed, and whose reading is aborted, is outcome_unknown", async (assert) => {
    for (const patched of [reset, down]) {
      const controller = new AbortController();
      const read = () => {
        setTimeout(() => controller.abort(new Error("mine")), 20);
        return new Promise(() => {});
      };
      const { admin } = served({ [`PATCH ${METADATA}`]: patched, [`GET ${METADATA}`]: read }, { timeout: 5000 });
      const error = await failureOf(assert, () => admin.patchMetadata(ID, PATCH, { signal: controller.signal }));
      assertHankoError(assert, hanko, error, ["outcome_unknown"], [KEY]);
    }
  });
}
