// Every code block of the README is run, in an empty project where the packed package is installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";
import { Miniflare, Response as WorkerResponse } from "miniflare";
import ts from "typescript";

import { open, reasonMissing } from "../browsers.mjs";
import { servePage } from "../conformance/serve-page.mjs";
import { codeBlocks, promisedOutput } from "./snippets/fences.mjs";
import { API_URL, probe, probeWebhooks } from "./snippets/probe.mjs";
import { COMPILER_OPTIONS } from "./surface.mjs";
import { root, tarballPath } from "./tarball.mjs";

const AS_PROMISED = { statuses: [401, 200, 503], named: true };
const WEBHOOKS_AS_PROMISED = {
  delivered: [204, 204, 401, 204],
  seen: [
    [200, 200],
    [401, 200],
    [401, 401],
  ],
};
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = codeBlocks(readme);
const runners = { node: runInNode, worker: runInWorkerd, browser: runInChromium, types: checkTypes };
const noChromium = process.env.CI !== "true" && reasonMissing("chromium");

let project;

before(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "hanko-edge-readme-")));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const flags = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", tarballPath(), ...flags], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
  for (const file of ["probe.mjs", "run-in-node.mjs", "run-in-page.mjs"]) {
    copyFileSync(fileURLToPath(new URL(`snippets/${file}`, import.meta.url)), join(project, file));
  }
});

after(() => rmSync(project, { recursive: true, force: true }));

test("every block of code says where it runs, and there is one of each", () => {
  const unmarked = blocks.filter(({ runner }) => !Object.hasOwn(runners, runner ?? ""));
  assert.deepEqual(
    unmarked.map(({ line }) => `README.md:${line}`),
    [],
  );
  for (const runner of ["node", "worker", "browser"])
    assert.ok(
      blocks.some((block) => block.runner === runner),
      runner,
    );
});

test("every link to a section leads to one", () => {
  const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(" ", "-"));
  const links = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  assert.ok(links.length > 0);
  assert.deepEqual(
    links.filter((anchor) => !anchors.includes(anchor)),
    [],
  );
});

for (const block of blocks) {
  const skip = (block.runner === "browser" && noChromium) || false;
  if (skip) console.log(`skipped: README.md:${block.line}: ${skip}`);
  test(`README.md:${block.line} (${block.runner})`, { skip }, () => runners[block.runner](block));
  if (isTypeScript(block) && block.runner !== "types") test(`README.md:${block.line} (types)`, () => checkTypes(block));
}

function isTypeScript({ language }) {
  return ["ts", "typescript"].includes(language);
}

function write(block) {
  const path = join(project, `snippet-${block.line}.${isTypeScript(block) ? "ts" : "mjs"}`);
  writeFileSync(path, block.text);
  return path;
}

/** A snippet prints what its comments promise, or exports a handler of requests that answers as promised. */
function runInNode(block) {
  const args = [join(project, "run-in-node.mjs"), write(block)];
  const output = execFileSync(process.execPath, args, { cwd: project, encoding: "utf8", timeout: 30_000 });
  const lines = output.trim().split("\n");
  if (/\bexport\b/.test(block.text)) assert.deepEqual(JSON.parse(lines.pop()), AS_PROMISED);
  else assert.ok(lines[0], "it shows something");
  assert.deepEqual(lines, promisedOutput(block.text));
}

async function runInWorkerd(block) {
  const { createTestHanko } = await import(pathToFileURL(join(project, "node_modules/hanko-edge/dist/testing.js")));
  const server = await createTestHanko({ apiUrl: API_URL });
  const wasm = readFileSync(join(project, "node_modules/hanko-edge/dist/core.wasm"));
  const worker = new Miniflare({
    compatibilityDate: "2026-04-26",
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: await bundled(write(block), ["workerd"]) },
      { type: "CompiledWasm", path: "core.wasm?module", contents: wasm },
    ],
    bindings: { HANKO_API_URL: API_URL },
    kvNamespaces: ["KV"],
    ...(/\benv\.HANKO_MEMORY\b/.test(block.text) && { durableObjects: { HANKO_MEMORY: "HankoMemory" } }),
    outboundService: async (request) => {
      const body = request.method === "GET" ? null : await request.text();
      const { url, method } = request;
      const answer = await server.fetch(new Request(url, { method, headers: [...request.headers], body }));
      return new WorkerResponse(await answer.text(), { status: answer.status, headers: [...answer.headers] });
    },
  });
  try {
    const handle = async (request) => {
      const { url, method, headers } = request;
      const body = method === "GET" ? null : await request.text();
      return worker.dispatchFetch(url, { method, headers: [...headers], body });
    };
    assert.deepEqual(await probe(server, handle), AS_PROMISED);
    if (!block.text.includes("webhookRoute")) return;
    assert.deepEqual(await probeWebhooks(server, handle), WEBHOOKS_AS_PROMISED);
    if (block.text.includes("HankoMemory")) await assertAtomic(await worker.getDurableObjectNamespace("HANKO_MEMORY"));
  } finally {
    await worker.dispose();
  }
}

/** Of many that add at once one is the first; what is added later takes nothing back. */
async function assertAtomic(namespace) {
  const object = (name) => namespace.get(namespace.idFromName(name));
  const [now, hour] = [Date.now(), 3_600_000];
  const added = await Promise.all(Array.from({ length: 20 }, () => object("event:x").add(0, now + hour)));
  assert.equal(added.filter(Boolean).length, 1);
  await Promise.all([2, 3, 1].map((time) => object("user:x").add(time, now + time * hour)));
  const { issuedBefore, until } = await object("user:x").get();
  assert.deepEqual([await issuedBefore, await until], [3, now + 3 * hour]);
  await object("event:y").add(0, now + 50);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(await object("event:y").get(), undefined, "it empties itself");
}

async function runInChromium(block) {
  const page = await servePage(await bundled(join(project, "run-in-page.mjs"), undefined, { snippet: write(block) }));
  const { driver, close } = await open("chromium");
  try {
    await driver.manage().setTimeouts({ script: 30_000 });
    const texts = [];
    for (const state of ["in", "out", "down"]) {
      await driver.get(`${page.url}?state=${state}`);
      const { user_id, text, error } = await driver.executeAsyncScript(SHOWN);
      assert.equal(error, undefined);
      assert.equal(text.includes(user_id), state === "in", `${state}: ${text}`);
      texts.push(text.trim());
    }
    assert.equal(new Set(texts.filter(Boolean)).size, 3, texts.join(" | "));
  } finally {
    await close();
    await page.close();
  }
}

/** The page's module may still be loading when the driver says that the page is there. */
const SHOWN = `const done = arguments[0];
  const wait = () => (globalThis.shown ? globalThis.shown.then(done) : setTimeout(wait, 10));
  wait();`;

function checkTypes(block) {
  const program = ts.createProgram([write({ ...block, language: "ts" })], COMPILER_OPTIONS);
  const problems = ts.getPreEmitDiagnostics(program);
  assert.deepEqual(
    problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
    [],
  );
}

async function bundled(entry, conditions, alias = {}) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: project,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    external: ["*?module", "cloudflare:workers"],
    alias,
    ...(conditions && { conditions }),
  });
  return outputFiles[0].text;
}
