/** Runs `use` at this time, in milliseconds since 1970, which stands still. */
export const at = (time, use) => withClock(() => time, use);

/** Runs `use` as if it were so many milliseconds later. */
export function later(milliseconds, use) {
  const realNow = Date.now;
  return withClock(() => realNow() + milliseconds, use);
}

async function withClock(now, use) {
  const realNow = Date.now;
  Date.now = now;
  try {
    return await use();
  } finally {
    Date.now = realNow;
  }
}
