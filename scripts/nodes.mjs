// The releases of Node, besides the one that is here, in which the conformance suite runs. npm has packages that hold the binary.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installDependencies } from "./dependencies.mjs";
import { root } from "./processes.mjs";

const FOLDER = "tests/conformance/nodes";
const PLATFORM = `-${process.platform}-${process.arch}`;

/** Installs those that are absent. What is still absent is named with its suite. */
export async function installNodes(env) {
  if (names().length === 0) return;
  await installDependencies(env, { folder: FOLDER, what: "other Nodes" }).catch(({ message }) =>
    console.error(message),
  );
}

/** `{ programs }`, the path of each; or `{ missing }`, the reason. */
export function findNodes() {
  const programs = names().map((name) => join(root, FOLDER, "node_modules", name, "bin/node"));
  if (programs.length === 0) return { missing: `npm has no other Node for ${process.platform} ${process.arch}` };
  const absent = programs.filter((program) => !existsSync(program));
  return absent.length > 0 ? { missing: `no other Node. Install with: npm ci --prefix ${FOLDER}` } : { programs };
}

function names() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, FOLDER, "package.json"), "utf8"));
  return Object.keys(optionalDependencies).filter((name) => name.endsWith(PLATFORM));
}
