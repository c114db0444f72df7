/** The faults of the key document and of `/sessions/validate` in real workerd: the rows and expectations of Node. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { askFaults } from "../support/ask-faults.mjs";
import { SIGNED_IN } from "../support/hanko.mjs";
import { keyFaults } from "../support/key-faults.mjs";
import { person } from "../support/person.mjs";
import { workerd } from "./stage.mjs";

for (const compatibilityDate of ["2024-01-01", "2026-04-26"]) {
  const stage = workerd(compatibilityDate);
  before(stage.start);
  after(stage.stop);
  keyFaults(stage);
  askFaults(stage);

  for (const [failure, code, kind] of [
    ["CompileError", "wasm_blocked", "misuse"],
    ["RangeError", "internal_error", "unavailable"],
  ]) {
    test(`${stage.name}: F45 a host that cannot start the core (${failure}) says ${code}, and is asked again`, async () => {
      const fresh = workerd(compatibilityDate);
      await fresh.start();
      try {
        const { ask } = await person(fresh, { mode: "local" });
        for (let time = 0; time < 2; time++)
          assert.deepEqual(await ask({ failure }), { name: "HankoError", code, kind });
        assert.deepEqual(await ask(), SIGNED_IN);
      } finally {
        await fresh.stop();
      }
    });
  }
}
