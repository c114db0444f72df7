// npm's packages, from the lock file.
import { statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./processes.mjs";
import { step } from "./progress.mjs";

/** Runs `npm ci` in a folder where node_modules is missing, incomplete or older than the lock file. `what` names the step. */
export async function installDependencies(env, { folder = "", what = "npm ci" } = {}) {
  // npm writes this file last, so an interrupted installation does not have it.
  const installed = modified(join(folder, "node_modules/.package-lock.json"));
  if (installed !== undefined && installed >= modified(join(folder, "package-lock.json"))) return;
  await step(what, "npm", ["ci", "--no-audit", "--no-fund"], { env, cwd: join(root, folder) });
}

function modified(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs;
}
