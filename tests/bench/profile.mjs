// Where the time goes: `node tests/bench/profile.mjs` prints, for four kinds of call, the functions with the most self time.
// With `--json` for `run.mjs`: a process of its own, because the first core that a process starts stays.
import inspector from "node:inspector/promises";
import { readFile } from "node:fs/promises";

import { createHanko, decodeToken, init } from "hanko-edge/slim";

import { createFixture } from "./fixture.mjs";
import { namedWasm } from "./named-wasm.mjs";

const SECONDS = 3;
const SAMPLE_MICROSECONDS = 100;
const TOP = 16;

/**
 * Profiles each kind of call.
 *
 * @returns {Promise<{ call: string, microseconds: number, parts: Record<string, number>, top: [string, number][] }[]>}
 *   microseconds for one call, in all, by kind of code and by function
 */
async function profile() {
  await init(await readFile(namedWasm()));
  const { apiUrl, jwks, tokens, forged } = await createFixture();
  const hanko = createHanko({ apiUrl, mode: "local", fetch: async () => new Response(jwks) });
  const requests = Array.from({ length: 5000 }, () => requestOf(tokens[0]));
  const calls = [
    ["authenticate, a known token", requests, (request) => hanko.authenticate(request)],
    ["verifySession, a new token", tokens, (token) => hanko.verifySession(token)],
    ["verifySession, alg none", forged.alg, (token) => hanko.verifySession(token).catch(() => undefined)],
    ["decodeToken", tokens, (token) => decodeToken(token)],
  ];
  const profiled = [];
  for (const [call, inputs, run] of calls) {
    await repeat(inputs, run, 1);
    profiled.push({ call, ...(await sample(() => repeat(inputs, run, SECONDS))) });
  }
  return profiled;
}

/** Calls for so many seconds; returns how often. */
async function repeat(inputs, run, seconds) {
  const end = performance.now() + seconds * 1000;
  let count = 0;
  while (performance.now() < end) await run(inputs[count++ % inputs.length]);
  return count;
}

async function sample(work) {
  const session = new inspector.Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_MICROSECONDS });
  await session.post("Profiler.start");
  const count = await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  return summary(profile, count);
}

function summary({ nodes, samples, timeDeltas, startTime, endTime }, count) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const [functions, parts] = [new Map(), new Map()];
  const add = (sums, name, time) => sums.set(name, (sums.get(name) ?? 0) + time / count);
  samples.forEach((id, index) => {
    const frame = byId.get(id);
    add(functions, nameOf(frame), timeDeltas[index]);
    add(parts, partOf(frame), timeDeltas[index]);
  });
  const sorted = (sums) => [...sums].sort(([, a], [, b]) => b - a);
  return {
    microseconds: (endTime - startTime) / count,
    parts: Object.fromEntries(sorted(parts)),
    top: sorted(functions).slice(0, TOP),
  };
}

function nameOf({ functionName, url, lineNumber }) {
  if (url.startsWith("wasm:")) return `wasm ${functionName.replace(/::h[0-9a-f]{16}$/, "")}`;
  const file = url.split("/").at(-1);
  return `${functionName || "(anonymous)"}${file ? ` ${file}:${lineNumber + 1}` : ""}`;
}

function partOf({ functionName, url }) {
  if (url.startsWith("wasm:")) return "WebAssembly";
  if (url.endsWith("/glue.js")) return "wasm-bindgen's glue";
  if (url.includes("/hanko-edge/")) return "TypeScript face";
  if (functionName === "(garbage collector)") return "garbage collector";
  if (functionName === "(idle)") return "idle: WebCrypto's own thread";
  return functionName === "(program)" || !url ? "engine" : url.startsWith("node:") ? "Node" : "the loop";
}

function requestOf(token) {
  return new Request("https://app.example/", { headers: { authorization: `Bearer ${token}` } });
}

function print({ call, microseconds, parts, top }) {
  const show = ([name, time]) => `  ${time.toFixed(2).padStart(8)} us  ${name}`;
  console.log(`\n${call}: ${microseconds.toFixed(1)} us`);
  console.log(Object.entries(parts).map(show).join("\n"));
  console.log(`  top self time\n${top.map(show).join("\n")}`);
}

const profiles = await profile();
if (process.argv.includes("--json")) console.log(JSON.stringify(profiles));
else profiles.forEach(print);
