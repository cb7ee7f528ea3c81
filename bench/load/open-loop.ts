/**
 * Open loop: requests at a constant rate, whether or not the server keeps up. A request's latency counts from the moment
 * it was due, so the time that it waits for a free connection is in it, and so is what this client was late itself
 * (`late` says how much). A client that measures from when it got round to sending omits
 * exactly the requests that a stalled server has made wait.
 */

import { Worker } from 'node:worker_threads';
import { quantileOfSorted } from '../statistics.js';
import type { BenchRequest } from '../workloads.js';
import { ClientConnection, encodeRequest } from './client-connection.js';
import { ErrorCount, type LoadFigures } from './load-figures.js';
import type { Pace } from './pacemaker.js';

export interface OpenLoopOptions {
  readonly port: number;
  readonly request: BenchRequest;
  readonly connections: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
}

/** What is still open this long after the last request was due has failed. */
const graceMsLimit = 2_000;

export async function runOpenLoop(options: OpenLoopOptions): Promise<LoadFigures> {
  const { port, ratePerSecond, seconds } = options;
  const request = encodeRequest(options.request);
  const total = Math.round(ratePerSecond * seconds);
  const intervalMs = 1000 / ratePerSecond;
  const free = Array.from({ length: options.connections }, () => new ClientConnection(port));
  const all = [...free];
  // Opened beforehand: the rate is about requests.
  await Promise.all(all.map((connection) => connection.request(request)));

  const errors = new ErrorCount();
  const late: number[] = [];
  /** By number of the request; NaN until it is answered. */
  const latencies = new Float64Array(total).fill(Number.NaN);
  // A thread needs a moment to start.
  const startMs = performance.now() + 100;
  const dueMs = (index: number): number => startMs + index * intervalMs;
  let due = 0;
  let sent = 0;
  let done = 0;
  let onDone = () => {};
  const allDone = new Promise<void>((resolve) => {
    onDone = resolve;
  });

  const sendDue = (): void => {
    while (sent < due) {
      const connection = free.pop();
      // Those that are due wait; whichever connection is free next goes on here.
      if (connection === undefined) return;
      const index = sent;
      sent += 1;
      connection.send(request, (outcome) => {
        latencies[index] = performance.now() - dueMs(index);
        if ('error' in outcome) errors.add(outcome.error.message);
        else if (outcome.response.status !== 200) errors.add(`status ${outcome.response.status}`);
        free.push(connection);
        done += 1;
        if (done === total) onDone();
        sendDue();
      });
    }
  };
  const pace: Pace = { startEpochMs: performance.timeOrigin + startMs, intervalMs, count: total };
  const pacemaker = new Worker(new URL('./pacemaker.js', import.meta.url), { workerData: pace });
  pacemaker.on('message', (index: number) => {
    late.push(performance.now() - dueMs(index));
    due = index + 1;
    sendDue();
  });
  const giveUp = setTimeout(onDone, dueMs(total) - performance.now() + graceMsLimit);
  await allDone;
  const endMs = performance.now();
  clearTimeout(giveUp);
  await pacemaker.terminate();
  for (const connection of all) connection.close();
  for (let index = 0; index < total; index += 1) {
    if (!Number.isNaN(latencies[index])) continue;
    // Left out, the worst would be missing. It has taken at least this long.
    latencies[index] = endMs - dueMs(index);
    errors.add(`no answer ${graceMsLimit / 1000} s after the end`);
  }
  latencies.sort();
  late.sort((a, b) => a - b);
  return {
    requests: done,
    seconds: (endMs - startMs) / 1000,
    p50Ms: quantileOfSorted(latencies, 0.5) ?? 0,
    p99Ms: quantileOfSorted(latencies, 0.99) ?? 0,
    p999Ms: quantileOfSorted(latencies, 0.999) ?? 0,
    maxMs: latencies.at(-1) ?? 0,
    errors: errors.total,
    errorText: errors.text,
    extra: {
      clientLateP50Ms: quantileOfSorted(late, 0.5) ?? 0,
      clientLateP99Ms: quantileOfSorted(late, 0.99) ?? 0,
    },
  };
}
