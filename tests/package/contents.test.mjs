import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";

import { readText, tarballFiles, withUnpacked } from "./tarball.mjs";

const expectedFiles = readFileSync(new URL("files.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");

/** Paths of a builder's machine and of its registry: nobody else's business, and they make builds differ. */
const PRIVATE = [/\/root\//, /\/home\//, /\/Users\//, /\/tmp\//, /\.cargo\b/, /\.rustup\b/, /registry\//];
/** What makes edge runtimes and bundlers refuse a file, or look for a file that is not there. */
const FORBIDDEN_IN_STATIC = [
  /WebAssembly\s*\.\s*compile/,
  /WebAssembly\s*\.\s*instantiate/,
  /new\s+WebAssembly\s*\.\s*Module\b/,
  /fetch\s*\(\s*import\s*\.\s*meta/,
  /import\s*\.\s*meta/,
  /instanceof\s+WebAssembly/,
];

test("the tarball holds the files of files.txt and no other", () => {
  assert.deepEqual(tarballFiles(), expectedFiles);
  assert.equal(tarballFiles().filter((path) => path.endsWith(".wasm")).length, 1);
});

test("the manifest has no dependencies and runs nothing at installation", () =>
  withUnpacked((folder) => {
    const manifest = JSON.parse(readText(folder, "package.json"));
    assert.equal(manifest.name, "hanko-edge");
    assert.equal(manifest.sideEffects, false);
    const forbidden = /dependencies$|^(bundled|optional|peer)|^scripts$|^gypfile$/i;
    assert.deepEqual(
      Object.keys(manifest).filter((name) => forbidden.test(name)),
      [],
    );
  }));

test("no file names a path of the machine that built it", () =>
  withUnpacked((folder) => {
    let bytes = 0;
    for (const path of tarballFiles()) {
      const text = readText(folder, path);
      bytes += text.length;
      assertWithout(PRIVATE, text, path);
    }
    assert.ok(bytes > 100_000);
  }));

for (const entry of ["dist/static.js", "dist/admin-static.js"]) {
  test(`what ${entry} loads compiles nothing and resolves no address`, () =>
    withUnpacked(async (folder) => {
      const graph = await graphOf(folder, entry);
      assert.ok(Object.keys(graph).length >= 3);
      for (const path of Object.keys(graph))
        assertWithout(FORBIDDEN_IN_STATIC, withoutComments(readText(folder, path)), path);
      assert.ok(graph[entry].some(({ path, external }) => external && path === "./core.wasm?module"));
    }));
}

for (const entry of [
  "dist/index.js",
  "dist/slim.js",
  "dist/static.js",
  "dist/testing.js",
  "dist/stores.js",
  "dist/webhooks.js",
  "dist/admin.js",
  "dist/admin-static.js",
  "dist/index.cjs",
  "dist/slim.cjs",
  "dist/testing.cjs",
  "dist/stores.cjs",
  "dist/webhooks.cjs",
  "dist/admin.cjs",
]) {
  test(`${entry} needs no other package and nothing of Node`, () =>
    withUnpacked(async (folder) => {
      const external = Object.values(await graphOf(folder, entry)).flatMap((imports) =>
        imports.filter((one) => one.external),
      );
      const allowed = entry.endsWith("static.js") ? ["./core.wasm?module"] : [];
      assert.deepEqual(
        external.map(({ path }) => path),
        allowed,
      );
    }));
}

/** The files that an entry reaches, each with what it imports. */
async function graphOf(folder, entry) {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "neutral",
    packages: "external",
    external: ["*?module"],
    outdir: "bundle",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return Object.fromEntries(Object.entries(metafile.inputs).map(([path, { imports }]) => [path, imports]));
}

function assertWithout(patterns, text, path) {
  const found = patterns.map((pattern) => text.match(pattern)).filter(Boolean);
  const places = found.map(({ index, input }) => input.slice(Math.max(0, index - 40), index + 80));
  assert.deepEqual(places, [], path);
}

const withoutComments = (text) => text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

test("the module inside the text is the module beside it", () =>
  withUnpacked(async (folder) => {
    const load = (file) => import(pathToFileURL(join(folder, "dist", file)).href);
    const [{ text, ranks, length }, { unpack }] = await Promise.all([load("bytes.js"), load("unpack.js")]);
    assert.match(text, /^[ -~]+$/);
    assert.ok(!/["\\]/.test(text), "nothing in it needs an escape");
    assert.deepEqual(Buffer.from(unpack(text, ranks, length)), readFileSync(join(folder, "dist/core.wasm")));
    // Every byte there is, whichever the module has.
    const all = Uint8Array.from(Buffer.from(ranks, "base64"));
    assert.equal(new Set(all).size, 256);
  }));
