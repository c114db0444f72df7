// Runs the demo in workerd: bundles the two Workers, starts them under miniflare, says where.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

import { build, stop as stopEsbuild } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";

const HOST = "127.0.0.1";
const COMPATIBILITY_DATE = "2026-04-01";

/**
 * Starts the demo.
 *
 * @param {{ port?: number, hankoApiUrl?: string, outageGrace?: number }} [options] `port` 0 takes a free one; with
 *   `hankoApiUrl` the demo talks to that Hanko, without to a test server of its own; `outageGrace` in seconds.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function serve({ port = 0, hankoApiUrl, outageGrace } = {}) {
  const workers = [await demoWorker(hankoApiUrl, outageGrace)];
  if (!hankoApiUrl) workers.push({ ...(await worker("hanko", "hanko.ts")), serviceBindings: { DEMO: "demo" } });
  await stopEsbuild();
  const miniflare = new Miniflare({ host: HOST, port, cf: false, log: new Log(LogLevel.ERROR), workers });
  const url = (await miniflare.ready).origin;
  await warmUp(url);
  return { url, stop: () => miniflare.dispose() };
}

async function demoWorker(hankoApiUrl, outageGrace) {
  const page = {
    PAGE_SCRIPT: await bundle("page/page.ts", { minify: true }),
    PAGE_STYLE: await bundle("page/style/style.css"),
  };
  const define = Object.fromEntries(Object.entries(page).map(([name, text]) => [name, JSON.stringify(text)]));
  return {
    ...(await worker("demo", "worker.ts", define)),
    bindings: {
      ...(hankoApiUrl && { HANKO_API_URL: hankoApiUrl }),
      ...(outageGrace !== undefined && { OUTAGE_GRACE: outageGrace }),
    },
    ...(!hankoApiUrl && { serviceBindings: { HANKO: "hanko" } }),
  };
}

async function worker(name, entry, define) {
  const script = await bundle(entry, { conditions: ["workerd"], define });
  const wasm = await readFile(createRequire(import.meta.url).resolve("hanko-edge/core.wasm"));
  return {
    name,
    compatibilityDate: COMPATIBILITY_DATE,
    modules: [
      { type: "ESModule", path: `${name}.mjs`, contents: script },
      { type: "CompiledWasm", path: "core.wasm?module", contents: wasm },
    ],
  };
}

async function bundle(entry, options) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["*?module"],
    loader: { ".html": "text", ".svg": "text" },
    ...options,
  });
  return outputFiles[0].text;
}

/** The test server makes its keys on its first request, which takes a moment: nobody should wait for that. */
async function warmUp(url) {
  const response = await fetch(`${url}/demo/state`);
  if (!response.ok) throw new Error(`the demo Worker answers ${response.status}: ${await response.text()}`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}

async function main() {
  const wanted = Number(process.env.PORT || 8787);
  const port = (await isFree(wanted)) ? wanted : 0;
  if (port !== wanted) console.log(`Port ${wanted} is busy: taking another one.`);
  const { url, stop } = await serve({ port, hankoApiUrl: process.env.HANKO_API_URL || undefined });
  console.log(`The demo is at ${url} (Ctrl-C ends it)`);
  const end = async () => {
    await stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) {
    // miniflare listens too, and would exit with an error before it has disposed of everything.
    process.removeAllListeners(signal);
    process.once(signal, end);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
