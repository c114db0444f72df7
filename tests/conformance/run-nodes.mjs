// Runs the conformance suite in other releases of Node than this one, side by side: it waits more than it works.
import assert from "node:assert/strict";

import { countConformance } from "../../scripts/counts.mjs";
import { findNodes } from "../../scripts/nodes.mjs";
import { run } from "../../scripts/processes.mjs";
import { report } from "./report.mjs";

const { programs, missing } = findNodes();
assert.ok(programs, missing);

const runs = await Promise.all(programs.map(runIn));
const sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
for (const { version, code, output } of runs) {
  const counts = countConformance(output);
  console.log(`Node ${version}: ${counts.passed + counts.failed} tests`);
  for (const key of Object.keys(counts)) sum[key] += counts[key];
  if (code === 0) continue;
  if (counts.failed === 0) sum.failed += 1;
  sum.failures.push({ name: `[Node ${version}]`, messages: output.trim().split("\n") });
}
assert.equal(new Set(runs.map(({ version }) => version)).size, programs.length, "each is another release");
report(sum, programs.length);

async function runIn(program) {
  const version = (await run(program, ["--version"], {})).output.trim();
  const here = ["tests/conformance/run-here.mjs", "node"];
  return { version, ...(await run(program, here, {})) };
}
