// Runs one suite and judges it.
import { fingerprint, recordBuild } from "./freshness.mjs";
import { run } from "./processes.mjs";
import { lastLines, tick } from "./progress.mjs";

const TIME_LIMIT_MS = 15 * 60 * 1000;
const LINES_OF_A_FAILURE = 400;
const LINES_OF_A_PASS = 8;

/**
 * Runs a suite in `context`: the environment `env`, what was `found`, and `built`, whether the build succeeded.
 * Returns `{ name, outcome, reason, passed, failed, skipped, seconds }`.
 */
export async function runSuite(suite, context) {
  const missing = context.found?.[suite.needs]?.missing;
  if (missing !== undefined && process.env.CI !== "true") return say(skipped(suite, missing));
  if (missing !== undefined) return say(broken(suite, missing));
  if (suite.build && !context.built) return say(broken(suite, "the build failed"));
  try {
    const env = suite.env?.(context.env) ?? context.env;
    return say(await execute(suite, suite.command(context.found), env));
  } catch (error) {
    return say(broken(suite, error.message));
  }
}

async function execute(suite, [command, ...args], env) {
  const sources = suite.builds ? fingerprint() : undefined;
  const stop = tick(suite.name);
  const timeLimit = suite.timeLimit ?? TIME_LIMIT_MS;
  const ended = await run(command, args, { env, timeLimit });
  const result = judge(suite, ended);
  stop(result.outcome);
  const output = result.outcome === "failed" ? lastLines(ended.output, LINES_OF_A_FAILURE) : briefly(ended.output);
  if (output !== "") console.log(output);
  if (suite.builds && result.outcome === "passed") recordBuild(sources);
  return result;
}

/** What the exit code and the counts together mean: nothing counted is a failure, whatever the exit code. */
export function judge(suite, { code, timedOut, output, seconds }) {
  const single = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const counts = suite.count?.(output) ?? single;
  let reason;
  if (timedOut) reason = `stopped after ${Math.round(seconds)} s, its time limit`;
  else if (code !== 0) reason = `exit code ${code}`;
  else if (counts.failed > 0) reason = "failed tests, but exit code 0";
  else if (counts.passed === 0) reason = "no test ran";
  else if (suite.proof && !output.includes(suite.proof)) reason = `the output does not say "${suite.proof.trim()}"`;
  const failed = reason === undefined ? 0 : Math.max(1, counts.failed);
  return { name: suite.name, outcome: reason ? "failed" : "passed", reason, ...counts, failed, seconds };
}

function briefly(output) {
  // A runner's own line, and that of node:test's reporter `spec`.
  const skips = output.split("\n").filter((line) => /^\s*(skipped:|\ufe63 )/.test(line));
  const last = lastLines(output, LINES_OF_A_PASS);
  return [...skips.filter((line) => !last.includes(line)), last].join("\n");
}

function skipped({ name }, reason) {
  return { name, outcome: "skipped", reason, passed: 0, failed: 0, skipped: 1, seconds: 0 };
}

function broken({ name }, reason) {
  return { name, outcome: "failed", reason, passed: 0, failed: 1, skipped: 0, seconds: 0 };
}

function say(result) {
  if (result.outcome === "skipped") console.log(`${result.name}: skipped: ${result.reason}`);
  else if (result.reason !== undefined) console.log(`${result.name}: failed: ${result.reason}`);
  return result;
}
