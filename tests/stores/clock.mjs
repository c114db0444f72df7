/** Runs `use` as if it were so many milliseconds later. */
export async function later(milliseconds, use) {
  const realNow = Date.now;
  Date.now = () => realNow() + milliseconds;
  try {
    return await use();
  } finally {
    Date.now = realNow;
  }
}
