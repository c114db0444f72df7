import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../www/serve.mjs", import.meta.url));

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`a busy port is said and another taken; ${signal} ends all of it`, { timeout: 60_000 }, async (t) => {
    const other = createServer().listen(0, "127.0.0.1");
    t.after(() => other.close());
    await once(other, "listening");
    const { port } = other.address();
    const child = spawn(process.execPath, [SCRIPT], {
      env: { ...process.env, PORT: String(port), HANKO_API_URL: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => child.kill("SIGTERM"));

    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    assert.match((await lines.next()).value, new RegExp(`^Port ${port} is busy`));
    const [, url] = /^The demo is at (http:\/\/\S+)/.exec((await lines.next()).value);
    assert.notEqual(new URL(url).port, String(port));
    assert.equal((await fetch(url)).status, 200);

    const descendants = childrenOf(child.pid);
    assert.equal(descendants.length, 1, "workerd, and no bundler");
    child.kill(signal);
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.deepEqual(descendants.filter(isAlive), []);
  });
}

function childrenOf(pid) {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const own = rows.filter(([child, parent]) => parent === pid && isAlive(child));
  return own.map(([child]) => child);
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
