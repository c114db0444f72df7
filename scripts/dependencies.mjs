// npm's packages, from the lock file.
import { statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./processes.mjs";
import { step } from "./progress.mjs";

/** Runs `npm ci` where node_modules is missing, incomplete or older than the lock file. */
export async function installDependencies(env) {
  // npm writes this file last, so an interrupted installation does not have it.
  const installed = modified("node_modules/.package-lock.json");
  if (installed !== undefined && installed >= modified("package-lock.json")) return;
  await step("npm ci", "npm", ["ci", "--no-audit", "--no-fund"], { env });
}

function modified(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs;
}
