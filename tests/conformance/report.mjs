/** Fewer tests in one run than this means that a file was not loaded or a list was empty. */
export const EXPECTED_MINIMUM = 1450;

/** Prints the failures and the sum of so many runs, and sets the exit code. */
export function report({ passed, failed, skipped, failures }, runs = 1) {
  for (const { name, messages } of failures) console.log(`FAILED ${name}\n    ${messages.join("\n    ")}`);
  const [ran, expected] = [passed + failed, EXPECTED_MINIMUM * runs];
  const few = ran < expected;
  if (few) console.log(`FAILED only ${ran} tests ran, at least ${expected} were expected`);
  console.log(`${passed} passed, ${failed + Number(few)} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 || few ? 1 : 0;
}
