/** What `assert.throws` and `assert.rejects` expect of misuse, which never shows the canary. */
import assert from "node:assert/strict";

import { HankoError } from "hanko-edge";

import { CANARY } from "./conformance/support/wrong-options.mjs";

export const misused = (code, message) => (error) => {
  assert.ok(error instanceof HankoError, String(error));
  assert.deepEqual([error.code, error.kind], [code, "misuse"]);
  assert.match(error.message, message);
  assert.ok(!error.message.includes(CANARY), error.message);
  return true;
};
