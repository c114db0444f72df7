/** Faults of `/sessions/validate` on Node; the rows that every runtime shares are `support/ask-faults.mjs`. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { askFaults } from "./support/ask-faults.mjs";
import { clientOf, counted, serverWithSession } from "./support/hanko.mjs";
import { node } from "./support/stage-node.mjs";

askFaults(node);

test("F27 a GET that asks about a session is not repeated", async () => {
  globalThis.document = {}; // A page, which has cookies of its own.
  try {
    const { server } = await serverWithSession();
    const hanko = clientOf(server, { mode: "remote" });
    server.break({ status: 500 });
    const { asks, result } = await counted(server, () => hanko.validateSession().catch(({ code }) => code));
    assert.deepEqual([result, asks], ["server_error", 1]);
  } finally {
    delete globalThis.document;
  }
});
