/** Runs `use` at this time, in milliseconds since 1970, which stands still. */
export async function at(time, use) {
  const realNow = Date.now;
  Date.now = () => time;
  try {
    return await use();
  } finally {
    Date.now = realNow;
  }
}

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
