// Debian packages: installed only where that needs no asking (root on Debian), named everywhere else.
import { readFileSync } from "node:fs";
import { step } from "./progress.mjs";

/** The `ID` of /etc/os-release (`debian`, `ubuntu`, ...), or an empty text where there is none. */
export function distribution() {
  try {
    return readFileSync("/etc/os-release", "utf8").match(/^ID="?([^"\n]+)/m)?.[1] ?? "";
  } catch {
    return "";
  }
}

/** Whether packages may be installed without asking. */
export function mayInstallPackages() {
  return process.getuid?.() === 0 && ["debian", "ubuntu"].includes(distribution());
}

/** The command that installs these packages, for a person to run. */
export function packageCommand(packages) {
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  return `${sudo}apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

/** Installs packages; `what` names them for the person who waits. */
export async function installPackages(what, packages, env) {
  const options = { env: { ...env, DEBIAN_FRONTEND: "noninteractive" } };
  await step("apt-get update", "apt-get", ["update"], options);
  await step(what, "apt-get", ["install", "-y", "--no-install-recommends", ...packages], options);
}
