import * as hanko from "hanko-edge";
import * as admin from "hanko-edge/admin";
import * as stores from "hanko-edge/stores";
import * as testing from "hanko-edge/testing";
import * as webhooks from "hanko-edge/webhooks";
import QUnit from "qunit";

import { register } from "./index.mjs";
import { watchRejections } from "./support/rejections.mjs";
import { watchConsole, watchSecrets } from "./support/secrets.mjs";
import { vectors } from "./vectors.mjs";

/**
 * Runs every case once on this runtime.
 *
 * @param {"node" | "deno" | "bun" | "workerd" | "edge" | "chromium" | "firefox" | "webkit"} runtime
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failures: { name: string, messages: string[] }[] }>}
 */
export function run(runtime) {
  Object.assign(QUnit.config, { autostart: false, reorder: false, testTimeout: 20_000 });
  const failures = [];
  QUnit.on("testEnd", ({ fullName, status, errors }) => {
    if (status === "failed") failures.push({ name: fullName.join(" > "), messages: errors.map(describe) });
  });
  const { watch: secrets, hanko: watched } = watchSecrets(hanko);
  const { lines, stop } = watchConsole();
  const looking = { rejections: watchRejections(), secrets, lines };
  register(QUnit, { hanko: watched, admin, stores, testing, webhooks, vectors, runtime, ...looking });
  return new Promise((resolve) => {
    QUnit.on("runEnd", ({ testCounts: { passed, failed, skipped } }) => {
      stop();
      resolve({ passed, failed, skipped, failures });
    });
    QUnit.start();
  });
}

function describe({ message, actual, expected, stack }) {
  const values = expected === undefined ? "" : ` (expected ${show(expected)}, got ${show(actual)})`;
  return `${message ?? "failed"}${values}${stack ? `\n      ${stack.trim().split("\n").slice(0, 2).join("\n      ")}` : ""}`;
}

function show(value) {
  try {
    return JSON.stringify(value)?.slice(0, 300) ?? String(value);
  } catch {
    return String(value);
  }
}
