/** How long the fuzz tests run: a number of runs that takes seconds, or as long as STILLHOUSE_FUZZ_SECONDS says. */

import type { Parameters } from 'fast-check';

/** For longer than this no single input may keep the parser: it is a hang, on whatever machine. */
export const HANG_MS = 20_000;

/** Of a property that makes `numRuns` runs in everyday tests, and has `share` of the time of a long run. */
export function fuzzBudget(numRuns: number, share: number): Parameters<unknown> {
  const seconds = Number(process.env.STILLHOUSE_FUZZ_SECONDS ?? 0);
  // A run that the time limit ends has not failed.
  const common = { markInterruptAsFailure: false };
  if (!(seconds > 0)) return { ...common, numRuns, interruptAfterTimeLimit: 2500 };
  return { ...common, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * share * 1000 };
}
