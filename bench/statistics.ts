/** Medians, quantiles and spread: pure, used for each run's latencies and for the runs of several rounds. */

/** Undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = sortNumbers(values);
  const upper = sorted[sorted.length >> 1];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return (upper + (sorted[(sorted.length >> 1) - 1] ?? upper)) / 2;
}

/**
 * The smallest value that at least `share` (0 to 1) of all values don't exceed: a value that was measured, nothing
 * between two. Undefined for no values.
 */
export function quantile(values: readonly number[], share: number): number | undefined {
  return quantileOfSorted(sortNumbers(values), share);
}

export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number | undefined {
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1))];
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many values. */
  readonly count: number;
}

export function summarise(values: readonly number[]): Summary | undefined {
  const middle = median(values);
  if (middle === undefined) return undefined;
  return { median: middle, min: Math.min(...values), max: Math.max(...values), count: values.length };
}

/** Half of the range as a share of the median: the n of "median +- n". 0 for one value. */
export function spread({ median: middle, min, max }: Summary): number {
  return middle === 0 ? 0 : (max - min) / 2 / middle;
}

function sortNumbers(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
