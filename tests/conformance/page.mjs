import { run } from "./run.mjs";

const runtime = new URLSearchParams(location.search).get("runtime");
globalThis.conformance = run(runtime).catch((error) => ({
  passed: 0,
  failed: 1,
  skipped: 0,
  failures: [{ name: "run", messages: [String(error?.stack ?? error)] }],
}));
