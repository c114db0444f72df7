// Gets what a fresh clone lacks. Built-ins only: it runs before `npm ci`.
import { delimiter, join } from "node:path";
import { homedir } from "node:os";
import { pathToFileURL } from "node:url";
import { installDependencies } from "./dependencies.mjs";
import { root } from "./processes.mjs";
import { installToolchain } from "./toolchain.mjs";
import { buildTools, installTool } from "./tools.mjs";

/**
 * Makes sure of Rust, npm's packages and, unless `tools` is false, of the programs a build needs.
 *
 * Returns the environment for children, its PATH led by npm's programs: binaryen's wasm-opt must come before a
 * system's own (Debian's binaryen 108 exits 0 and writes a broken module).
 *
 * @throws {Error} naming the command that helps, or with the end of the failed step's output
 */
export async function setUp({ tools = true } = {}) {
  if (Number(process.versions.node.split(".")[0]) < 20) throw new Error("Node 20 or newer is needed");
  const cargo = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "bin");
  const path = [process.env.PATH, cargo].filter(Boolean);
  await installToolchain(environment(path));
  await installDependencies(environment(path));
  if (tools) {
    for (const tool of buildTools()) {
      const folder = await installTool(tool, environment(path));
      if (folder !== undefined) path.unshift(folder);
    }
  }
  return environment([join(root, "node_modules", ".bin"), ...path]);
}

function environment(path) {
  return { ...process.env, PATH: path.join(delimiter) };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await setUp().then(
    () => console.log("set-up: complete"),
    (error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
}
