// `npm run bench`: set up, build what is stale, and measure (`run.mjs`, with its arguments).
import { fingerprint, isFresh, recordBuild } from "../../scripts/freshness.mjs";
import { run } from "../../scripts/processes.mjs";
import { step } from "../../scripts/progress.mjs";
import { setUp } from "../../scripts/setup.mjs";

try {
  const env = await setUp();
  if (!isFresh()) {
    const sources = fingerprint();
    await step("build", "node", ["scripts/build.mjs"], { env });
    recordBuild(sources);
  }
  const { code } = await run("node", ["tests/bench/run.mjs", ...process.argv.slice(2)], { env, inherit: true });
  process.exit(code);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
