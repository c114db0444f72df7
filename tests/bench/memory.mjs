/** What distinct tokens leave behind: memory of the WebAssembly core, and of the JavaScript heap after a collection. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SCRIPT = fileURLToPath(new URL("memory/process.mjs", import.meta.url));

/**
 * @param {number} tokens how many are checked, after the warm-up
 * @returns {Promise<{ tokens: number, wasm: number, heap: number, warm: { wasm: number, heap: number } }>}
 *   bytes: the growth, and what there was when warm
 */
export async function measureMemory(tokens) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", SCRIPT, String(tokens)]);
  const { warm, samples } = JSON.parse(stdout);
  const grown = (name) => Math.max(...samples.map((sample) => sample[name])) - warm[name];
  return { tokens: samples.at(-1).tokens, wasm: grown("wasm"), heap: grown("heap"), warm };
}
