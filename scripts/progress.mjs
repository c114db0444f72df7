// Long steps say that they live: seconds that tick on a terminal, a line now and then elsewhere.
import { isEnding, run } from "./processes.mjs";

const LINE_EVERY_MS = 15_000;
const LINES_OF_A_FAILURE = 60;

/** Says that `name` has begun and goes on; call the result, with how it ended, to stop. */
export function tick(name) {
  const terminal = process.stdout.isTTY === true;
  const started = performance.now();
  const elapsed = () => `${Math.round((performance.now() - started) / 1000)} s`;
  const say = () => {
    if (!isEnding())
      process.stdout.write(`${terminal ? "\r\x1b[K" : ""}${name} ... ${elapsed()}${terminal ? "" : "\n"}`);
  };
  if (terminal) say();
  else process.stdout.write(`${name} ...\n`);
  const timer = setInterval(say, terminal ? 1000 : LINE_EVERY_MS);
  return (ending) => {
    clearInterval(timer);
    process.stdout.write(`${terminal ? "\r\x1b[K" : ""}${name}: ${ending} (${elapsed()})\n`);
  };
}

/**
 * Runs one step of the set-up. Returns what it printed.
 *
 * @throws {Error} with the end of the program's output when it fails
 */
export async function step(name, command, args, options) {
  const stop = tick(name);
  const { code, output } = await run(command, args, options);
  stop(code === 0 ? "done" : "failed");
  if (code !== 0) throw new Error(`${name} failed (exit code ${code}):\n${lastLines(output, LINES_OF_A_FAILURE)}`);
  return output;
}

/** The last `count` lines of a text. */
export function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
