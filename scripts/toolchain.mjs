// The Rust toolchain that rust-toolchain.toml names. rustup's own installing on demand may be switched off, and then
// it passes over missing components in silence: so it is asked for by name here.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mayInstallPackages, installPackages, packageCommand } from "./apt.mjs";
import { findExecutable } from "./executables.mjs";
import { root } from "./processes.mjs";
import { step } from "./progress.mjs";

const INSTALL_RUSTUP = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y";
// g++ for libFuzzer, which the fuzz targets are linked with.
const LINKER_PACKAGES = ["gcc", "g++", "libc6-dev"];

/** Makes sure of rustup, a linker, and the toolchain with its components and targets. */
export async function installToolchain(env) {
  if (!findExecutable(["rustup"], env)) throw new Error(`Rust is missing. Install it with:\n  ${INSTALL_RUSTUP}`);
  await installLinker(env);
  const { channel, components, targets } = parseToolchain(readFileSync(`${root}rust-toolchain.toml`, "utf8"));
  const rustup = (name, args) => step(name, "rustup", args, { env });
  const toolchain = ["--toolchain", channel];

  if (!list(["toolchain", "list"], env).some((line) => line.startsWith(`${channel}-`))) {
    await rustup(`Rust ${channel}`, ["toolchain", "install", channel, "--profile", "minimal", "--no-self-update"]);
  }
  const hasComponents = list(["component", "list", "--installed", ...toolchain], env);
  const lacking = components.filter((name) => !hasComponents.some((line) => line.startsWith(name)));
  if (lacking.length > 0) await rustup(lacking.join(", "), ["component", "add", ...lacking, ...toolchain]);
  const hasTargets = list(["target", "list", "--installed", ...toolchain], env);
  const missing = targets.filter((name) => !hasTargets.includes(name));
  if (missing.length > 0) await rustup(missing.join(", "), ["target", "add", ...missing, ...toolchain]);
}

async function installLinker(env) {
  if (findExecutable(["cc", "gcc", "clang"], env) && findExecutable(["c++", "g++", "clang++"], env)) return;
  if (mayInstallPackages()) return installPackages("a linker for Rust", LINKER_PACKAGES, env);
  const command = process.platform === "darwin" ? "xcode-select --install" : packageCommand(LINKER_PACKAGES);
  throw new Error(`Rust needs a linker. Install it with:\n  ${command}`);
}

function list(args, env) {
  const { stdout } = spawnSync("rustup", args, { env, cwd: root, encoding: "utf8" });
  return (stdout ?? "").split("\n").filter(Boolean);
}

/** Reads channel, components and targets from the text of rust-toolchain.toml, one setting a line. */
export function parseToolchain(text) {
  const texts = (key) => {
    const line = text.match(new RegExp(`^${key}\\s*=(.*)$`, "m"))?.[1] ?? "";
    return [...line.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  };
  const [channel] = texts("channel");
  if (channel === undefined) throw new Error("rust-toolchain.toml names no channel");
  return { channel, components: texts("components"), targets: texts("targets") };
}
