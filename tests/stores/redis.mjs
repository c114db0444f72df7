// A Redis server of its own for a test: of PATH, on a free port, without a file.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";

const HOST = "127.0.0.1";

/** Why there is no Redis here, or undefined. */
export function reasonMissing() {
  const found = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
  return found ? undefined : "no redis-server on PATH (on Debian: apt-get install redis-server)";
}

/**
 * Starts a server.
 *
 * @throws {Error} where there is none to start
 * @returns {Promise<{ host: string, port: number, pause: () => void, stop: () => Promise<void> }>}
 */
export async function startRedis() {
  const missing = reasonMissing();
  if (missing !== undefined) throw new Error(missing);
  const port = await freePort();
  const options = { bind: HOST, port, save: "", appendonly: "no", dir: tmpdir() };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit");
  await Promise.race([ready(server), ended.then(([code]) => Promise.reject(new Error(`redis-server ended: ${code}`)))]);
  return {
    host: HOST,
    port,
    /** From now on it takes questions and answers none. */
    pause: () => server.kill("SIGSTOP"),
    async stop() {
      server.kill("SIGKILL");
      await ended;
    },
  };
}

async function ready({ stdout }) {
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes("Ready to accept connections")) break;
  }
  stdout.resume();
}

async function freePort() {
  const probe = createServer().listen(0, HOST);
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
