/** What a browser loads of the package: bundled, minified, gzipped. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { bytesByRoom } from "./rooms.mjs";

/**
 * @param {string} named the core with the names of its functions
 * @returns {Promise<{ loaded: number, javascript: number, wasm: number, wasmRaw: number, jose: number, rooms: [string, number][] }>}
 *   bytes, all but `wasmRaw` and `rooms` gzipped
 */
export async function measureSize(named) {
  const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
  return {
    loaded: await gzipped(`export { createHanko } from "hanko-edge";`),
    javascript: await gzipped(`export { createHanko, init } from "hanko-edge/slim";`),
    wasm: gzipSync(wasm, { level: 9 }).length,
    wasmRaw: wasm.length,
    rooms: await bytesByRoom(named),
    jose: await gzipped(`export { createRemoteJWKSet, jwtVerify } from "jose";`),
  };
}

async function gzipped(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
