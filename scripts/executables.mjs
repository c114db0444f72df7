// Which programs are there, and which version they say they are.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** The path of the first of `names` found on PATH (an absolute name is itself), or undefined. */
export function findExecutable(names, env) {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))));
  return candidates.find(isExecutable);
}

/** Whether a program runs and answers `--version`, or how else it is `asked`, with this very version. */
export function answersVersion(program, version, env, asked = ["--version"]) {
  const { status, stdout } = spawnSync(program, asked, { env, encoding: "utf8", timeout: 10_000 });
  return status === 0 && stdout.split("\n")[0].split(/\s+/).includes(version);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
