/** Cold starts: every one in a process, an isolate or a site of its own, the contestants by turns. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { compatibilityDate } from "workerd";

import { open } from "../browsers.mjs";

const CONTESTANTS = ["hanko", "jose"];
const WARM_UPS = 1;

/**
 * @param {string} runtime
 * @param {{ apiUrl: string, jwks: string, token: string, subject: string }} given
 * @param {number} rounds
 * @returns {Promise<Record<string, { ms: number, parts: Record<string, number> }[]>>} milliseconds by contestant, round by round
 */
export async function measureCold(runtime, given, rounds) {
  const { start, close } = await STARTERS[runtime](given);
  const times = Object.fromEntries(CONTESTANTS.map((name) => [name, []]));
  try {
    for (let round = -WARM_UPS; round < rounds; round++) {
      const order = round % 2 === 0 ? CONTESTANTS : CONTESTANTS.toReversed();
      for (const name of order) {
        const time = await start(name, `r${round + WARM_UPS}${name}`);
        if (round >= 0) times[name].push(time);
      }
    }
  } finally {
    await close();
  }
  return times;
}

/**
 * What of the core V8 compiles for a first answer, in Node: each function when it is first called.
 *
 * @returns {{ functions: number, bytes: number }} `bytes`: of WebAssembly
 */
export function measureCompiled(given) {
  const said = coldProcess("hanko", given, ["--trace-wasm-compilation-times"]);
  const bodies = [...said.matchAll(/ using Liftoff, .* bodysize (\d+) /g)].map(([, bytes]) => Number(bytes));
  if (bodies.length === 0) throw new Error("this Node does not tell what it compiles");
  return { functions: bodies.length, bytes: bodies.reduce((sum, bytes) => sum + bytes, 0) };
}

const STARTERS = { node: startersInNode, workerd: startersInWorkerd, chromium: startersInChromium };

async function startersInNode(given) {
  return { start: (name) => JSON.parse(coldProcess(name, given)), close: () => {} };
}

function coldProcess(name, given, flags = []) {
  const script = fileURLToPath(new URL("cold/process.mjs", import.meta.url));
  return execFileSync(process.execPath, [...flags, script, name], { input: JSON.stringify(given), encoding: "utf8" });
}

async function startersInWorkerd(given) {
  const options = { conditions: ["workerd"], external: ["*?module", "contestant.mjs"] };
  const worker = await bundle("cold/worker.mjs", options);
  const contestants = await bundleEach(options);
  const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
  const start = async (name) => {
    const modules = [
      { type: "ESModule", path: "worker.mjs", contents: worker },
      { type: "ESModule", path: "contestant.mjs", contents: contestants[name] },
      ...(name === "hanko" ? [{ type: "CompiledWasm", path: "core.wasm?module", contents: wasm }] : []),
    ];
    const miniflare = new Miniflare({ compatibilityDate, modules });
    try {
      const body = JSON.stringify(given);
      const response = await miniflare.dispatchFetch("https://worker.example/", { method: "POST", body });
      if (!response.ok) throw new Error(await response.text());
      return await response.json();
    } finally {
      await miniflare.dispose();
    }
  };
  return { start, close: () => {} };
}

/** Each start on a host of its own, `<host>.localhost`: another site is another process, without compiled code of an earlier one. */
async function startersInChromium(given) {
  const page = await bundle("cold/page.mjs", { external: ["/contestant.js"] });
  const contestants = await bundleEach({});
  const server = createServer((request, response) => {
    const name = CONTESTANTS.find((one) => request.headers.host.split(".")[0].endsWith(one));
    const body = { "/page.js": page, "/contestant.js": contestants[name] }[request.url];
    response.setHeader("content-type", body ? "text/javascript" : "text/html");
    response.setHeader("cache-control", "no-store");
    response.end(body ?? `<!doctype html><title>cold</title><script type="module" src="/page.js"></script>`);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { driver, close: quit } = await open("chromium");
  const start = async (_, host) => {
    await driver.get(`http://${host}.localhost:${server.address().port}/`);
    const script = "globalThis.cold(arguments[0]).then(arguments[1])";
    const timed = await driver.executeAsyncScript(script, given);
    if (timed.error) throw new Error(timed.error);
    return timed;
  };
  const close = async () => {
    await quit();
    server.closeAllConnections();
    server.close();
  };
  return { start, close };
}

async function bundleEach(options) {
  const bundles = CONTESTANTS.map(async (name) => [name, await bundle(`cold/${name}.mjs`, options)]);
  return Object.fromEntries(await Promise.all(bundles));
}

async function bundle(entry, { conditions, external = [] }) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    external,
    ...(conditions && { conditions }),
  });
  return outputFiles[0].text;
}
