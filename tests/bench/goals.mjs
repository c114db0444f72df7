/** The figures that have a goal: what was measured, what was wanted, and whether it was met. */
import { PREVIEWS } from "./metadata.mjs";
import { median, ratio, spread } from "./stats.mjs";

const KIB = 1024;
const RUNTIME_NAMES = { node: "Node", workerd: "workerd", chromium: "Chromium" };

/**
 * A row of the table.
 *
 * @typedef {{ figure: string, goal: string, value: string, met: boolean, sure: boolean, times: string, where: string }} Row
 *   `sure`: whether both quartiles are on the median's side of the goal; `where`: the part of the results that says where the time goes
 */

/** @returns {Row[]} */
export function judge({ speed, cold, load, requests, size, memory }) {
  const inEachRuntime = (where, rowsOf) =>
    Object.keys(speed).flatMap((runtime) => seeing(where, rowsOf(speed[runtime], RUNTIME_NAMES[runtime])));
  return [
    ...inEachRuntime("verifySession, a new token", ({ verify }, name) => [
      atMost(`verify a new token, ${name}, against jose`, verify, "jose", 1),
      atMost(`verify a new token, ${name}, against raw WebCrypto`, verify, "raw", 1.3),
    ]),
    ...inEachRuntime("authenticate, a known token", ({ again }, name) => [
      faster(`same token again, ${name}, against jose`, again, "jose", 12),
    ]),
    ...inEachRuntime("authenticate, a known token", ({ revocation }, name) => [
      adds(`a revocation check adds, ${name}, with the memory list`, revocation, "without", 5),
    ]),
    ...inEachRuntime("decodeToken", ({ decode }, name) => [atMost(`decode, ${name}, against jose`, decode, "jose", 2)]),
    ...inEachRuntime("Every contestant", (figures, name) =>
      Object.keys(PREVIEWS).map((figure) =>
        within(`${figure}, 3000 characters, ${name}`, figures[figure], "JSON", 100),
      ),
    ),
    ...Object.entries(requests).flatMap(([version, counts]) => requestsAtMostOne(version, counts)),
    ...seeing("A Worker under load", [
      underLoad("Worker, local, against Hanko's sample", load.verifying, "local", 20),
      underLoad("Worker, hybrid, against Hanko's sample", load.verifying, "hybrid", 20),
    ]),
    ...inEachRuntime("verifySession, a new token", (figures, name) => [
      atMost(`refuse a forged signature, ${name}, against jose`, figures["forged signature"], "jose", 1),
    ]),
    ...inEachRuntime("verifySession, alg none", (figures, name) => [
      atMost(`refuse alg none, ${name}, against jose`, figures["forged alg"], "jose", 1),
    ]),
    ...seeing(
      "A cold start",
      Object.keys(cold).map((runtime) => coldStart(`cold start, ${RUNTIME_NAMES[runtime]}`, cold[runtime], 3)),
    ),
    ...seeing("What a browser loads", [below("what a browser loads", size.loaded / 1000, 45, "kB")]),
    ...seeing("Memory", [
      below(`${memory.tokens} distinct tokens: WebAssembly memory`, memory.wasm / KIB / KIB, 1, "MiB more"),
      below(`${memory.tokens} distinct tokens: JavaScript heap`, memory.heap / KIB / KIB, 8, "MiB more"),
    ]),
  ];
}

const seeing = (where, rows) => rows.map((row) => ({ ...row, where }));

function atMost(figure, times, peer, goal) {
  const found = ratio(times["hanko-edge"], times[peer]);
  return row(figure, `<= ${goal} x`, found, "x", (value) => value <= goal, microseconds(times, peer));
}

function faster(figure, times, peer, goal) {
  const found = ratio(times[peer], times["hanko-edge"]);
  return row(figure, `>= ${goal} x faster`, found, "x faster", (value) => value >= goal, microseconds(times, peer));
}

function within(figure, times, peer, goal) {
  return row(
    figure,
    `<= ${goal} us`,
    spread(times["hanko-edge"]),
    "us",
    (value) => value <= goal,
    microseconds(times, peer),
  );
}

function adds(figure, times, peer, goal) {
  const more = spread(times["hanko-edge"].map((time, round) => time - times[peer][round]));
  return row(figure, `<= ${goal} us`, more, "us more", (value) => value <= goal, microseconds(times, peer));
}

function underLoad(figure, rates, way, goal) {
  const [ours, theirs] = [way, "sample"].map((name) => rates[name].map(({ rate }) => rate));
  const found = ratio(ours, theirs);
  const times = `${median(ours).toFixed(0)} and ${median(theirs).toFixed(0)} requests/s`;
  return row(figure, `>= ${goal} x`, found, "x", (value) => value >= goal, times);
}

function coldStart(figure, { hanko, jose }, goal) {
  const more = spread(hanko.map(({ ms }, round) => ms - jose[round].ms));
  const [ours, theirs] = [hanko, jose].map((starts) => median(starts.map(({ ms }) => ms)));
  const times = `${ours.toFixed(1)} and ${theirs.toFixed(1)} ms`;
  return row(figure, `<= jose + ${goal} ms`, more, "ms more", (value) => value <= goal, times);
}

function requestsAtMostOne(version, { user, first, second }) {
  const rowOf = (figure, count, times) => ({ ...below(`${figure}, Hanko ${version}`, count, 1, "request"), times });
  return seeing("Every contestant", [
    rowOf("getCurrentUser", user, ""),
    rowOf("a second patch in one session", second, `the first takes ${first}`),
  ]);
}

function below(figure, value, goal, unit) {
  if (!Number.isFinite(value)) throw new Error(`${figure}: nothing was measured`);
  return {
    figure,
    goal: `<= ${goal} ${unit}`,
    value: `${value.toFixed(2)} ${unit}`,
    met: value <= goal,
    sure: true,
    times: "",
  };
}

function row(figure, goal, { median: middle, low, high, rounds }, unit, meets, times) {
  const value = `${middle.toFixed(2)} ${unit} (${low.toFixed(2)} to ${high.toFixed(2)}, ${rounds} rounds)`;
  const met = meets(middle);
  const sure = [low, high].every((quartile) => meets(quartile) === met);
  return { figure, goal, value, met, sure, times };
}

function microseconds(times, peer) {
  return `${median(times["hanko-edge"]).toFixed(1)} and ${median(times[peer]).toFixed(1)} us`;
}
