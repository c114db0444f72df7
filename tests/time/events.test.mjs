/** `onEvent`: told what happened; whatever it does, nothing changes. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./support/clock.mjs";
import { contained } from "./support/faults.mjs";
import { clientOf, serverWithSession } from "./support/hanko.mjs";

const plain = (event) => {
  const { durationMs, ...rest } = event;
  assert.ok(durationMs >= 0 && durationMs < 10_000, `${event.type}: ${durationMs} ms`);
  return rest;
};

test("each fetch, ask and answer is told, in order", async () => {
  const { server, sessionId, token } = await serverWithSession();
  const other = (await server.createSession((await server.createUser({})).user_id)).token;
  const events = [];
  const hanko = clientOf(server, { mode: "remote", onEvent: (event) => events.push(plain(event)) });
  const told = async (work) => {
    events.length = 0;
    await work();
    return [...events];
  };
  const fetched = { type: "keys_fetched", ok: true };
  const asked = { type: "session_validated", ok: true };
  const no = { type: "session_validated", ok: false, code: "session_ended" };
  const signedIn = { type: "authenticated", status: "signed-in", cached: false };
  assert.deepEqual(await told(() => hanko.authenticate(token)), [fetched, asked, signedIn]);
  assert.deepEqual(await told(() => hanko.authenticate(token, { mode: "local" })), [{ ...signedIn, cached: true }]);
  assert.deepEqual(await told(() => hanko.authenticate(other, { mode: "local" })), [signedIn], "its key is at hand");
  assert.deepEqual(await told(() => hanko.authenticate(other, { mode: "local" })), [{ ...signedIn, cached: true }]);
  assert.deepEqual(await told(() => hanko.reloadKeys()), [fetched]);
  assert.deepEqual(await told(() => hanko.authenticate("x")), [
    { type: "authenticated", status: "signed-out", code: "token_malformed", cached: false },
  ]);
  server.break({ status: 500 }, "/sessions");
  assert.deepEqual(await told(() => hanko.authenticate(token)), [
    { type: "session_validated", ok: false, code: "server_error" },
    { type: "authenticated", status: "unavailable", code: "server_error", cached: false },
  ]);
  server.heal();
  server.revokeSession(sessionId);
  const ended = await told(() => hanko.authenticate(token));
  const asks = ended.filter(({ type }) => type === "session_validated");
  assert.deepEqual(asks, [no, no]);
  assert.deepEqual(ended.at(-1), {
    type: "authenticated",
    status: "signed-out",
    code: "session_ended",
    cached: false,
  });
});

test("with a list of revocations that answers at once it is told as cached, too", async () => {
  const { server, token } = await serverWithSession();
  for (const [answer, cached] of [
    [() => false, true],
    [async () => false, false],
  ]) {
    const events = [];
    const revocations = { isRevoked: answer, revoke() {}, revokeUser() {} };
    const hanko = clientOf(server, { revocations, onEvent: (event) => events.push(event) });
    for (let call = 0; call < 2; call++) assert.equal((await hanko.authenticate(token)).status, "signed-in");
    assert.equal(events.at(-1).cached, cached, String(answer));
  }
});

const LISTENERS = [
  [
    "throws",
    () => {
      throw new Error("listener");
    },
  ],
  [
    "throws undefined",
    () => {
      throw undefined;
    },
  ],
  ["rejects", async () => Promise.reject(new Error("listener"))],
  ["rejects without a reason", () => Promise.reject()],
  ["never settles", () => new Promise(() => {})],
  [
    "gives a thenable that throws",
    () => ({
      then() {
        throw new Error("listener");
      },
    }),
  ],
  [
    "gives an object whose then cannot be read",
    () => ({
      get then() {
        throw new Error("listener");
      },
    }),
  ],
];

for (const [name, onEvent] of LISTENERS) {
  for (const mode of ["local", "remote", "hybrid"]) {
    test(`a listener that ${name} changes nothing, ${mode}`, async () => {
      const { server, token } = await serverWithSession();
      let told = 0;
      const hanko = clientOf(server, { mode, onEvent: (event) => (told++, onEvent(event)) });
      await contained(5000, async () => {
        for (let call = 0; call < 3; call++) assert.equal((await hanko.authenticate(token)).status, "signed-in");
        assert.equal((await hanko.verifySession(token)).userId.length, 36);
        await hanko.reloadKeys();
      });
      assert.ok(told >= 5, `${told} events`);
    });
  }
}

test("a listener that calls the client again changes nothing", async () => {
  const { server, token } = await serverWithSession();
  const inner = [];
  const hanko = clientOf(server, {
    onEvent: ({ type }) => type === "keys_fetched" && inner.push(hanko.authenticate(token)),
  });
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
  assert.equal(inner.length, 1);
  assert.equal((await inner[0]).status, "signed-in");
});

test("a clock that is set back while it waits makes no duration negative", async () => {
  const { server, token } = await serverWithSession();
  const events = [];
  const fetch = (request) => (clock.advance(-1), server.fetch(request));
  const hanko = clientOf(server, { mode: "remote", fetch, onEvent: (event) => events.push(plain(event)) });
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
  assert.deepEqual(
    events.map(({ type }) => type),
    ["keys_fetched", "session_validated", "authenticated"],
  );
});
