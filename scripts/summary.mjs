// The table and the last line of `npm test`.

/** One row for each suite: its name, result, number of tests, and seconds. */
export function table(results) {
  const rows = results.map((result) => [
    result.name,
    result.outcome === "passed" ? "passed" : `${result.outcome}: ${result.reason}`,
    String(result.passed + result.failed + result.skipped),
    result.seconds.toFixed(1),
  ]);
  const lines = [["suite", "result", "tests", "seconds"], ...rows];
  const width = (column) => Math.max(...lines.map((line) => line[column].length));
  const [suite, tests, seconds] = [width(0), width(2), width(3)];
  // The result comes last on its line: a reason may be long.
  return lines
    .map(([a, b, c, d]) => `${a.padEnd(suite)}  ${c.padStart(tests)}  ${d.padStart(seconds)}  ${b}`)
    .join("\n");
}

/** `N passed, M failed`, and `, K skipped` where there are any. */
export function total(results) {
  const sum = (key) => results.reduce((all, result) => all + result[key], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
