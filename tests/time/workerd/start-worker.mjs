/** A Worker of this folder in real workerd, on loopback. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";

export async function startWorker(compatibilityDate, entry = "worker.mjs") {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd"],
    external: ["*?module"],
  });
  const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    log: new Log(LogLevel.NONE),
    compatibilityDate,
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
      { type: "CompiledWasm", path: "core.wasm?module", contents: wasm },
    ],
  });
  return { url: (await miniflare.ready).origin, stop: () => miniflare.dispose() };
}
