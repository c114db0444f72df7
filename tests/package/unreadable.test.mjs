// Arguments that cannot be read: what a getter or a proxy of the caller's throws is his own, and is not told on.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createHanko, readToken } from "hanko-edge";
import { createAdmin } from "hanko-edge/admin";

import { CANARY } from "../conformance/support/wrong-options.mjs";
import { misused } from "../misused.mjs";

const ID = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const thrown = () => {
  throw new Error(CANARY);
};
const refused = () => assert.fail("no request is due");
const client = createHanko({ apiUrl: "https://unreadable.hanko.test", fetch: refused });
const admin = createAdmin({ apiUrl: "https://unreadable.hanko.test/admin", fetch: refused });

const UNREADABLE = {
  "a getter of the token": Object.defineProperty({}, "token", { enumerable: true, get: thrown }),
  "a getter of the signal": Object.defineProperty({}, "signal", { enumerable: true, get: thrown }),
  "a proxy": new Proxy({}, { ownKeys: thrown, get: thrown }),
};

for (const [name, options] of Object.entries(UNREADABLE)) {
  test(`${name} that throws in the options of a call is argument_invalid`, async () => {
    for (const call of [
      () => client.authenticate("a.b.c", options),
      () => client.getCurrentUser(options),
      () => client.patchUnsafeMetadata({}, options),
      () => client.logout(options),
      () => client.reloadKeys(options),
      () => admin.getUser(ID, options),
      () => admin.createSession(ID, options),
    ])
      await assert.rejects(call, misused("argument_invalid", /^options must be /), `${call}`);
  });
}

test("and so it is in the body of a webhook", async () => {
  for (const name of ["a getter of the token", "a proxy"])
    await assert.rejects(
      () => client.verifyWebhook(UNREADABLE[name]),
      misused("argument_invalid", /^the body must be /),
    );
});

test("and so it is in the options of a client, and of a function", () => {
  for (const [name, options] of Object.entries(UNREADABLE)) {
    const words = /^the options cannot be read$/;
    assert.throws(() => createHanko(options), misused("config_invalid", words), name);
    assert.throws(() => readToken(new Headers(), options), misused("argument_invalid", words), name);
  }
});

test("but what a request throws of its headers is thrown on as it is: frameworks end a prerender by it", async () => {
  const theirs = new Error("bail out to dynamic rendering");
  const throws = () => {
    throw theirs;
  };
  for (const request of [Object.defineProperty({}, "headers", { get: throws }), { headers: { get: throws } }]) {
    for (const call of [async () => client.authenticate(request), async () => readToken(request)])
      await assert.rejects(call, (error) => error === theirs, `${call}`);
  }
});
