import assert from "node:assert/strict";
import { test } from "node:test";
import { countConformance, countLibtest, countNodeTest } from "../../scripts/counts.mjs";
import { judge } from "../../scripts/run-suite.mjs";
import { table, total } from "../../scripts/summary.mjs";
import { parseToolchain } from "../../scripts/toolchain.mjs";
import { lockedVersion } from "../../scripts/tools.mjs";

const CARGO = `     Running unittests src/lib.rs (target/debug/deps/hanko_edge-206c6a67f6adcfee)

running 0 tests

test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/config.rs (target/debug/deps/config-e17b8f6eeea48fcb)

test result: ok. 11 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.71s
`;
const TAP =
  "1..4\n# tests 6\n# suites 0\n# pass 1\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 1\n# duration_ms 107.40805\n";
const SPEC = TAP.replaceAll("# ", "\u2139 ");
const none = { passed: 0, failed: 0, skipped: 0 };

test("cargo's results are summed over its test programs", () => {
  assert.deepEqual(countLibtest(CARGO), { passed: 14, failed: 1, skipped: 2 });
  assert.deepEqual(countLibtest(CARGO.replaceAll("ok.", "\x1b[32mok\x1b[0m.")), countLibtest(CARGO));
});

test("node:test is read from both reporters, and a cancelled test has failed", () => {
  for (const output of [TAP, SPEC, SPEC.replaceAll("\n", "\r\n"), `\x1b[34m${SPEC}\x1b[39m`]) {
    assert.deepEqual(countNodeTest(output), { passed: 1, failed: 2, skipped: 3 });
  }
});

test("a conformance runner is read from its last line only", () => {
  assert.deepEqual(countConformance("FAILED x\n860 passed, 2 failed, 3 skipped\n"), {
    passed: 860,
    failed: 2,
    skipped: 3,
  });
  assert.deepEqual(countConformance("860 passed, 2 failed"), { passed: 860, failed: 2, skipped: 0 });
  assert.deepEqual(countConformance("860 passed, 0 failed\nError: the browser is gone\n"), none);
});

test("output without counts counts nothing", () => {
  for (const count of [countLibtest, countNodeTest, countConformance]) {
    for (const output of ["", "error: could not compile\n", "all is well"]) assert.deepEqual(count(output), none);
  }
});

test("a suite passes only with exit code 0, a test that passed, and none that failed", () => {
  const suite = { name: "s", count: countConformance };
  const ended = (code, output, timedOut = false) => judge(suite, { code, output, timedOut, seconds: 1 });
  const outcomes = [
    [ended(0, "2 passed, 0 failed"), "passed", 0],
    [ended(0, "0 passed, 0 failed"), "failed", 1],
    [ended(0, "0 passed, 0 failed, 9 skipped"), "failed", 1],
    [ended(0, "2 passed, 3 failed"), "failed", 3],
    [ended(1, "2 passed, 3 failed"), "failed", 3],
    [ended(1, "2 passed, 0 failed"), "failed", 1],
    [ended(139, "Segmentation fault"), "failed", 1],
    [ended(137, "2 passed, 0 failed", true), "failed", 1],
  ];
  assert.match(outcomes.at(-1)[0].reason, /time limit/);
  for (const [result, outcome, failed] of outcomes)
    assert.deepEqual([result.outcome, result.failed], [outcome, failed]);
});

test("browser tests that ran in another browser have failed", () => {
  const suite = { name: "s", count: countLibtest, proof: "Running headless tests in Chrome on " };
  const outcome = (engine) => {
    const output = `Running headless tests in ${engine} on \`http://127.0.0.1:1/\`\n${CARGO.replace(/^.*FAILED.*$/m, "")}`;
    return judge(suite, { code: 0, output, timedOut: false, seconds: 1 }).outcome;
  };
  assert.deepEqual([outcome("Chrome"), outcome("Firefox")], ["passed", "failed"]);
});

test("a suite that counts nothing is one check", () => {
  const ended = { output: "1 passed, 0 failed", timedOut: false, seconds: 1 };
  assert.equal(judge({ name: "rustfmt" }, { code: 0, ...ended }).passed, 1);
  assert.equal(judge({ name: "rustfmt" }, { code: 1, ...ended }).failed, 1);
});

test("the last line sums up, and names skipped tests only where there are any", () => {
  const one = { name: "a", outcome: "passed", passed: 2, failed: 0, skipped: 0, seconds: 1.25 };
  const two = { name: "b", outcome: "failed", reason: "exit code 1", passed: 1, failed: 4, skipped: 0, seconds: 0 };
  const three = { name: "c", outcome: "skipped", reason: "no firefox", passed: 0, failed: 0, skipped: 1, seconds: 0 };
  assert.equal(total([one, two]), "3 passed, 4 failed");
  assert.equal(total([one, two, three]), "3 passed, 4 failed, 1 skipped");
  const lines = table([one, two, three]).split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[2], /^b +5 +0\.0 +failed: exit code 1$/);
  assert.match(lines[3], /^c +1 +0\.0 +skipped: no firefox$/);
});

test("versions come from the files that pin them", () => {
  const toolchain =
    '[toolchain]\nchannel = "1.95.0"\ncomponents = ["clippy", "rustfmt"]\ntargets = ["wasm32-unknown-unknown"]\n';
  const expected = { channel: "1.95.0", components: ["clippy", "rustfmt"], targets: ["wasm32-unknown-unknown"] };
  assert.deepEqual(parseToolchain(toolchain), expected);
  assert.throws(() => parseToolchain("[toolchain]\n"), /channel/);
  const lock =
    '[[package]]\nname = "wasm-bindgen-futures"\nversion = "0.4.80"\n\n[[package]]\nname = "wasm-bindgen"\nversion = "0.2.130"\n';
  assert.equal(lockedVersion("wasm-bindgen", lock), "0.2.130");
  assert.throws(() => lockedVersion("wasm-pack", lock), /wasm-pack/);
});
