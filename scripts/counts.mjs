// How many tests a suite ran, read from what it printed. Each reader returns { passed, failed, skipped }.
import { stripVTControlCharacters } from "node:util";

/** cargo test and wasm-bindgen-test: one line for each test program, summed. */
export function countLibtest(output) {
  const line = /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of plain(output).matchAll(line)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  return counts;
}

/** node:test, reporters `spec` and `tap`: the summary at the end. */
export function countNodeTest(output) {
  const last = (key) => {
    const lines = [...plain(output).matchAll(new RegExp(`^(?:#|\\u2139) ${key} (\\d+)$`, "gm"))];
    return Number(lines.at(-1)?.[1] ?? 0);
  };
  return { passed: last("pass"), failed: last("fail") + last("cancelled"), skipped: last("skipped") + last("todo") };
}

/** The conformance runners: `N passed, M failed[, K skipped]` as the last line. */
export function countConformance(output) {
  const lastLine = plain(output).trimEnd().split("\n").at(-1);
  const [, passed, failed, skipped] = lastLine.match(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/) ?? [];
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 0), skipped: Number(skipped ?? 0) };
}

function plain(output) {
  return stripVTControlCharacters(output).replaceAll("\r\n", "\n");
}
