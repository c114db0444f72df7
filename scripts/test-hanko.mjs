// `npm run test:hanko`: the contract suite against the Hanko that HANKO_API_URL and HANKO_ADMIN_URL name.
import { countNodeTest } from "./counts.mjs";
import { fingerprint, isFresh, recordBuild } from "./freshness.mjs";
import { run } from "./processes.mjs";
import { lastLines, step } from "./progress.mjs";
import { setUp } from "./setup.mjs";
import { versionOf } from "../tests/contract/support/look.mjs";

const TIME_LIMIT_MS = 15 * 60 * 1000;

/** Fewer rows than this, run or skipped for a reason, mean that a part of the suite was not loaded. */
const FEWEST_ROWS = 120;

const USAGE = `npm run test:hanko runs the contract suite against a real Hanko server, which you start:

  HANKO_API_URL    its public API, e.g. http://127.0.0.1:8000
  HANKO_ADMIN_URL  its Admin API, e.g. http://127.0.0.1:8001, where the suite makes users and sessions, and removes them
  HANKO_API_KEY    Hanko Cloud's API key, where the Admin API asks for one
  HANKO_ORIGIN     an origin that its CORS settings list; http://localhost:8888 if not set

Use a server for tests: some hundred users come and go.`;

function assertAddresses({ HANKO_API_URL, HANKO_ADMIN_URL }) {
  for (const [name, value] of Object.entries({ HANKO_API_URL, HANKO_ADMIN_URL })) {
    if (!value) throw new Error(`${name} is not set.\n\n${USAGE}`);
    if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw new Error(`${name} is no http address.\n\n${USAGE}`);
  }
}

/** How the run ended, in one line; the exit code. */
function judge({ code, timedOut, output }) {
  const { passed, failed, skipped } = countNodeTest(output);
  const rows = passed + failed + skipped;
  if (timedOut) return [1, "stopped at its time limit"];
  if (rows < FEWEST_ROWS) return [1, `only ${rows} rows, at least ${FEWEST_ROWS} were expected`];
  return [code === 0 && failed === 0 ? 0 : 1, `${passed} passed, ${failed} failed, ${skipped} skipped`];
}

try {
  assertAddresses(process.env);
  await versionOf(process.env.HANKO_API_URL.replace(/\/+$/, ""));
  const env = await setUp();
  if (!isFresh()) {
    const sources = fingerprint();
    await step("build", "node", ["scripts/build.mjs"], { env });
    recordBuild(sources);
  }
  const args = ["--test", "--test-reporter=spec", "tests/contract/hanko.mjs"];
  const ended = await run("node", args, { env, timeLimit: TIME_LIMIT_MS });
  console.log(lastLines(ended.output, Infinity));
  const [code, line] = judge(ended);
  console.log(`\nnpm run test:hanko: ${line}`);
  process.exit(code);
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
