// Runs the conformance suite in Vercel's edge runtime, which runs the global scripts of a bundler.
import { readFile } from "node:fs/promises";

import { EdgeRuntime } from "edge-runtime";

import { bundle } from "./bundle.mjs";
import { report } from "./report.mjs";

const script = await bundle("edge.mjs", {
  flavour: "static",
  conditions: ["edge-light"],
  format: "iife",
  banner: { js: `"use strict";` },
  plugins: [compiled()],
});
const runtime = new EdgeRuntime();
// Compiled inside: a module of this realm is none in that one.
runtime.context.bytes = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
runtime.evaluate("globalThis.core = new WebAssembly.Module(bytes)");
runtime.evaluate(script);
report(await runtime.context.conformance);

/** What a host's bundler makes of `core.wasm?module`. */
function compiled() {
  return {
    name: "compiled",
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "compiled" }));
      build.onLoad({ filter: /./, namespace: "compiled" }, () => ({ contents: "export default globalThis.core;" }));
    },
  };
}
