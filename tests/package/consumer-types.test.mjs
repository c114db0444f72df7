import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import ts from "typescript";

import { COMPILER_OPTIONS } from "./surface.mjs";
import { root } from "./tarball.mjs";

const consumer = fileURLToPath(new URL("consumer/consumer.ts", import.meta.url));
const { Node16, ESNext } = ts.ModuleKind;
const { Node16: ByNode16, Bundler } = ts.ModuleResolutionKind;

/** As a server has them: nothing of the DOM's, so no namespace `WebAssembly`. */
const NODE = { lib: ["lib.es2022.d.ts"], types: ["node"], typeRoots: [join(root, "node_modules/@types")] };

const ways = [
  { name: "node16, ESM", file: "consumer.mts", module: Node16, moduleResolution: ByNode16 },
  { name: "node16, CommonJS", file: "consumer.cts", module: Node16, moduleResolution: ByNode16 },
  { name: "bundler", file: "consumer.ts", module: ESNext, moduleResolution: Bundler },
  { name: "Node's types alone", file: "consumer.mts", module: Node16, moduleResolution: ByNode16, ...NODE },
  {
    name: "bundler for Workers",
    file: "consumer.ts",
    module: ESNext,
    moduleResolution: Bundler,
    customConditions: ["workerd"],
  },
];

for (const { name, file, ...how } of ways) {
  test(`a user's code type-checks under ${name}, the package's own declarations with it`, () => {
    mkdirSync(join(root, "target"), { recursive: true });
    const folder = mkdtempSync(join(root, "target/consumer-"));
    try {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
      copyFileSync(consumer, join(folder, file));
      const program = ts.createProgram([join(folder, file)], { ...COMPILER_OPTIONS, ...how });
      const checked = program.getSourceFiles().map(({ fileName }) => fileName);
      const extension = file.endsWith(".cts") ? "d.cts" : "d.ts";
      for (const entry of ["index", "slim", "stores", "testing", "webhooks"]) {
        assert.ok(
          checked.some((path) => path.endsWith(`/hanko-edge/dist/${entry}.${extension}`)),
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
