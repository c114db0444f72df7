// `npm run fuzz [-- <seconds> [<target> ...]]`: libFuzzer on each target for so long, beginning with the vectors. An input at
// which a target stops becomes a vector. `--seeds` builds the targets and runs each over what there is, and finds nothing new.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, run } from "./processes.mjs";
import { lastLines, step, tick } from "./progress.mjs";
import { setUp } from "./setup.mjs";
import { cargoFuzz, withTool } from "./tools.mjs";

const FOLDER = "tests/fuzz";
const MANIFEST = `${FOLDER}/Cargo.toml`;
const CORPUS = join(root, FOLDER, "corpus");
const FOUND = join(root, "tests/vectors/found");
const DEFAULT_SECONDS = 60;
const LINES_OF_A_CRASH = 60;

// The slowest input takes under a millisecond: seconds mean that something is not linear.
const LIMITS = ["-timeout=5", "-rss_limit_mb=2048", "-max_len=20000", "-print_final_stats=1"];

// All of the core is safe Rust (`unsafe_code = "forbid"`): an address sanitizer would find nothing, and take eight times as long.
const SAFE = ["--fuzz-dir", FOLDER, "--sanitizer", "none"];

function chosen() {
  const all = readdirSync(join(root, FOLDER, "fuzz_targets")).map((name) => name.replace(/\.rs$/, ""));
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { seeds: { type: "boolean" } } });
  const [time = String(DEFAULT_SECONDS), ...names] = values.seeds ? [undefined, ...positionals] : positionals;
  const seconds = Number(time);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error(`${time} is no number of seconds`);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown} is none of: ${all.join(", ")}`);
  return { seeds: values.seeds, seconds, targets: names.length > 0 ? names : all };
}

function writeSeeds(targets, env) {
  const seeds = ["run", "--manifest-path", MANIFEST, "--locked", "--example", "seeds", "--", CORPUS];
  return step("seeds", "cargo", [...seeds, ...targets], { env });
}

async function overSeeds(targets) {
  const env = await setUp({ tools: false });
  await writeSeeds(targets, env);
  await step("fuzz targets", "cargo", ["build", "--manifest-path", MANIFEST, "--locked", "--bins"], { env });
  let passed = 0;
  for (const target of targets) {
    const command = ["run", "--manifest-path", MANIFEST, "--locked", "--bin", target, "--", "-runs=0", ...LIMITS];
    const { code, output } = await run("cargo", [...command, join(CORPUS, target)], { env });
    const inputs = Number(output.match(/^Done (\d+) runs/m)?.[1] ?? 0);
    console.log(`${target}: ${inputs} inputs`);
    if (code === 0 && inputs > 0) passed += 1;
    else console.error(lastLines(output, LINES_OF_A_CRASH));
  }
  console.log(`${passed} passed, ${targets.length - passed} failed`);
  if (passed < targets.length) process.exitCode = 1;
}

// cargo-fuzz sets flags of the unstable compiler, which RUSTC_BOOTSTRAP lets the pinned one take.
async function prepare(targets) {
  const tools = await setUp({ tools: false });
  const env = { ...(await withTool(cargoFuzz, tools)), RUSTC_BOOTSTRAP: "1" };
  await writeSeeds(targets, env);
  await step("fuzz targets", "cargo", ["fuzz", "build", ...SAFE], { env });
  return env;
}

async function fuzz(target, seconds, env) {
  const stop = tick(`fuzz ${target}`);
  const limits = [`-max_total_time=${seconds}`, ...LIMITS];
  const command = ["fuzz", "run", ...SAFE, target, join(CORPUS, target), "--", ...limits];
  const { code, output } = await run("cargo", command, { env });
  const inputs = Number(output.match(/^stat::number_of_executed_units:\s*(\d+)/m)?.[1] ?? 0);
  const coverage = [...output.matchAll(/\bcov: (\d+)/g)].at(-1)?.[1] ?? "unknown";
  const passed = code === 0 && inputs > 0;
  stop(`${passed ? "nothing found" : "failed"}, ${inputs} inputs, coverage ${coverage}`);
  if (!passed) {
    console.error(lastLines(output, LINES_OF_A_CRASH));
    keep(target, output.match(/Test unit written to (\S+)/)?.[1]);
  }
  return passed;
}

async function overTime(targets, seconds) {
  const env = await prepare(targets);
  for (const target of targets) if (!(await fuzz(target, seconds, env))) process.exitCode = 1;
}

/** Makes a vector of the input at which a target stopped: `cargo test` fails by it until that is mended. */
function keep(target, path) {
  if (path === undefined) return;
  const bytes = readFileSync(path);
  const file = join(FOUND, `${target}.json`);
  const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const input = bytes.toString("base64");
  if (known.some((one) => one.input === input)) return;
  writeFileSync(file, `${JSON.stringify([...known, { input, shows: bytes.toString() }], null, 2)}\n`);
  console.error(`kept in ${file}`);
}

try {
  const { seeds, seconds, targets } = chosen();
  if (seeds) await overSeeds(targets);
  else await overTime(targets, seconds);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
