// Every code block of the README is run, in an empty project where the packed package is installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";
import { Miniflare, Response as WorkerResponse } from "miniflare";
import ts from "typescript";

import { open } from "../conformance/browsers.mjs";
import { servePage } from "../conformance/serve-page.mjs";
import { codeBlocks, promisedOutput } from "./snippets/fences.mjs";
import { API_URL, probe } from "./snippets/probe.mjs";
import { COMPILER_OPTIONS } from "./surface.mjs";
import { root, tarballPath } from "./tarball.mjs";

const AS_PROMISED = { statuses: [401, 200, 503], named: true };
const blocks = codeBlocks(readFileSync(join(root, "README.md"), "utf8"));
const runners = { node: runInNode, worker: runInWorkerd, browser: runInChromium, types: checkTypes };
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const noChromium = !existsSync(chromium) && process.env.CI !== "true" && `no ${chromium}`;

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

for (const block of blocks) {
  const skip = block.runner === "browser" && noChromium;
  if (skip) console.log(`skipped: README.md:${block.line}: ${skip}`);
  test(`README.md:${block.line} (${block.runner})`, { skip }, () => runners[block.runner](block));
}

function write({ line, language, text }) {
  const path = join(project, `snippet-${line}.${["ts", "typescript"].includes(language) ? "ts" : "mjs"}`);
  writeFileSync(path, text);
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
    outboundService: async (request) => {
      const body = request.method === "GET" ? null : await request.text();
      const { url, method } = request;
      const answer = await server.fetch(new Request(url, { method, headers: [...request.headers], body }));
      return new WorkerResponse(await answer.text(), { status: answer.status, headers: [...answer.headers] });
    },
  });
  try {
    const handle = ({ url, headers }) => worker.dispatchFetch(url, { headers: [...headers] });
    assert.deepEqual(await probe(server, handle), AS_PROMISED);
  } finally {
    await worker.dispose();
  }
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
    external: ["*?module"],
    alias,
    ...(conditions && { conditions }),
  });
  return outputFiles[0].text;
}
