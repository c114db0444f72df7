/** @param {number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * A ratio of two contestants, round by round: what disturbed a round disturbed both.
 *
 * @param {number[]} ours
 * @param {number[]} theirs
 * @returns {{ median: number, low: number, high: number, rounds: number }} `low` and `high` are the quartiles
 */
export function ratio(ours, theirs) {
  return spread(ours.map((value, round) => value / theirs[round]));
}

/** @param {number[]} values */
export function spread(values) {
  if (values.length === 0 || !values.every(Number.isFinite)) throw new Error("nothing was measured");
  return {
    median: median(values),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    rounds: values.length,
  };
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}
