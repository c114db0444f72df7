/** The package's calls, fed with recorded answers: they ask what was recorded and nothing else, and say of it what the contract says. */
import assert from "node:assert/strict";

import { createHanko } from "hanko-edge";

import { answerIn, RELEASES, replay, tokenOf } from "./support/recorded.mjs";
import { userOf } from "./support/recorded-users.mjs";

for (const release of RELEASES) {
  users(release);
  outage(release);
  endings(release);
}

function users(release) {
  const first = (all) => all.slice(0, 1);
  const known = ["me-minimal", "me-full", "me-no-email", "me-empty-metadata", "me-name-cleared"];
  const credentials = ["me-with-credentials", "me-features-off"];
  const topics = { users: known, "users-credentials": credentials };
  for (const [topic, scenarios] of Object.entries(topics))
    for (const scenario of scenarios)
      replay(release, "getCurrentUser", { topic, scenario, exchanges: first }, async (server, [exchange]) => {
        const user = await clientOf(server).getCurrentUser({ token: tokenOf(exchange) });
        assert.deepEqual(user, userOf(answerIn(exchange)));
      });

  for (const scenario of ["me-deleted-user", "me-after-logout"]) {
    const about = { topic: "users", scenario, exchanges: first };
    replay(release, "a 401, confirmed, is unauthorized", about, async (server, [exchange]) => {
      await assert.rejects(clientOf(server).getCurrentUser({ token: tokenOf(exchange) }), { code: "unauthorized" });
    });
    for (const confirm of [{ isValid: true }, { keys: 500 }])
      replay(
        release,
        `a 401, not borne out by ${Object.keys(confirm)}, is server_error`,
        { ...about, confirm },
        async (server, [exchange]) => {
          await assert.rejects(clientOf(server).getCurrentUser({ token: tokenOf(exchange) }), { code: "server_error" });
        },
      );
  }
}

/** Hanko says no, and its keys cannot be had. */
function outage(release) {
  const down = { topic: "outage", scenario: "database-down", confirm: { keys: 500 } };
  const asks = (path) => (all) => all.filter(({ request }) => request?.method + request?.path === path).slice(0, 1);
  replay(
    release,
    "getCurrentUser says server_error",
    { ...down, exchanges: asks("GET/me") },
    async (server, [exchange]) => {
      assert.equal(exchange.response.status, 401);
      await assert.rejects(clientOf(server).getCurrentUser({ token: tokenOf(exchange) }), { code: "server_error" });
    },
  );
  replay(
    release,
    "logout says server_error",
    { ...down, exchanges: asks("POST/logout") },
    async (server, [exchange]) => {
      await assert.rejects(clientOf(server).logout({ token: tokenOf(exchange) }), { code: "server_error" });
    },
  );
  const keys = asks("GET/.well-known/jwks.json");
  replay(release, "reloadKeys says keys_unavailable", { ...down, exchanges: keys }, async (server) => {
    await assert.rejects(clientOf(server).reloadKeys(), { code: "keys_unavailable" });
  });
  replay(release, "reloadKeys takes the keys", { ...down, scenario: "before", exchanges: keys }, async (server) => {
    await clientOf(server).reloadKeys();
  });
  const validating = { ...down, exchanges: asks("POST/sessions/validate") };
  replay(release, "validateSession says server_error", validating, async (server, [exchange]) => {
    assert.equal(exchange.response.body, '{"is_valid":false}\n');
    const { session_token: token } = JSON.parse(exchange.request.body);
    await assert.rejects(clientOf(server).validateSession(token), { code: "server_error" });
  });
}

function endings(release) {
  const bearer = (all) => all.filter(({ request }) => request?.headers.authorization && !request.headers.cookie);
  const about = { topic: "cookies", scenario: "logout", exchanges: (all) => bearer(all).slice(0, 2) };
  replay(release, "logout, twice: the second 401, confirmed, is no error", about, async (server, [exchange]) => {
    const token = tokenOf(exchange);
    assert.deepEqual(
      [await clientOf(server).logout({ token }), await clientOf(server).logout({ token })],
      [undefined, undefined],
    );
  });

  const valid = { topic: "validate", scenario: "validate-post-valid" };
  replay(release, "validateSession, by one request", valid, async (server, [{ request, response }]) => {
    const { session_token: token } = JSON.parse(request.body);
    assert.deepEqual(await clientOf(server).validateSession(token), JSON.parse(response.body));
  });
}

function clientOf({ apiUrl, fetch }) {
  return createHanko({ apiUrl, fetch });
}
