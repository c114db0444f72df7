import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import ts from "typescript";

import { COMPILER_OPTIONS } from "./surface.mjs";
import { root } from "./tarball.mjs";

const sample = (name) => fileURLToPath(new URL(`consumer/${name}`, import.meta.url));
const { Node16, ESNext } = ts.ModuleKind;
const { Node16: ByNode16, Bundler, Node10 } = ts.ModuleResolutionKind;

/** As a server has them: nothing of the DOM's, so no namespace `WebAssembly`. */
const NODE = {
  lib: ["lib.es2022.d.ts"],
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
  also: ["server.ts"],
};
/** As a service worker, or a Worker without Cloudflare's own types. */
const WORKER = { lib: ["lib.es2022.d.ts", "lib.webworker.d.ts"] };

const ways = [
  { name: "node16, ESM", file: "consumer.mts", module: Node16, moduleResolution: ByNode16 },
  { name: "node16, CommonJS", file: "consumer.cts", module: Node16, moduleResolution: ByNode16, wasm: false },
  { name: "bundler", file: "consumer.ts", module: ESNext, moduleResolution: Bundler },
  { name: "Node's types alone", file: "consumer.mts", module: Node16, moduleResolution: ByNode16, ...NODE },
  { name: "Node's types alone, bundler", file: "consumer.ts", module: ESNext, moduleResolution: Bundler, ...NODE },
  { name: "a worker's types alone", file: "consumer.ts", module: ESNext, moduleResolution: Bundler, ...WORKER },
  { name: "node10", file: "consumer.ts", module: ESNext, moduleResolution: Node10, wasm: false, folders: "d.cts" },
  {
    name: "bundler for Workers",
    file: "consumer.ts",
    module: ESNext,
    moduleResolution: Bundler,
    customConditions: ["workerd"],
  },
];

// `hanko-edge/core.wasm` is an ES module, which CommonJS cannot import. node10 knows no `exports`: it finds the entries
// as folders, and the module not at all.
for (const { name, file, wasm = true, folders, also = [], ...how } of ways) {
  test(`a user's code type-checks under ${name}, the package's own declarations with it`, () => {
    mkdirSync(join(root, "target"), { recursive: true });
    const folder = mkdtempSync(join(root, "target/consumer-"));
    try {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
      copyFileSync(sample("consumer.ts"), join(folder, file));
      for (const one of also) copyFileSync(sample(one), join(folder, one));
      const files = wasm ? [file, file.replace("consumer", "wasm")] : [file];
      if (wasm) copyFileSync(sample("wasm.ts"), join(folder, files[1]));
      const paths = [...files, ...also].map((one) => join(folder, one));
      const program = ts.createProgram(paths, { ...COMPILER_OPTIONS, ...how });
      const checked = program.getSourceFiles().map(({ fileName }) => fileName);
      const extension = file.endsWith(".cts") ? "d.cts" : "d.ts";
      const others = ["slim", "admin", "stores", "testing", "webhooks"].map(
        (entry) => `${entry}.${folders ?? extension}`,
      );
      for (const entry of [`index.${extension}`, ...others, ...(wasm ? ["core.wasm.d.ts"] : [])]) {
        assert.ok(
          checked.some((path) => path.endsWith(`/hanko-edge/dist/${entry}`)),
          entry,
        );
      }
      const problems = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
      assert.deepEqual(problems, []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
