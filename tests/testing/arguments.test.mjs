// What the test server is given wrongly: a test that breaks nothing, or something else, would pass for the wrong reason.
import assert from "node:assert/strict";
import { test } from "node:test";

import { HankoError } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";

const misused = (code, message) => (error) => {
  assert.ok(error instanceof HankoError, String(error));
  assert.deepEqual([error.code, error.kind], [code, "misuse"]);
  assert.match(error.message, message);
  return true;
};

const OPTIONS = {
  apiUrl: [1, "x", "", null],
  version: ["3", 3.0, "2.7.0", null],
  keyBits: [1024, "2048", null],
  customClaims: [1, [], null],
  audience: ["localhost", [1], null],
  issuer: [1, "", null],
  lifespan: [0, -1, NaN, "60", null],
  idleTimeout: [0, -1, NaN, "60", null],
  sessionLimit: [0, 1.5, "5", null],
  cookieName: ["", 1, null],
  now: [5, new Date(), null],
};

for (const [name, values] of Object.entries(OPTIONS)) {
  test(`option ${name} of the server refuses what it does not take`, async () => {
    for (const value of values)
      await assert.rejects(
        createTestHanko({ [name]: value }),
        misused("config_invalid", new RegExp(`^option ${name} must be `)),
      );
  });
}

test("an unknown option of the server is named, an undefined one is none", async () => {
  await assert.rejects(createTestHanko({ claims: {} }), misused("config_invalid", /^option claims is unknown$/));
  for (const options of [null, 1, "x", []])
    await assert.rejects(createTestHanko(options), misused("config_invalid", /^the options must be /));
  await createTestHanko(Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, undefined])));
});

test("a break or an outage that there is not is refused", async () => {
  const server = await createTestHanko();
  for (const how of [undefined, null, 1, "reset"])
    assert.throws(() => server.break(how), misused("argument_invalid", /^how must be /));
  assert.throws(() => server.break({ statuss: 500 }), misused("argument_invalid", /^how must be /));
  for (const wrong of [{ status: "500" }, { status: 99 }, { times: 0 }, { times: "1" }, { delayMs: -1 }])
    assert.throws(() => server.break(wrong), misused("argument_invalid", /^how\.\w+ must be /));
  assert.throws(() => server.break({ reset: true }, 1), misused("argument_invalid", /^path must be /));
  for (const kind of ["database", true, undefined, ""])
    assert.throws(() => server.setOutage(kind), misused("argument_invalid", /^kind must be /));
  assert.equal((await server.fetch(`${server.apiUrl}/.well-known/jwks.json`)).status, 200, "nothing is broken");
});

test("a session is made for the id of a user", async () => {
  const server = await createTestHanko();
  const user = await server.createUser();
  for (const wrong of [undefined, null, user, "", 1])
    await assert.rejects(server.createSession(wrong), misused("argument_invalid", /^userId must be /));
});

test("a session is ended by its id, and by nothing else that looks like it", async () => {
  const server = await createTestHanko();
  const { user_id } = await server.createUser();
  const session = await server.createSession(user_id);
  for (const wrong of [undefined, null, session, session.token, session.cookie, ""])
    assert.throws(() => server.revokeSession(wrong), misused("argument_invalid", /^sessionId must be /));
  for (let times = 0; times < 2; times++) server.revokeSession(session.sessionId);
});

test("a user is made of an object, and a webhook has a name", async () => {
  const server = await createTestHanko();
  for (const wrong of [null, "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34", 1, []])
    await assert.rejects(server.createUser(wrong), misused("argument_invalid", /^user must be /));
  for (const wrong of [undefined, null, 1, { token: "x" }])
    await assert.rejects(server.createWebhook(wrong, {}), misused("argument_invalid", /^event must be /));
});
