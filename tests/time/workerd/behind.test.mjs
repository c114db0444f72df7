/** Work behind the answer in real workerd, where `waitUntil` keeps it alive, and where it does not: nothing stays undone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { clock } from "../support/clock.mjs";
import { BY_HANKO, SIGNED_IN, signedOut } from "../support/hanko.mjs";
import { person } from "../support/person.mjs";
import { workerd } from "./stage.mjs";

/** Milliseconds after which nobody waits for what a lost call began (400), by the clock that nobody sets, and some more. */
const LEASE_MS = 500;
/** By how the Worker lends its `waitUntil`: how many calls with keys past their age are answered by those, until fresh ones are seen. */
const ANSWERED_BY_OLD_KEYS = { true: 1, unbound: 0, idle: 1 };

for (const compatibilityDate of ["2024-01-01", "2026-04-26"]) {
  const stage = workerd(compatibilityDate);
  before(stage.start);
  after(stage.stop);

  for (const [behind, count] of Object.entries(ANSWERED_BY_OLD_KEYS)) {
    test(`${stage.name}, waitUntil ${behind}: a removed key is seen after ${count} calls`, async () => {
      const { server, ask } = await person(stage, { mode: "local" });
      assert.deepEqual(await ask(), SIGNED_IN);
      await server.rotateKeys({ keepOld: false });
      server.break({ delayMs: 30 });
      clock.advance(600);
      for (let call = 0; call < count; call++) {
        assert.deepEqual(await ask({ behind }), SIGNED_IN);
        await stage.idle();
        await sleep(LEASE_MS);
      }
      assert.deepEqual(await ask({ behind }), signedOut("key_not_found"));
    });

    test(`${stage.name}, waitUntil ${behind}: a session that ended is seen after revalidateAfter`, async () => {
      const { server, sessionId, ask } = await person(stage, { mode: "hybrid", revalidateAfter: 60 });
      assert.deepEqual(await ask(), BY_HANKO);
      clock.advance(30);
      assert.deepEqual(await ask({ behind }), BY_HANKO);
      await stage.idle();
      server.revokeSession(sessionId);
      clock.advance(60);
      assert.deepEqual(await ask({ behind }), signedOut("session_ended"));
    });
  }
}
