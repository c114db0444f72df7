// Runs the conformance suite in workerd: on the oldest compatibility date that is supported and on the newest this workerd takes.
import { readFile } from "node:fs/promises";

import { Miniflare } from "miniflare";
import { compatibilityDate as newest } from "workerd";

import { bundle } from "./bundle.mjs";
import { report } from "./report.mjs";

const script = await bundle("worker.mjs", {
  flavour: "static",
  conditions: ["workerd"],
  external: ["*?module"],
});
const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));

const sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
for (const compatibilityDate of ["2024-01-01", newest]) {
  const worker = new Miniflare({
    compatibilityDate,
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: script },
      { type: "CompiledWasm", path: "core.wasm?module", contents: wasm },
    ],
  });
  try {
    const response = await worker.dispatchFetch("https://worker.example/");
    if (!response.ok) throw new Error(await response.text());
    const { failures, ...counts } = await response.json();
    console.log(`workerd ${compatibilityDate}: ${counts.passed + counts.failed} tests`);
    for (const key of Object.keys(counts)) sum[key] += counts[key];
    sum.failures.push(...failures.map(({ name, messages }) => ({ name: `[${compatibilityDate}] ${name}`, messages })));
  } finally {
    await worker.dispose();
  }
}
report(sum, 2);
