/**
 * The parts of `decodeToken`, by the core's own exports: what the work costs, and what the border between JavaScript and
 * WebAssembly. And `createHanko`, for who makes a client in each request.
 */
import { readFile } from "node:fs/promises";

import { createHanko, decodeToken } from "hanko-edge";

import { race } from "./race.mjs";

/**
 * @param {{ apiUrl: string, tokens: string[] }} fixture
 * @param {{ rounds: number, blockMs: number }} options
 * @returns {Promise<Record<string, number[]>>} microseconds by part, round by round
 */
export async function measureBorder({ apiUrl, tokens }, options) {
  const glue = await startCore();
  const [token] = tokens;
  const noToken = "!".repeat(token.length);
  const answer = glue.decode(token);
  if (!answer.startsWith('{"ok":') || !glue.decode(noToken).includes("token_malformed")) {
    throw new Error("the core's decode has changed");
  }
  const part = (name, input, run) => ({ name, inputs: (count) => Array(count).fill(input), run, sync: true });
  return race(
    [
      part("decodeToken", token, decodeToken),
      part("the core's decode, both ways over the border", token, (text) => glue.decode(text)),
      part("text of that length in, refused at its first character", noToken, (text) => glue.decode(text)),
      part("a text of one character in, refused", "!", (text) => glue.decode(text)),
      part("JSON.parse of the answer", answer, (text) => JSON.parse(text)),
      part("createHanko, of options that are known", { apiUrl, mode: "local" }, createHanko),
    ],
    options,
  );
}

async function startCore() {
  const dist = new URL("./dist/", import.meta.resolve("hanko-edge/package.json"));
  const { createGlue } = await import(new URL("glue.js", dist));
  const module = new WebAssembly.Module(await readFile(new URL("core.wasm", dist)));
  const glue = createGlue();
  glue.finalize(new WebAssembly.Instance(module, glue.imports()));
  return glue;
}
