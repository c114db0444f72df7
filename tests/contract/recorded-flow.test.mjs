/** The package's calls, fed with recorded answers: they ask what was recorded and nothing else, and say of it what the contract says. */
import assert from "node:assert/strict";

import { createHanko } from "hanko-edge";

import { answerIn, RELEASES, replay, tokenOf } from "./support/recorded.mjs";

for (const release of RELEASES) {
  patches(release);
  failures(release);
}

function patches(release) {
  for (const scenario of ["success-bearer", "second-patch-same-flow"])
    replay(
      release,
      "patchUnsafeMetadata, by the recorded requests",
      { topic: "flow-patch", scenario, exchanges: onFlow },
      async (server, chosen) => {
        for (const exchange of chosen.slice(2)) {
          const stored = await clientOf(server).patchUnsafeMetadata(patchIn(exchange), { token: tokenOf(exchange) });
          assert.deepEqual(stored, shown(exchange));
        }
      },
    );

  for (const scenario of ["clear-whole", "clear-last"])
    replay(
      release,
      "clearUnsafeMetadata",
      { topic: "flow-retry", scenario, exchanges: onFlow },
      async (server, chosen) => {
        for (const exchange of chosen.slice(2)) {
          assert.equal(patchIn(exchange), "null");
          const left = await clientOf(server).clearUnsafeMetadata({ token: tokenOf(exchange) });
          assert.deepEqual(left, shown(exchange));
          assert.deepEqual(left.unsafe_metadata, {});
        }
      },
    );
}

function failures(release) {
  for (const scenario of ["session-revoked-between-steps", "user-deleted-between-steps", "logout-between-steps"]) {
    const about = { topic: "flow-auth", scenario, exchanges: (all) => onFlow(all).slice(0, 3) };
    const call = (code) => async (server, chosen) => {
      assert.equal(chosen[2].response.status, 401);
      const patching = clientOf(server).patchUnsafeMetadata(patchIn(chosen[2]), { token: tokenOf(chosen[2]) });
      await assert.rejects(patching, { code });
    };
    replay(release, "a 401 at step 3, confirmed, is unauthorized", about, call("unauthorized"));
    replay(
      release,
      "a 401 at step 3, with the keys away, is server_error",
      { ...about, confirm: { keys: 500 } },
      call("server_error"),
    );
  }

  const idle = {
    topic: "idle",
    scenario: "idle-expired-profile",
    exchanges: (all) => onFlow(all).filter(({ response }) => response),
  };
  const unread = release === "2.7.0" ? 1 : 0;
  replay(
    release,
    "an idled-out session is unauthorized, whether or not an answer comes",
    { ...idle, rest: unread },
    async (server, [exchange]) => {
      await assert.rejects(clientOf(server).patchUnsafeMetadata({ a: 1 }, { token: tokenOf(exchange) }), {
        code: "unauthorized",
      });
    },
  );
}

function clientOf({ apiUrl, fetch }) {
  return createHanko({ apiUrl, fetch });
}

function onFlow(all) {
  return all.filter(({ request }) => request?.path.startsWith("/profile"));
}

function patchIn({ request }) {
  return JSON.parse(request.body).input_data.patch_metadata;
}

/** The metadata that this answer of a flow shows, in the package's shape. */
function shown(exchange) {
  return { public_metadata: {}, unsafe_metadata: {}, ...answerIn(exchange).payload.user.metadata };
}
