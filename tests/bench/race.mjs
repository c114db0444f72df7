/** Interleaved rounds: every contestant has its block in every round, so what else the machine does meets all of them. */

/**
 * Something to be timed.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(count: number) => unknown[]} inputs makes the inputs of one block, outside the measured time
 * @property {(input: any) => unknown} run
 * @property {boolean} [sync] `run` answers at once: nothing is awaited
 */

/**
 * Times the contestants against each other.
 *
 * @param {Contestant[]} contestants
 * @param {{ rounds: number, blockMs: number }} options
 * @returns {Promise<Record<string, number[]>>} by name: microseconds for one operation, one number for each round
 */
export async function race(contestants, { rounds, blockMs }) {
  const counts = new Map();
  for (const contestant of contestants) counts.set(contestant, await calibrate(contestant, blockMs));
  const times = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const contestant = contestants[(round + turn) % contestants.length];
      const count = counts.get(contestant);
      times[contestant.name].push(((await block(contestant, count)) * 1000) / count);
    }
  }
  return times;
}

/** Warms up, and finds how many operations fill a block. */
async function calibrate(contestant, blockMs) {
  let count = 8;
  for (;;) {
    const ms = await block(contestant, count);
    if (ms >= blockMs / 2) return Math.max(1, Math.round((count * blockMs) / ms));
    count *= 2;
  }
}

/** Milliseconds. workerd's clock shows whole ones, so a block is long. */
async function block({ inputs, run, sync }, count) {
  const list = inputs(count);
  const began = performance.now();
  if (sync) for (const input of list) run(input);
  else for (const input of list) await run(input);
  return performance.now() - began;
}
