// Runs the conformance suite in what executes this file: Node, Deno or Bun.
import assert from "node:assert/strict";

import { report } from "./report.mjs";
import { run } from "./run.mjs";

const runtime = process.versions.deno ? "deno" : process.versions.bun ? "bun" : "node";
assert.equal(runtime, process.argv[2], "it is the runtime that was meant");
assert.match(import.meta.resolve("hanko-edge"), /\/node_modules\/hanko-edge\/dist\/index\.js$/);
report(await run(runtime));
