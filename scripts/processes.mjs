// Every child runs in a process group of its own, so that the whole of it can be ended: cargo's compilers, a test
// runner's browsers, the demo's workerd. SIGINT, SIGTERM and SIGHUP end all groups before this process exits.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The repository's root, with a trailing slash. */
export const root = fileURLToPath(new URL("..", import.meta.url));

const GRACE_MS = 5000;
const groups = new Set();
const never = new Promise(() => {});
let ending = false;

/** Whether a signal is ending everything. */
export function isEnding() {
  return ending;
}

/** Starts a program as the leader of its own process group. */
export function launch(command, args, { env, cwd = root, stdio }) {
  const child = spawn(command, args, { env, cwd, stdio, detached: true });
  if (child.pid !== undefined) groups.add(child.pid);
  return child;
}

/**
 * Runs a program to its end, without standard input.
 *
 * `timeLimit` is in milliseconds; past it the program's group is killed. A program that cannot be started counts as
 * one that ended with code 127. What the program leaves behind in its group is killed.
 */
export async function run(command, args, { env, cwd, timeLimit = Infinity, inherit = false }) {
  if (ending) return never;
  const sink = inherit ? "inherit" : "pipe";
  const started = performance.now();
  const child = launch(command, args, { env, cwd, stdio: ["ignore", sink, sink] });
  const chunks = [];
  child.stdout?.on("data", (chunk) => chunks.push(chunk));
  child.stderr?.on("data", (chunk) => chunks.push(chunk));

  let timedOut = false;
  const timer = Number.isFinite(timeLimit)
    ? setTimeout(() => {
        timedOut = true;
        signalGroup(child.pid, "SIGKILL");
      }, timeLimit)
    : undefined;
  const code = await exitCode(child, chunks);
  clearTimeout(timer);
  if (ending) return never;
  signalGroup(child.pid, "SIGKILL");
  groups.delete(child.pid);
  const output = Buffer.concat(chunks).toString("utf8");
  return { code, timedOut, output, seconds: (performance.now() - started) / 1000 };
}

// A grandchild may hold the pipes open after its parent's exit, and then "close" never comes.
function exitCode(child, chunks) {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      resolve(127);
    });
    child.on("exit", (code, signal) => {
      const value = code ?? 128 + constants.signals[signal];
      const late = setTimeout(() => resolve(value), 1000);
      child.on("close", () => {
        clearTimeout(late);
        resolve(value);
      });
    });
  });
}

function signalGroup(pid, signal) {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

async function endAll(signal) {
  if (ending) return;
  ending = true;
  // Not SIGINT itself: what a shell starts in the background ignores it.
  for (const pid of groups) signalGroup(pid, "SIGTERM");
  const deadline = performance.now() + GRACE_MS;
  while (performance.now() < deadline && [...groups].some((pid) => signalGroup(pid, 0))) await sleep(50);
  process.exit(128 + constants.signals[signal]);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => endAll(signal));
process.on("exit", () => groups.forEach((pid) => signalGroup(pid, "SIGKILL")));
