import assert from "node:assert/strict";
import { test } from "node:test";

import { build } from "esbuild";

import { root } from "./tarball.mjs";

/** Bundles a text that imports the package by its name, as a user's bundler does. */
async function bundleText(contents, options = {}) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    minify: true,
    external: ["*?module"],
    logLevel: "silent",
    ...options,
  });
  return outputFiles[0].text.trim();
}

for (const entry of [
  "hanko-edge",
  "hanko-edge/admin",
  "hanko-edge/slim",
  "hanko-edge/stores",
  "hanko-edge/testing",
  "hanko-edge/webhooks",
]) {
  test(`an unused import of ${entry} leaves nothing in a bundle`, async () => {
    assert.equal(await bundleText(`import ${JSON.stringify(entry)};`), "");
    assert.equal(await bundleText(`import * as unused from ${JSON.stringify(entry)};`), "");
  });

  test(`importing ${entry} touches no clock, randomness, timer, network or WebAssembly`, async () => {
    const touched = await touchedBy(`export * from ${JSON.stringify(entry)};`);
    assert.deepEqual(touched, []);
  });

  test(`${entry} awaits nothing at top level`, async () => {
    // A format without top-level await: esbuild refuses one.
    const text = await bundleText(`export * from ${JSON.stringify(entry)};`, { format: "cjs" });
    assert.ok(text.length > 1000);
  });
}

test("the workerd entry awaits nothing at top level, and is unused without a trace", async () => {
  const conditions = ["workerd"];
  assert.ok(
    (await bundleText(`export * from "hanko-edge";`, { format: "cjs", conditions })).includes("core.wasm?module"),
  );
  // The module import alone may stay: a bundler cannot know what an external module does.
  const unused = await bundleText(`import "hanko-edge";`, { conditions });
  assert.match(unused, /^(import\s*"\.\/core\.wasm\?module";?)?$/);
});

test("the test server is in no bundle of the package itself", async () => {
  for (const conditions of [[], ["workerd"]]) {
    const text = await bundleText(`export * from "hanko-edge";`, { conditions });
    assert.doesNotMatch(text, /hanko\.test|generateKey/);
  }
  assert.match(await bundleText(`export * from "hanko-edge/testing";`), /hanko\.test/);
});

/** Names of the impure globals that are used while a module is loaded. */
async function touchedBy(contents) {
  const text = await bundleText(contents, { format: "cjs" });
  const touched = [];
  const trap = (name) => new Proxy(function () {}, { get: note(name), apply: note(name), construct: note(name) });
  const note = (name) => () => {
    touched.push(name);
    return trap(name);
  };
  const names = [
    "fetch",
    "crypto",
    "Date",
    "setTimeout",
    "setInterval",
    "queueMicrotask",
    "performance",
    "WebAssembly",
  ];
  const load = new Function("module", "exports", ...names, text);
  load({ exports: {} }, {}, ...names.map(trap));
  return touched;
}
