// `npm test [-- rust|node|nodes|workerd|browsers ...]`: every suite chosen, stopping at nothing, summed up at the end.
import { parseArgs } from "node:util";
import { browserVariables, findBrowsers, installBrowsers } from "./browsers.mjs";
import { findNodes, installNodes } from "./nodes.mjs";
import { runSuite } from "./run-suite.mjs";
import { setUp } from "./setup.mjs";
import { selectors, suites } from "./suites.mjs";
import { table, total } from "./summary.mjs";

function chosenSuites() {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.find((word) => !selectors.includes(word));
  if (unknown !== undefined) throw new Error(`${unknown} is none of: ${selectors.join(", ")}`);
  if (positionals.length === 0) return suites;
  return suites.filter((suite) => suite.selectors.some((selector) => positionals.includes(selector)));
}

async function prepare(chosen) {
  const tools = await setUp();
  const needed = new Set(chosen.map((suite) => suite.needs));
  if (needed.delete("nodes")) await installNodes(tools);
  needed.delete(undefined);
  const drivers = needed.size > 0 ? await installBrowsers(tools) : tools;
  // A shared machine is slow to start a browser; the limit of wasm-bindgen's test runner is 20 s.
  const env = { ...drivers, ...browserVariables(drivers), WASM_BINDGEN_TEST_TIMEOUT: "120" };
  return { env, found: { ...findBrowsers(drivers), nodes: findNodes() }, built: false };
}

let chosen;
try {
  chosen = chosenSuites();
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
const results = [];
try {
  const context = await prepare(chosen);
  for (const suite of chosen) {
    const result = await runSuite(suite, context);
    if (suite.builds) context.built = result.outcome === "passed";
    results.push(result);
  }
} catch (error) {
  console.error(error.message);
  results.push({
    name: "set-up",
    outcome: "failed",
    reason: "see above",
    passed: 0,
    failed: 1,
    skipped: 0,
    seconds: 0,
  });
}
console.log(`\n${table(results)}\n\n${total(results)}`);
process.exit(results.some((result) => result.outcome === "failed") ? 1 : 0);
