/** Requests per second of one Worker in workerd, by each way of asking who has sent them. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import autocannon from "autocannon";
import { Miniflare } from "miniflare";
import { compatibilityDate } from "workerd";

import { bundle } from "../conformance/bundle.mjs";

const WAYS = ["local", "hybrid", "sample", "headers", "nobody"];
const CONNECTIONS = 32;

/**
 * @param {"verifying" | "canned" | "distant"} kind whether Hanko verifies and looks up, answers what it answered before,
 *   or that after 20 ms
 * @param {{ rounds: number, seconds: number }} options
 * @returns {Promise<Record<string, { rate: number, cpu: number | undefined }[]>>} by way, round by round: requests per
 *   second, and microseconds of workerd's processor time for each
 */
export async function measureLoad(kind, { rounds, seconds }) {
  const hanko = await startHanko(kind);
  const worker = await startWorker(hanko.apiUrl);
  const rates = Object.fromEntries(WAYS.map((way) => [way, []]));
  try {
    const url = await worker.unsafeGetDirectURL();
    const workerd = processOf("workerd");
    for (const way of WAYS) await drive(url, way, hanko.cookies, 2);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < WAYS.length; turn++) {
        const way = WAYS[(round + turn) % WAYS.length];
        const before = cpuOf(workerd);
        const { good, rate } = await drive(url, way, hanko.cookies, seconds);
        rates[way].push({ rate, cpu: (cpuOf(workerd) - before) / good });
      }
    }
  } finally {
    await worker.dispose();
    hanko.process.kill();
  }
  return rates;
}

async function startHanko(kind) {
  const child = fork(fileURLToPath(new URL("load/hanko.mjs", import.meta.url)), [kind]);
  const [message] = await once(child, "message");
  return { ...message, process: child };
}

/** With a socket of the Worker's own: miniflare's Worker in front of it would cost every way the same. */
async function startWorker(apiUrl) {
  const entry = new URL("load/worker.mjs", import.meta.url).href;
  const script = await bundle(entry, { flavour: "static", conditions: ["workerd"], external: ["*?module"] });
  const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
  return new Miniflare({
    compatibilityDate,
    bindings: { HANKO_API_URL: apiUrl },
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: script },
      { type: "CompiledWasm", path: "core.wasm?module", contents: wasm },
    ],
  });
}

async function drive(url, way, cookies, seconds) {
  const requests = cookies.map((cookie) => ({ method: "GET", path: `/${way}`, headers: { cookie } }));
  let clients = 0;
  const result = await autocannon({
    url: String(url),
    connections: CONNECTIONS,
    duration: seconds,
    // Each connection begins with another person: else all of them would ask about the same one at once.
    setupClient: (client) => {
      const first = Math.floor((clients++ * requests.length) / CONNECTIONS);
      client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
    },
  });
  const good = result["2xx"];
  if (good === 0 || result.non2xx > 0 || result.errors > 0) {
    throw new Error(`/${way}: ${good} good answers, ${result.non2xx} others, ${result.errors} errors`);
  }
  return { good, rate: good / result.duration };
}

/** The number of this process's child of that name, where the host is Linux (proc_pid_stat(5)). */
function processOf(name) {
  const isNumber = (entry) => /^\d+$/.test(entry);
  const children = existsSync("/proc/self/stat") ? readdirSync("/proc").filter(isNumber) : [];
  return children.find((pid) => {
    const { comm, fields } = statOf(pid) ?? {};
    return comm === name && Number(fields[1]) === process.pid;
  });
}

/** Microseconds of processor time; a tick is a hundredth of a second. */
function cpuOf(pid) {
  const { fields } = statOf(pid) ?? {};
  return fields ? (Number(fields[11]) + Number(fields[12])) * 10_000 : NaN;
}

function statOf(pid) {
  try {
    const [, comm, rest] = readFileSync(`/proc/${pid}/stat`, "utf8").match(/\((.*)\) (.*)/s);
    return { comm, fields: rest.split(" ") };
  } catch {
    return undefined; // It has ended, or there is no /proc.
  }
}
