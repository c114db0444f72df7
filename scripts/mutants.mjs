// `npm run mutants [-- <file> ...]`: breaks one place after the other of what decides about a token, and says of which no native
// test takes notice. Lasts hours; what it says is in `target/mutants.out`.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, run } from "./processes.mjs";
import { setUp } from "./setup.mjs";
import { cargoMutants, withTool } from "./tools.mjs";

const DECIDING = [
  "claims",
  "distinct",
  "encoding",
  "json",
  "keys",
  "merge",
  "number",
  "registered",
  "session",
  "token",
];
/** Tests that do in minutes what others do in seconds. */
const LONG = ["exhaustive", "mutants", "architecture"];

/** The names of cargo's tests: each is a file, or a folder with a `main.rs`. */
function natives() {
  const entries = readdirSync(join(root, "tests"), { withFileTypes: true });
  const files = entries.filter((entry) => entry.name.endsWith(".rs")).map(({ name }) => name.replace(/\.rs$/, ""));
  const folders = entries.filter((entry) => existsSync(join(root, "tests", entry.name, "main.rs")));
  return [...files, ...folders.map(({ name }) => name)];
}

async function prepare() {
  const env = await withTool(cargoMutants, await setUp({ tools: false }));
  // The tests run in a copy of the repository, beside which there are no corpora.
  return { ...env, HANKO_EDGE_VECTORS: process.env.HANKO_EDGE_VECTORS ?? join(root, "../shared/vectors") };
}

try {
  const { positionals } = parseArgs({ allowPositionals: true });
  const files = positionals.length > 0 ? positionals : DECIDING.map((name) => `src/${name}.rs`);
  const env = await prepare();
  const tests = natives().filter((name) => !LONG.includes(name));
  const command = ["mutants", "--output", "target", ...files.flatMap((file) => ["--file", file]), "--"];
  const { code } = await run("cargo", [...command, ...tests.flatMap((name) => ["--test", name])], {
    env,
    inherit: true,
  });
  process.exitCode = code;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
