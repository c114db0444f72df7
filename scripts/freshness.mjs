// Whether the built package is that of the present sources.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./processes.mjs";

const SOURCES = [
  "src",
  "pkg-template",
  "scripts",
  "Cargo.toml",
  "Cargo.lock",
  "rust-toolchain.toml",
  "package-lock.json",
  "README.md",
];
const RESULTS = ["pkg/package.json", "node_modules/hanko-edge/package.json"];
const STAMP = join(root, "target", "built-from");

/** Whether the package is there and was built from the sources as they are. */
export function isFresh() {
  return RESULTS.every((path) => existsSync(join(root, path))) && recorded() === fingerprint();
}

/** The sources by name, size and time of change. */
export function fingerprint() {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap(filesIn).sort()) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/** Records that the package was built from the sources of this fingerprint, taken before the build. */
export function recordBuild(sources) {
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(STAMP, sources);
}

function recorded() {
  return existsSync(STAMP) ? readFileSync(STAMP, "utf8") : undefined;
}

function filesIn(path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const entries = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
}
