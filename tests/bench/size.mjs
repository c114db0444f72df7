/** What a browser loads of the package: bundled, minified, gzipped. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { build } from "esbuild";

import { bytesByRoom } from "./rooms.mjs";

/**
 * @param {string} named the core with the names of its functions
 * @returns {Promise<{ loaded: number, brotli: number, javascript: number, wasm: number, wasmRaw: number, jose: number, rooms: [string, number][] }>}
 *   bytes, all but `wasmRaw` and `rooms` compressed: `brotli` so, the others by gzip
 */
export async function measureSize(named) {
  const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
  const whole = await bundled(`export { createHanko } from "hanko-edge";`);
  return {
    loaded: gzipped(whole),
    brotli: brotliCompressSync(whole).length,
    javascript: gzipped(await bundled(`export { createHanko, init } from "hanko-edge/slim";`)),
    wasm: gzipped(wasm),
    wasmRaw: wasm.length,
    rooms: await bytesByRoom(named),
    jose: gzipped(await bundled(`export { createRemoteJWKSet, jwtVerify } from "jose";`)),
  };
}

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0].contents;
}
