// Runs the conformance suite in this Node.
import assert from "node:assert/strict";

import { report } from "./report.mjs";
import { run } from "./run.mjs";

assert.match(import.meta.resolve("hanko-edge"), /\/node_modules\/hanko-edge\/dist\/index\.js$/);
report(await run("node"));
