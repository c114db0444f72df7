/** The last step of the core's build: wasm-bindgen's module made as small, gzipped, as binaryen makes it. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { essence, importingFrom } from "./sections.mjs";

/** What the module uses, as rustc and wasm-bindgen write it. */
const FEATURES = [
  "bulk-memory",
  "call-indirect-overlong",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);
/**
 * Measured one by one, in bytes of gzip: functions of one crate side by side, and not one inlined into its only caller but the
 * smallest, give gzip more of what it has seen already; names of one or two letters for what is imported and exported.
 */
const PASSES = [
  "--low-memory-unused",
  "--reorder-functions-by-name",
  "--flatten",
  "--rereloop",
  "-Oz",
  "--one-caller-inline-max-function-size=25",
  "-Oz",
  "--dealign",
  "--minify-imports-and-exports-and-modules",
];

/**
 * The core imports from a module that has the name of this build, so that it links with the glue of the same build and with
 * no other: short names would fit anywhere.
 *
 * @param {string} from path of wasm-bindgen's module
 * @param {string} to path of what is written
 * @param {{ names?: boolean }} how `names`: functions keep theirs, for a profile
 * @returns {{ build: string, imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }}
 */
export function shrink(from, to, { names = false } = {}) {
  const custom = names ? ["-g"] : ["--strip-debug", "--strip-producers"];
  const said = execFileSync("wasm-opt", [from, ...FEATURES, ...PASSES, ...custom, "-o", to], { encoding: "utf8" });
  const bytes = readFileSync(to);
  const build = createHash("sha256").update(essence(bytes)).update(said).digest("hex").slice(0, 12);
  writeFileSync(to, importingFrom(build, bytes));
  return { build, ...JSON.parse(said) };
}
