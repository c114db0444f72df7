/** A run as text: `RESULTS.md`. */
import { median, spread } from "./stats.mjs";

const HEAD = `# Speed

Written by \`npm run bench\`. Every figure is a ratio within one run: each contestant has a block in every round, in turns, and the
ratio is taken round by round. Shown are the median and, in brackets, the quartiles; the median
decides, and where the goal lies within the quartiles the row says so. Absolute times say little about another machine.
RS256 with 4096 bits, tokens of 1.1 kB, as Hanko issues them. jose: a warm \`createRemoteJWKSet\` and \`jwtVerify\`. Raw:
\`crypto.subtle.verify\` alone, with key and bytes at hand. hono: its \`jwk\` middleware, keys given. Hanko's sample: the quickstart
for JavaScript backends, which asks \`/sessions/validate\` for every request.
`;

/** @returns {string} Markdown */
export function write({ machine, rows, measured }) {
  const missed = rows.filter(({ met }) => !met).length;
  return [
    HEAD,
    ...machine,
    `\n${rows.length - missed} of ${rows.length} goals met, ${missed} missed.\n`,
    table(["Figure", "Goal", "Found", "Ours and theirs", ""], rows.map(cellsOf)),
    "\n## Every contestant\n\nMicroseconds for one operation, median of the rounds.\n",
    table(["Runtime", "Figure", "hanko-edge", "jose", "hono", "raw"], everyone(measured.speed)),
    "\n## A Worker under load\n",
    LOAD + ceiling(measured.load.verifying),
    table(
      ["Hanko", "Way", "Requests/s", "Against the sample", "workerd's processor time, us for one"],
      loads(measured),
    ),
    "\n## Where the time goes\n\n### A cold start\n\nMilliseconds, median of the rounds, by part.\n",
    table(["Runtime", "Contestant", "In all", "Parts"], colds(measured.cold)),
    compiled(measured),
    "\n### The border\n\nMicroseconds, median of the rounds. The core's decode holds the way in and out; `decodeToken` adds `JSON.parse`.\n",
    table(
      ["Part", "us"],
      Object.entries(measured.border).map(([part, times]) => [part, median(times).toFixed(2)]),
    ),
    "\n### Self time\n\nBy V8's profiler, in Node, with the core's function names; sampling makes everything slower.\n",
    ...measured.profiles.map(profiled),
    "### What a browser loads\n",
    sizes(measured.size),
    "\n### Memory\n",
    memories(measured.memory),
    "",
  ].join("\n");
}

const LOAD = `32 connections, 200 people, one thread of workerd; driver and Hanko share the machine. \`nobody\` asks nothing: what driver and
machine can do at most. \`headers\` reads the two headers that may carry a token, and asks nothing: what is above it in processor time
is the package's. Verifying: the test server, on loopback, verifies each token. Canned: it answers from a table, so that asking costs
as little as it ever can. Distant: the same, 20 ms later. With a database or a longer way the sample is slower still.
`;

/** What the sample could be beaten by at most, here. */
function ceiling({ nobody, sample }) {
  const most = median(nobody.map(({ rate }, round) => rate / sample[round].rate));
  return `A Worker that asks nothing is ${most.toFixed(1)} x the sample, with the verifying Hanko: no way of asking can be more here.\n`;
}

const cellsOf = ({ figure, goal, value, times, met, sure, where }) => {
  const outcome = met ? "met" : `**missed**: see *${where}*`;
  return [figure, goal, value, times, sure ? outcome : `${outcome}; within the quartiles`];
};

function everyone(speed) {
  return Object.entries(speed).flatMap(([runtime, figures]) =>
    Object.entries(figures).map(([figure, times]) => [
      runtime,
      figure,
      ...["hanko-edge", "jose", "hono", "raw"].map((name) => (times[name] ? median(times[name]).toFixed(2) : "")),
    ]),
  );
}

function loads({ load }) {
  return Object.entries(load).flatMap(([hanko, ways]) =>
    Object.entries(ways).map(([way, rounds]) => {
      const against = spread(rounds.map(({ rate }, round) => rate / ways.sample[round].rate));
      const [rate, cpu] = ["rate", "cpu"].map((name) => median(rounds.map((one) => one[name])).toFixed(0));
      return [
        hanko,
        way,
        rate,
        `${against.median.toFixed(1)} x (${against.low.toFixed(1)} to ${against.high.toFixed(1)})`,
        cpu,
      ];
    }),
  );
}

function colds(cold) {
  return Object.entries(cold).flatMap(([runtime, contestants]) =>
    Object.entries(contestants).map(([name, starts]) => {
      const part = (key) => `${key} ${median(starts.map(({ parts }) => parts[key])).toFixed(1)}`;
      return [
        runtime,
        name,
        median(starts.map(({ ms }) => ms)).toFixed(1),
        Object.keys(starts[0].parts).map(part).join(", "),
      ];
    }),
  );
}

function compiled({ compiled: { functions, bytes }, size: { wasmRaw } }) {
  const [some, all] = [bytes, wasmRaw].map((size) => (size / 1000).toFixed(0));
  return `\nThe first answer calls ${functions} of the core's functions, ${some} of its ${all} kB, and V8 compiles each of them when it is first called.`;
}

function profiled({ call, microseconds, parts, top }) {
  const list = (entries) =>
    entries.map(([name, time]) => `| ${time.toFixed(2)} | ${name.replaceAll("|", "\\|")} |`).join("\n");
  const shares = Object.entries(parts).map(([name, time]) => `${name} ${time.toFixed(1)}`);
  return `**${call}**: ${microseconds.toFixed(1)} us (${shares.join(", ")}).\n\n| us | Function |\n| --- | --- |\n${list(top.slice(0, 10))}\n`;
}

function sizes({ loaded, brotli, javascript, wasm, wasmRaw, jose, rooms }) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const parts = rooms.map(([room, bytes]) => `${room} ${(bytes / 1000).toFixed(1)}`);
  return `${kilobytes(loaded)} minified and gzipped (${kilobytes(brotli)} by Brotli). Of it the core is ${kilobytes(wasm)} gzipped (${kilobytes(wasmRaw)} raw), the JavaScript
${kilobytes(javascript)}; the rest is that the core is inline, as text. jose's \`createRemoteJWKSet\` and \`jwtVerify\`: ${kilobytes(jose)}.
The core's code by room, in kB, raw: ${parts.join(", ")}.`;
}

function memories({ tokens, warm, wasm, heap }) {
  const mebibytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
  return `In hybrid, with every memory at its bound (40000 tokens): core ${mebibytes(warm.wasm)}, JavaScript heap ${mebibytes(warm.heap)}, after a collection.
Then ${tokens} distinct tokens, half valid (RS256 with 2048 bits), in ten parts; the most of any: core ${mebibytes(wasm)} more, heap ${mebibytes(heap)} more.`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
