// `npm start`: set up, build what is stale, serve the demo until it is ended.
import { fingerprint, isFresh, recordBuild } from "./freshness.mjs";
import { run } from "./processes.mjs";
import { lastLines, step } from "./progress.mjs";
import { setUp } from "./setup.mjs";

// build.mjs ends with the sizes: the module, and what a browser loads.
const LINES_OF_SIZES = 2;

try {
  const env = await setUp();
  if (!isFresh()) {
    const sources = fingerprint();
    const output = await step("build", "node", ["scripts/build.mjs"], { env });
    recordBuild(sources);
    console.log(lastLines(output, LINES_OF_SIZES));
  }
  const { code } = await run("node", ["www/serve.mjs"], { env, inherit: true });
  process.exit(code);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
