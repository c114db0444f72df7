// What the README says of speed is what `npm run bench` wrote last.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { rowsOf, section } from "./snippets/sections.mjs";
import { root } from "./tarball.mjs";

const results = readFileSync(join(root, "tests/bench/RESULTS.md"), "utf8");
const found = new Map(rowsOf(results).map(([figure, , value]) => [figure, Number.parseFloat(value)]));
const said = section("Speed").replace(/\s+/g, " ").replaceAll("**", "");

const RUNTIMES = ["Node", "workerd", "Chromium"];

/** A figure of each of the three runtimes, as a sentence lists them. */
function each(name, digits) {
  const [one, two, three] = RUNTIMES.map((runtime) => figure(name.replace("*", runtime), digits));
  return `${one}, ${two} and ${three}`;
}

function figure(name, digits) {
  assert.ok(found.has(name), `RESULTS.md has no ${name}`);
  return found.get(name).toFixed(digits);
}

/** The most that a figure was anywhere, rounded up. */
function most(beginning) {
  const values = [...found].filter(([name]) => name.startsWith(beginning)).map(([, value]) => value);
  assert.ok(values.length >= 3, beginning);
  return Math.ceil(Math.max(...values));
}

const [, met, goals] = /^(\d+) of (\d+) goals met/m.exec(results);
const [, nobody] = /asks nothing is (\S+) x the sample/.exec(results);
const [, calls, part, whole] = /calls (\d+) of the core's functions, (\d+) of its (\d+) kB/.exec(results);

const SENTENCES = [
  `${met} of ${goals} goals were met`,
  `a new token took ${each("verify a new token, *, against jose", 2)} times the time of jose`,
  `and ${each("verify a new token, *, against raw WebCrypto", 2)} times that of WebCrypto alone`,
  `was answered ${each("same token again, *, against jose", 0)} times faster than by jose`,
  `a forged one was refused in ${each("refuse a forged signature, *, against jose", 2)} times its time`,
  `a decode took ${each("decode, *, against jose", 1)} times as long as jose's`,
  `a list of revocations in memory added ${most("a revocation check adds")} us at most`,
  `a preview of 3000 characters took ${most("preview of")} us at most`,
  `answered ${figure("Worker, local, against Hanko's sample", 1)} (\`local\`)`,
  `and ${figure("Worker, hybrid, against Hanko's sample", 1)} times (\`hybrid\`)`,
  `answered ${nobody} times as many`,
  `${figure("cold start, Node", 0)} ms after jose's in Node, ${figure("cold start, workerd", 0)} ms in workerd and ${figure("cold start, Chromium", 0)} ms in Chromium`,
  `it calls ${calls} of the core's functions, ${part} of its ${whole} kB`,
  `a browser loads ${figure("what a browser loads", 0)} kB`,
];

for (const sentence of SENTENCES) {
  test(sentence, () => assert.ok(said.includes(sentence), `the README says otherwise: ${said}`));
}

test("it says of how many goals it speaks of that they were missed", () => {
  const missed = [...results.matchAll(/^\| verify a new token.*\*\*missed\*\*.*$/gm)].map(([row]) => row);
  const words = ["none", "one", "two", "three", "four", "five", "six"];
  const within = missed.filter((row) => row.includes("within the quartiles")).length;
  const sentence = `${words[missed.length]} of these six were missed, ${words[within]} of them by what lies within the quartiles`;
  assert.ok(said.includes(sentence), sentence);
});
