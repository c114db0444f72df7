// `npm run fuzz [-- <seconds> [<target> ...]]`: libFuzzer on each target for so long, beginning with the vectors.
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { root, run } from "./processes.mjs";
import { lastLines, step, tick } from "./progress.mjs";
import { setUp } from "./setup.mjs";
import { cargoFuzz, installTool } from "./tools.mjs";

const FOLDER = "tests/fuzz";
const CORPUS = join(root, FOLDER, "corpus");
const DEFAULT_SECONDS = 60;
const LINES_OF_A_CRASH = 60;

// The slowest input takes under a millisecond: seconds mean that something is not linear.
const LIMITS = ["-timeout=5", "-rss_limit_mb=2048", "-max_len=20000", "-print_final_stats=1"];

function chosen() {
  const all = readdirSync(join(root, FOLDER, "fuzz_targets")).map((name) => name.replace(/\.rs$/, ""));
  const [time = String(DEFAULT_SECONDS), ...names] = parseArgs({ allowPositionals: true }).positionals;
  const seconds = Number(time);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error(`${time} is no number of seconds`);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown} is none of: ${all.join(", ")}`);
  return { seconds, targets: names.length > 0 ? names : all };
}

// cargo-fuzz sets flags of the unstable compiler, which RUSTC_BOOTSTRAP lets the pinned one take.
async function prepare(targets) {
  const tools = await setUp({ tools: false });
  const folder = await installTool(cargoFuzz, tools);
  const path = folder === undefined ? tools.PATH : folder + delimiter + tools.PATH;
  const env = { ...tools, PATH: path, RUSTC_BOOTSTRAP: "1" };
  const seeds = ["run", "--manifest-path", `${FOLDER}/Cargo.toml`, "--locked", "--example", "seeds", "--", CORPUS];
  await step("seeds", "cargo", [...seeds, ...targets], { env });
  await step("fuzz targets", "cargo", ["fuzz", "build", "--fuzz-dir", FOLDER], { env });
  return env;
}

async function fuzz(target, seconds, env) {
  const stop = tick(`fuzz ${target}`);
  const limits = [`-max_total_time=${seconds}`, ...LIMITS];
  const command = ["fuzz", "run", "--fuzz-dir", FOLDER, target, join(CORPUS, target), "--", ...limits];
  const { code, output } = await run("cargo", command, { env });
  const inputs = Number(output.match(/^stat::number_of_executed_units:\s*(\d+)/m)?.[1] ?? 0);
  const coverage = [...output.matchAll(/\bcov: (\d+)/g)].at(-1)?.[1] ?? "unknown";
  const passed = code === 0 && inputs > 0;
  stop(`${passed ? "nothing found" : "failed"}, ${inputs} inputs, coverage ${coverage}`);
  if (!passed) console.error(lastLines(output, LINES_OF_A_CRASH));
  return passed;
}

try {
  const { seconds, targets } = chosen();
  const env = await prepare(targets);
  for (const target of targets) if (!(await fuzz(target, seconds, env))) process.exitCode = 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
