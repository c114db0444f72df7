/** A prototype that somebody changed changes no result: two tenants stay two, and a mode is the caller's own. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./support/clock.mjs";
import { SIGNED_IN, brief, clientOf, serverWithSession, signedOut } from "./support/hanko.mjs";

async function changed(name, value, work) {
  Object.prototype[name] = value;
  try {
    return await work();
  } finally {
    delete Object.prototype[name];
  }
}

/** A tenant whose key document is text already: the test server would be changed too. */
async function tenant() {
  const { server, token } = await serverWithSession();
  const document = await (await server.fetch(new Request(`${server.apiUrl}/.well-known/jwks.json`))).text();
  clock.advance(10); // So that what the document does not hold is none.
  return {
    token,
    client: () => clientOf(server, { fetch: async () => new Response(document), audience: ["localhost"] }),
  };
}

test("a toJSON of all objects does not make one configuration of two", async () => {
  const [one, other] = [await tenant(), await tenant()];
  for (const value of [() => "all the same", () => ({})]) {
    const auths = await changed("toJSON", value, async () => {
      const clients = [one.client(), other.client()];
      return [await clients[0].authenticate(one.token), await clients[1].authenticate(one.token)];
    });
    assert.deepEqual(auths.map(brief), [SIGNED_IN, signedOut("key_not_found")]);
  }
});

test("a mode of all objects is nobody's option", async () => {
  const { server, token, sessionId } = await serverWithSession();
  const hanko = clientOf(server, { mode: "hybrid" });
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
  server.revokeSession(sessionId);
  clock.advance(60);
  for (const options of [undefined, {}]) {
    // The host's own Request takes it for its mode, and then none can be made.
    const auth = await changed("mode", "local", () => hanko.authenticate(token, options));
    assert.notEqual(auth.status, "signed-in");
  }
  assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("session_ended"));
});
