// Programs that cargo builds for us, in a per-user cache keyed by name and version, so that a second clone has them.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { answersVersion } from "./executables.mjs";
import { root } from "./processes.mjs";
import { step } from "./progress.mjs";

const ABANDONED_AFTER_MS = 6 * 3600 * 1000;

/** What every build needs. */
export function buildTools() {
  return [
    { name: "wasm-pack", crate: "wasm-pack", version: "0.15.1", programs: ["wasm-pack"], locked: true },
    {
      name: "wasm-bindgen",
      crate: "wasm-bindgen-cli",
      version: lockedVersion("wasm-bindgen", readFileSync(join(root, "Cargo.lock"), "utf8")),
      programs: ["wasm-bindgen", "wasm-bindgen-test-runner"],
      // Its own lock file may name crate versions that a registry no longer has; the version of the CLI itself is
      // pinned above, and that is what must agree with the crate.
      locked: false,
    },
  ];
}

/** Firefox's driver. */
export const geckodriver = {
  name: "geckodriver",
  crate: "geckodriver",
  version: "0.37.1",
  programs: ["geckodriver"],
  locked: true,
};

/** What `npm run fuzz` needs. */
export const cargoFuzz = {
  name: "cargo-fuzz",
  crate: "cargo-fuzz",
  version: "0.13.2",
  programs: ["cargo-fuzz"],
  locked: true,
};

/** What `npm run mutants` needs. */
export const cargoMutants = {
  name: "cargo-mutants",
  crate: "cargo-mutants",
  version: "27.1.0",
  programs: ["cargo-mutants"],
  asked: ["mutants", "--version"],
  locked: true,
};

/** Makes sure of one tool. Returns the folder to put on PATH, or undefined if PATH has the right version already. */
export async function installTool(tool, env) {
  if (isRight(tool, (program) => program, env)) return undefined;
  const folder = join(toolsFolder(), `${tool.name}-${tool.version}`);
  if (!isCached(tool, folder, env)) await installInto(folder, tool, env);
  return join(folder, "bin");
}

/** The environment with one tool on its PATH: installed, unless it is there already. */
export async function withTool(tool, env) {
  const folder = await installTool(tool, env);
  return folder === undefined ? env : { ...env, PATH: folder + delimiter + env.PATH };
}

// Built aside and renamed when complete: an interrupted installation is never taken for a whole one, and two clones
// that install at once do not write over each other.
async function installInto(folder, tool, env) {
  mkdirSync(toolsFolder(), { recursive: true });
  removeAbandoned();
  const aside = join(toolsFolder(), `.installing-${tool.name}-${tool.version}-${process.pid}`);
  const remove = () => rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", remove);
  try {
    const args = ["install", tool.crate, "--version", `=${tool.version}`, "--root", aside];
    if (tool.locked) args.push("--locked");
    const target = join(aside, "target");
    await step(`${tool.name} ${tool.version} (some minutes)`, "cargo", args, {
      env: { ...env, CARGO_TARGET_DIR: target },
    });
    rmSync(target, { recursive: true, force: true });
    publish(aside, folder, tool, env);
  } finally {
    remove();
    process.off("exit", remove);
  }
}

function publish(aside, folder, tool, env) {
  if (!isCached(tool, aside, env)) throw new Error(`${tool.name} was built, but does not answer ${tool.version}`);
  if (isCached(tool, folder, env)) return;
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(aside, folder);
  } catch (error) {
    if (!isCached(tool, folder, env)) throw error;
  }
}

function removeAbandoned() {
  for (const name of readdirSync(toolsFolder()).filter((entry) => entry.startsWith(".installing-"))) {
    const path = join(toolsFolder(), name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - modified > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}

function isCached(tool, folder, env) {
  return isRight(tool, (program) => join(folder, "bin", program), env);
}

function isRight(tool, path, env) {
  return tool.programs.every((program) => answersVersion(path(program), tool.version, env, tool.asked));
}

function toolsFolder() {
  const { HANKO_EDGE_CACHE, XDG_CACHE_HOME } = process.env;
  const caches = process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
  return join(HANKO_EDGE_CACHE || join(XDG_CACHE_HOME || caches, "hanko-edge"), "tools");
}

/** The version of a crate in the text of a Cargo.lock. */
export function lockedVersion(crate, lock) {
  const version = lock.match(new RegExp(`^name = "${crate}"\\nversion = "([^"]+)"`, "m"))?.[1];
  if (version === undefined) throw new Error(`Cargo.lock has no ${crate}`);
  return version;
}
