/** Runs `work` while `Date.now` stands at `seconds` after 1970. */
export async function at(seconds, work) {
  const real = Date.now;
  Date.now = () => seconds * 1000;
  try {
    return await work();
  } finally {
    Date.now = real;
  }
}

/** Milliseconds that `work` took, beside its result. `Date.now` may stand still; this clock does not. */
export async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { result, elapsed: performance.now() - start };
}
