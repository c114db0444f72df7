/** Where the core's bytes are: its code by room, by the names that its functions have before they are stripped. */
import { readFile } from "node:fs/promises";

import { FIRST, reader, sections } from "../../scripts/sections.mjs";

const CODE = 10;
const FUNCTION_NAMES = 1;

/**
 * @param {string} path a module with its name section (WebAssembly core specification, appendix "Custom Sections")
 * @returns {Promise<[room: string, bytes: number][]>} bytes of code, most first
 */
export async function bytesByRoom(path) {
  const bytes = await readFile(path);
  const module = await WebAssembly.compile(bytes);
  const [section] = WebAssembly.Module.customSections(module, "name");
  const names = namesIn(reader(new Uint8Array(section)));
  const imported = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "function").length;
  const sums = new Map();
  for (const [at, size] of codeSizes(reader(bytes, FIRST)).entries()) {
    const room = roomOf(names.get(imported + at) ?? "");
    sums.set(room, (sums.get(room) ?? 0) + size);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}

/** `hanko_edge::js::flow::...` is of the room js::flow, what is of another crate is that crate's. */
function roomOf(name) {
  if (name.endsWith(" shim") || name.startsWith("__")) return "exports";
  const path = name.replace(/\[[0-9a-f]+\]/g, "");
  const own = path.match(/hanko_edge::((?:js::)?\w+)/);
  if (own) return own[1];
  return path.match(/(\w+)::/)?.[1] ?? "exports";
}

function namesIn(read) {
  const names = new Map();
  for (const { id } of sections(read)) {
    if (id !== FUNCTION_NAMES) continue;
    for (let left = read.number(); left > 0; left--) names.set(read.number(), read.text());
  }
  return names;
}

function codeSizes(read) {
  const sizes = [];
  for (const { id } of sections(read)) {
    if (id !== CODE) continue;
    for (let left = read.number(); left > 0; left--) {
      const size = read.number();
      sizes.push(size);
      read.at += size;
    }
  }
  return sizes;
}
