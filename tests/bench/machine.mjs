/** Where a run was made. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, platform, release } from "node:os";

const { resolve } = createRequire(import.meta.url);

/** Lines that say so. The load is that at the beginning. */
export function describeMachine() {
  const [{ model }] = cpus();
  const chromium = execFileSync(process.env.CHROMIUM ?? "/usr/bin/chromium", ["--version"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const core = readFileSync(resolve("hanko-edge/core.wasm"));
  const digest = createHash("sha256").update(core).digest("hex").slice(0, 12);
  const versions = ["jose", "hono", "workerd"].map((name) => `${name} ${versionOf(name)}`);
  return [
    `${model.trim()}, ${availableParallelism()} cores, ${platform()} ${release()}; load ${loadavg()[0].toFixed(1)} at the beginning.`,
    `Node ${process.versions.node}, ${versions.join(", ")}, ${chromium.trim().split(" ").slice(0, 2).join(" ")}.`,
    `hanko-edge ${versionOf("hanko-edge")}, core.wasm ${core.length} bytes, SHA-256 ${digest}; ${new Date().toISOString().slice(0, 10)}.`,
  ];
}

function versionOf(name) {
  const [, root] = resolve(name).match(new RegExp(`^(.*/node_modules/${name})/`));
  return JSON.parse(readFileSync(`${root}/package.json`, "utf8")).version;
}
