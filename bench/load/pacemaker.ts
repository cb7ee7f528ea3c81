/**
 * The clock of the open loop, as a thread: it sleeps until the next request is due and wakes the sender. A timer of
 * Node.js counts whole milliseconds, a thread that waits is right to a tenth of one and costs next to nothing.
 */

import { parentPort, workerData } from 'node:worker_threads';

export interface Pace {
  /** Wall clock with fractions: performance.timeOrigin + performance.now(), which threads have in common. */
  readonly startEpochMs: number;
  readonly intervalMs: number;
  readonly count: number;
}

const { startEpochMs, intervalMs, count } = workerData as Pace;
// Nobody ever writes to it: the wait always ends by its time-out.
const cell = new Int32Array(new SharedArrayBuffer(4));

for (let index = 0; index < count; index += 1) {
  const waitMs = startEpochMs + index * intervalMs - (performance.timeOrigin + performance.now());
  if (waitMs > 0) Atomics.wait(cell, 0, 0, waitMs);
  parentPort?.postMessage(index);
}
