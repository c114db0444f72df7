/** The core as it is shipped, with the names of its functions: so that a profile can name them. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { shrink } from "../../scripts/shrink.mjs";
import { essence } from "../../scripts/sections.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = join(root, "target/bench");

/**
 * Repeats the last steps of the build on what cargo left, without stripping.
 *
 * @returns {string} the path of the module
 */
export function namedWasm() {
  const built = join(root, "target/wasm32-unknown-unknown/release/hanko_edge.wasm");
  const bindgen = ["--target", "web", "--out-dir", work, "--out-name", "core", "--omit-default-module-path"];
  execFileSync("wasm-bindgen", [...bindgen, built], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const named = join(work, "named.wasm");
  shrink(join(work, "core_bg.wasm"), named, { names: true });
  assertSameCore(named);
  return named;
}

/** What is profiled must be what is shipped: without names it is the same, byte for byte. */
function assertSameCore(named) {
  const shipped = fileURLToPath(import.meta.resolve("hanko-edge/core.wasm"));
  if (!essence(readFileSync(named)).equals(essence(readFileSync(shipped))))
    throw new Error("the installed core is another: run npm run build first");
}
