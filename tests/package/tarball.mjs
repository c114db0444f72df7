import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The packed package: what `npm publish` would send. The build leaves exactly one. */
export function tarballPath() {
  const packed = readdirSync(join(root, "target")).filter((name) => /^hanko-edge-[\w.-]+\.tgz$/.test(name));
  assert.equal(packed.length, 1, `one tarball in target/, not ${packed.length}: run the build`);
  return join(root, "target", packed[0]);
}

/** Paths inside the tarball, sorted, without the leading `package/`. */
export function tarballFiles() {
  const list = execFileSync("tar", ["-tzf", tarballPath()], { encoding: "utf8" });
  return list
    .split("\n")
    .filter((path) => path !== "" && !path.endsWith("/"))
    .map((path) => path.replace(/^package\//, ""))
    .sort();
}

/** Calls `use` with a folder that holds the unpacked tarball, and removes it after. */
export async function withUnpacked(use) {
  const folder = mkdtempSync(join(tmpdir(), "hanko-edge-tarball-"));
  try {
    execFileSync("tar", ["-xzf", tarballPath(), "-C", folder]);
    return await use(join(folder, "package"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Text of a file of the tarball; binary files as Latin-1, so that any ASCII in them can be searched. */
export function readText(folder, path) {
  return readFileSync(join(folder, path), path.endsWith(".wasm") ? "latin1" : "utf8");
}
